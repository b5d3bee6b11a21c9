"""The live page: its numbers against what happened at the door, with exits, undone scans and double admissions."""

import uuid
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from flask import Flask

from eventapp.accounts.rules import Role
from eventapp.checkin.devices.rules import Door
from eventapp.checkin.entrances.rules import EntranceRules
from eventapp.checkin.entrances.service import add_entrance
from eventapp.checkin.envelope import Envelope, Result
from eventapp.checkin.live.queries import Live, read_live
from eventapp.checkin.live.rules import Life, life, quarters
from eventapp.checkin.queries import door_event
from eventapp.checkin.rules import STAFF_RIGHTS, Outcome, ScanKind
from eventapp.checkin.service import take
from eventapp.core import clock as core_clock
from eventapp.core.db import db
from eventapp.core.localized import plain
from eventapp.events.models import Event
from eventapp.registration.service import cancel
from tests.checkin.phones import Phone, item, ticket_of
from tests.make import forums, make_account, make_event, make_organiser, sign_in
from tests.pages import Visitor

NOON = datetime(2026, 7, 1, 12, 0, tzinfo=UTC)


@pytest.fixture
def event(app: Flask, clock: time_machine.Traveller) -> Event:
    event = make_event()
    clock.move_to(event.starts_at + timedelta(hours=2))
    return event


def code_of(event: Event, number: int = 1, **changes: object) -> str:
    with core_clock.at(event.starts_at - timedelta(days=30)):
        return ticket_of(event, number, **changes).code


def now_of(event: Event, minutes: float = 120) -> Live:
    db.session.rollback()
    return read_live(event, event.starts_at + timedelta(minutes=minutes))


def scan_at(event: Event, entrance: str, code: str, minutes: float, kind: ScanKind = ScanKind.ENTRY) -> Result:
    at = event.starts_at + timedelta(minutes=minutes)
    envelope = Envelope(str(uuid.uuid4()), "Telefon", entrance, False, at, (item(code, at, kind=kind),))
    return take(envelope, Door(door_event(event), None, None, STAFF_RIGHTS), at)[0]


def test_quarters_cover_the_day_without_holes() -> None:
    assert quarters(NOON + timedelta(minutes=14), NOON + timedelta(minutes=46)) == [
        NOON + timedelta(minutes=minute) for minute in (0, 15, 30, 45)
    ]
    assert quarters(NOON, NOON) == [NOON]


@pytest.mark.parametrize(("minutes", "wanted"), [(0, Life.AWAKE), (2, Life.AWAKE), (3, Life.QUIET), (11, Life.SILENT)])
def test_a_phone_that_is_silent_is_called_so(minutes: int, wanted: Life) -> None:
    assert life(NOON, NOON + timedelta(minutes=minutes)) is wanted


def test_nobody_came_yet(event: Event) -> None:
    code_of(event)
    live = now_of(event)
    assert (live.expected, live.came, live.inside, live.awaited, live.quarters) == (1, 0, 0, 1, ())
    assert [(door.name, door.admitted) for door in live.doors] == [("", 0)]


def test_exits_undone_scans_and_double_admissions_are_counted_rightly(event: Event) -> None:
    codes = [code_of(event, number) for number in range(1, 6)]
    one, two = Phone(event, "Telefon 1"), Phone(event, "Telefon 2")
    for code in codes[:3]:
        one.ask(code, 1)
    one.ask(codes[0], 20, kind=ScanKind.EXIT)
    wrong = one.ask(codes[3], 21)
    one.ask(codes[3], 22, kind=ScanKind.UNDO, undo_of=wrong.id)
    two.tell(codes[1], 40)
    one.ask(codes[1], 41)  # refused: moves nobody
    two.tell(codes[2], 42, Outcome.UNKNOWN)
    live = now_of(event, minutes=50)
    assert (live.expected, live.came, live.inside, live.awaited) == (5, 3, 2, 2)
    assert live.open_conflicts == 1
    assert [(door.admitted, door.left, door.lately) for door in live.doors] == [(4, 1, 1)]
    assert live.lately == 1
    assert [number for _start, number in live.quarters] == [3, 0, 1]
    assert live.quarters[0][0] == event.starts_at.replace(minute=event.starts_at.minute // 15 * 15, second=0)


def test_each_group_and_forum_has_its_own_numbers(event: Event) -> None:
    forum, company, club = forums(event)[0], *event.categories[:2]
    inside = code_of(event, 1, category_id=company.id, item_ids=(forum.id,))
    code_of(event, 2, category_id=company.id, item_ids=(forum.id,))
    left = code_of(event, 3, category_id=club.id)
    phone = Phone(event)
    for code in (inside, left):
        phone.ask(code, 1)
    phone.ask(left, 2, kind=ScanKind.EXIT)
    live = now_of(event)
    groups = {plain(row.label): (row.expected, row.came, row.inside) for row in live.categories}
    assert (groups["Unternehmen"], groups["Verein"]) == ((2, 1, 1), (1, 1, 0))
    found = {plain(row.label): (row.expected, row.came, row.inside, row.note) for row in live.forums}
    assert found == {"Forum 1": (2, 1, 1, "Raum 1"), "Forum 2": (0, 0, 0, "Raum 2")}


def test_who_came_and_cancelled_is_not_expected_but_was_there(event: Event) -> None:
    with core_clock.at(event.starts_at - timedelta(days=30)):
        ticket = ticket_of(event)
    Phone(event).ask(ticket.code, 1)
    cancel(ticket.participant_id)
    live = now_of(event)
    assert (live.expected, live.came, live.awaited) == (0, 1, 0)


def test_each_entrance_has_its_own_numbers(event: Event) -> None:
    doors = [add_entrance(event.id, name).public_id for name in ("Nord", "Süd")]
    codes = [code_of(event, number) for number in range(1, 4)]
    for code in codes[:2]:
        assert scan_at(event, doors[0], code, 1).outcome is Outcome.ADMITTED
    scan_at(event, doors[1], codes[2], 118)
    scan_at(event, doors[1], codes[0], 119, ScanKind.EXIT)
    live = now_of(event)
    assert [(x.name, x.admitted, x.left, x.lately) for x in live.doors] == [("Nord", 2, 0, 0), ("Süd", 1, 1, 1)]
    assert {phone.entrance for phone in live.phones} == {"Nord", "Süd"}


def test_another_event_is_not_counted(event: Event) -> None:
    other = make_event(slug="anderswo")
    with core_clock.at(other.starts_at):
        Phone(other).ask(code_of(other), 1)
    live = now_of(event)
    assert (live.expected, live.came, live.inside, live.quarters, live.phones) == (0, 0, 0, (), ())


def test_the_page_tells_it_in_words_and_as_a_table(event: Event, page: Visitor) -> None:
    sign_in(page.client, make_account(event.organiser, Role.VIEWER))
    address = f"/manage/events/{event.slug}/live"
    assert "Noch ist niemand da" in page.get(address).text
    Phone(event, "Telefon 7").ask(code_of(event), 90)
    text = page.get(address).text
    assert "1 sind jetzt drin" in text
    assert "Telefon 7" in text
    assert "höchstens 1" in page.page.html
    rows = page.rows()
    assert ["11:00", "1"] in rows
    page.click("Aktualisieren")
    assert page.page.h1 == "Am Tag selbst"


def test_who_may_not_see_participants_sees_no_numbers(event: Event, page: Visitor) -> None:
    address = f"/manage/events/{event.slug}/live"
    sign_in(page.client, make_account(event.organiser, Role.DOOR, event_id=event.id))
    page.get(address, status=403)
    sign_in(page.client, make_account(make_organiser("Andere Stelle")))
    page.get(address, status=404)


def test_the_door_of_a_room_counts_its_own_people_and_not_those_of_the_house(event: Event) -> None:
    forum = forums(event)[0]
    main = add_entrance(event.id, "Nord").public_id
    room = add_entrance(event.id, "Tür 1", EntranceRules(item_id=forum.id)).public_id
    code = code_of(event, 1, item_ids=(forum.id,))
    scan_at(event, main, code, 60)
    scan_at(event, room, code, 119)
    live = now_of(event)
    assert (live.came, live.inside, live.lately, live.open_conflicts) == (1, 1, 0, 0)
    assert [number for _start, number in live.quarters] == [1]
    assert [(door.name, door.admitted, door.is_forum) for door in live.doors] == [
        ("Nord", 1, False),
        ("Tür 1", 1, True),
    ]
    assert [(row.inside, row.room) for row in live.forums] == [(1, 1), (0, None)]
