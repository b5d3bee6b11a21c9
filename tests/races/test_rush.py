"""Many at once for few seats, from threads and from processes: exact, in order, nobody twice, no error.

Seen to fail when `lock` does not lock (more confirmed than seats on Postgres) and when the idempotency key is not
looked up under it (doubles).
"""

import multiprocessing
import random
import threading
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest
import time_machine
from flask import Flask
from sqlalchemy import select

from config import Config
from eventapp.app import create_app
from eventapp.capacity.rules import LimitKind
from eventapp.capacity.service import set_size
from eventapp.core.db import db
from eventapp.events.models import Event
from eventapp.registration.models import Participant, Registration
from eventapp.registration.rules import ParticipantState
from eventapp.registration.service import cancel
from eventapp.registration.signup.service import sign_up
from tests.conftest import SUMMER
from tests.make import forums, make_event
from tests.registration.people import arrive, check_invariants, person
from tests.soak import amount

pytestmark = pytest.mark.race
GUESTS, SEATS, THREADS = 300, 100, 32
MANY, PLACES = amount(200, 1000), amount(60, 300)
"""Guests of the large rush, each of whom sends the form twice, and the seats for which they come."""


def rush(app: Flask, event_id: int, numbers: list[int], items: tuple[int, ...] = ()) -> list[str]:
    """Sign these guests up from threads; return the outcomes, or what went wrong."""

    def one(number: int) -> str:
        with app.app_context():
            try:
                event = db.session.get_one(Event, event_id)
                given = person(event, number, item_ids=items)
                return sign_up(event_id, given, idempotency_key=f"form-{number}").outcome.value
            except Exception as error:  # what it was is the point of the test
                return repr(error)

    with ThreadPoolExecutor(THREADS) as pool:
        return list(pool.map(one, numbers))


Rush = tuple[list[int], tuple[int, ...]]
"""Numbers of the guests, and items that they choose."""


def in_process(url: str, event_id: int, given: Rush, results: "multiprocessing.Queue[list[str]]") -> None:
    """Do the same in a process of its own, at the time of the tests."""
    app = create_app(Config.for_tests(url))
    with time_machine.travel(SUMMER):
        results.put(rush(app, event_id, *given))
    with app.app_context():
        db.engine.dispose()


def assert_exact(event_id: int, seats: int, guests: int) -> None:
    """Assert that the first `seats` arrivals are confirmed, the others wait in order, and nobody is doubled."""
    db.session.rollback()
    rows = db.session.execute(
        select(Registration.number, Participant.state, Participant.email)
        .join(Participant.registration)
        .where(Registration.event_id == event_id)
        .order_by(Registration.number)
    ).all()
    assert [row.number for row in rows] == list(range(1, guests + 1))
    assert len({row.email for row in rows}) == guests
    assert {row.state for row in rows[:seats]} == {ParticipantState.CONFIRMED}
    assert {row.state for row in rows[seats:]} == {ParticipantState.WAITLISTED}
    check_invariants(event_id)


def test_300_threads_for_100_seats(real_app: Flask) -> None:
    event = make_event(seats=SEATS)
    outcomes = Counter(rush(real_app, event.id, list(range(GUESTS))))
    assert outcomes == {"confirmed": SEATS, "waitlisted": GUESTS - SEATS}
    assert_exact(event.id, SEATS, GUESTS)


def test_three_limits_and_every_request_sent_twice(real_app: Flask) -> None:
    event = make_event(seats=SEATS)
    forum = forums(event)[0]
    set_size(event.id, LimitKind.ITEM, str(forum.id), SEATS + 20)
    set_size(event.id, LimitKind.CATEGORY, str(event.categories[-1].id), SEATS + 10)
    outcomes = Counter(rush(real_app, event.id, [n // 2 for n in range(2 * GUESTS)], (forum.id,)))
    assert outcomes == {"confirmed": SEATS, "waitlisted": GUESTS - SEATS, "repeated": GUESTS}
    assert_exact(event.id, SEATS, GUESTS)


def of_processes(url: str, event_id: int, shares: list[Rush]) -> Counter[str]:
    """Let each process sign its share up; return all outcomes."""
    context = multiprocessing.get_context("spawn")
    results = context.Queue()
    processes = [context.Process(target=in_process, args=(url, event_id, share, results)) for share in shares]
    for process in processes:
        process.start()
    outcomes = Counter(outcome for _ in processes for outcome in results.get(timeout=300))
    for process in processes:
        process.join()
    return outcomes


def test_64_clients_send_everything_twice_while_the_page_keeps_answering(real_app: Flask, real_database: str) -> None:
    event = make_event(seats=PLACES)
    event_id, address, forum_id = event.id, f"/de/{event.slug}/register", forums(event)[0].id
    set_size(event_id, LimitKind.ITEM, str(forum_id), PLACES + 20)
    set_size(event_id, LimitKind.CATEGORY, str(event.categories[-1].id), PLACES + 10)
    sent = [*range(MANY), *range(MANY)]
    random.Random(64).shuffle(sent)  # noqa: S311 - any order will do
    is_over, answers = threading.Event(), Counter[int]()

    def look() -> None:
        while not is_over.wait(0.1):
            answers[real_app.test_client().get(address).status_code] += 1

    reader = threading.Thread(target=look)
    reader.start()
    try:
        shares: list[Rush] = [(sent[k::2], (forum_id,)) for k in range(2)]
        outcomes = of_processes(real_database, event_id, shares)
    finally:
        is_over.set()
        reader.join()
    assert outcomes == {"confirmed": PLACES, "waitlisted": MANY - PLACES, "repeated": MANY}
    assert_exact(event_id, PLACES, MANY)
    assert set(answers) == {200}
    assert answers[200] > 3


def test_cancels_and_sign_ups_at_once_leave_no_seat_to_nobody(real_app: Flask) -> None:
    event = make_event(seats=20)
    held = [arrive(event, number).participant.id for number in range(20)]
    event_id = event.id  # threads must not load it from this one's session
    db.session.rollback()

    def run(act: Callable[[], object]) -> None:
        with real_app.app_context():
            act()

    acts: list[Callable[[], object]] = [lambda i=i: cancel(i) for i in held]  # type: ignore[misc]
    acts += [lambda n=n: rush(real_app, event_id, [n]) for n in range(100, 140)]  # type: ignore[misc]
    threads = [
        threading.Thread(target=run, args=(act,)) for pair in zip(acts[:20], acts[20:40], strict=True) for act in pair
    ]
    threads += [threading.Thread(target=run, args=(act,)) for act in acts[40:]]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    db.session.rollback()
    states = Counter(db.session.scalars(select(Participant.state)))
    assert states == {ParticipantState.CANCELLED: 20, ParticipantState.CONFIRMED: 20, ParticipantState.WAITLISTED: 20}
    check_invariants(event_id)
