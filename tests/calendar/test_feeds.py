"""Calendar files as programs fetch them: one UID everywhere, SEQUENCE once a change, 304, cancelled kept."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import icalendar
import pytest
import time_machine
from sqlalchemy import update

from eventapp.agenda.queries import input_of_item
from eventapp.agenda.rules import ItemKind
from eventapp.agenda.service import cancel_item, update_item
from eventapp.calendar.queries import KEPT
from eventapp.core.db import db, transaction
from eventapp.core.localized import Localized
from eventapp.events.models import Event
from eventapp.events.rules import EventAction
from eventapp.events.service import change, move
from tests.make import forums, make_event, make_item, make_organiser
from tests.pages import Client, Visitor
from tests.queries import counted


def fetch(client: Client, path: str) -> list[Any]:
    """Fetch a calendar and return its entries by their titles."""
    answer = client.get(path)
    assert answer.status_code == 200
    assert answer.headers["Content-Type"] == "text/calendar; charset=utf-8"
    entries = icalendar.Calendar.from_ical(answer.data).walk("VEVENT")
    return sorted(entries, key=lambda entry: str(entry["SUMMARY"]))


def test_an_event_is_the_same_in_its_file_and_in_the_feed(client: Client) -> None:
    event = make_event(slug="tag")
    (alone,), (among,) = fetch(client, "/tag.ics"), fetch(client, "/calendar.ics")
    assert alone["UID"] == among["UID"] == event.uid
    assert alone.decoded("DTSTART") == datetime(2026, 8, 14, 7, 30, tzinfo=UTC)
    assert alone.decoded("DTEND") == datetime(2026, 8, 14, 14, 30, tzinfo=UTC)
    assert alone["DTSTART"].params["TZID"] == "Europe/Berlin"
    assert alone["SUMMARY"] == "Gemeinsam vor Ort"
    assert alone["LOCATION"] == "Ruhr Tech Kampus, ThyssenKrupp Allee 1, 45143 Essen"
    assert alone["URL"] == "http://127.0.0.1:8000/de/tag/"
    assert "ORGANIZER" not in alone
    assert "ATTENDEE" not in alone


@pytest.mark.parametrize(
    ("query", "title"),
    [
        ("", "Gemeinsam vor Ort"),
        ("?lang=en", "Together on site"),
        ("?lang=ar", "Gemeinsam vor Ort"),
        ("?lang=xx", "Gemeinsam vor Ort"),
    ],
)
def test_the_language_is_the_one_asked_for(client: Client, query: str, title: str) -> None:
    make_event(slug="tag")
    answer = client.get(f"/tag.ics{query}", headers={"Accept-Language": "en"})
    assert f"SUMMARY:{title}" in answer.text
    assert "Set-Cookie" not in answer.headers


def test_the_programme_has_every_item_but_breaks(client: Client) -> None:
    event = make_event(slug="tag")
    make_item(event, "Pause", 13, 14, kind=ItemKind.BREAK)
    panel = make_item(event, "Podium; mit, Kommas", 14, 15, kind=ItemKind.PANEL, room="Plenum")
    entries = fetch(client, "/tag.ics?agenda=1")
    assert [str(x["SUMMARY"]) for x in entries] == ["Forum 1", "Forum 2", "Podium; mit, Kommas"]
    assert [str(x["TRANSP"]) for x in entries] == ["TRANSPARENT", "TRANSPARENT", "OPAQUE"], "a forum is one of several"
    assert str(entries[2]["LOCATION"]).startswith("Plenum, Ruhr Tech Kampus")
    (alone,) = fetch(client, f"/tag/{panel.slug}.ics")
    assert alone["UID"] == entries[2]["UID"] == panel.uid


def test_a_change_raises_sequence_once_and_only_when_something_moves(client: Client) -> None:
    event = make_event(slug="tag")
    (first,) = fetch(client, "/tag.ics")
    change(event.id, {"summary": Localized(de="Anders")})
    (told,) = fetch(client, "/tag.ics")
    change(event.id, {"venue_name": "Rathaus", "venue_street": "Markt 1"})
    (moved,) = fetch(client, "/tag.ics")
    assert [x["SEQUENCE"] - first["SEQUENCE"] for x in (first, told, moved)] == [0, 0, 1]
    item = forums(event)[0]
    before = fetch(client, f"/tag/{item.slug}.ics")[0]["SEQUENCE"]
    update_item(item.id, replace(input_of_item(item), ends_at=item.ends_at + timedelta(minutes=15)))
    assert fetch(client, f"/tag/{item.slug}.ics")[0]["SEQUENCE"] == before + 1


def test_what_is_called_off_stays_until_its_day_is_over(client: Client, clock: time_machine.Traveller) -> None:
    event = make_event(slug="tag")
    move(event.id, EventAction.CALL_OFF, Localized(de="Kein Wasser."))
    for path in ("/calendar.ics", "/tag.ics"):
        (entry,) = fetch(client, path)
        assert (entry["STATUS"], entry["SUMMARY"]) == ("CANCELLED", "Gemeinsam vor Ort")
        assert entry["TRANSP"] == "TRANSPARENT"
    assert {x["STATUS"] for x in fetch(client, "/tag.ics?agenda=1")} == {"CANCELLED"}
    clock.move_to(datetime(2026, 8, 14, 21, 59, tzinfo=UTC))
    assert len(fetch(client, "/calendar.ics")) == 1, "a minute to midnight in Essen"
    clock.move_to(datetime(2026, 8, 14, 22, 0, tzinfo=UTC))
    assert fetch(client, "/calendar.ics") == []


def test_a_cancelled_item_stays_until_its_day_is_over(client: Client, clock: time_machine.Traveller) -> None:
    event = make_event(slug="tag")
    cancel_item(forums(event)[0].id)
    assert [str(x["STATUS"]) for x in fetch(client, "/tag.ics?agenda=1")] == ["CANCELLED", "CONFIRMED"]
    clock.move_to(datetime(2026, 8, 14, 22, 0, tzinfo=UTC))
    assert [str(x["STATUS"]) for x in fetch(client, "/tag.ics?agenda=1")] == ["CONFIRMED"]


def test_past_events_leave_the_feed_after_a_while(client: Client, clock: time_machine.Traveller) -> None:
    event = make_event(slug="tag")
    clock.move_to(event.ends_at + KEPT - timedelta(days=1))
    assert len(fetch(client, "/calendar.ics")) == 1
    clock.shift(timedelta(days=2))
    assert fetch(client, "/calendar.ics") == []
    assert len(fetch(client, "/tag.ics")) == 1, "its own file stays"


@pytest.mark.parametrize("path", ["/calendar.ics", "/tag.ics", "/tag.ics?agenda=1", "/tag/{item}.ics"])
def test_who_has_it_already_gets_304(client: Client, path: str) -> None:
    event = make_event(slug="tag")
    path = path.format(item=forums(event)[0].slug)
    first = client.get(path)
    for header, value in {
        "If-None-Match": first.headers["ETag"],
        "If-Modified-Since": first.headers["Last-Modified"],
    }.items():
        again = client.get(path, headers={header: value})
        assert (again.status_code, again.data) == (304, b"")
        assert again.headers["ETag"] == first.headers["ETag"]
    assert client.get(path + ("&" if "?" in path else "?") + "lang=en").headers["ETag"] != first.headers["ETag"]
    change(event.id, {"venue_name": "Rathaus"})
    changed = client.get(path, headers={"If-None-Match": first.headers["ETag"]})
    assert changed.status_code == 200
    assert b"Rathaus" in changed.data


@pytest.mark.parametrize("path", ["/calendar.ics", "/tag.ics"])
def test_a_version_that_a_restored_backup_undid_is_not_taken_for_the_next_one(
    client: Client, clock: time_machine.Traveller, path: str
) -> None:
    event = make_event(slug="tag")
    before = event.version
    change(event.id, {"venue_name": "Rathaus"})
    known = client.get(path)
    with transaction():
        db.session.execute(update(Event).values(version=before, venue_name="Ruhr Tech Kampus"))
    clock.shift(timedelta(hours=1))
    change(event.id, {"venue_name": "Zeche"})
    found = client.get(path, headers={"If-None-Match": known.headers["ETag"]})
    assert "Zeche" in found.text


def test_the_same_record_gives_the_same_bytes(client: Client, clock: time_machine.Traveller) -> None:
    make_event(slug="tag")
    first = client.get("/tag.ics").data
    client.application.extensions["calendar_texts"].clear()
    clock.shift(timedelta(hours=5))
    assert client.get("/tag.ics").data == first


def test_304_costs_one_read_and_feeds_cost_the_same_with_many_events(client: Client) -> None:
    ministry = make_organiser()
    make_event(ministry, slug="tag")
    tags = {path: client.get(path).headers["ETag"] for path in ("/calendar.ics", "/tag.ics")}
    for path, tag in tags.items():
        with counted() as sent:
            client.get(path, headers={"If-None-Match": tag})
        assert len(sent) == 1
    for number in range(3):
        make_event(make_organiser(f"Stadt {number}"), title=Localized(de=f"Tag {number}"))
    with counted() as sent:
        assert len(fetch(client, "/calendar.ics")) == 4
    assert len(sent) == 2


def test_examples_say_so(client: Client) -> None:
    make_event(slug="tag", is_example=True)
    assert fetch(client, "/tag.ics")[0]["SUMMARY"] == "Beispiel: Gemeinsam vor Ort"


def test_drafts_are_in_no_calendar(client: Client) -> None:
    make_event(slug="tag", published=False)
    assert fetch(client, "/calendar.ics") == []
    assert client.get("/tag/forum-1.ics").status_code == 404


def test_items_of_another_event_are_not_found(client: Client) -> None:
    make_event(slug="tag")
    other = make_event(make_organiser("Stadt"), slug="andere")
    talk = make_item(other, "Nur dort", 15, 16, kind=ItemKind.TALK)
    assert client.get(f"/tag/{talk.slug}.ics").status_code == 404


@pytest.mark.parametrize("language", ["de", "en", "ar"])
def test_a_page_explains_how_to_take_it(page: Visitor, language: str) -> None:
    make_event(slug="tag")
    page.get(f"/{language}/tag/calendar")
    hrefs = [href for _, href in page.links]
    assert f"http://127.0.0.1:8000/tag.ics?lang={language}" in hrefs
    assert f"webcal://127.0.0.1:8000/tag.ics?agenda=1&lang={language}" in hrefs
    assert f"/tag/forum-1.ics?lang={language}" in hrefs
    page.get(f"/{language}/calendar")
    assert f"webcal://127.0.0.1:8000/calendar.ics?lang={language}" in [href for _, href in page.links]
