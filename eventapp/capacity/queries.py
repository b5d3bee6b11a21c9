"""Reads of limits and seats; for showing, never for deciding (decisions read under the lock, in `service`)."""

from collections.abc import Iterable

from sqlalchemy import select

from eventapp.capacity.models import Seat, SeatLimit
from eventapp.capacity.rules import Limit, Ref
from eventapp.core import clock
from eventapp.core.db import db


def list_limits(event_id: int) -> dict[Ref, SeatLimit]:
    """Return all limits of an event by their name."""
    rows = db.session.scalars(select(SeatLimit).where(SeatLimit.event_id == event_id))
    return {limit.ref: limit for limit in rows}


def read_limits(event_id: int) -> dict[Ref, Limit]:
    """Return the state of all limits of an event by their name."""
    now = clock.now()
    return {ref: limit.state_at(now) for ref, limit in list_limits(event_id).items()}


def list_limits_of(event_ids: Iterable[int]) -> dict[int, dict[Ref, Limit]]:
    """Return the state of all limits of several events, in one query."""
    ids, now = list(event_ids), clock.now()
    found: dict[int, dict[Ref, Limit]] = {event_id: {} for event_id in ids}
    for limit in db.session.scalars(select(SeatLimit).where(SeatLimit.event_id.in_(ids))):
        found[limit.event_id][limit.ref] = limit.state_at(now)
    return found


def list_seats(participant_id: int) -> set[Ref]:
    """Return the names of the limits of which a participant holds a seat."""
    rows = db.session.execute(
        select(SeatLimit.kind, SeatLimit.key)
        .join(Seat, Seat.limit_id == SeatLimit.id)
        .where(Seat.participant_id == participant_id)
    )
    return {(kind, key) for kind, key in rows}
