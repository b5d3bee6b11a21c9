"""Entrances with rules of their own, and doors of forums that count for themselves.

Seen to fail: with all scans of a ticket folded into one, whoever came into the house cannot come into a forum; with an
undo looked for only in its own zone, a guest stays inside whose scan was undone at another door.
"""

import itertools
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from functools import partial

import pytest
from flask import Flask

from eventapp.agenda.models import AgendaItem
from eventapp.checkin.entrances.queries import count_door, count_inside
from eventapp.checkin.entrances.rules import EntranceRules
from eventapp.checkin.entrances.service import add_entrance, change_entrance
from eventapp.checkin.envelope import Notice
from eventapp.checkin.models import Entrance
from eventapp.checkin.rules import Decision, Outcome, Reason, ScanKind, ScanMode
from eventapp.core.db import db
from eventapp.events.models import Event
from eventapp.tickets.models import Ticket
from tests.checkin.phones import Phone, conflicts_of, item, log_of, presence_of, state_of, ticket_of, told
from tests.make import forums, make_event, make_item
from tests.queries import counted

pytestmark = pytest.mark.usefixtures("app")


@pytest.fixture
def event(app: Flask) -> Event:
    return make_event()


def door_of(item: AgendaItem, **rules: object) -> Entrance:
    """Add the door of a forum."""
    return add_entrance(item.event_id, f"Tür {item.id}", EntranceRules(item_id=item.id, **rules))  # type: ignore[arg-type]


def guest(event: Event, number: int = 1, items: Sequence[AgendaItem] = ()) -> str:
    """Sign a guest up for these forums and return the code."""
    return ticket_of(event, number, item_ids=tuple(item.id for item in items)).code


def rev_of(code: str) -> int:
    db.session.rollback()
    return db.session.query(Ticket).filter_by(code=code).one().rev


def test_a_forum_door_counts_for_itself(event: Event) -> None:
    first, _ = forums(event)
    code, house, forum = guest(event, 1, [first]), Phone(event), Phone(event, "Saal").go_to(door_of(first))
    assert house.ask(code, 1).decision is Decision.ADMIT
    before = rev_of(code)
    answer = forum.ask(code, 2)
    assert (answer.decision, answer.ticket and answer.ticket.entries) == (Decision.ADMIT, 1)
    assert [(x.title, x.room) for x in answer.ticket.items if answer.ticket] == [("Forum 1", "Raum 1")]  # type: ignore[union-attr]
    assert (state_of(code), presence_of(code, first.id)) == ((True, 1), (True, 1))
    assert rev_of(code) > before or db.engine.dialect.name != "sqlite", "doors learn of it"
    again = forum.ask(code, 3)
    assert (again.reason, again.first and again.first.device) == (Reason.ALREADY_ADMITTED, "Saal")
    assert forum.ask(code, 4, kind=ScanKind.EXIT).decision is Decision.ADMIT
    assert (state_of(code), presence_of(code, first.id)) == ((True, 1), (False, 1))
    assert forum.ask(code, 5).decision is Decision.ADMIT
    assert presence_of(code, first.id) == (True, 2)
    assert forum.ask(code, 6, kind=ScanKind.EXIT).decision is Decision.ADMIT
    assert forum.ask(code, 7, kind=ScanKind.EXIT).reason is Reason.NOT_INSIDE


def test_the_wrong_forum_says_which_room_is_right(event: Event) -> None:
    first, second = forums(event)
    later = make_item(event, "Werkstatt", 14, 15, room="Raum 9", is_chosen=True)
    code = guest(event, 1, [second, later])
    answer = Phone(event).go_to(door_of(first)).ask(code, 1)
    assert (answer.decision, answer.reason, answer.outcome) == (Decision.DENY, Reason.OTHER_ENTRANCE, Outcome.REFUSED)
    assert [(x.label, x.title, x.room, x.starts_at) for x in answer.right] == [
        ("Forum", "Forum 2", "Raum 2", second.starts_at)
    ]
    assert answer.notice is None
    assert presence_of(code, first.id) == (False, 0)
    assert Phone(event).go_to(door_of(second)).ask(code, 2).decision is Decision.ADMIT


def test_who_chose_nothing_is_let_in_by_a_person(event: Event) -> None:
    first, second = forums(event)
    door, none, full = door_of(first, limit=1), guest(event, 1), guest(event, 2)
    phone = Phone(event).go_to(door)
    answer = phone.ask(none, 1)
    assert (answer.reason, answer.right, answer.notice) == (Reason.OTHER_ENTRANCE, (), Notice.CHOSE_NOTHING)
    phone.tell(none, 2, override=True)
    assert presence_of(none, first.id) == (True, 1)
    assert phone.ask(full, 3).notice is Notice.CHOSE_NOTHING_FULL
    assert count_inside(event.id, second.id) == 0


def test_an_entrance_takes_only_its_categories_and_names_another(event: Event) -> None:
    company, club = event.categories
    add_entrance(event.id, "Nord", EntranceRules(category_ids=frozenset({club.id})))
    south = add_entrance(event.id, "Süd", EntranceRules(category_ids=frozenset({company.id})))
    code = guest(event)
    answer = Phone(event).go_to(south).ask(code, 1)
    assert (answer.reason, [x.label for x in answer.right], answer.notice) == (Reason.OTHER_ENTRANCE, ["Nord"], None)
    expected = (count_door(event.id, south).expected, count_door(event.id, None).expected)
    assert expected == (0, 1)


def test_an_entrance_is_open_at_its_own_times(event: Event) -> None:
    opens_at, closes_at = event.starts_at + timedelta(hours=1), event.starts_at + timedelta(hours=2)
    entrance = add_entrance(event.id, "Süd", EntranceRules(opens_at=opens_at, closes_at=closes_at))
    code, phone = guest(event), Phone(event).go_to(entrance)
    assert [phone.ask(code, minute).reason for minute in (59, 121)] == [Reason.NOT_YET, Reason.OVER]
    assert phone.ask(code, 60).decision is Decision.ADMIT
    assert phone.ask(code, 200, kind=ScanKind.EXIT).decision is Decision.ADMIT, "who is inside may always leave"


@pytest.mark.parametrize("is_forum", [False, True])
def test_once_means_once(event: Event, is_forum: bool) -> None:
    item = forums(event)[0]
    entrance = add_entrance(event.id, "Süd", EntranceRules(item_id=item.id if is_forum else None, reentry=False))
    code, phone = guest(event, 1, [item]), Phone(event).go_to(entrance)
    assert phone.ask(code, 1).decision is Decision.ADMIT
    assert phone.ask(code, 2, kind=ScanKind.EXIT).decision is Decision.ADMIT
    again = phone.ask(code, 3)
    assert again.reason is Reason.ALREADY_ADMITTED
    assert again.first is not None
    assert again.first.at == event.starts_at + timedelta(minutes=1)


def test_a_full_room_is_a_warning_and_no_stop(event: Event) -> None:
    first = forums(event)[0]
    codes = [guest(event, number, [first]) for number in (1, 2)]
    door = door_of(first, limit=1)
    phone = Phone(event).go_to(door)
    assert phone.ask(codes[0], 1).decision is Decision.ADMIT
    warned = phone.ask(codes[1], 2)
    assert (warned.reason, warned.outcome) == (Reason.FULL, Outcome.REFUSED)
    phone.tell(codes[1], 3, override=True)
    counts = count_door(event.id, door)
    assert (counts.inside, counts.admitted, counts.expected, counts.limit) == (2, 2, 2, 1)
    assert count_door(event.id, None).inside == count_door(event.id, None).admitted == 0
    phone.ask(codes[0], 4, kind=ScanKind.EXIT)
    assert count_door(event.id, door).inside == 1


@pytest.mark.parametrize("order", list(itertools.permutations(range(5))))
def test_zones_fold_for_themselves_in_every_order(event: Event, order: tuple[int, ...]) -> None:
    first = forums(event)[0]
    code, door = guest(event, 1, [first]), door_of(first)
    house, forum = Phone(event), Phone(event, "Saal").go_to(door)
    scans = [
        (house, told(code, house.at(1))),
        (forum, told(code, forum.at(2))),
        (house, told(code, house.at(3))),
        (forum, told(code, forum.at(4), kind=ScanKind.EXIT)),
        (forum, told(code, forum.at(5))),
    ]
    for number in order:
        scans[number][0].send(scans[number][1], 30)
    assert (state_of(code), presence_of(code, first.id)) == ((True, 2), (True, 2))
    assert conflicts_of(code) == [scans[2][1].id]


@pytest.mark.parametrize("undo_first", [False, True])
def test_a_scan_of_a_forum_is_undone_from_another_door(event: Event, undo_first: bool) -> None:
    first = forums(event)[0]
    code, house, forum = guest(event, 1, [first]), Phone(event), Phone(event, "Saal").go_to(door_of(first))
    house.ask(code, 1)
    scan = told(code, forum.at(2))
    undo = told(code, house.at(3), Outcome.UNKNOWN, kind=ScanKind.UNDO, undo_of=scan.id)
    steps = [partial(forum.send, scan, 9), partial(house.send, undo, 9)]
    for step in reversed(steps) if undo_first else steps:
        step()
    assert (state_of(code), presence_of(code, first.id)) == ((True, 1), (False, 0))


def test_scans_stay_where_they_let_in_when_the_door_gets_another_forum(event: Event) -> None:
    first, second = forums(event)
    code, door = guest(event, 1, [first]), door_of(first)
    phone = Phone(event).go_to(door)
    scan = told(code, phone.at(1))
    phone.send(scan, 1)
    change_entrance(event.id, door.public_id, door.name, EntranceRules(item_id=second.id))
    assert phone.go_to(door).send(scan, 2).replayed
    assert (presence_of(code, first.id), presence_of(code, second.id)) == ((True, 1), (False, 0))


def test_rules_cost_a_scan_nothing_but_a_limit(event: Event) -> None:
    first = forums(event)[0]
    plain, once = add_entrance(event.id, "Nord"), add_entrance(event.id, "Süd", EntranceRules(reentry=False))
    costs = []
    for number, door in enumerate((plain, once, door_of(first), add_entrance(event.id, "Ost", EntranceRules(limit=9)))):
        code, phone = guest(event, number, [first]), Phone(event).go_to(door)
        with counted() as sent:
            assert phone.ask(code, number).decision is Decision.ADMIT
        costs.append(len(sent))
    assert costs == [3, 3, 3, 4], "ticket, its scans, the guest's forums; how many are inside"


def test_whoever_stands_there_may_decide_on_a_warning_but_not_on_the_wrong_forum(event: Event) -> None:
    first, second = forums(event)
    door = door_of(first, limit=1)
    inside, full, none, wrong = (
        guest(event, number, items) for number, items in enumerate(([first], [first], [], [second]), 1)
    )
    phone = Phone(event).go_to(door)
    phone.ask(inside, 1)
    for code in (full, none, wrong):
        asked = item(code, phone.at(2))
        phone.send(asked, 2)
        phone.send(replace(asked, mode=ScanMode.TELL, outcome=Outcome.ADMITTED, override=True), 3)
    assert [log_of(code)[0].authorised for code in (full, none, wrong)] == [True, True, False]


def test_without_network_too_whoever_stands_there_may_decide_on_who_chose_nothing(event: Event) -> None:
    first, second = forums(event)
    phone = Phone(event).go_to(door_of(first))
    none, wrong = guest(event, 1, []), guest(event, 2, [second])
    for code in (none, wrong):
        phone.send(told(code, phone.at(2), override=True), 3)
    assert [log_of(code)[0].authorised for code in (none, wrong)] == [True, False]
