"""Lets acts that come to one event at the same moment share one transaction: one commit for up to 32 of them.

Called for what guests and doors send in a rush; why and what it brought stands in docs/decisions/0007-combining.md.

Each thread that brings an act queues, in its process and for its event. Whoever comes to an idle queue leads: it waits
until it may begin, then takes those who wait, itself first, and runs them in the order of their arrival. Who comes
meanwhile waits without a database connection, and the first of them leads next. So everybody leads at most once and
for a batch of which they are the first; nobody serves others for ever, and there is no thread of our own that a forking
server would lose.

Where nothing makes a leader wait (no lock that all need), the first of those who come again would go off alone, while
the others just miss it, batch after batch. With `patience` it waits for as many as there were, for moments only, and
only straight after a batch: who comes to a quiet door waits for nobody.

It is exact because it decides nothing. A batch of sign-ups is one turn under the event's lock (`arrive_together`): one
arrival is decided after the other on the counters in memory, and what one takes the next does not find. Scans are each
decided under the lock of their own ticket (`record_together`). When a batch fails as a whole, or its leader dies,
nothing of it was committed, and each member then runs alone, in its own thread, for a result or an error of its own.
"""

import threading
import time
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Generic, TypeVar

from flask import current_app

from eventapp.core import clock
from eventapp.core.db import is_writing, let_go

LARGEST = 32
"""Most acts in one transaction; as many as a process of the server has threads."""

A = TypeVar("A")
R = TypeVar("R")
RunAll = Callable[[Callable[[], Sequence[A]]], list[R]]
"""Runs what its argument gives, which it calls once it may begin, as under a lock."""


@dataclass(eq=False)
class _Waiter(Generic[A, R]):
    """One arrival in the queue; `called` when its result is there, when its batch failed, or when it is to lead."""

    arrival: A
    called: threading.Event = field(default_factory=threading.Event)
    leads: bool = False
    result: list[R] = field(default_factory=list)
    """The one result, once it is there."""


@dataclass
class _Queue(Generic[A, R]):
    """Who waits for one act of an event in this process. While it `is_led`, somebody runs or was called to lead."""

    lock: threading.Lock = field(default_factory=threading.Lock)
    waiting: deque[_Waiter[A, R]] = field(default_factory=deque)
    is_led: bool = False
    joined: threading.Event = field(default_factory=threading.Event)
    expected: int = 0
    """How many may be here again soon: those of the last batch, and those who waited when it ended."""
    ended: float = 0.0
    """When the last batch ended, by the monotonic clock."""

    def join(self, arrival: A) -> _Waiter[A, R]:
        """Stand at the end of the queue; who comes to an idle one leads."""
        mine = _Waiter[A, R](arrival)
        with self.lock:
            self.waiting.append(mine)
            mine.leads, self.is_led = not self.is_led, True
        self.joined.set()
        return mine

    def gather(self, patience: float) -> None:
        """Wait until as many wait as are expected, at most `patience` seconds from the end of the last batch."""
        while (left := self.ended + patience - time.monotonic()) > 0:
            self.joined.clear()
            if len(self.waiting) >= min(self.expected, LARGEST):
                return
            self.joined.wait(left)

    def take(self) -> list[_Waiter[A, R]]:
        """Take the next batch out of the queue."""
        with self.lock:
            return [self.waiting.popleft() for _ in range(min(LARGEST, len(self.waiting)))]

    def leave(self, one: _Waiter[A, R]) -> None:
        """Go away; who was called to lead and has not begun calls the next."""
        with self.lock:
            is_here = one in self.waiting
            if is_here:
                self.waiting.remove(one)
        if is_here and one.leads:
            self.hand_on()

    def hand_on(self, ran: int = 0) -> None:
        """Call the one who waits longest to lead, after a batch of `ran`."""
        with self.lock:
            self.expected, self.ended = ran + len(self.waiting), time.monotonic()
            self.is_led = bool(self.waiting)
            if self.waiting:
                self.waiting[0].leads = True
                self.waiting[0].called.set()


def combine(act: str, event_id: int, arrival: A, run_all: RunAll[A, R], patience: float = 0) -> R:
    """Return what `run_all` gives for this arrival, together with those of the same act that come at the same time.

    Inside a transaction, and at a told time (`clock.at`), it runs alone: both are of this thread. `patience`: seconds
    after a batch in which the next one waits for as many to come again.
    """
    if clock.is_told() or is_writing():
        return _alone(arrival, run_all)
    let_go()
    queue: _Queue[A, R] = _queue(act, event_id)
    mine = queue.join(arrival)
    try:
        if not mine.leads:
            mine.called.wait()
        if mine.leads:
            queue.gather(patience)
            _lead(queue, run_all)
    except BaseException:
        queue.leave(mine)
        raise
    return mine.result[0] if mine.result else _alone(arrival, run_all)


def _lead(queue: _Queue[A, R], run_all: RunAll[A, R]) -> None:
    """Run one batch, the leader's own arrival the first of it; whatever happens, none of it is left waiting."""
    batch: list[_Waiter[A, R]] = []

    def take() -> list[A]:
        batch.extend(queue.take())
        return [one.arrival for one in batch]

    try:
        results = run_all(take)
        for one, result in zip(batch, results, strict=True):
            one.result.append(result)
    except Exception:
        if len(batch) <= 1:
            raise
    finally:
        for one in batch:
            one.called.set()
        if batch:  # without the lock none was taken: then the leader leaves by itself, with the error
            queue.hand_on(len(batch))


def _alone(arrival: A, run_all: RunAll[A, R]) -> R:
    (result,) = run_all(lambda: [arrival])
    return result


def _queue(act: str, event_id: int) -> _Queue[A, R]:
    queues: dict[tuple[str, int], _Queue[A, R]] = current_app.extensions.setdefault("combining", {})
    return queues.setdefault((act, event_id), _Queue())
