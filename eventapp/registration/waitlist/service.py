"""What the waiting can do, and what the organiser can do for them: each one turn of the event.

Accept and decline an offer, confirm the address, move ahead, let in on purpose, divide a group, join again.
"""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import timedelta

from sqlalchemy import func, select

from eventapp.capacity import service as capacity
from eventapp.core.db import db, transaction
from eventapp.core.refusal import NotFound
from eventapp.registration import refusals
from eventapp.registration.models import Participant, Registration
from eventapp.registration.moves import check_running, check_size, copy_unit, hand_over, move, note, tell
from eventapp.registration.queries import find_living
from eventapp.registration.rules import LIVING, MOVES, Action, ParticipantState
from eventapp.registration.signup.batch import check_open
from eventapp.registration.signup.rules import Via
from eventapp.registration.waitlist.filling.service import fill

_S = ParticipantState


def accept(registration_id: int) -> None:
    """Take an offered place. Too late: the unit joins the list again at its end, and is confirmed if it fits now.

    A second click changes nothing. Raises NotOffered when there never was an offer to answer. Whoever joins again
    where addresses are confirmed does so once more: nobody gets round it by letting the time pass.
    """
    with turn_of(registration_id) as (act, unit):
        check_running(unit.event, act.now)
        offered = [person for person in unit.participants if person.state is _S.OFFERED]
        expired = [person for person in unit.participants if person.state is _S.EXPIRED]
        if offered:
            move(offered, Action.CONFIRM, act, why="accepted")
            unit.offer_until = None
            tell(offered, "ticket", why="accepted")
        elif expired:
            _come_back(act, unit, expired, asks_address=unit.hold_until is not None)
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
    check_running(unit.event, act.now)
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


def admit(registration_id: int, reason: str) -> None:
    """Give a living unit its places because its guest is inside already, whatever it was waiting for; with a reason."""
    with turn_of(registration_id) as (act, unit):
        people = [person for person in unit.living if person.state is not _S.CONFIRMED]
        if people:
            move([person for person in people if person.state is _S.TO_APPROVE], Action.APPROVE, act)
            unit.offer_until, unit.hold_until, unit.is_over, unit.note = None, None, True, reason
            move(people, Action.CONFIRM, act, over=True, over_note=reason)
            tell(people, "ticket", why="moved_up")


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
            check_open(first.registration.event, Via.ORGANISER)
            join_again(act, people)


def join_again(
    act: capacity.Turn, people: list[Participant], action: Action = Action.RESTORE, *, asks_address: bool = False
) -> None:
    """Let people stand in the list again, at its end, in a new unit; who fits now is confirmed at once.

    With `asks_address` they confirm their address first.
    """
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
    unit.hold_until = None
    if asks_address:
        unit.hold_until = act.now + timedelta(minutes=unit.event.address_minutes)
        act.due(unit.hold_until)
        tell(people, "address", why="again")
    else:
        try_now(act, unit)


def _come_back(
    act: capacity.Turn, unit: Registration, people: list[Participant], *, asks_address: bool = False
) -> None:
    """Let people join again who answered an offer, or confirmed their address, too late.

    In the second case nobody has approved them for good: where that is needed, it is asked again.
    """
    anew = unit.hold_until is not None and any(person.category.needs_approval for person in people)
    join_again(act, people, Action.APPLY if anew else Action.RESTORE, asks_address=asks_address)


def try_now(act: capacity.Turn, unit: Registration) -> None:
    """Confirm a unit whose guest acts right now if it fits, and tell them where they stand if it does not."""
    act.at_once.add(unit.id)
    db.session.flush()
    fill(act)
    waiting = [person for person in unit.living if person.state is _S.WAITLISTED]
    tell(waiting, "waitlisted", why="again")
    tell([person for person in unit.living if person.state is _S.TO_APPROVE], "to_approve", why="new")


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
