"""Sign-up, change and cancel: every act locks the event, decides in rules and leaves no seat to nobody.

Order of each act: lock, the act itself, `fill` when a seat may have come free, mails as outbox rows.
"""

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

from sqlalchemy.orm import Session

from eventapp.agenda.models import AgendaItem
from eventapp.capacity import service as capacity
from eventapp.capacity.rules import blockers, never_fits, wanted
from eventapp.core import clock, ids, limits
from eventapp.core.db import transaction
from eventapp.core.search import fold_email
from eventapp.events.models import Event
from eventapp.events.rules import EventState, OrganisationKind
from eventapp.registration import queries, refusals
from eventapp.registration.models import ItemChoice, Participant, Registration
from eventapp.registration.moves import move, note, tell, tell_again, wishes
from eventapp.registration.rules import (
    LIVING,
    Action,
    Choosable,
    ParticipantState,
    Window,
    clashing,
    identity,
    search_text,
    sort_key,
    window,
)
from eventapp.registration.waitlist.service import fill
from eventapp.tickets import service as tickets


class Via(StrEnum):
    """Who signed the person up."""

    FORM = "form"
    ORGANISER = "organiser"


class Outcome(StrEnum):
    """What came of a sign-up; none of these is an error."""

    CONFIRMED = "confirmed"
    WAITLISTED = "waitlisted"
    REPEATED = "repeated"
    """The same form arrived twice: the first registration is the answer."""
    ALREADY = "already"
    """This person was registered before; the mail went out again."""


@dataclass(frozen=True)
class Person:
    """What a guest tells about themselves; ids are those of this event."""

    given_name: str
    email: str
    category_id: int
    language: str
    family_name: str = ""
    title: str = ""
    organisation: str = ""
    organisation_kind: OrganisationKind = OrganisationKind.OTHER
    item_ids: tuple[int, ...] = ()


@dataclass(frozen=True)
class SignUp:
    """The participant and what came of it."""

    participant: Participant
    outcome: Outcome


def sign_up(
    event_id: int,
    person: Person,
    *,
    idempotency_key: str | None = None,
    notice_id: int | None = None,
    via: Via = Via.FORM,
) -> SignUp:
    """Register a person: confirmed when every seat they need is free, else at the end of the waiting list.

    Raises a Refusal (`registration.refusals`) when registration is not open or the choice cannot be.
    """
    with transaction() as session:
        queue = capacity.lock(event_id)
        if idempotency_key and (first := queries.find_repeated(event_id, idempotency_key)):
            return SignUp(first, Outcome.REPEATED)
        event = session.get_one(Event, event_id, populate_existing=True)
        check_open(event, via)
        if same := queries.find_living(event_id, identity(person.email, person.given_name, person.family_name)):
            tell_again(same, spare=True)
            return SignUp(same, Outcome.ALREADY)
        check_choice(event, person, via)
        seats = capacity.locked_limits(event_id)
        needed = dict.fromkeys(wanted(person.category_id, person.item_ids), 1)
        states = {ref: limit.state for ref, limit in seats.items()}
        if never_fits(needed, states):
            raise refusals.TooSmall
        number = capacity.draw_number(queue)
        made = _add(session, event, person, number=number, key=idempotency_key, notice_id=notice_id, via=via)
        if blockers(needed, states):
            note(made, "registration.waitlisted", number=number, via=via.value)
            tell(made, "waitlisted", why="new")
            return SignUp(made, Outcome.WAITLISTED)
        move(made, Action.CONFIRM, seats, number=number, via=via.value)
        tell(made, "ticket", why="new")
        return SignUp(made, Outcome.CONFIRMED)


def change(participant_id: int, person: Person, via: Via = Via.FORM) -> Participant:
    """Change what a participant told and chose; a new forum is taken before the old one is given back.

    Raises ItemFull when there is no seat in the new one: then nothing changes. E-mail and category stay with guests.
    """
    with transaction() as session:
        participant = _locked(session, participant_id)
        event = participant.registration.event
        if via is Via.FORM and event.ends_at <= clock.now():
            raise refusals.Over
        check_choice(event, person, via, keeps=frozenset(c.item_id for c in participant.choices), moved=participant)
        key = identity(person.email, person.given_name, person.family_name)
        same = queries.find_living(event.id, key)
        if same is not None and same.id != participant.id:
            raise refusals.SamePerson
        seats = capacity.locked_limits(event.id)
        if participant.state is ParticipantState.CONFIRMED:
            _check_room(session, wanted(person.category_id, person.item_ids) - wishes(participant), seats)
        _write(participant, person)
        _choose(session, participant, person.item_ids)
        freed = True
        if participant.state is ParticipantState.CONFIRMED:
            freed = capacity.hold(participant.id, wishes(participant), seats)
            tickets.touch(participant.id)
        note(participant, "registration.changed", via=via.value)
        if freed:
            fill(event.id)
        return participant


def set_language(participant_id: int, language: str) -> None:
    """Write to a participant in another language from now on."""
    with transaction() as session:
        participant = _locked(session, participant_id)
        participant.language, participant.changed_at = language, clock.now()
        note(participant, "registration.language", language=language)


def cancel(participant_id: int, via: Via = Via.FORM) -> Participant:
    """Cancel a participant; their seats go to whoever is next. A second cancel changes nothing."""
    with transaction() as session:
        participant = _locked(session, participant_id, living=False)
        if participant.state not in LIVING:
            return participant
        if participant.registration.event.ends_at <= clock.now():
            raise refusals.Over
        seats = capacity.locked_limits(participant.event_id)
        move(participant, Action.CANCEL, seats, via=via.value)
        tell(participant, "cancelled", via=via.value)
        fill(participant.event_id)
        return participant


def resend(participant_id: int) -> None:
    """Send a living participant their ticket, or their place on the waiting list, once more."""
    with transaction() as session:
        participant = _locked(session, participant_id)
        note(participant, "registration.resent")
        tell_again(participant)


def send_links(event_id: int, email: str, network: str) -> None:
    """Mail everybody who registered with this address their link; says nothing about whether anybody did.

    Raises TooMany after a few tries for the same address or from the same network.
    """
    limits.hit("links-address", f"{event_id}|{fold_email(email)}", 5, timedelta(hours=1))
    limits.hit("links-network", network, 30, timedelta(hours=1))
    with transaction():
        for participant in queries.list_living_by_email(event_id, email):
            tell_again(participant)


def check_open(event: Event, via: Via = Via.FORM) -> None:
    """Raise a Refusal unless people can be signed up now; the organiser may at any time before the end."""
    if event.state is EventState.CALLED_OFF:
        raise refusals.CalledOff
    now = clock.now()
    state = window(now, event.registration_opens_at, event.registration_closes_at, event.ends_at)
    if state is Window.OVER:
        raise refusals.Over
    if via is Via.ORGANISER:
        return
    if event.state is not EventState.PUBLISHED or state is Window.CLOSED:
        raise refusals.Closed
    if state is Window.NOT_YET:
        raise refusals.NotOpenYet


def check_choice(
    event: Event,
    person: Person,
    via: Via,
    *,
    keeps: frozenset[int] = frozenset(),
    moved: Participant | None = None,
) -> None:
    """Raise a Refusal when name, category or items cannot be; what somebody `keeps` may be closed by now."""
    if not f"{person.given_name}{person.family_name}".strip():
        raise refusals.NoName
    allowed = {c.id for c in event.categories if c.is_open or via is Via.ORGANISER}
    if person.category_id not in allowed | ({moved.category_id} if moved else set()):
        raise refusals.WrongCategory
    if not person.item_ids:
        return
    items = {item.id: item for item in queries.list_choosable(event.id, keeps)}
    if not set(person.item_ids) <= set(items):
        raise refusals.WrongItem
    chosen = [Choosable(i, items[i].starts_at, items[i].ends_at) for i in dict.fromkeys(person.item_ids)]
    if (pair := clashing(chosen)) is not None:
        raise refusals.ItemsClash(first=items[pair[0].id].title, second=items[pair[1].id].title)


def _add(
    session: Session, event: Event, person: Person, *, number: int, key: str | None, notice_id: int | None, via: Via
) -> Participant:
    now = clock.now()
    unit = Registration(
        public_id=ids.public_id(), event=event, number=number, idempotency_key=key, via=via.value, created_at=now
    )
    participant = Participant(
        public_id=ids.public_id(),
        registration=unit,
        event_id=event.id,
        state=ParticipantState.WAITLISTED,
        notice_id=notice_id,
        created_at=now,
        choices=[ItemChoice(item_id=item_id) for item_id in sorted(set(person.item_ids))],
    )
    _write(participant, person)
    session.add(unit)
    session.flush()
    return participant


def _write(participant: Participant, person: Person) -> None:
    """Write what the person told, and the keys that are worked out from it."""
    participant.title, participant.given_name, participant.family_name = (
        person.title,
        person.given_name,
        person.family_name,
    )
    participant.email, participant.email_key = person.email, fold_email(person.email)
    participant.organisation, participant.organisation_kind = person.organisation, person.organisation_kind
    participant.category_id, participant.language = person.category_id, person.language
    participant.identity = identity(person.email, person.given_name, person.family_name)
    participant.search_text = search_text(participant.name, person.organisation, person.email)
    participant.sort_key = sort_key(person.given_name, person.family_name)
    participant.changed_at = clock.now()


def _choose(session: Session, participant: Participant, item_ids: tuple[int, ...]) -> None:
    wanted_ids = set(item_ids)
    participant.choices = [c for c in participant.choices if c.item_id in wanted_ids]
    for item_id in sorted(wanted_ids - {c.item_id for c in participant.choices}):
        participant.choices.append(ItemChoice(item_id=item_id))
    session.flush()


def _check_room(session: Session, extra: frozenset[tuple[object, str]], seats: capacity.Limits) -> None:
    """Raise ItemFull when one of the seats that would be added is not free."""
    full = blockers({ref: 1 for ref in seats if ref in extra}, {ref: limit.state for ref, limit in seats.items()})
    for _kind, key in full:
        item = session.get(AgendaItem, int(key)) if key else None
        raise refusals.ItemFull(title=item.title if item else "")


def _locked(session: Session, participant_id: int, *, living: bool = True) -> Participant:
    """Lock the event of a participant and read the participant afresh."""
    capacity.lock(session.get_one(Participant, participant_id).event_id)
    participant = session.get_one(Participant, participant_id, populate_existing=True)
    if living and participant.state not in LIVING:
        raise refusals.NotRegistered
    return participant
