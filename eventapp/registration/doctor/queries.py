"""What must hold after every act on an event's seats, asked of the database row by row; called by `flask doctor`.

Nothing here is worked out by the functions that seat people, but for the question whether a waiting unit fits.
"""

from collections import Counter

from sqlalchemy import func, select

from eventapp.capacity.models import EventQueue, Seat, SeatLimit
from eventapp.capacity.queries import read_limits
from eventapp.capacity.rules import WHOLE_EVENT, Limit, LimitKind, Ref, lacking
from eventapp.core import clock
from eventapp.core.audit import AuditEntry
from eventapp.core.db import db
from eventapp.events.models import Event
from eventapp.registration.models import Participant, Registration, Wish
from eventapp.registration.queries import read_wishes
from eventapp.registration.rules import HOLDS_A_SEAT, LIVING, ParticipantState, is_running
from eventapp.registration.waitlist.queries import list_waiting

_RESIZED = ("capacity.resized", "capacity.organisations")
_WAITS = frozenset({ParticipantState.WAITLISTED, ParticipantState.TO_APPROVE})


def list_faults(event_id: int) -> list[str]:
    """Return in English, for operators, what is wrong with the seats and lists of an event; nothing is right."""
    people = list(db.session.scalars(select(Participant).where(Participant.event_id == event_id)))
    limits = read_limits(event_id)
    return [
        *_counters(event_id, limits),
        *_seats(event_id, people, limits),
        *_units(people),
        *_numbers(event_id),
        *_passed_over(event_id, limits),
    ]


def _counters(event_id: int, limits: dict[Ref, Limit]) -> list[str]:
    rows = (
        select(SeatLimit.kind, SeatLimit.key, func.count(Seat.participant_id))
        .outerjoin(Seat, Seat.limit_id == SeatLimit.id)
        .where(SeatLimit.event_id == event_id)
        .group_by(SeatLimit.id)
    )
    found = []
    for kind, key, seats in db.session.execute(rows):
        limit = limits[kind, key]
        if limit.taken != seats:
            found.append(f"{kind} {key}: {limit.taken} counted, {seats} seats")
        if limit.size is not None and limit.taken > limit.size + limit.over:
            found.append(f"{kind} {key}: {limit.taken} seats of {limit.size} + {limit.over}")
    taken = sum(limit.taken for (kind, _), limit in limits.items() if kind is LimitKind.CATEGORY)
    if taken != limits[WHOLE_EVENT].taken:
        found.append(f"{limits[WHOLE_EVENT].taken} seats in the event, {taken} in its categories")
    if any(limit.over for limit in limits.values()) and not _is_explained(event_id):
        found.append("a limit is exceeded and the history does not say why")
    return found


def _is_explained(event_id: int) -> bool:
    """Tell whether somebody lowered a size here, or let people in on purpose and said why."""
    resized = AuditEntry.event_id == event_id, AuditEntry.action.in_(_RESIZED)
    if db.session.scalar(select(AuditEntry.id).where(*resized).limit(1)) is not None:
        return True
    purpose = Registration.event_id == event_id, Registration.is_over.is_(True), Registration.note != ""
    return db.session.scalar(select(Registration.id).where(*purpose).limit(1)) is not None


def _seats(event_id: int, people: list[Participant], limits: dict[Ref, Limit]) -> list[str]:
    rows = (
        select(Seat.participant_id, SeatLimit.kind, SeatLimit.key)
        .join(SeatLimit, SeatLimit.id == Seat.limit_id)
        .where(SeatLimit.event_id == event_id)
    )
    holds: dict[int, set[Ref]] = {}
    for who, kind, key in db.session.execute(rows):
        holds.setdefault(who, set()).add((kind, key))
    wishes = read_wishes([person for person in people if person.state in HOLDS_A_SEAT], limits)
    return [
        f"participant {person.id} ({person.state}): holds {sorted(holds.get(person.id, ()))}, "
        f"should hold {sorted(wishes.get(person.id, ()))}"
        for person in people
        if holds.get(person.id, set()) != wishes.get(person.id, frozenset())
    ]


def _units(people: list[Participant]) -> list[str]:
    states: dict[int, set[ParticipantState]] = {}
    for person in people:
        if person.state in LIVING:
            states.setdefault(person.registration_id, set()).add(person.state)
    return [
        f"registration {unit}: some wait, some do not ({sorted(found)})"
        for unit, found in states.items()
        if found & _WAITS and len(found) > 1
    ]


def _numbers(event_id: int) -> list[str]:
    parts = select(Registration.number, Registration.part).where(Registration.event_id == event_id)
    whole = [number for number, part in db.session.execute(parts) if part == 0]
    whole += db.session.scalars(select(Wish.number).where(Wish.event_id == event_id))
    last = db.session.scalar(select(EventQueue.last_number).where(EventQueue.event_id == event_id)) or 0
    doubled = [number for number, times in Counter(whole).items() if times > 1]
    missing = sorted(set(range(1, last + 1)) - set(whole))
    found = [f"number {number} was drawn twice" for number in doubled]
    return found + [f"number {number} is missing" for number in missing]


def _passed_over(event_id: int, limits: dict[Ref, Limit]) -> list[str]:
    queue, event, now = db.session.get_one(EventQueue, event_id), db.session.get_one(Event, event_id), clock.now()
    if not is_running(event.state, event.ends_at, now) or (queue.settle_at is not None and queue.settle_at <= now):
        return []  # nobody moves up any more; what has fallen due is settled by the next act or job
    return [
        f"number {unit.number} waits although it fits"
        for unit in list_waiting(event_id, limits)
        if unit.is_eligible and not lacking(unit.need, limits)
    ]
