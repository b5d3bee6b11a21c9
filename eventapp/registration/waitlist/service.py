"""What time and freed seats do to those who wait, and what the waiting can do themselves.

`settle` and `fill` run inside every turn of an event (`capacity.service.turn`), which the application hands them to;
the other functions are acts of their own: accept and decline an offer, move ahead, divide a group, let in on purpose.
"""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import InstrumentedAttribute

from eventapp.capacity import service as capacity
from eventapp.capacity.models import EventQueue
from eventapp.core import clock
from eventapp.core.db import db, transaction
from eventapp.core.refusal import NotFound
from eventapp.events.models import Event
from eventapp.registration import refusals
from eventapp.registration.models import Participant, Registration
from eventapp.registration.moves import check_size, copy_unit, hand_over, move, note, tell
from eventapp.registration.queries import find_living
from eventapp.registration.rules import LIVING, MOVES, Action, ParticipantState
from eventapp.registration.waitlist.queries import list_waiting
from eventapp.registration.waitlist.rules import Offers, Waiting
from eventapp.registration.wishes import service as wishes

_S = ParticipantState
_UNANSWERED = frozenset({_S.UNCONFIRMED, _S.WAITLISTED, _S.TO_APPROVE})


def settle(act: capacity.Turn) -> None:
    """End offers and unconfirmed addresses whose time is over, and give what they held to whoever is next.

    Reserves past their release date need no step of their own: they count for nothing from then on.
    """
    for unit in _overdue(act, Registration.offer_until, frozenset({_S.OFFERED})):
        people = [person for person in unit.participants if person.state is _S.OFFERED]
        move(people, Action.EXPIRE, act)
        tell(people, "expired")
        unit.offer_until = None
    for unit in _overdue(
        act, Registration.hold_until, _UNANSWERED
    ):  # it keeps its moment: this address was never confirmed
        move([person for person in unit.participants if person.state in _UNANSWERED], Action.EXPIRE, act)
    wishes.expire(act)
    fill(act)
    act.queue.settle_at = _next_due(act)


def settle_due() -> int:
    """Settle every event in which something has fallen due; return how many. A periodic job."""
    due = select(EventQueue.event_id).where(EventQueue.settle_at <= clock.now()).order_by(EventQueue.event_id)
    event_ids = list(db.session.scalars(due))
    for event_id in event_ids:
        with capacity.turn(event_id):
            pass  # every turn begins by settling
    return len(event_ids)


def fill(act: capacity.Turn) -> None:
    """Offer a place to every unit that waits and fits, in order, or confirm it at once as the event is set.

    Who does not fit is passed over. One pass is enough, as taking seats never makes another unit fit, unless somebody
    swapped to the item that they wished for and left a seat: then another pass follows.
    """
    event = db.session.get_one(Event, act.event_id)
    act.freed = event.ends_at > act.now
    while act.freed:
        act.freed = False
        _pass(act, event)


def _pass(act: capacity.Turn, event: Event) -> None:
    tally, until = act.tally(), offers_of(event).until(act.now)
    for unit in list_waiting(act.event_id, act.limits):
        if not unit.is_eligible or tally.lack(unit.need):
            continue
        tally.take(unit.need)
        if unit.wish_id is not None:
            wishes.offer(act, unit.wish_id, until)
        else:
            _seat(act, unit, None if unit.registration_id in act.at_once else until)


def accept(registration_id: int) -> None:
    """Take an offered place. Too late: the unit joins the list again at its end, and is confirmed if it fits now.

    A second click changes nothing. Raises NotOffered when there never was an offer to answer.
    """
    with turn_of(registration_id) as (act, unit):
        offered = [person for person in unit.participants if person.state is _S.OFFERED]
        expired = [person for person in unit.participants if person.state is _S.EXPIRED]
        if offered:
            move(offered, Action.CONFIRM, act, why="accepted")
            unit.offer_until = None
            tell(offered, "ticket", why="accepted")
        elif expired:
            _come_back(act, unit, expired)
        elif unit.participants and not any(person.state is _S.CONFIRMED for person in unit.participants):
            raise refusals.NotOffered  # a unit without people came back as another: a second click


def decline(registration_id: int) -> None:
    """Give an offered place back; it goes on to whoever is next. A second click changes nothing."""
    with turn_of(registration_id) as (act, unit):
        offered = [person for person in unit.participants if person.state is _S.OFFERED]
        if not offered and any(person.state is _S.CONFIRMED for person in unit.participants):
            raise refusals.NotOffered
        move(offered, Action.CANCEL, act, why="offer_declined")
        unit.offer_until = None
        tell(offered, "cancelled", via="offer")


def confirm_address(registration_id: int) -> None:
    """Believe the e-mail address of a unit: the held place is theirs, or they may move up from now on.

    It is the address of all parts of a group that divided itself. Too late: they join again at the end.
    """
    with turn_of(registration_id) as (act, unit):
        same = Registration.event_id == act.event_id, Registration.number == unit.number
        parts = select(Registration).where(*same, Registration.hold_until.is_not(None)).order_by(Registration.part)
        for part in db.session.scalars(parts).all():
            _confirm_address(act, part)


def _confirm_address(act: capacity.Turn, unit: Registration) -> None:
    people = unit.living
    expired = [person for person in unit.participants if person.state is _S.EXPIRED]
    if expired and not people:
        _come_back(act, unit, expired)
        return
    unit.hold_until = None
    for person in people:
        note(person, "registration.address")
    held = [person for person in people if person.state is _S.UNCONFIRMED]
    if held:
        move(held, Action.CONFIRM, act, why="address")
        tell(held, "ticket", why="new")
    else:
        try_now(act, unit)


def move_ahead(registration_id: int, reason: str) -> None:
    """Put a waiting unit before all others, for a reason that stays with it; raise NoReason without one."""
    if not reason.strip():
        raise refusals.NoReason
    with turn_of(registration_id) as (act, unit):
        waiting = [person for person in unit.participants if person.state is _S.WAITLISTED]
        if not waiting:
            raise refusals.NotWaiting
        highest = select(func.max(Registration.ahead)).where(Registration.event_id == act.event_id)
        unit.ahead, unit.note = (db.session.scalar(highest) or 0) + 1, reason.strip()
        for person in waiting:
            note(person, "registration.ahead", reason=unit.note)
        act.freed = True


def let_in(registration_id: int, reason: str) -> None:
    """Give a waiting unit its place although a limit is full or its turn has not come, marked and with a reason."""
    if not reason.strip():
        raise refusals.NoReason
    with turn_of(registration_id) as (act, unit):
        waiting = [person for person in unit.participants if person.state is _S.WAITLISTED]
        if not waiting:
            raise refusals.NotWaiting
        unit.hold_until, unit.is_over, unit.note = None, True, reason.strip()
        move(waiting, Action.CONFIRM, act, over=True, over_note=unit.note)
        tell(waiting, "ticket", why="moved_up")


def divide(registration_id: int, participant_ids: Iterable[int]) -> None:
    """Part a waiting group in two that move up independently; both keep their number. Raises CannotDivide."""
    with turn_of(registration_id) as (act, unit):
        waiting = [person for person in unit.living if person.state is _S.WAITLISTED]
        chosen = [person for person in waiting if person.id in set(participant_ids)]
        if not chosen or len(chosen) == len(waiting):
            raise refusals.CannotDivide
        same = Registration.event_id == act.event_id, Registration.number == unit.number
        part = 1 + (db.session.scalar(select(func.max(Registration.part)).where(*same)) or 0)
        other = copy_unit(unit, act, number=unit.number, part=part)
        other.ahead, other.hold_until = unit.ahead, unit.hold_until
        for person in chosen:
            person.registration = other
            note(person, "registration.divided")
        db.session.flush()
        act.at_once |= {unit.id, other.id}
        act.freed = True


def restore(participant_ids: Iterable[int]) -> None:
    """Let people who had cancelled, expired or been declined join again at the end of the list, as one unit."""
    wanted = list(participant_ids)
    with transaction() as session:
        first = session.get_one(Participant, wanted[0])
        with capacity.turn(first.event_id) as act:
            people = [session.get_one(Participant, row_id, populate_existing=True) for row_id in wanted]
            if any(Action.RESTORE not in MOVES[person.state] or person.event_id != act.event_id for person in people):
                raise refusals.NotEnded
            join_again(act, people)


def join_again(act: capacity.Turn, people: list[Participant], action: Action = Action.RESTORE) -> None:
    """Let people stand in the list again, at its end, in a new unit; who fits now is confirmed at once."""
    old = people[0].registration
    if old.event.ends_at <= act.now:
        raise refusals.Over
    if len({person.identity for person in people}) < len(people):
        raise refusals.SamePerson
    if any(find_living(act.event_id, person.identity) is not None for person in people):
        raise refusals.SamePerson
    capacity.limit_organisations(act, (person.organisation_key for person in people), old.event.organisation_seats)
    check_size(act, people)
    unit = copy_unit(old, act, number=act.draw_number(), part=0)
    if not any(person.state in LIVING for person in old.participants):
        hand_over(old, unit)
    for person in people:
        person.registration = unit
    db.session.flush()
    move(people, action, act, number=unit.number)
    try_now(act, unit)


def _come_back(act: capacity.Turn, unit: Registration, people: list[Participant]) -> None:
    """Let people join again who answered an offer, or confirmed their address, too late.

    In the second case nobody has approved them for good: where that is needed, it is asked again.
    """
    anew = unit.hold_until is not None and any(person.category.needs_approval for person in people)
    join_again(act, people, Action.APPLY if anew else Action.RESTORE)


def try_now(act: capacity.Turn, unit: Registration) -> None:
    """Confirm a unit whose guest acts right now if it fits, and tell them where they stand if it does not."""
    act.at_once.add(unit.id)
    db.session.flush()
    fill(act)
    waiting = [person for person in unit.living if person.state is _S.WAITLISTED]
    tell(waiting, "waitlisted", why="again")
    tell([person for person in unit.living if person.state is _S.TO_APPROVE], "to_approve", why="new")


def offers_of(event: Event) -> Offers:
    """Return how an event offers places."""
    return Offers(event.offer_hours, event.confirms_on_the_day, event.starts_at, event.ends_at, event.zone)


@contextmanager
def turn_of(registration_id: int) -> Iterator[tuple[capacity.Turn, Registration]]:
    """Run an act on one registration: its event's turn, with the unit and its people as they are under the lock."""
    with transaction() as session:
        event_id = session.scalar(select(Registration.event_id).where(Registration.id == registration_id))
        if event_id is None:
            raise NotFound
        with capacity.turn(event_id) as act:
            fresh = select(Participant).where(Participant.registration_id == registration_id)
            session.scalars(fresh.execution_options(populate_existing=True)).all()
            yield act, session.get_one(Registration, registration_id, populate_existing=True)


def _seat(act: capacity.Turn, unit: Waiting, until: datetime | None) -> None:
    people = [db.session.get_one(Participant, row_id) for row_id in unit.people]
    if until is None:
        move(people, Action.CONFIRM, act)
        tell(people, "ticket", why="moved_up")
        return
    move(people, Action.OFFER, act, until=until.isoformat())
    people[0].registration.offer_until = until
    act.due(until)
    tell(people, "offer", until=until.isoformat())


def _overdue(
    act: capacity.Turn, moment: InstrumentedAttribute[datetime | None], states: frozenset[ParticipantState]
) -> list[Registration]:
    late = moment <= act.now, Registration.participants.any(Participant.state.in_(states))
    due = select(Registration).where(Registration.event_id == act.event_id, *late)
    return list(db.session.scalars(due.order_by(Registration.number, Registration.part)))


def _next_due(act: capacity.Turn) -> datetime | None:
    mine = Registration.event_id == act.event_id
    firsts = [
        db.session.scalar(select(func.min(moment)).where(mine, moment > act.now))
        for moment in (Registration.offer_until, Registration.hold_until)
    ]
    releases = [limit.release_at for limit in act.limits.values() if limit.reserved]
    moments = [*firsts, wishes.first_due(act.event_id), *releases]
    return min((moment for moment in moments if moment is not None and moment > act.now), default=None)
