"""The organiser's pages: my events, the desk in numbers, participants with search, a person, paper list and CSV."""

import csv
import io

import pytest
from flask import Flask
from sqlalchemy import event as sql_events

from eventapp.accounts.rules import Role
from eventapp.core.db import db
from eventapp.events.models import Event
from eventapp.registration.service import cancel
from tests.make import forums, make_account, make_event, make_organiser, sign_in
from tests.pages import Client, Visitor
from tests.registration.people import arrive


@pytest.fixture
def event(app: Flask, client: Client) -> Event:
    """An event whose owner is signed in."""
    organiser = make_organiser()
    made = make_event(organiser, seats=3)
    sign_in(client, make_account(organiser))
    return made


def test_the_desk_tells_the_numbers(event: Event, page: Visitor) -> None:
    forum = forums(event)[0]
    first = arrive(event, 1, item_ids=(forum.id,)).participant
    for number in range(2, 6):
        arrive(event, number)
    cancel(first.id)
    page.get(f"/manage/events/{event.slug}/")
    assert "3 von 3 Plätzen vergeben" in page.text
    assert "Warteliste 1" in page.text
    rows = {row[0]: row for row in page.rows(0)}
    assert rows["Verein"][2] == "3"
    assert "Forum 1" in page.text


def test_search_finds_names_with_and_without_accents_and_codes(event: Event, page: Visitor, client: Client) -> None:
    arrive(event, 1, given_name="Şükran", family_name="Yılmaz")
    arrive(event, 2, given_name="أحمد", family_name="حداد")
    for words, found in [("sukran", "Yılmaz, Şükran"), ("YILMAZ", "Yılmaz, Şükran"), ("احمد", "حداد, أحمد")]:
        shown = page.get(f"/manage/events/{event.slug}/participants?q={words}")
        assert [row[0] for row in shown.rows()] == [found]
    assert "Nichts gefunden" in page.get(f"/manage/events/{event.slug}/participants?q=%25").text
    page.get(f"/manage/events/{event.slug}/participants?q=sukran")
    code = page.click("Yılmaz").text.split("Code ")[1][:24]
    assert "Yılmaz, Şükran" in page.get(f"/manage/events/{event.slug}/participants?q={code}").text


def test_filters_narrow_list_and_export(event: Event, page: Visitor, client: Client) -> None:
    arrive(event, 1, category_id=event.categories[0].id, organisation="=1+1")
    arrive(event, 2, given_name="-2+3", organisation="@cmd", language="uk")
    shown = page.get(f"/manage/events/{event.slug}/participants?language=uk")
    assert [row[0] for row in shown.rows()] == ["Muster, -2+3"]
    answer = client.get(f"/manage/events/{event.slug}/participants.csv")
    assert answer.mimetype == "text/csv"
    assert answer.data.startswith(b"\xef\xbb\xbf")
    rows = list(csv.reader(io.StringIO(answer.text.lstrip("\ufeff")), delimiter=";"))
    assert rows[0][:2] == ["Eingangsnummer", "Stand"]
    assert rows[1][6] == "'=1+1"
    assert (rows[2][3], rows[2][6]) == ("'-2+3", "'@cmd")
    only = client.get(f"/manage/events/{event.slug}/participants.csv?language=uk").text
    assert "=1+1" not in only


def test_a_person_is_entered_shown_and_cancelled(event: Event, page: Visitor) -> None:
    page.get(f"/manage/events/{event.slug}/participants")
    page.click("Person eintragen")
    given = {"given_name": "<b>Max</b>", "email": "max@example.org", "category": str(event.categories[0].id)}
    page.submit("Eintragen", given)
    assert page.h1 == "<b>Max</b>"
    assert "Angemeldet und bestätigt." in page.text
    page.submit("E-Mail noch einmal")
    assert "Die E-Mail ist unterwegs." in page.text
    page.click("Diese Anmeldung absagen")
    page.submit("Anmeldung absagen")
    assert "abgesagt" in page.text
    assert "Ada Beispiel" in page.text


def test_the_paper_list_has_everybody_who_may_come_in(event: Event, page: Visitor) -> None:
    arrive(event, 1, given_name="Ömer", family_name="Öztürk")
    arrive(event, 2, given_name="ሰላም", family_name="")
    cancel(arrive(event, 3).participant.id)
    shown = page.get(f"/door/{event.slug}/paper")
    assert "2 Gäste" in shown.text
    assert "Öztürk, Ömer" in shown.text
    assert "Gast 3" not in shown.text


def test_my_events_shows_only_my_own(app: Flask, client: Client, page: Visitor) -> None:
    mine, other = make_organiser("Stadt Essen"), make_organiser("Andere Stelle")
    event, hidden = make_event(mine), make_event(other, slug="geheim")
    sign_in(client, make_account(mine, Role.VIEWER, event_id=event.id))
    shown = page.get("/manage/")
    assert event.slug in shown.html
    assert "Stadt Essen" in shown.text
    assert hidden.slug not in shown.html


@pytest.mark.parametrize("path", ["", "participants", "participants.csv"])
def test_the_number_of_queries_does_not_grow_with_the_guests(event: Event, client: Client, path: str) -> None:
    address, counts = f"/manage/events/{event.slug}/{path}", []
    for number in (1, 2, 3):
        arrive(event, number, item_ids=(forums(event)[number % 2].id,))
        statements: list[str] = []
        engine = db.session.connection().engine

        def note(*given: object, into: list[str] = statements) -> None:
            into.append(str(given[2]))

        sql_events.listen(engine, "before_cursor_execute", note)
        client.get(address)
        sql_events.remove(engine, "before_cursor_execute", note)
        counts.append(len([x for x in statements if x.startswith("SELECT")]))
    assert counts[0] > 0
    assert counts[0] == counts[2] <= 20
