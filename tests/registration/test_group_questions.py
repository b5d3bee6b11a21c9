"""Own questions in the form for several people: asked of each, kept for each, and wrong at the person."""

import io
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from eventapp.core.db import db
from eventapp.core.localized import Localized
from eventapp.events.models import Event
from eventapp.questions.answers.queries import read_answers
from eventapp.questions.models import AnswerFile, Question
from eventapp.questions.rules import ChoiceInput, QuestionKind
from eventapp.registration.models import Participant
from eventapp.registration.rules import ParticipantState
from tests.make import make_event
from tests.pages import Visitor
from tests.questions import ask
from tests.registration.people import check_invariants

KIND = QuestionKind
SEND = "Jetzt alle anmelden"


@pytest.fixture
def event(app: Flask) -> Event:
    return make_event()


def people() -> list[Participant]:
    """Return everybody, as stored now."""
    db.session.rollback()
    return list(db.session.scalars(select(Participant).order_by(Participant.id)))


def answers() -> list[dict[int, Any]]:
    """Return what each of the people answered."""
    found = people()
    stored = read_answers(person.id for person in found)
    return [dict(stored[person.id]) for person in found]


def opened(page: Visitor, event: Event) -> dict[str, Any]:
    """Open the form and return what the contact and two people tell about themselves."""
    page.get(f"/de/{event.slug}/register/group")
    names = {"given_name": "Sabine", "p1_given_name": "Amira", "p2_given_name": "Mehmet"}
    return {**names, "email": "sabine@example.org", "category": str(event.categories[0].id)}


def seen(values: dict[str, Any], *questions: Question) -> dict[str, Any]:
    """Say that the script showed these questions in every row."""
    ids = " ".join(str(question.id) for question in questions)
    return {**values, "p1_asked": ids, "p2_asked": ids, "me_asked": ids}


def test_each_person_answers_for_themselves(event: Event, page: Visitor) -> None:
    bike = ask(event, KIND.YES_NO, "Rad", is_required=True)
    size = ask(event, KIND.NUMBER, "Größe", is_required=True, when=[(bike, ("yes",))])
    values = seen(opened(page, event), bike, size)
    told = {f"p1_q_{bike.id}": "yes", f"p1_q_{size.id}": "28", f"p2_q_{bike.id}": "no", f"me_q_{bike.id}": "no"}
    page.submit(values={**values, **told, "comes_too": "y"}, press=SEND, status=200)
    assert page.page.h1 == "Ihre Gruppe"
    assert answers() == [{bike.id: False}, {bike.id: True, size.id: 28.0}, {bike.id: False}]


def test_what_is_missing_stands_at_the_person_and_nothing_is_lost(event: Event, page: Visitor) -> None:
    name = ask(event, KIND.SHORT, "Verein", is_required=True)
    page.submit(values={**opened(page, event), f"p1_q_{name.id}": "Brücke"}, press=SEND, status=422)
    assert page.page.errors == ["Person 2, Verein: Bitte beantworten Sie diese Frage."]
    assert page.page.form().values[f"p1_q_{name.id}"] == "Brücke"
    assert people() == []
    page.submit(values={f"p2_q_{name.id}": "Dorf"}, press=SEND, status=200)
    assert answers() == [{name.id: "Brücke"}, {name.id: "Dorf"}]


def test_questions_for_a_group_are_asked_by_the_own_group_or_that_of_all(event: Event, page: Visitor) -> None:
    company, association = event.categories
    role = ask(event, KIND.SHORT, "Aufgabe", is_required=True, category_ids=(association.id,))
    values = {**opened(page, event), "p2_category": str(association.id), "p2_kind": "association"}
    page.submit(values=values, press=SEND, status=422)
    assert page.page.errors == ["Person 2: Ihre Antworten führen zu weiteren Fragen. Bitte sehen Sie unten nach."]
    page.submit(values={f"p2_q_{role.id}": "Vorstand"}, press=SEND, status=200)
    assert answers() == [{}, {role.id: "Vorstand"}]
    assert [person.category_id for person in people()] == [company.id, association.id]


def test_answers_stay_when_a_person_is_added_or_removed(event: Event, page: Visitor) -> None:
    name = ask(event, KIND.SHORT, "Verein")
    page.submit(values={**opened(page, event), f"p2_q_{name.id}": "Dorf"}, press="Person hinzufügen", status=200)
    assert page.page.form().values[f"p2_q_{name.id}"] == "Dorf"
    assert f"p3_q_{name.id}" in page.page.form().names
    page.submit(values={"p3_given_name": "", f"p3_q_{name.id}": "Ohne Namen"}, press=SEND, status=422)
    assert page.page.errors == ["Person 3, Vorname: Schreiben Sie den Namen dieser Person."]


def test_a_choice_with_places_counts_for_the_group_as_a_whole(event: Event, page: Visitor) -> None:
    choices = (ChoiceInput(Localized(de="Vegan"), 1), ChoiceInput(Localized(de="A")))
    food = ask(event, KIND.ONE_OF, "Essen", choices=choices)
    other = ask(event, KIND.ONE_OF, "Bus", choices=(ChoiceInput(Localized(de="Nord"), 2),))
    values = seen(opened(page, event), food, other)
    both = {f"p1_q_{other.id}": "nord", f"p2_q_{other.id}": "nord"}
    page.submit(values={**values, **both, f"p1_q_{food.id}": "vegan", f"p2_q_{food.id}": "vegan"}, press=SEND)
    assert page.page.status == 409, "two can never have the one place"
    assert people() == []
    page.submit(values={f"p2_q_{food.id}": "a"}, press=SEND, status=200)
    assert [person.state for person in people()] == [ParticipantState.CONFIRMED] * 2
    second = page.another()
    alone = seen(opened(second, event), food, other) | {"email": "b@example.org", "p1_given_name": "B"}
    second.submit(values={**alone, f"p1_q_{other.id}": "nord"}, press=SEND, status=200)
    assert "„Nord (Bus)“ ist voll." in second.page.text
    assert [person.state for person in people()[2:]] == [ParticipantState.WAITLISTED] * 2
    check_invariants(event.id)


def test_a_file_of_one_person(event: Event, page: Visitor) -> None:
    paper = ask(event, KIND.FILE, "Ausweis")
    pdf = {f"p2_q_{paper.id}": (io.BytesIO(b"%PDF-1.7"), "Ausweis.pdf")}
    wrong = {f"p1_q_{paper.id}": (io.BytesIO(b"MZ"), "a.exe")}
    values = opened(page, event)
    page.submit(values={**values, **wrong}, press=SEND, status=422)
    assert page.page.errors == ["Person 1, Ausweis: Bitte nehmen Sie eine PDF-, JPEG- oder PNG-Datei."]
    assert page.page.form().element.get("enctype") == "multipart/form-data"
    page.submit(values=pdf, press=SEND, status=200)
    assert [answer.get(paper.id, {}).get("name") for answer in answers()] == [None, "Ausweis.pdf"]
    (file,) = db.session.scalars(select(AnswerFile))
    assert (file.participant_id, file.name) == (people()[1].id, "Ausweis.pdf")
