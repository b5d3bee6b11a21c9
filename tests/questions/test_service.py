"""The form builder's writes: order, conditions, choices with places, versions of consents, what may go."""

from dataclasses import replace
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select

from eventapp.capacity.queries import list_limits
from eventapp.capacity.rules import LimitKind
from eventapp.core.changes import ChangedMeanwhile, Seen, fingerprint
from eventapp.core.db import db
from eventapp.core.localized import Localized
from eventapp.core.refusal import NotFound, Refusal
from eventapp.events.models import Event
from eventapp.events.service import delete
from eventapp.questions import rules, service
from eventapp.questions.answers.queries import list_consent_texts
from eventapp.questions.answers.service import write_answers
from eventapp.questions.models import Question
from eventapp.questions.queries import count_answers, input_of_question, list_questions
from eventapp.questions.rules import ChoiceInput, Condition, QuestionKind
from tests.make import make_event
from tests.questions import ask, given, guest

KIND = QuestionKind


@pytest.fixture
def event(app: Flask) -> Event:
    return make_event()


def codes(event: Event, *, with_retired: bool = False) -> list[str]:
    """Return the codes of the questions in their order."""
    return [question.code for question in list_questions(event.id, with_retired)]


def change(question: Question, **changes: Any) -> Any:
    """Write a question as it is, but for some fields."""
    return service.update_question(question.id, replace(input_of_question(question), **changes))


def sizes(event: Event) -> dict[str, int | None]:
    """Return the sizes of all limits of choices."""
    return {key: limit.size for (kind, key), limit in list_limits(event.id).items() if kind is LimitKind.CHOICE}


def test_questions_come_one_after_the_other_with_a_name_of_their_own(event: Event) -> None:
    for label in ("Essen?", "Essen?", "طعام"):
        ask(event, KIND.SHORT, label)
    assert codes(event) == ["essen", "essen-2", "short"]
    assert [q.position for q in list_questions(event.id)] == [1, 2, 3]


def test_an_event_has_a_limited_number_of_questions(event: Event, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(service, "MOST_QUESTIONS", 1)
    ask(event, KIND.SHORT, "Eins")
    with pytest.raises(rules.TooManyQuestions):
        ask(event, KIND.SHORT, "Zwei")


def test_they_are_moved_by_one_place_or_all_at_once(event: Event) -> None:
    a, b, c = (ask(event, KIND.SHORT, label) for label in "ABC")
    service.move(c.id, up=True)
    assert codes(event) == ["a", "c", "b"]
    service.move(a.id, up=True)
    service.move(b.id, up=False)
    assert codes(event) == ["a", "c", "b"]
    service.move(a.id, up=False)
    assert codes(event) == ["c", "a", "b"]
    service.retire(a.id)
    service.move(b.id, up=True)
    assert codes(event) == ["b", "c"]
    service.reorder(event.id, [c.id, b.id])
    assert codes(event, with_retired=True) == ["c", "b", "a"]
    for wrong in ([c.id], [c.id, b.id, a.id], [c.id, c.id], [c.id, 0]):
        with pytest.raises(rules.OrderChanged):
            service.reorder(event.id, wrong)


def test_places_of_choices_are_limits(event: Event) -> None:
    vegan, rice = ChoiceInput(Localized(de="Vegan"), 20), ChoiceInput(Localized(de="Reis"))
    question = ask(event, KIND.ONE_OF, "Essen", choices=(vegan, rice))
    assert [choice.key for choice in question.choices] == ["vegan", "reis"]
    assert sizes(event) == {f"{question.id}:vegan": 20}
    kept = input_of_question(question).choices
    change(question, choices=(replace(kept[1], places=5), replace(kept[0], label=Localized(de="Pflanzlich"), places=9)))
    assert [(c.key, str(c.label)) for c in question.choices] == [("reis", "Reis"), ("vegan", "Pflanzlich")]
    assert sizes(event) == {f"{question.id}:vegan": 9, f"{question.id}:reis": 5}
    change(question, choices=(replace(kept[1], places=None), ChoiceInput(Localized(de="Reis"))))
    assert [choice.key for choice in question.choices] == ["reis", "reis-2"]
    assert sizes(event) == {f"{question.id}:reis": None}
    service.remove(question.id)
    assert sizes(event) == {}


def test_conditions_name_asked_questions_of_this_event_and_their_answers(event: Event) -> None:
    food = ask(event, KIND.ONE_OF, "Essen", "Vegan", "Reis")
    foreign = ask(make_event(event.organiser), KIND.YES_NO, "Fremd")
    retired = ask(event, KIND.YES_NO, "Alt")
    service.retire(retired.id)
    ask(event, KIND.SHORT, "Allergien", when=[(food, ("vegan",))])
    for condition, refusal in (
        (Condition(foreign.id), rules.ConditionOnNothing),
        (Condition(0), rules.ConditionOnNothing),
        (Condition(retired.id), rules.ConditionOnRetired),
        (Condition(food.id, ("pizza",)), rules.ConditionOnUnknownAnswer),
    ):
        with pytest.raises(refusal):
            service.add_question(event.id, given(KIND.SHORT, "Neu", conditions=(condition,)))
    with pytest.raises(rules.ForeignCategory):
        ask(event, KIND.SHORT, "Neu", category_ids=(foreign.event_id + 10_000,))
    assert codes(event) == ["essen", "allergien"]


def test_circles_are_refused_and_named(event: Event) -> None:
    first = ask(event, KIND.YES_NO, "Eins")
    second = ask(event, KIND.YES_NO, "Zwei", when=[(first, ("yes",))])
    third = ask(event, KIND.YES_NO, "Drei", when=[(second, ())])
    with pytest.raises(rules.ConditionCircle) as refused:
        change(first, conditions=(Condition(third.id),))
    assert "„Eins“, „Drei“, „Zwei“" in str(refused.value)
    with pytest.raises(rules.ConditionCircle):
        change(first, conditions=(Condition(first.id),))
    assert input_of_question(first).conditions == ()


def test_what_others_need_stays_until_they_change(event: Event) -> None:
    first = ask(event, KIND.ONE_OF, "Eins", "A", "B")
    second = ask(event, KIND.SHORT, "Zwei", when=[(first, ("a",))])
    for act in (service.retire, service.remove):
        with pytest.raises(rules.QuestionNeeded) as refused:
            act(first.id)
        assert "„Zwei“" in str(refused.value)
    with pytest.raises(rules.ChoiceNeeded):
        change(first, choices=input_of_question(first).choices[1:])
    change(first, choices=input_of_question(first).choices[:1])
    service.retire(second.id)
    service.retire(first.id)
    with pytest.raises(rules.ConditionOnRetired):
        service.restore(second.id)
    service.restore(first.id)
    service.restore(second.id)
    assert codes(event) == ["eins", "zwei"]


def test_what_was_answered_is_retired_and_not_deleted(event: Event) -> None:
    food = ask(event, KIND.SEVERAL_OF, "Essen", "Vegan", "Reis", "Obst")
    write_answers(guest(event), event.id, {food.id: ["vegan", "reis"]})
    with pytest.raises(rules.QuestionAnswered):
        service.remove(food.id)
    vegan, _rice, fruit = input_of_question(food).choices
    with pytest.raises(rules.ChoiceAnswered) as refused:
        change(food, choices=(vegan, fruit))
    assert "„Reis“" in str(refused.value)
    change(food, choices=input_of_question(food).choices[:2])
    change(food, choices=(vegan, replace(input_of_question(food).choices[1], is_retired=True)))
    service.retire(food.id)
    service.retire(food.id)
    assert codes(event) == []
    assert count_answers(event.id) == {food.id: 1}


def test_a_new_text_of_a_consent_is_a_new_version(event: Event) -> None:
    photo = ask(event, KIND.CONSENT, "Ja zu Fotos")
    change(photo, is_required=True)
    assert photo.consent_version == 1
    change(photo, label=Localized(de="Ja zu Fotos und Filmen"))
    change(photo, help=Localized(de="Widerruf jederzeit"))
    assert photo.consent_version == 3
    known = list_consent_texts((photo.id, version) for version in (1, 2, 3, 4))
    texts = [known.get((photo.id, version)) for version in (1, 2, 3, 4)]
    assert [str(text.label) for text in texts if text] == ["Ja zu Fotos"] + ["Ja zu Fotos und Filmen"] * 2
    other = ask(event, KIND.SHORT, "Kein Text")
    change(other, label=Localized(de="Anders"))
    assert (other.consent_version, list_consent_texts([(other.id, 1)])) == (1, {})


def test_a_second_editor_is_told_about_the_first(event: Event) -> None:
    question = ask(event, KIND.ONE_OF, "Essen", "Vegan")
    before = input_of_question(question)
    seen = Seen(("label", "choices"), fingerprint(before, ("label", "choices")))
    change(question, choices=(*before.choices, ChoiceInput(Localized(de="Reis"))))
    with pytest.raises(ChangedMeanwhile):
        service.update_question(question.id, replace(before, label=Localized(de="Neu")), seen)
    assert [choice.key for choice in question.choices] == ["vegan", "reis"]
    assert not change(question)


def test_a_draft_is_deleted_with_its_questions(app: Flask) -> None:
    draft = make_event(published=False)
    first = ask(draft, KIND.CONSENT, "Fotos")
    ask(draft, KIND.SHORT, "Warum", when=[(first, ())])
    delete(draft.id)
    assert db.session.scalar(select(func.count()).select_from(Question)) == 0


def test_what_is_gone_is_not_found(event: Event) -> None:
    question = ask(event, KIND.SHORT, "Weg")
    input_then = input_of_question(question)
    question_id = question.id
    service.remove(question_id)
    for act in (service.remove, service.retire, service.restore):
        with pytest.raises(NotFound):
            act(question_id)
    with pytest.raises(Refusal):
        service.update_question(question_id, input_then)
