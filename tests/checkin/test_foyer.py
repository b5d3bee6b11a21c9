"""The screen in the foyer: what it shows and when, who has its link, and that it works without JavaScript."""

from datetime import UTC, datetime, timedelta

import time_machine

from eventapp.accounts.rules import Role
from eventapp.agenda.queries import input_of_item
from eventapp.agenda.rules import ItemInput, RoomInput
from eventapp.agenda.service import add_room, cancel_item
from eventapp.checkin.foyer.queries import Screen, foyer_token, read_screen
from eventapp.checkin.foyer.rules import Point, coming, greetings, news
from eventapp.checkin.foyer.service import renew
from eventapp.core import clock as core_clock
from eventapp.core.db import db
from eventapp.core.localized import Localized
from eventapp.editions.changes.service import change_item
from eventapp.events.models import Event
from eventapp.events.rules import EventAction
from eventapp.events.service import move
from tests.make import forums, make_account, make_organiser, sign_in
from tests.pages import Visitor
from tests.registration.people import arrive

TEN = datetime(2026, 7, 1, 8, 0, tzinfo=UTC)  # ten o'clock in Essen
BERLIN = "Europe/Berlin"


def point(name: str, start: float, end: float, *, is_cancelled: bool = False) -> Point:
    starts_at, ends_at = (TEN + timedelta(hours=hour) for hour in (start, end))
    return Point(name, Localized(de=name), "Saal", starts_at, ends_at, is_cancelled)


def shown(event: Event, minutes: float = 0) -> Screen:
    db.session.rollback()
    return read_screen(event, event.starts_at + timedelta(minutes=minutes))


def test_the_languages_of_most_guests_come_first() -> None:
    found = greetings({"ar": 3, "uk": 9, "xx": 99}, ["de", "ar"])
    assert [language for language, _words in found] == ["uk", "ar", "de"]


def test_what_is_over_or_cancelled_is_not_next() -> None:
    points = [point("a", -2, -1), point("b", -1, 1), point("c", 1, 2, is_cancelled=True), point("d", 2, 3)]
    assert [[one.slug for one in panel] for panel in coming(points, TEN, BERLIN)] == [["b", "d"]]
    assert points[1].is_on(TEN)
    assert coming(points, TEN + timedelta(hours=3), BERLIN) == []


def test_only_one_day_in_panels_of_six() -> None:
    today = [point(f"t{number}", number, number + 1) for number in range(8)]
    tomorrow = [point("tomorrow", 24, 25)]
    assert [len(panel) for panel in coming(today + tomorrow, TEN, BERLIN)] == [6, 2]
    assert [panel[0].slug for panel in coming(today + tomorrow, TEN + timedelta(hours=13), BERLIN)] == ["tomorrow"]
    assert [len(panel) for panel in coming(today + tomorrow, TEN - timedelta(days=9), BERLIN)] == [6, 2]


def test_only_what_guests_must_know_is_news() -> None:
    points = [point("room", 1, 2), point("text", 1, 2), point("gone", 1, 2, is_cancelled=True), point("past", -2, -1)]
    changed = {
        "room": frozenset({"room_id", "title"}),
        "text": frozenset({"title"}),
        "gone": frozenset[str](),
        "past": frozenset({"starts_at"}),
    }
    found = news(points, changed, TEN)
    assert [(one.point.slug, one.new_room, one.new_time) for one in found] == [
        ("room", True, False),
        ("gone", False, False),
    ]


def test_rooms_that_changed_and_what_was_cancelled_is_shown(event: Event) -> None:
    forum, other = forums(event)
    assert shown(event).news == ()
    given = input_of_item(forum)
    change_item(forum.id, _in_room(given, add_room(event.id, RoomInput("Aula")).id), tell=False)
    cancel_item(other.id)
    (moved, cancelled) = shown(event).news
    assert (moved.point.room, moved.new_room, moved.new_time) == ("Aula", True, False)
    assert cancelled.point.is_cancelled
    assert [one.slug for panel in shown(event).programme for one in panel] == [forum.slug]


def test_what_changed_two_days_ago_is_no_news(event: Event) -> None:
    with core_clock.at(event.starts_at - timedelta(days=2)):
        cancel_item(forums(event)[0].id)
    assert shown(event).news == ()


def test_panels_turn_without_javascript(event: Event, page: Visitor) -> None:
    with core_clock.at(event.starts_at - timedelta(days=30)):
        arrive(event, 1, language="uk")
    address = f"/de/foyer/{foyer_token(event)}"
    html = page.get(address).html
    assert "Ласкаво просимо!" in html
    assert "Muster" not in html
    assert f"url={address}?panel=1" in html
    assert page.page.h1 == "Gemeinsam vor Ort"
    text = page.get(f"{address}?panel=1").html
    assert "Jetzt und gleich" in text
    assert f"url={address}?panel=0" in text
    assert "http-equiv" not in page.get(f"{address}?panel=1&hold=1").html
    page.get(f"{address}?panel=77")
    page.get(f"{address}?panel=x")


def test_an_event_that_was_called_off_says_so(event: Event, page: Visitor) -> None:
    move(event.id, EventAction.CALL_OFF, Localized(de="Sturm"))
    assert "findet nicht statt" in page.get(f"/de/foyer/{foyer_token(event)}").text


def test_the_link_ends_with_the_event_or_with_a_new_one(
    event: Event, page: Visitor, clock: time_machine.Traveller
) -> None:
    token = foyer_token(event)
    address = f"/ar/foyer/{token}"
    page.get(address)
    page.get(f"/ar/foyer/{token[:-1]}", status=404)
    page.get("/ar/foyer/x", status=404)
    new = renew(event.id)
    page.get(address, status=404)
    page.get(f"/ar/foyer/{foyer_token(new)}")
    clock.move_to(event.ends_at + timedelta(hours=13))
    page.get(f"/ar/foyer/{foyer_token(new)}", status=404)


def test_an_organiser_opens_and_renews_it(event: Event, page: Visitor) -> None:
    sign_in(page.client, make_account(event.organiser, Role.EDITOR))
    address = f"/manage/events/{event.slug}/foyer"
    page.get(address)
    page.click("Deutschhttp")
    assert page.page.h1 == "Gemeinsam vor Ort"
    old = page.page.url
    page.get(address)
    page.submit("renew")
    assert "gilt nicht mehr" in page.page.text
    page.get(old, status=404)


def test_viewers_and_others_do_not_get_the_link(event: Event, page: Visitor) -> None:
    address = f"/manage/events/{event.slug}/foyer"
    sign_in(page.client, make_account(event.organiser, Role.VIEWER))
    page.get(address, status=403)
    sign_in(page.client, make_account(make_organiser("Andere Stelle")))
    page.get(address, status=404)


def _in_room(given: ItemInput, room_id: int) -> ItemInput:
    return ItemInput(**{**vars(given), "room_id": room_id})
