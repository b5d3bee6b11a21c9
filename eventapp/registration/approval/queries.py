"""Who waits for the organiser's decision, and what a decision would do to each: shown before it is made."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from sqlalchemy import func, or_, select
from sqlalchemy.orm import joinedload, selectinload

from eventapp.capacity.queries import list_limits
from eventapp.capacity.rules import Tally, need
from eventapp.core import clock
from eventapp.core.db import db
from eventapp.events.models import Event
from eventapp.registration.models import ItemChoice, Participant, Registration
from eventapp.registration.queries import read_wishes
from eventapp.registration.rules import ParticipantState
from eventapp.registration.waitlist.listing.reasons import explain_unit, tell_from

_WAITS = Registration.participants.any(Participant.state == ParticipantState.TO_APPROVE)
_CHANGED = Registration.review_since.is_not(None) & Registration.participants.any(
    Participant.state == ParticipantState.CONFIRMED
)


@dataclass(frozen=True)
class Fate:
    """What approving would do to a registration: `reasons` why it would wait, none when it has or gets its place."""

    unit: Registration
    people: tuple[Participant, ...]
    reasons: tuple[str, ...] = ()


def list_undecided(event_id: int, public_ids: Iterable[str] | None = None) -> list[Registration]:
    """Return the registrations that wait for a decision, by arrival; only those with these ids if they are given."""
    found = (
        select(Registration)
        .where(Registration.event_id == event_id, or_(_WAITS, _CHANGED))
        .order_by(Registration.number, Registration.part)
        .options(
            selectinload(Registration.participants).options(
                joinedload(Participant.category), selectinload(Participant.choices).joinedload(ItemChoice.item)
            )
        )
    )
    if public_ids is not None:
        found = found.where(Registration.public_id.in_(list(public_ids)))
    return list(db.session.scalars(found))


def count_undecided(event_id: int) -> tuple[int, int]:
    """Count the registrations that wait for approval, and those whose change waits for a look."""
    mine = Registration.event_id == event_id
    waits = select(func.count()).where(mine, _WAITS).select_from(Registration).scalar_subquery()
    changed = select(func.count()).where(mine, _CHANGED).select_from(Registration).scalar_subquery()
    row = db.session.execute(select(waits, changed)).one()
    return row[0], row[1]


def foresee(event: Event, units: Sequence[Registration]) -> list[Fate]:
    """Return what would become of these registrations if all were approved now, one after the other by arrival."""
    limits, now = list_limits(event.id), clock.now()
    tally = Tally({ref: limit.state_at(now) for ref, limit in limits.items()})
    people = {unit.id: tuple(concerned(unit)) for unit in units}
    wishes = read_wishes([person for each in people.values() for person in each], limits)
    told, fates = tell_from(event, limits), []
    for unit in units:
        needed = need(wishes[person.id] for person in people[unit.id])
        if unit.review_since is not None:
            fates.append(Fate(unit, people[unit.id]))
            continue
        lack = tally.lack(needed)
        if not lack and unit.hold_until is None:
            tally.take(needed)
        fates.append(Fate(unit, people[unit.id], tuple(explain_unit(lack, unit, people[unit.id], told))))
    return fates


def concerned(unit: Registration) -> list[Participant]:
    """Return the people of a registration whom a decision would concern."""
    wanted = ParticipantState.CONFIRMED if unit.review_since is not None else ParticipantState.TO_APPROVE
    return [person for person in unit.participants if person.state is wanted]
