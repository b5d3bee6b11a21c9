"""Two acts of the waiting list at the same moment, from threads and from processes: one after the other, in any order.

The last two tests plant the faults that only show so, and see them: a way into the waiting list beside the lock, and
numbers that are drawn before it.
"""

import multiprocessing
import threading
from collections import Counter
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from config import Config
from eventapp.accounts.models import Organiser
from eventapp.app import create_app
from eventapp.capacity import service as capacity
from eventapp.capacity.models import EventQueue
from eventapp.core import clock
from eventapp.core.audit import AuditEntry
from eventapp.core.db import db, is_sqlite
from eventapp.core.refusal import Refusal
from eventapp.outbox.models import Message
from eventapp.registration.doctor.queries import list_faults
from eventapp.registration.models import Participant, Registration
from eventapp.registration.rules import ParticipantState
from eventapp.registration.service import cancel
from eventapp.registration.signup.batch import SignUp
from eventapp.registration.signup.service import sign_up
from tests import soak
from tests.make import make_event, make_organiser
from tests.races.pairs import DONE, PAIRS, Pair
from tests.registration.people import arrive, person

pytestmark = pytest.mark.race
Act = Callable[[], Any]
TIMES, ROUNDS = soak.amount(3, 40), soak.amount(1, 20)
TOLD = {"confirmed": "ticket", "offered": "offer", "cancelled": "cancelled", "declined": "declined"}


def answer(app: Flask, act: Act, moment: datetime, together: Any) -> str:
    """Do an act at a moment together with others; return what came of it."""
    with app.app_context(), clock.at(moment):
        together.wait(60)
        try:
            found = act()
        except Refusal as refusal:
            return refusal.code
        except Exception as error:  # what it was is the point of the test
            return repr(error)
        return found.outcome.value if isinstance(found, SignUp) else DONE


def at_once(app: Flask, acts: Sequence[Act], moment: datetime) -> tuple[str, ...]:
    """Do all of these in threads at the same moment."""
    db.session.rollback()
    together = threading.Barrier(len(acts))
    with ThreadPoolExecutor(len(acts)) as pool:
        return tuple(pool.map(lambda act: answer(app, act, moment, together), acts))


def in_process(url: str, acts: list[tuple[Act, datetime]], together: Any, results: Any, number: int) -> None:
    """Do one of each pair in a process of its own."""
    app = create_app(Config.for_tests(url))
    results.put((number, [answer(app, act, moment, together) for act, moment in acts]))
    with app.app_context():
        db.engine.dispose()


def check(pair: Pair, answers: tuple[str, ...]) -> None:
    """Assert that the answers are allowed, everybody stands where they may, and each move was told once."""
    db.session.rollback()
    db.session.expire_all()
    assert answers in pair.allowed or (not pair.allowed and set(answers) <= {DONE, "confirmed", "waitlisted"}), answers
    pair.check()
    with clock.at(pair.moment):
        assert list_faults(pair.event_id) == []
    alone = select(Participant.public_id).join(Participant.registration)
    alone = alone.where(Participant.event_id == pair.event_id, Registration.is_group.is_(False))
    abouts = [f"participant:{public_id}" for public_id in db.session.scalars(alone)]
    moves = select(AuditEntry.about, AuditEntry.action).where(AuditEntry.about.in_(abouts))
    moved = [(about, action.removeprefix("registration.")) for about, action in db.session.execute(moves)]
    told = [
        (message.about, message.kind.removeprefix("registration."))
        for message in db.session.scalars(select(Message).where(Message.about.in_(abouts)))
        if message.facts.get("why") not in ("again", "deputy")
    ]
    kinds = set(TOLD.values())
    assert Counter((about, TOLD[state]) for about, state in moved if state in TOLD) == Counter(
        (about, kind) for about, kind in told if kind in kinds
    )


@pytest.mark.parametrize("prepare", PAIRS)
def test_in_threads(real_app: Flask, prepare: Callable[[Organiser], Pair]) -> None:
    organiser = make_organiser()
    for _ in range(TIMES):
        pair = prepare(organiser)
        check(pair, at_once(real_app, pair.acts, pair.moment))


def test_in_processes(real_app: Flask, real_database: str) -> None:
    organiser = make_organiser()
    pairs = [pair for _ in range(ROUNDS) for prepare in PAIRS if len((pair := prepare(organiser)).acts) == 2]
    db.session.rollback()
    context = multiprocessing.get_context("spawn")
    together, results = context.Barrier(2), context.Queue()
    processes = [
        context.Process(
            target=in_process,
            args=(real_database, [(pair.acts[n], pair.moment) for pair in pairs], together, results, n),
        )
        for n in range(2)
    ]
    for process in processes:
        process.start()
    answers = dict(results.get(timeout=300) for _ in processes)
    for process in processes:
        process.join()
    for pair, found in zip(pairs, zip(answers[0], answers[1], strict=True), strict=True):
        check(pair, found)


def test_a_way_into_the_list_beside_the_lock_is_seen(real_app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    """On Postgres somebody waits beside a free seat; on SQLite nothing is written beside the one writer."""
    event = make_event(seats=1, offer_hours=48)
    event_id, guest, given = event.id, arrive(event, 1).participant.id, person(event, 2)
    beside, has_read, is_gone = threading.local(), threading.Event(), threading.Event()
    lock, locked_limits = capacity.lock, capacity.locked_limits

    def no_lock(event_id: int) -> EventQueue:
        return db.session.get_one(EventQueue, event_id) if hasattr(beside, "on") else lock(event_id)

    def stale_limits(event_id: int) -> capacity.Limits:
        limits = locked_limits(event_id)
        if hasattr(beside, "on"):
            has_read.set()
            is_gone.wait(2)
        return limits

    def enter() -> None:
        beside.on = True
        sign_up(event_id, given)

    def leave() -> None:
        has_read.wait(30)
        cancel(guest)
        is_gone.set()

    monkeypatch.setattr(capacity, "lock", no_lock)
    monkeypatch.setattr(capacity, "locked_limits", stale_limits)
    assert at_once(real_app, [enter, leave], clock.now()) == (DONE, DONE)
    db.session.rollback()
    assert list_faults(event_id) == ([] if is_sqlite(db.session()) else ["number 2 waits although it fits"])


def test_a_number_that_is_drawn_before_the_lock_is_seen(real_app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    """Who drew the lower number came later to the lock and waits, while the higher one has the seat."""
    event = make_event(seats=1)
    event_id, early, late = event.id, person(event, 1), person(event, 2)
    drawn, has_drawn, is_in = threading.local(), threading.Event(), threading.Event()

    def number_of_thread(act: capacity.Turn) -> int:
        act.queue.last_number = max(act.queue.last_number, drawn.number)
        return int(drawn.number)

    def first() -> SignUp:
        drawn.number = 1
        has_drawn.set()
        is_in.wait(30)
        return sign_up(event_id, early)

    def second() -> SignUp:
        has_drawn.wait(30)
        drawn.number = 2
        done = sign_up(event_id, late)
        is_in.set()
        return done

    monkeypatch.setattr(capacity.Turn, "draw_number", number_of_thread)
    assert at_once(real_app, [first, second], clock.now()) == ("waitlisted", "confirmed")
    db.session.rollback()
    in_order = select(Participant.state).join(Participant.registration).order_by(Registration.number)
    assert list(db.session.scalars(in_order)) == [ParticipantState.WAITLISTED, ParticipantState.CONFIRMED]
