"""The door under load: one ticket at many phones at once, and the same request many times at once.

Seen to fail: without the lock on the ticket (`with_for_update` taken out, on Postgres) more than one of the sixteen is
admitted; without reading the id again after an insert that came second (or without ON CONFLICT), the unknown code sent
at once is an error; without the lock on the tickets of many scans (`_LOCK_FREE`) somebody who is being let in is let in
once more. The look-up of the id under the lock and the primary key guard each other: only without both is
the same scan an error or a second row.
"""

import threading
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import TypeVar

import pytest
from flask import Flask
from sqlalchemy import func, select

from eventapp.checkin.entrances.rules import EntranceRules
from eventapp.checkin.entrances.service import add_entrance
from eventapp.checkin.envelope import Result
from eventapp.checkin.models import Scan
from eventapp.checkin.rules import Decision, Outcome, Reason
from eventapp.core.db import db, is_sqlite, transaction
from eventapp.tickets.rules import new_code
from tests.checkin.phones import Phone, conflicts_of, item, log_of, presence_of, state_of, ticket_of
from tests.make import forums, make_event

pytestmark = pytest.mark.race
PHONES = 16
_HELD, _PATIENCE = 0.3, 10
"""Seconds for which somebody is not done with a ticket: on SQLite, and at most on Postgres."""
T = TypeVar("T")


def at_once(app: Flask, acts: Sequence[Callable[[], T]]) -> list[T]:
    """Do all of these at the same moment, each in a thread of its own."""
    db.session.rollback()
    together = threading.Barrier(len(acts))

    def one(act: Callable[[], T]) -> T:
        with app.app_context():
            together.wait(30)
            return act()

    with ThreadPoolExecutor(len(acts)) as pool:
        return list(pool.map(one, acts))


def test_one_ticket_at_sixteen_phones_admits_once(real_app: Flask) -> None:
    event = make_event()
    code = ticket_of(event).code
    phones = [Phone(event, f"Telefon {number}") for number in range(PHONES)]
    answers = at_once(real_app, [partial(phone.ask, code, 1) for phone in phones])
    assert len(answers) == PHONES
    assert [x.decision for x in answers].count(Decision.ADMIT) == 1
    denied = [x for x in answers if x.decision is Decision.DENY]
    assert {x.reason for x in denied} == {Reason.ALREADY_ADMITTED}
    assert all(x.first is not None and x.first.device.startswith("Telefon") for x in denied)
    assert state_of(code) == (True, 1)
    assert len(log_of(code)) == PHONES
    assert conflicts_of(code) == []


@pytest.mark.parametrize("is_known", [True, False])
def test_the_same_scan_at_once_is_one_scan(real_app: Flask, is_known: bool) -> None:
    event = make_event()
    phone, rounds = Phone(event), 6
    for number in range(rounds):
        code = ticket_of(event, number).code if is_known else new_code()
        scan = item(code, phone.at(1))
        answers: list[Result] = at_once(real_app, [partial(phone.send, scan, 1)] * 8)
        assert [x.stored for x in answers] == [True] * 8
        assert [x.replayed for x in answers].count(False) == 1
        assert {x.outcome for x in answers} == {Outcome.ADMITTED if is_known else Outcome.REFUSED}
    db.session.rollback()
    assert _count_scans() == rounds


def _count_scans() -> int:
    return db.session.scalar(select(func.count()).select_from(Scan)) or 0


def test_many_at_once_pass_over_a_ticket_that_somebody_holds(real_app: Flask) -> None:
    """On SQLite, with its one writer, they wait."""
    event = make_event()
    codes = [ticket_of(event, number).code for number in range(4)]
    one, other = Phone(event, "Telefon 1"), Phone(event, "Telefon 2")
    is_decided = threading.Event()

    def hold() -> Result:
        with transaction():
            answer = one.ask(codes[1], 1)
            is_decided.set()
            until = time.monotonic() + (_HELD if is_sqlite(db.session()) else _PATIENCE)
            while time.monotonic() < until and _count_scans() < len(codes):
                time.sleep(0.01)
            assert is_sqlite(db.session()) or _count_scans() == len(codes), "the others waited"
        return answer

    def come() -> list[Result]:
        assert is_decided.wait(20)
        return other.send_all([item(code, other.at(1)) for code in codes], 1)

    held, came = at_once(real_app, [hold, come])
    assert isinstance(held, Result)
    assert held.reason is Reason.OK
    assert isinstance(came, list)
    assert [x.reason for x in came] == [Reason.OK, Reason.ALREADY_ADMITTED, Reason.OK, Reason.OK]
    assert [state_of(code) for code in codes] == [(True, 1)] * 4
    assert conflicts_of(codes[1]) == []


def test_phones_without_network_report_all_at_once(real_app: Flask) -> None:
    event = make_event()
    codes = [ticket_of(event, number).code for number in range(4)]
    phones = [Phone(event, f"Telefon {number}") for number in range(4)]
    acts = [partial(phone.tell, code, minute) for minute, phone in enumerate(phones) for code in codes]
    answers = at_once(real_app, acts)
    assert all(x.stored for x in answers)
    assert [state_of(code) for code in codes] == [(True, 4)] * 4
    assert [len(conflicts_of(code)) for code in codes] == [3] * 4
    assert [log_of(code)[0].conflict for code in codes] == [False] * 4


def test_one_ticket_at_the_main_door_and_two_forum_doors_at_once(real_app: Flask) -> None:
    event = make_event()
    first, second = forums(event)
    code = ticket_of(event, item_ids=(first.id,)).code
    doors = [add_entrance(event.id, f"Tür {item.id}", EntranceRules(item_id=item.id)) for item in (first, second)]
    house = [Phone(event, f"Haus {number}") for number in range(4)]
    right, wrong = ([Phone(event, f"Saal {number}").go_to(door) for number in range(4)] for door in doors)
    answers = at_once(real_app, [partial(phone.ask, code, 1) for phone in (*house, *right, *wrong)])
    reasons = [x.reason for x in answers]
    for part in (reasons[:4], reasons[4:8]):
        assert sorted(part) == [Reason.ALREADY_ADMITTED] * 3 + [Reason.OK]
    assert reasons[8:] == [Reason.OTHER_ENTRANCE] * 4
    assert [x.title for x in answers[8].right] == ["Forum 1"]
    assert (state_of(code), presence_of(code, first.id), presence_of(code, second.id)) == (
        (True, 1),
        (True, 1),
        (False, 0),
    )
    assert len(log_of(code)) == 12
    assert conflicts_of(code) == []
