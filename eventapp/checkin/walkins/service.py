"""Registers people who stand at the door without a ticket, by the same way in as everybody, and logs them as let in.

Registration and admission are one transaction, and the phone's id stands for both: sent twice, it is the same person.
Who is let in where the server could not be asked is registered whatever is full, and marked; nobody is refused after
the fact.
"""

from dataclasses import replace
from datetime import datetime

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from eventapp.checkin.devices.rights import demand
from eventapp.checkin.devices.rules import Door
from eventapp.checkin.envelope import Envelope, Item
from eventapp.checkin.models import Device
from eventapp.checkin.practice.service import practise
from eventapp.checkin.rules import DoorRight, Reason, ScanKind, ScanMode, corrected
from eventapp.checkin.scans.deciding import Place
from eventapp.checkin.scans.service import record
from eventapp.checkin.service import place_of
from eventapp.checkin.walkins.envelope import Answer, unreadable
from eventapp.checkin.walkins.rules import WalkIn, WalkInState
from eventapp.core import i18n
from eventapp.core.db import db, transaction
from eventapp.core.refusal import Refusal
from eventapp.events.models import Event
from eventapp.events.rules import OrganisationKind
from eventapp.registration.models import Participant
from eventapp.registration.queries import find_first
from eventapp.registration.refusals import NoName
from eventapp.registration.rules import LIVING, ParticipantState
from eventapp.registration.service import cancel
from eventapp.registration.signup.rules import Outcome as SignedUp
from eventapp.registration.signup.rules import Person, Via
from eventapp.registration.signup.service import sign_up
from eventapp.registration.waitlist.service import admit
from eventapp.tickets.rules import Practice, practice_code
from eventapp.tickets.service import find_living

_NO_TICKET = "WALK-IN"
"""What stands in the log in place of a code when somebody was sent away without having got one."""
_STATES = {ParticipantState.CONFIRMED: WalkInState.CONFIRMED, ParticipantState.WAITLISTED: WalkInState.WAITLISTED}


class DoorClosed(Refusal):
    """Nobody is let in now: it is not the day yet, the event is over or called off."""

    code = "door_closed"
    message = _l("The doors are not open now.")


class IdTaken(Refusal):
    """The phone's id stands for something else in the log."""

    code = "malformed"
    status = 422
    message = _l("The door cannot read this. Please load the page again.")


def take(given: Envelope[WalkIn], door: Door, received_at: datetime) -> list[Answer]:
    """Take people in their order, each by themselves; one that cannot be read does not stop the others.

    Raise NotAllowed or OtherEntrance.
    """
    demand(door, DoorRight.WALK_IN)
    if given.practice:
        return [_practise(one, received_at) if isinstance(one, WalkIn) else unreadable(one) for one in given.items]
    place = place_of(given, door, received_at)
    return [enter(one, place) if isinstance(one, WalkIn) else unreadable(one) for one in given.items]


def enter(walk_in: WalkIn, place: Place) -> Answer:
    """Register one person and log what the door did; a refusal leaves nothing behind."""
    name = " ".join(part for part in (walk_in.given_name, walk_in.family_name) if part)
    try:
        with transaction():
            if walk_in.is_gone:
                return replace(_sent_away(walk_in, place), name=name)
            return replace(_entered(walk_in, place), name=name)
    except Refusal as refusal:
        return Answer(walk_in.id, WalkInState.REFUSED, refusal.code, stored=False, name=name, why=str(refusal))


def _entered(walk_in: WalkIn, place: Place) -> Answer:
    at = corrected(walk_in.at, place.ahead, place.received_at)
    key, note = _key(walk_in), _note(place)
    if walk_in.mode is ScanMode.ASK and place.opening.closed_because(at) is not None:
        raise DoorClosed
    if not (walk_in.given_name or walk_in.family_name):
        raise NoName
    person = _person(walk_in, place.event_id)
    over = note if walk_in.is_inside else ""
    done = sign_up(place.event_id, person, idempotency_key=key, via=Via.DOOR, over_note=over)
    guest = _fresh(done.participant)
    if walk_in.is_inside and guest.state in LIVING and guest.state is not ParticipantState.CONFIRMED:
        admit(guest.registration_id, note)
        guest = _fresh(guest)
    state = _STATES.get(guest.state, WalkInState.WAITLISTED if guest.state in LIVING else WalkInState.REFUSED)
    reason = {WalkInState.CONFIRMED: "ok", WalkInState.WAITLISTED: "full"}.get(state, guest.state.value)
    answer = Answer(walk_in.id, state, reason, replayed=done.outcome is SignedUp.REPEATED)
    return _admitted(answer, walk_in, guest, place)


def _admitted(answer: Answer, walk_in: WalkIn, guest: Participant, place: Place) -> Answer:
    """Log the admission of who has a ticket now."""
    ticket = find_living(guest.id)
    if ticket is None:
        return answer
    scan = record(_scan(walk_in, ticket.code), place)
    if not scan.stored:
        raise IdTaken
    reason = scan.reason.value if answer.reason == "ok" else answer.reason
    return replace(answer, reason=reason, code=ticket.code, scan=scan, replayed=answer.replayed or scan.replayed)


def _sent_away(walk_in: WalkIn, place: Place) -> Answer:
    """Log that the door did not let somebody in; who had got a place by this same request gives it back."""
    guest = find_first(place.event_id, _key(walk_in))
    answer = Answer(walk_in.id, WalkInState.REFUSED, "sent_away", replayed=guest is not None)
    ticket = find_living(guest.id) if guest else None
    if guest is not None and ticket is None:
        return answer
    scan = record(_scan(walk_in, ticket.code if ticket else _NO_TICKET), place)
    if not scan.stored:
        raise IdTaken
    if guest is not None and place.received_at < guest.registration.event.ends_at:
        cancel(guest.id, Via.DOOR)
    return replace(answer, replayed=scan.replayed)


def _scan(walk_in: WalkIn, code: str) -> Item:
    return Item(
        id=walk_in.id,
        code=code,
        kind=ScanKind.ENTRY,
        undo_of=None,
        mode=walk_in.mode,
        at=walk_in.at,
        outcome=walk_in.outcome,
        override=walk_in.override,
        local_reason="walk_in",
    )


def _person(walk_in: WalkIn, event_id: int) -> Person:
    """Return the person as sign-up knows people; who is inside already comes as the first group if theirs is gone."""
    event = db.session.get_one(Event, event_id)
    known = {category.id: category for category in event.categories}
    category = known.get(walk_in.category_id)
    if category is None and walk_in.mode is ScanMode.TELL:
        category = next((one for one in event.categories if one.is_open), event.categories[0])
    kind = category.organisation_kind if category else None
    return Person(
        given_name=walk_in.given_name,
        family_name=walk_in.family_name,
        email=walk_in.email,
        organisation=walk_in.organisation,
        organisation_kind=kind or OrganisationKind.OTHER,
        category_id=category.id if category else 0,
        language=walk_in.language,
        apart=_key(walk_in),
    )


def _key(walk_in: WalkIn) -> str:
    """Return the idempotency key: of another kind than those of forms, so that no phone can name a form's."""
    return f"door:{walk_in.id}"


def _note(place: Place) -> str:
    """Return what stands at somebody who was let in over a limit, for the organiser: in the organiser's language."""
    device = db.session.get(Device, place.device_id) if place.device_id else None
    with i18n.speaking(i18n.FALLBACK):
        if device is not None and device.name:
            return str(_("Came without a ticket and was let in at the door. Phone: %(name)s", name=device.name))
        return str(_("Came without a ticket and was let in at the door."))


def _fresh(guest: Participant) -> Participant:
    return db.session.get_one(Participant, guest.id, populate_existing=True)


def _practise(walk_in: WalkIn, now: datetime) -> Answer:
    """Answer as if there were a place; nothing is stored."""
    name = " ".join(part for part in (walk_in.given_name, walk_in.family_name) if part)
    scan = practise(_scan(walk_in, practice_code(Practice.ADMIT)), now)
    return Answer(walk_in.id, WalkInState.CONFIRMED, Reason.OK.value, name=name, scan=scan)
