"""Answers in the database: replaced as a whole, dropped when no longer asked, told in words, files and consents."""

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import func, select
from time_machine import Traveller

from eventapp.capacity.rules import LimitKind
from eventapp.core.audit import AuditEntry
from eventapp.core.db import db
from eventapp.core.localized import Localized
from eventapp.core.refusal import NotFound, Refusal
from eventapp.events.models import Event
from eventapp.questions import service
from eventapp.questions.answers.queries import answers_in_words, get_file, list_wanted_choices, read_answers
from eventapp.questions.answers.refusals import AnswerMissing, ChoiceGone, ConsentChanged, NotAnAnswer, UnknownQuestion
from eventapp.questions.answers.rules import Upload
from eventapp.questions.answers.service import withdraw_consent, write_answers
from eventapp.questions.models import Answer, AnswerFile
from eventapp.questions.queries import input_of_question
from eventapp.questions.rules import ChoiceInput, QuestionKind, Value
from tests.make import make_event
from tests.queries import counted
from tests.questions import ask, guest

KIND = QuestionKind
AT = "2026-06-15T08:00:00+00:00"


@pytest.fixture
def event(app: Flask) -> Event:
    return make_event()


def test_answers_are_replaced_as_a_whole(event: Event) -> None:
    name, food, yes = (
        ask(event, kind, kind.value, *choices).id
        for kind, choices in ((KIND.SHORT, ()), (KIND.SEVERAL_OF, "AB"), (KIND.YES_NO, ()))
    )
    person, other = guest(event), guest(event, "Ben")
    first: dict[int, Value] = {name: "Amira", food: ["a"], yes: False}
    write_answers(other, event.id, {name: "Ben"})
    assert write_answers(person, event.id, first) == first
    write_answers(person, event.id, {food: ["b"], yes: True})
    with counted() as sent:
        assert read_answers([person, other, 0]) == {person: {food: ["b"], yes: True}, other: {name: "Ben"}, 0: {}}
    assert len(sent) == 1


def test_what_did_not_change_keeps_its_time(event: Event, clock: Traveller) -> None:
    name, size = ask(event, KIND.SHORT, "Name").id, ask(event, KIND.NUMBER, "Zahl").id
    person = guest(event)
    write_answers(person, event.id, {name: "Amira", size: 1.0})
    clock.shift(timedelta(days=1))
    write_answers(person, event.id, {name: "Amira", size: 2.0})
    at = {row[0]: row[1] for row in db.session.execute(select(Answer.question_id, Answer.answered_at))}
    assert at[size] - at[name] > timedelta(hours=23)


def test_answers_to_questions_that_are_not_asked_are_dropped(event: Event) -> None:
    first = ask(event, KIND.YES_NO, "Eins")
    second = ask(event, KIND.SHORT, "Zwei", when=[(first, ("yes",))], is_required=True)
    third = ask(event, KIND.SHORT, "Drei", category_ids=(event.categories[1].id,))
    person = guest(event)
    company = event.categories[0].id
    write_answers(person, event.id, {first.id: True, second.id: "x", third.id: "y"}, category_id=company)
    assert read_answers([person])[person] == {first.id: True, second.id: "x"}
    write_answers(person, event.id, {first.id: False, second.id: "x"}, category_id=company, is_complete=True)
    assert read_answers([person])[person] == {first.id: False}
    with pytest.raises(AnswerMissing) as refused:
        write_answers(person, event.id, {first.id: True}, is_complete=True)
    assert "Zwei" in str(refused.value)
    assert read_answers([person])[person] == {first.id: False}


def test_answers_to_retired_questions_stay(event: Event) -> None:
    old, new = ask(event, KIND.SHORT, "Alt"), ask(event, KIND.SHORT, "Neu")
    person = guest(event)
    write_answers(person, event.id, {old.id: "x", new.id: "y"})
    service.retire(old.id)
    assert write_answers(person, event.id, {old.id: "z"}) == {old.id: "x"}


def test_unknown_questions_and_wrong_values_are_refused(event: Event) -> None:
    foreign = ask(make_event(event.organiser), KIND.SHORT, "Fremd")
    person = guest(event)
    with pytest.raises(UnknownQuestion):
        write_answers(person, event.id, {foreign.id: "x"})
    assert write_answers(person, event.id, {}) == {}
    number = ask(event, KIND.NUMBER, "Zahl")
    for wrong in ({foreign.id: "x"}, {number.id: "zwölf"}, {number.id: float("nan")}):
        with pytest.raises(Refusal):
            write_answers(person, event.id, wrong)
    assert read_answers([person])[person] == {}


def test_a_choice_that_is_no_longer_offered_stays_for_who_has_it(event: Event) -> None:
    food = ask(event, KIND.ONE_OF, "Essen", "A", "B")
    person, other = guest(event), guest(event, "Ben")
    write_answers(person, event.id, {food.id: "a"})
    given = input_of_question(food)
    kept = (ChoiceInput(Localized(de="A"), None, True, "a"), given.choices[1])
    service.update_question(food.id, type(given)(**{**vars(given), "choices": kept}))
    assert write_answers(person, event.id, {food.id: "a"}) == {food.id: "a"}
    with pytest.raises(ChoiceGone):
        write_answers(other, event.id, {food.id: "a"})


def test_choices_want_seats_also_of_retired_questions(event: Event) -> None:
    food, day = ask(event, KIND.ONE_OF, "Essen", "A", "B"), ask(event, KIND.SEVERAL_OF, "Tage", "Mo", "Di")
    ask(event, KIND.SHORT, "Text")
    person, other = guest(event), guest(event, "Ben")
    write_answers(person, event.id, {food.id: "a", day.id: ["mo", "di"]})
    service.retire(food.id)
    with counted() as sent:
        wanted = list_wanted_choices([person, other])
    assert len(sent) == 1
    assert wanted[other] == frozenset()
    assert wanted[person] == {(LimitKind.CHOICE, f"{q}") for q in (f"{food.id}:a", f"{day.id}:mo", f"{day.id}:di")}


def test_a_consent_keeps_version_and_time_and_can_be_withdrawn(event: Event) -> None:
    photo, later = ask(event, KIND.CONSENT, "Fotos"), "2026-06-20T08:00:00+00:00"
    person = guest(event)
    agreed = {"version": 1, "at": AT}
    write_answers(person, event.id, {photo.id: agreed})
    assert write_answers(person, event.id, {photo.id: {"version": 1, "at": later}}) == {photo.id: agreed}
    given = input_of_question(photo)
    service.update_question(photo.id, type(given)(**{**vars(given), "label": Localized(de="Fotos, Filme")}))
    with pytest.raises(ConsentChanged):
        write_answers(person, event.id, {photo.id: agreed})
    assert answers_in_words(person)[0].text == "Erteilt am 15. Juni 2026, Fassung 1"
    for _ in range(2):
        withdraw_consent(person, photo.id, "participant:x")
    assert read_answers([person])[person] == {}
    entries = db.session.scalars(select(AuditEntry).where(AuditEntry.action == "consent.withdrawn")).all()
    facts = {"question": photo.id, "label": {"de": "Fotos, Filme"}, "given": agreed}
    assert [(entry.about, entry.facts) for entry in entries] == [("participant:x", facts)]
    with pytest.raises(NotFound):
        withdraw_consent(person, ask(event, KIND.SHORT, "Text").id, "participant:x")


def test_a_file_is_kept_replaced_and_gone_with_its_answer(event: Event) -> None:
    paper = ask(event, KIND.FILE, "Ausweis")
    person, other = guest(event), guest(event, "Ben")
    first = write_answers(person, event.id, {paper.id: Upload("a.pdf", "application/pdf", b"%PDF-1")})[paper.id]
    assert isinstance(first, dict)
    assert (first["name"], first["size"]) == ("a.pdf", 6)
    assert get_file(event.id, str(first["file"])).data == b"%PDF-1"
    assert write_answers(person, event.id, {paper.id: first}) == {paper.id: first}
    with pytest.raises(NotAnAnswer):
        write_answers(other, event.id, {paper.id: first})
    second = write_answers(person, event.id, {paper.id: Upload("b.png", "image/png", b"PNG")})[paper.id]
    assert isinstance(second, dict)
    assert answers_in_words(person)[0].file == second["file"] != first["file"]
    with pytest.raises(NotFound):
        get_file(event.id, str(first["file"]))
    with pytest.raises(NotFound):
        get_file(make_event(event.organiser).id, str(second["file"]))
    write_answers(person, event.id, {})
    assert db.session.scalar(select(func.count()).select_from(AnswerFile)) == 0


def test_answers_are_told_in_words(event: Event) -> None:
    person = guest(event)
    values: dict[int, Value] = {
        ask(event, KIND.YES_NO, "Ja?").id: False,
        ask(event, KIND.SEVERAL_OF, "Essen", "Reis", "Obst").id: ["reis", "obst"],
        ask(event, KIND.NUMBER, "Zahl").id: 3.5,
        ask(event, KIND.DATE, "Tag").id: "2026-12-04",
        ask(event, KIND.COUNTRY, "Land").id: "SY",
        ask(event, KIND.LANGUAGE, "Sprache").id: "uk",
        ask(event, KIND.PHONE, "Telefon").id: "+49201123456",
    }
    write_answers(person, event.id, values)
    with counted() as sent:
        told = [(each.label, each.text) for each in answers_in_words(person)]
    assert len(sent) == 1
    assert told == [
        ("Ja?", "Nein"), ("Essen", "Reis, Obst"), ("Zahl", "3,5"), ("Tag", "4. Dezember 2026"), ("Land", "Syrien"),
        ("Sprache", "Українська"), ("Telefon", "+49201123456"),
    ]  # fmt: skip
