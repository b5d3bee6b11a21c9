"""The lock of an event, the frame in which every act on its seats runs, and the one function that gives and takes them.

What happens to those who wait is told by the two functions that the application hands in as "waiting" (`settle` when
something has fallen due, `fill` when room appeared) and by "reseat": the waiting list stands below this feature.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from flask import current_app
from sqlalchemy import BindParameter, bindparam, delete, select

from eventapp.capacity.models import EventQueue, Seat, SeatLimit
from eventapp.capacity.refusals import LimitInUse, ReserveTooLarge
from eventapp.capacity.rules import WHOLE_EVENT, Limit, LimitKind, Ref, Tally, over_after_resize
from eventapp.core import audit, clock
from eventapp.core.bulk import insert_all
from eventapp.core.db import db, transaction
from eventapp.core.refusal import NotFound

Limits = dict[Ref, SeatLimit]
_EVENT: BindParameter[int] = bindparam("event_id")
_FRESH = {"populate_existing": True}
_QUEUE = (  # statements of the rush are made once
    select(EventQueue).where(EventQueue.event_id == _EVENT).with_for_update(key_share=True).execution_options(**_FRESH)
)
_LIMITS = select(SeatLimit).where(SeatLimit.event_id == _EVENT).execution_options(**_FRESH)


@dataclass
class Turn:
    """One act under the event's lock. `freed`: a seat came free or somebody who waits needs less, so fill afterwards.

    `at_once` are the registrations that are confirmed, not offered, when they fit: their guest acts right now.
    """

    event_id: int
    queue: EventQueue
    now: datetime
    limits: Limits
    freed: bool = False
    at_once: set[int] = field(default_factory=set)

    @property
    def states(self) -> dict[Ref, Limit]:
        """What a decision needs to know of every limit, now."""
        return {ref: limit.state_at(self.now) for ref, limit in self.limits.items()}

    @property
    def rows(self) -> list[EventQueue | SeatLimit]:
        """The rows in which is counted."""
        return [self.queue, *self.limits.values()]

    def tally(self) -> Tally:
        """Begin counting from where the limits are now."""
        return Tally(self.states)

    def due(self, moment: datetime) -> None:
        """Remember that something falls due by itself at a moment; settling works the next one out again."""
        if self.queue.settle_at is None or moment < self.queue.settle_at:
            self.queue.settle_at = moment

    def draw_number(self) -> int:
        """Return the next number of arrival."""
        self.queue.last_number += 1
        return self.queue.last_number


@contextmanager
def turn(event_id: int) -> Iterator[Turn]:
    """Run one act: lock, settle what has fallen due, the act itself, and fill when it freed something.

    So no act sees a seat that somebody before it in the list should have had. Raises NotFound without such an event.
    """
    with transaction() as session:
        queue = lock(event_id)
        act = Turn(event_id, queue, clock.now(), locked_limits(event_id))
        if queue.settle_at is not None and queue.settle_at <= act.now:
            _handed("settle")(act)
        yield act
        session.flush()
        while act.freed:
            act.freed = False
            _handed("fill")(act)


def open_event(event_id: int, size: int | None) -> None:
    """Make the lock and the limit of a new event; `size` None means no limit."""
    with transaction() as session:
        session.add(EventQueue(event_id=event_id))
        session.add(SeatLimit(event_id=event_id, kind=LimitKind.EVENT, key="", size=size))


def set_size(event_id: int, kind: LimitKind, key: str, size: int | None) -> int:
    """Make or change a limit and return how many people are over it now; whoever fits then moves up.

    A size below what is taken breaks nothing that is confirmed: the rest is counted as `over`. Raises ReserveTooLarge
    when categories have reserved more than remains.
    """
    with turn(event_id) as act:
        limit = act.limits.get((kind, key))
        if limit is None:
            limit = SeatLimit(event_id=event_id, kind=kind, key=key, size=size)
            db.session.add(limit)
            db.session.flush()
            _handed("reseat")(act)
            if limit.over:
                _record_size(limit, None)
            return limit.over
        if limit.size == size:
            return limit.over
        old, limit.size = limit.size, size
        limit.over = over_after_resize(limit.taken, size)
        _check_reserves(act)
        _record_size(limit, old)
        act.freed = True
        return limit.over


def reserve(event_id: int, category_key: str, places: int, release_at: datetime | None) -> None:
    """Keep places for a category, until `release_at` if given; raise ReserveTooLarge when there are not so many.

    What is confirmed stays, also when others sit where places are kept now.
    """
    with turn(event_id) as act:
        limit = act.limits[LimitKind.CATEGORY, category_key]
        if (limit.reserved, limit.release_at) == (places, release_at):
            return
        facts = {"key": category_key, "old": limit.reserved, "new": places}
        limit.reserved, limit.release_at = places, release_at
        _check_reserves(act)
        if release_at is not None and places:
            act.due(release_at)
        audit.record("capacity.reserved", f"limit:{limit.id}", event_id=event_id, facts=facts)
        act.freed = True


def resize_organisations(event_id: int, size: int | None) -> None:
    """Let at most `size` people of one organisation come, None: any number. What is confirmed stays."""
    with turn(event_id) as act:
        known = {ref: limit for ref, limit in act.limits.items() if ref[0] is LimitKind.ORGANISATION}
        for limit in known.values():
            limit.size, limit.over = size, over_after_resize(limit.taken, size)
        if size is not None:
            _handed("reseat")(act, organisation_size=size)
        audit.record("capacity.organisations", f"event:{event_id}", event_id=event_id, facts={"new": size})
        act.freed = True


def drop_limit(event_id: int, kind: LimitKind, key: str) -> None:
    """Remove a limit; raise LimitInUse while anybody holds a seat of it."""
    with turn(event_id) as act:
        limit = act.limits.pop((kind, key), None)
        if limit is None:
            return
        if limit.taken:
            raise LimitInUse
        db.session.delete(limit)
        act.freed = True


def lock(event_id: int) -> EventQueue:
    """Lock the event's queue until the transaction ends (on SQLite the transaction is the lock); raise NotFound."""
    queue = db.session.scalars(_QUEUE, {"event_id": event_id}).one_or_none()
    if queue is None:  # a draft that was deleted at this moment
        raise NotFound
    return queue


def locked_limits(event_id: int) -> Limits:
    """Read all limits afresh; call it under `lock`."""
    return {limit.ref: limit for limit in db.session.scalars(_LIMITS, {"event_id": event_id})}


def limit_organisations(act: Turn, keys: Iterable[str], size: int | None) -> list[Ref]:
    """Make the limits of organisations that nobody has come from yet, and tell which; without a `size` none is needed.

    What is made for somebody who is refused afterwards, in an act that stands, must be forgotten again.
    """
    made: list[Ref] = []
    for key in sorted(set(keys)) if size is not None else ():
        ref = (LimitKind.ORGANISATION, key)
        if key and ref not in act.limits:
            act.limits[ref] = SeatLimit(
                event_id=act.event_id, kind=ref[0], key=key, size=size, taken=0, over=0, reserved=0
            )
            db.session.add(act.limits[ref])
            made.append(ref)
    db.session.flush()
    return made


def forget_limits(act: Turn, refs: Iterable[Ref]) -> None:
    """Take back limits that were made in this act and of which nobody has asked for a seat."""
    for ref in refs:
        db.session.delete(act.limits.pop(ref))


def hold(act: Turn, wishes: Mapping[int, Iterable[Ref]], *, over: bool = False, are_new: bool = False) -> bool:
    """Give each participant (by id) exactly the seats of their wishes; return whether any seat came free.

    Takes what is missing and gives back what is too much; the caller has decided under the lock that it fits.
    With `over` a full limit grows by one on purpose. Wishes without a limit need no seat. `are_new`: nobody holds any.
    """
    by_id = {limit.id: limit for limit in act.limits.values()}
    wanted = {(who, act.limits[ref].id) for who, refs in wishes.items() for ref in refs if ref in act.limits}
    holding = set() if are_new else _held(wishes)
    for _, limit_id in sorted(wanted - holding):
        limit = by_id[limit_id]
        if over and limit.size is not None and limit.taken >= limit.size + limit.over:
            limit.over += 1
        limit.taken += 1
    for _, limit_id in holding - wanted:
        limit = by_id[limit_id]
        limit.taken -= 1
        limit.over = max(0, limit.over - 1)
    _write_seats(wanted - holding, holding - wanted)
    return bool(holding - wanted)


def _held(people: Iterable[int]) -> set[tuple[int, int]]:
    rows = select(Seat.participant_id, Seat.limit_id).where(Seat.participant_id.in_(list(people)))
    return {(who, limit_id) for who, limit_id in db.session.execute(rows)}


def _write_seats(taken: set[tuple[int, int]], given_back: set[tuple[int, int]]) -> None:
    session = db.session  # it writes limits that are new before seats of them
    insert_all(session(), Seat, [{"participant_id": who, "limit_id": limit_id} for who, limit_id in sorted(taken)])
    for who, limit_id in given_back:
        gone = delete(Seat).where(Seat.participant_id == who, Seat.limit_id == limit_id)
        session.execute(gone.execution_options(synchronize_session=False))


def _check_reserves(act: Turn) -> None:
    """Raise ReserveTooLarge when a category keeps more than it may take, or all together more than the event has."""
    kept = [limit for limit in act.states.values() if limit.reserved]
    if any(limit.size is not None and limit.reserved > limit.size for limit in kept):
        raise ReserveTooLarge
    whole = act.limits[WHOLE_EVENT].size
    if kept and (whole is None or sum(limit.reserved for limit in kept) > whole):
        raise ReserveTooLarge


def _record_size(limit: SeatLimit, old: int | None) -> None:
    facts = {"kind": limit.kind.value, "key": limit.key, "old": old, "new": limit.size, "over": limit.over}
    audit.record("capacity.resized", f"limit:{limit.id}", event_id=limit.event_id, facts=facts)


def _handed(name: str) -> Callable[..., Any]:
    functions: dict[str, Callable[..., Any]] = current_app.extensions["waiting"]
    return functions[name]
