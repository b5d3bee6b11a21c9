"""What guests answered, in words for organisers: on the person's page, before a decision, and in the table."""

import csv
import io

import pytest
from flask import Flask

from eventapp.core.localized import Localized
from eventapp.events.models import Event
from eventapp.events.rules import CategoryInput
from eventapp.events.service import add_category
from eventapp.questions.answers.rules import Upload
from eventapp.questions.rules import QuestionKind
from eventapp.questions.service import retire
from tests.make import make_account, make_event, make_organiser, sign_in
from tests.pages import Client, Visitor
from tests.queries import counted
from tests.questions import ask
from tests.registration.people import arrive

KIND = QuestionKind
PDF = Upload("Ausweis.pdf", "application/pdf", b"%PDF-1.7")


@pytest.fixture
def event(app: Flask, client: Client) -> Event:
    organiser = make_organiser()
    sign_in(client, make_account(organiser))
    return make_event(organiser)


def table(client: Client, event: Event) -> list[dict[str, str]]:
    """Return the rows of the exported table by their headings."""
    text = client.get(f"/manage/events/{event.slug}/participants.csv").text.removeprefix("\ufeff")
    return list(csv.DictReader(io.StringIO(text, newline=""), delimiter=";"))


def test_a_person_is_shown_with_answers_and_files(event: Event, page: Visitor) -> None:
    food, paper = ask(event, KIND.SEVERAL_OF, "Essen", "Vegan", "Halal"), ask(event, KIND.FILE, "Ausweis")
    guest = arrive(event, answers={food.id: ["vegan", "halal"], paper.id: PDF}).participant
    other = arrive(event, 2).participant
    page.get(f"/manage/events/{event.slug}/participants/{guest.public_id}")
    assert "Essen Vegan, Halal" in page.text
    assert page.client.get(page.link("Ausweis.pdf")).data == PDF.data
    page.get(f"/manage/events/{event.slug}/participants/{other.public_id}")
    assert 'id="answers"' not in page.html


def test_who_decides_sees_the_answers_of_everybody(event: Event, page: Visitor) -> None:
    press = add_category(event.id, CategoryInput(Localized(de="Presse"), needs_approval=True))
    medium = ask(event, KIND.SHORT, "Medium")
    for number, words in enumerate(("WAZ", "<b>taz</b>"), start=1):
        arrive(event, number, category_id=press.id, answers={medium.id: words})
    page.get(f"/manage/events/{event.slug}/approvals")
    assert "Medium WAZ" in page.text
    assert "Medium <b>taz</b>" in page.text


def test_the_table_has_a_column_for_each_question(event: Event, client: Client) -> None:
    old, size = ask(event, KIND.SHORT, "Früher"), ask(event, KIND.NUMBER, "Größe")
    formula, rad = ask(event, KIND.LONG, "=SUMME(A1)"), ask(event, KIND.YES_NO, "Rad")
    given = {old.id: "x", size.id: 3.5, formula.id: "=cmd|'/c calc'!A1\nzwei", rad.id: False}
    arrive(event, answers=given)
    arrive(event, 2)
    retire(old.id)
    first, second = table(client, event)
    assert list(first)[-4:] == ["Größe", "'=SUMME(A1)", "Rad", "Früher"]
    assert list(first.values())[-4:] == ["3,5", "'=cmd|'/c calc'!A1\nzwei", "Nein", "x"]
    assert list(second.values())[-4:] == ["", "", "", ""]


def test_more_questions_and_guests_cost_no_more_queries(event: Event, client: Client) -> None:
    def cost() -> int:
        with counted() as sent:
            table(client, event)
        return len(sent)

    size = ask(event, KIND.NUMBER, "Größe")
    arrive(event, answers={size.id: 1.0})
    cost()
    before = cost()
    more = ask(event, KIND.NUMBER, "Alter")
    for number in range(2, 6):
        arrive(event, number, answers={size.id: 1.0, more.id: 40.0})
    assert cost() == before
