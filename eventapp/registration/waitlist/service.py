"""Moves up whoever is next and fits; called under the event's lock after every act that may have made room."""

from sqlalchemy import select
from sqlalchemy.orm import selectinload

from eventapp.capacity import service as capacity
from eventapp.capacity.rules import blockers, need
from eventapp.core import clock
from eventapp.core.db import db, transaction
from eventapp.registration.models import Participant, Registration
from eventapp.registration.moves import move, tell, wishes
from eventapp.registration.rules import Action, ParticipantState


def fill(event_id: int) -> int:
    """Confirm every waiting unit that fits, in order of arrival; return how many people moved up.

    One pass is enough: taking seats never makes another unit fit. Who does not fit is passed over.
    """
    with transaction() as session:
        capacity.lock(event_id)
        session.flush()
        limits = capacity.locked_limits(event_id)
        moved = 0
        for unit in list_waiting(event_id):
            if not capacity.room_for_all(limits):
                break
            waiting = [p for p in unit.participants if p.state is ParticipantState.WAITLISTED]
            needed = need(wishes(person) for person in waiting)
            if unit.event.ends_at <= clock.now() or blockers(needed, {ref: x.state for ref, x in limits.items()}):
                continue
            for person in waiting:
                move(person, Action.CONFIRM, limits)
                tell(person, "ticket", why="moved_up")
            moved += len(waiting)
        return moved


def list_waiting(event_id: int) -> list[Registration]:
    """Return the units that wait, first come first, with their participants and wishes."""
    waiting = select(Participant.registration_id).where(
        Participant.event_id == event_id, Participant.state == ParticipantState.WAITLISTED
    )
    units = (
        select(Registration)
        .where(Registration.id.in_(waiting))
        .order_by(Registration.ahead.desc(), Registration.number)
        .options(selectinload(Registration.participants).selectinload(Participant.choices))
        .execution_options(populate_existing=True)
    )
    return list(db.session.scalars(units))
