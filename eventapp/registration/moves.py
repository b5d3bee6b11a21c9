"""The functions that move participants from state to state, with everything that belongs to a move, and tell them.

Called inside a turn of the event (under its lock) by sign-up, later changes and the waiting list.
"""

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any, Protocol

from sqlalchemy import update

from eventapp.capacity.rules import Ref, need, never_fits
from eventapp.capacity.service import Turn, hold
from eventapp.core import audit, ids, limits
from eventapp.core.db import db
from eventapp.events.models import Event
from eventapp.events.rules import EventState
from eventapp.outbox.rules import Letter
from eventapp.outbox.service import post_all
from eventapp.registration import refusals
from eventapp.registration.models import Participant, Registration, Wish
from eventapp.registration.queries import read_wishes
from eventapp.registration.refusals import TooSmall
from eventapp.registration.rules import (
    HOLDS_A_SEAT,
    MOVES,
    OPEN_WISH,
    Action,
    MailsTo,
    ParticipantState,
    WishState,
    is_running,
    kind_of,
)
from eventapp.tickets import service as tickets
from eventapp.tickets.models import TicketState

_CONFIRMED = ParticipantState.CONFIRMED
PERSONAL = frozenset({"ticket", "cancelled", "deputy", "wish_offer", "swapped"})
"""Mails of a group that each of its people gets, if so chosen; all others concern the unit and go to its contact."""


class Guest(Protocol):
    """What a mail needs to know of its reader."""

    public_id: Any
    email: Any
    language: Any


class Unit(Protocol):
    """What a mail needs to know of a registration."""

    public_id: Any
    event_id: Any
    is_group: Any
    contact_email: Any
    contact_language: Any
    mails_to: Any


def move(people: Iterable[Participant], action: Action, act: Turn, *, over: bool = False, **facts: Any) -> None:
    """Move participants, all in one go; a seat that comes free is remembered in `act`.

    A move that is not in MOVES is an error of ours. `over`: full limits grow on purpose.
    """
    people = list(people)
    before = {person.id: person.state for person in people}
    for person in people:
        person.state, person.changed_at = MOVES[person.state][action], act.now
    _withdraw_wishes([person.id for person in people if person.state not in HOLDS_A_SEAT])
    wishes = read_wishes([person for person in people if person.state in HOLDS_A_SEAT], act.limits)
    if hold(act, {person.id: wishes.get(person.id, frozenset()) for person in people}, over=over):
        act.freed = True
    for person in people:
        if person.state is _CONFIRMED:
            tickets.issue(person.id, person.event_id)
        elif before[person.id] is _CONFIRMED:
            tickets.end(person.id, TicketState.CANCELLED)
        note(person, f"registration.{person.state.value}", old=before[person.id].value, **facts)


def list_too_large(act: Turn, people: Collection[Participant]) -> list[Ref]:
    """Return the limits that are too small for people of one unit even if nobody else came."""
    return never_fits(need(read_wishes(people, act.limits).values()), act.states)


def check_size(act: Turn, people: Collection[Participant], known: Collection[Ref] = ()) -> None:
    """Raise TooSmall when people of one unit would wait for ever, unless it is for a limit that is `known`."""
    if set(list_too_large(act, people)) - set(known):
        raise TooSmall


def copy_unit(old: Registration, act: Turn, *, number: int, part: int) -> Registration:
    """Make a unit with the contact of another one, still without people."""
    same = ("event_id", "via", "is_group", "contact_name", "contact_email", "contact_language", "mails_to",
            "link_version")  # fmt: skip
    facts = {name: getattr(old, name) for name in same}
    unit = Registration(**facts, public_id=ids.public_id(), number=number, part=part, created_at=act.now)
    unit.first_id = old.first_id or old.id
    db.session.add(unit)
    return unit


def hand_over(old: Registration, new: Registration) -> None:
    """Let the links that were sent, and the form that was sent once, lead to the new unit."""
    public_id, key = old.public_id, old.idempotency_key
    old.public_id, old.idempotency_key = ids.public_id(), None
    db.session.flush()
    new.public_id, new.idempotency_key = public_id, key


def note(participant: Participant, action: str, **facts: Any) -> None:
    """Write a history entry about a participant."""
    audit.record(action, about(participant.public_id), event_id=participant.event_id, facts=facts)


def tell(people: Sequence[Participant], kind: str, **facts: Any) -> None:
    """Write the mail about a move that people of one unit made together into the outbox; the worker renders it.

    An address that is still to be confirmed may be a stranger's: it gets the mail that asks for it and no other.
    """
    unit = people[0].registration if people else None
    if unit is not None and (kind == "address" or unit.hold_until is None):
        post_all(letters(unit, unit.event.organiser_id, people, kind, facts))


def letters(unit: Unit, organiser_id: int, people: Sequence[Guest], kind: str, facts: dict[str, Any]) -> list[Letter]:
    """Return the letters about a move: to the person, or to the contact of a group and, if so chosen, to each."""
    is_each = not unit.is_group or (kind in PERSONAL and unit.mails_to is MailsTo.EACH)
    found = [
        Letter(
            f"registration.{kind}",
            person.email,
            person.language,
            {"participant": person.public_id, **facts},
            unit.event_id,
            organiser_id,
            about(person.public_id),
        )
        for person in people
        if is_each
    ]
    if unit.is_group:
        mine = {"registration": unit.public_id, "what": kind, "people": [x.public_id for x in people], **facts}
        to, language, whose = unit.contact_email, unit.contact_language, f"registration:{unit.public_id}"
        found.append(Letter("registration.group", to, language, mine, unit.event_id, organiser_id, whose))
    return found


def tell_again(participant: Participant, *, spare: bool = False) -> None:
    """Send a living participant their mail once more; `spare` when a stranger may have asked: a few times an hour.

    It goes to the person alone, or to the contact of their group when the person gets no mails of their own.
    """
    if spare:
        try:
            limits.hit("told-again", participant.public_id, 3, timedelta(hours=1))
        except limits.TooMany:
            return
    unit = participant.registration
    kind = present_kind(participant.state, unit.hold_until is not None)
    post_all(letters(unit, unit.event.organiser_id, [participant], kind, {"why": "again"})[:1])


def tell_contact_again(unit: Registration) -> None:
    """Send the contact of a group once more where its living people stand."""
    kind = present_kind(unit.living[0].state, unit.hold_until is not None)
    post_all(letters(unit, unit.event.organiser_id, unit.living, kind, {"why": "again"})[-1:])


def present_kind(state: ParticipantState, is_address_open: bool) -> str:
    """Return the kind of mail that says where a living participant stands."""
    return kind_of(state, is_address_open=is_address_open)


def check_running(event: Event, now: datetime) -> None:
    """Raise CalledOff or Over when no places of an event are given any more."""
    if not is_running(event.state, event.ends_at, now):
        raise refusals.CalledOff if event.state is EventState.CALLED_OFF else refusals.Over


def _withdraw_wishes(gone: Collection[int]) -> None:
    """Whoever comes no more wishes for nothing more."""
    if gone:
        theirs = Wish.participant_id.in_(gone), Wish.state.in_(OPEN_WISH)
        ended = update(Wish).where(*theirs).values(state=WishState.WITHDRAWN, offer_until=None)
        db.session.execute(ended)


def about(public_id: str) -> str:
    """Return how history and mails name a participant."""
    return f"participant:{public_id}"
