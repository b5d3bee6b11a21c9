"""Guests for the tests of registration."""

from dataclasses import replace
from typing import Any

from sqlalchemy import func, select

from eventapp.capacity.models import Seat, SeatLimit
from eventapp.capacity.rules import Ref, blockers, need
from eventapp.core.db import db
from eventapp.events.models import Event
from eventapp.registration.models import Participant, Registration
from eventapp.registration.moves import wishes
from eventapp.registration.rules import HOLDS_A_SEAT, ParticipantState
from eventapp.registration.service import Person, SignUp, sign_up


def person(event: Event, number: int = 1, **changes: Any) -> Person:
    """Return a guest of the event's second category (no limit of its own)."""
    given = Person(
        given_name=f"Gast {number}",
        family_name="Muster",
        email=f"gast{number}@example.org",
        category_id=event.categories[-1].id,
        language="de",
        organisation="Verein Brücke",
    )
    return replace(given, **changes)


def arrive(event: Event, number: int = 1, **changes: Any) -> SignUp:
    """Sign a guest up."""
    return sign_up(event.id, person(event, number, **changes))


def check_invariants(event_id: int) -> None:
    """Assert what must hold after every act: counters, seats, order (invariants of the capacity rules)."""
    limits = {x.ref: x for x in db.session.scalars(select(SeatLimit).where(SeatLimit.event_id == event_id))}
    rows = select(Seat.limit_id, func.count()).group_by(Seat.limit_id)
    seats = {row[0]: row[1] for row in db.session.execute(rows)}
    people = list(db.session.scalars(select(Participant).where(Participant.event_id == event_id)))
    for limit in limits.values():
        assert limit.taken == seats.get(limit.id, 0)
        assert limit.size is None or limit.taken <= limit.size + limit.over
    for one in people:
        held = select(SeatLimit).join(Seat, Seat.limit_id == SeatLimit.id).where(Seat.participant_id == one.id)
        names: set[Ref] = {limit.ref for limit in db.session.scalars(held)}
        assert names == ({ref for ref in wishes(one) if ref in limits} if one.state in HOLDS_A_SEAT else set())
    states = {ref: limit.state for ref, limit in limits.items()}
    for one in people:
        if one.state is ParticipantState.WAITLISTED:
            assert blockers(need([wishes(one)]), states), f"{one.name} waits although there is room"
    found = select(Registration.number).where(Registration.event_id == event_id).order_by(Registration.number)
    numbers = list(db.session.scalars(found))
    assert numbers == list(range(1, len(numbers) + 1))
