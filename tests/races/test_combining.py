"""Sign-ups of one moment share a turn: each gets its own answer, in order, and nobody is left waiting."""

import threading
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import replace

import pytest
from flask import Flask

from eventapp.capacity.service import turn
from eventapp.core import clock, combining
from eventapp.core.combining import LARGEST, RunAll, combine
from eventapp.core.db import db, transaction
from eventapp.core.refusal import Refusal
from eventapp.registration.signup.batch import SignUp
from eventapp.registration.signup.rules import Contact
from eventapp.registration.signup.service import sign_up, sign_up_group
from tests.make import make_event
from tests.registration.people import check_invariants, person

EVENT = 7
pytestmark = pytest.mark.race


class Dying(BaseException):
    """What ends a thread in the middle."""


class Counter:
    """Stands for the sign-up: notes each batch, and waits in the first until it is let go."""

    def __init__(self, act: Callable[[Sequence[str]], list[str]] | None = None) -> None:
        self.batches: list[list[str]] = []
        self.threads: list[str] = []
        self.begun, self.go = threading.Event(), threading.Event()
        self.act = act or (lambda names: [f"seat of {name}" for name in names])

    def run_all(self, take: Callable[[], Sequence[str]]) -> list[str]:
        names = list(take())
        self.batches.append(names)
        self.threads.append(threading.current_thread().name)
        if not self.begun.is_set():
            self.begun.set()
            assert self.go.wait(20)
        return self.act(names)


@contextmanager
def arriving(
    app: Flask, counter: Counter, names: Sequence[str], run_all: RunAll[str, str] | None = None
) -> Iterator[dict[str, object]]:
    """Let people arrive one after the other while the first is being served; give what each was told, by name."""
    told: dict[str, object] = {}

    def one(name: str) -> None:
        with app.app_context():
            try:
                told[name] = combine("act", EVENT, name, run_all or counter.run_all)
            except BaseException as error:
                told[name] = error

    threads = [threading.Thread(target=one, args=(name,), name=name) for name in names]
    threads[0].start()
    assert counter.begun.wait(20)
    queue = app.extensions["combining"]["act", EVENT]
    for place, thread in enumerate(threads[1:], start=1):
        thread.start()
        while len(queue.waiting) < place:
            thread.join(0.001)
    yield told
    counter.go.set()
    for thread in threads:
        thread.join(20)
    assert not any(thread.is_alive() for thread in threads)
    assert not queue.waiting
    assert not queue.is_led


NAMES = ["ada", "bea", "cem", "dua"]


def come(app: Flask, counter: Counter, name: str, patience: float) -> threading.Thread:
    """Let one more person come after all others."""

    def one() -> None:
        with app.app_context():
            combine("act", EVENT, name, counter.run_all, patience)

    thread = threading.Thread(target=one, name=name)
    thread.start()
    return thread


def test_who_comes_meanwhile_shares_the_next_turn_in_order(real_app: Flask) -> None:
    counter = Counter()
    with arriving(real_app, counter, NAMES) as told:
        pass
    assert counter.batches == [["ada"], ["bea", "cem", "dua"]]
    assert counter.threads == ["ada", "bea"]
    assert told == {name: f"seat of {name}" for name in NAMES}


def test_a_batch_has_an_end_and_the_next_in_line_leads_the_next(real_app: Flask) -> None:
    counter = Counter()
    names = [f"guest {number:03}" for number in range(2 * LARGEST + 3)]
    with arriving(real_app, counter, names) as told:
        pass
    assert [len(batch) for batch in counter.batches] == [1, LARGEST, LARGEST, 2]
    assert [name for batch in counter.batches for name in batch] == names
    assert counter.threads == [names[0], names[1], names[1 + LARGEST], names[1 + 2 * LARGEST]]
    assert told == {name: f"seat of {name}" for name in names}


def test_straight_after_a_batch_its_people_are_waited_for(real_app: Flask) -> None:
    counter = Counter()
    with arriving(real_app, counter, NAMES[:3]):
        pass
    assert counter.batches == [["ada"], ["bea", "cem"]]
    first = come(real_app, counter, "bea again", 20)
    first.join(0.2)
    assert len(counter.batches) == 2, "it went without waiting"
    second = come(real_app, counter, "cem again", 20)
    for thread in (first, second):
        thread.join(20)
    assert counter.batches[2:] == [["bea again", "cem again"]]
    assert counter.threads[2:] == ["bea again"]


def test_who_does_not_come_again_is_not_waited_for_long(real_app: Flask) -> None:
    counter = Counter()
    with arriving(real_app, counter, NAMES[:3]):
        pass
    come(real_app, counter, "bea again", 0.2).join(20)
    come(real_app, counter, "cem again", 0).join(20)
    assert counter.batches[2:] == [["bea again"], ["cem again"]]


def test_when_a_batch_fails_each_runs_alone_for_an_error_or_a_result_of_its_own(real_app: Flask) -> None:
    def act(names: Sequence[str]) -> list[str]:
        if "cem" in names:
            raise RuntimeError("of cem")
        return [f"seat of {name}" for name in names]

    counter = Counter(act)
    with arriving(real_app, counter, NAMES) as told:
        pass
    assert counter.batches[:2] == [["ada"], ["bea", "cem", "dua"]]
    assert sorted(counter.batches[2:]) == [["bea"], ["cem"], ["dua"]]
    assert isinstance(told.pop("cem"), RuntimeError)
    assert told == {name: f"seat of {name}" for name in ("ada", "bea", "dua")}


def test_a_leader_that_dies_leaves_nobody_waiting(real_app: Flask) -> None:
    def act(names: Sequence[str]) -> list[str]:
        if threading.current_thread().name == "bea":
            raise Dying
        return [f"seat of {name}" for name in names]

    counter = Counter(act)
    with arriving(real_app, counter, NAMES) as told:
        pass
    assert isinstance(told.pop("bea"), Dying)
    assert told == {name: f"seat of {name}" for name in ("ada", "cem", "dua")}


def test_somebody_who_goes_away_while_waiting_stops_nobody(real_app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    counter = Counter()
    waiting = threading.Event.wait

    def interrupted(self: threading.Event, timeout: float | None = None) -> bool:
        if timeout is None and threading.current_thread().name == "bea":
            assert waiting(self, 20)  # called to lead
            raise Dying
        return waiting(self, timeout)

    monkeypatch.setattr(threading.Event, "wait", interrupted)
    with arriving(real_app, counter, NAMES) as told:
        pass
    assert isinstance(told.pop("bea"), Dying)
    assert counter.batches == [["ada"], ["cem", "dua"]]
    assert told == {name: f"seat of {name}" for name in ("ada", "cem", "dua")}


def test_inside_a_transaction_and_at_a_told_time_one_runs_alone(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    def no_queue(act: str, event_id: int) -> None:
        raise AssertionError(act, event_id)

    monkeypatch.setattr(combining, "_queue", no_queue)
    with transaction():
        assert combine("act", EVENT, "ada", lambda take: list(take())) == "ada"
    with clock.at(clock.now()):
        assert combine("act", EVENT, "ada", lambda take: list(take())) == "ada"


def test_of_real_sign_ups_the_refusal_reaches_the_one_whom_it_concerns(real_app: Flask) -> None:
    event = make_event()
    event_id, fine, contact = event.id, [person(event, n) for n in range(3)], Contact("Ada", "ada@example.org", "de")
    people = [fine[0], replace(fine[1], category_id=0)]
    acts: list[Callable[[], SignUp]] = [
        lambda: sign_up(event_id, fine[2]),
        lambda: sign_up_group(event_id, people, contact),
        lambda: sign_up(event_id, fine[1]),
    ]

    def one(act: Callable[[], SignUp]) -> str:
        with real_app.app_context():
            try:
                return act().outcome.value
            except Refusal as refusal:
                return f"{refusal.code} of {refusal.row}"

    db.session.rollback()
    with ThreadPoolExecutor(3) as pool:
        with turn(event_id):  # all of them meet at the lock
            told = [pool.submit(one, act) for act in acts]
            until = time.monotonic() + 20
            while not any(len(queue.waiting) == 3 for queue in real_app.extensions.get("combining", {}).values()):
                assert time.monotonic() < until, "the three do not wait together"
                time.sleep(0.001)
        assert [each.result(20) for each in told] == ["confirmed", "wrong_category of 1", "confirmed"]
    check_invariants(event_id)


def test_who_gets_no_lock_hears_of_it_alone_and_the_next_one_tries(real_app: Flask) -> None:
    counter, tries = Counter(), []

    def run_all(take: Callable[[], Sequence[str]]) -> list[str]:
        tries.append(threading.current_thread().name)
        if tries[-1] == "bea":
            raise TimeoutError
        return Counter.run_all(counter, take)

    with arriving(real_app, counter, NAMES, run_all) as told:
        pass
    assert isinstance(told.pop("bea"), TimeoutError)
    assert counter.batches == [["ada"], ["cem", "dua"]]
    assert told == {name: f"seat of {name}" for name in ("ada", "cem", "dua")}
