"""The lock of an event and the only function that gives and takes seats.

Everything that takes, gives, waits or resizes calls `lock` first and decides under it. What happens to the waiting
list when room appears is told by the function that the application hands in as "fill": the waiting list stands below.
"""

from collections.abc import Callable, Iterable

from flask import current_app
from sqlalchemy import delete, select

from eventapp.capacity.models import EventQueue, Seat, SeatLimit
from eventapp.capacity.rules import WHOLE_EVENT, LimitKind, Ref, over_after_resize
from eventapp.core import audit
from eventapp.core.db import db, transaction
from eventapp.core.refusal import NotFound, Refusal

Limits = dict[Ref, SeatLimit]


class LimitInUse(Refusal):
    """A limit with seats taken cannot be removed."""

    code = "limit_in_use"


def open_event(event_id: int, size: int | None) -> None:
    """Make the lock and the limit of a new event; `size` None means no limit."""
    with transaction() as session:
        session.add(EventQueue(event_id=event_id))
        session.add(SeatLimit(event_id=event_id, kind=LimitKind.EVENT, key="", size=size))


def set_size(event_id: int, kind: LimitKind, key: str, size: int | None) -> int:
    """Make or change a limit and return how many people are over it now; whoever fits then moves up.

    A size below what is taken breaks nothing that is confirmed: the rest is counted as `over`.
    """
    with transaction() as session:
        lock(event_id)
        limit = locked_limits(event_id).get((kind, key))
        if limit is None:
            session.add(SeatLimit(event_id=event_id, kind=kind, key=key, size=size))
            return 0
        if limit.size == size:
            return limit.over
        old, limit.size = limit.size, size
        limit.over = over_after_resize(limit.taken, size)
        facts = {"kind": kind.value, "key": key, "old": old, "new": size, "over": limit.over}
        audit.record("capacity.resized", f"limit:{limit.id}", event_id=event_id, facts=facts)
        session.flush()
        fill: Callable[[int], object] = current_app.extensions["fill"]
        fill(event_id)
        return limit.over


def drop_limit(event_id: int, kind: LimitKind, key: str) -> None:
    """Remove a limit; raise LimitInUse while anybody holds a seat of it."""
    with transaction() as session:
        lock(event_id)
        limit = locked_limits(event_id).get((kind, key))
        if limit is None:
            return
        if limit.taken:
            raise LimitInUse
        session.delete(limit)


def lock(event_id: int) -> EventQueue:
    """Lock the event's queue until the transaction ends (on SQLite the transaction is the lock); raise NotFound."""
    queue = db.session.scalars(
        select(EventQueue)
        .where(EventQueue.event_id == event_id)
        .with_for_update(key_share=True)
        .execution_options(populate_existing=True)
    ).one_or_none()
    if queue is None:  # a draft that was deleted at this moment
        raise NotFound
    return queue


def locked_limits(event_id: int) -> Limits:
    """Read all limits afresh; call it under `lock`."""
    rows = db.session.scalars(
        select(SeatLimit).where(SeatLimit.event_id == event_id).execution_options(populate_existing=True)
    )
    return {limit.ref: limit for limit in rows}


def draw_number(queue: EventQueue) -> int:
    """Return the next arrival number; the queue must be locked."""
    queue.last_number += 1
    return queue.last_number


def hold(participant_id: int, wishes: Iterable[Ref], limits: Limits, *, over: bool = False) -> bool:
    """Give a participant exactly the seats of `wishes`; return whether any seat came free.

    Takes what is missing and gives back what is too much; the caller has decided under the lock that it fits.
    With `over` a full limit grows by one on purpose. Wishes without a limit need no seat.
    """
    by_id = {limit.id: limit for limit in limits.values()}
    wanted = {limits[ref].id for ref in wishes if ref in limits}
    held = set(db.session.scalars(select(Seat.limit_id).where(Seat.participant_id == participant_id)))
    for limit_id in sorted(wanted - held):
        limit = by_id[limit_id]
        if over and limit.size is not None and limit.taken >= limit.size + limit.over:
            limit.over += 1
        limit.taken += 1
        db.session.add(Seat(participant_id=participant_id, limit_id=limit_id))
    for limit_id in held - wanted:
        limit = by_id[limit_id]
        limit.taken -= 1
        limit.over = max(0, limit.over - 1)
    if held - wanted:
        gone = Seat.participant_id == participant_id, Seat.limit_id.in_(held - wanted)
        db.session.execute(delete(Seat).where(*gone).execution_options(synchronize_session=False))
    db.session.flush()
    return bool(held - wanted)


def room_for_all(limits: Limits) -> bool:
    """Tell whether the event as a whole has a seat left; when not, nobody who waits can move."""
    whole = limits.get(WHOLE_EVENT)
    return whole is None or whole.state.left is None or whole.state.left > 0
