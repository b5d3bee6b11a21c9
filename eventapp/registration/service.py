"""Later changes of a registration by the guest's link or by the organiser: each one turn of its event.

What somebody has is never given back before the new is sure; a refusal changes nothing.
"""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from eventapp.agenda.models import AgendaItem
from eventapp.capacity import service as capacity
from eventapp.capacity.queries import list_seats
from eventapp.capacity.rules import Lack, LimitKind, Ref, lacking, need, swap, wanted
from eventapp.core import clock, limits
from eventapp.core.db import db, transaction
from eventapp.core.search import fold_email
from eventapp.events.models import Category, Event
from eventapp.questions.answers.queries import list_wanted_choices
from eventapp.questions.answers.service import write_answers
from eventapp.questions.queries import list_questions
from eventapp.registration import queries, refusals
from eventapp.registration.consents.queries import list_withdrawn
from eventapp.registration.models import ItemChoice, Participant, Wish
from eventapp.registration.moves import (
    check_running,
    check_size,
    list_too_large,
    move,
    note,
    tell,
    tell_again,
    tell_contact_again,
)
from eventapp.registration.rules import (
    HOLDS_A_SEAT,
    LIVING,
    OPEN_WISH,
    Action,
    MailsTo,
    ParticipantState,
    WishState,
    organisation_key,
)
from eventapp.registration.signup.batch import check_choice
from eventapp.registration.signup.rows import personal
from eventapp.registration.signup.rules import Person, Via
from eventapp.registration.waitlist.service import turn_of as unit_turn
from eventapp.tickets import service as tickets

_S = ParticipantState


def change(participant_id: int, person: Person, via: Via = Via.FORM) -> Participant:
    """Change what a participant told and chose; new seats are taken before old ones are given back.

    Raises a Refusal when there is no seat in the new forum, category or organisation: then nothing changes. Who waits
    and needs less now moves up at once. A new e-mail address gets the mail, and the link in the old one ends.
    """
    with turn_of(participant_id) as (act, guest):
        before, old_key = _told(guest), guest.email_key
        write(act, guest, person, via)
        after = _told(guest)
        changed = {name: [before[name], after[name]] for name in after if before[name] != after[name]}
        note(guest, "registration.changed", via=via.value, changed=changed)
        if guest.email_key != old_key:
            guest.link_version += 1
            guest.registration.link_version += guest.registration.hold_until is not None
            tell_again(guest)
        return guest


def set_language(participant_id: int, language: str) -> None:
    """Write to a participant in another language from now on."""
    with turn_of(participant_id) as (act, guest):
        guest.language, guest.changed_at = language, act.now
        tickets.touch(guest.id)
        note(guest, "registration.language", language=language)


def cancel(participant_id: int, via: Via = Via.FORM) -> Participant:
    """Cancel a participant; their seats go to whoever is next. A second cancel changes nothing."""
    with turn_of(participant_id, living=False) as (act, guest):
        _cancel(act, [guest], via)
        return guest


def cancel_unit(registration_id: int, via: Via = Via.FORM) -> None:
    """Cancel everybody of a registration who has not cancelled yet."""
    with unit_turn(registration_id) as (act, unit):
        _cancel(act, list(unit.participants), via)


def take_instead(participant_id: int, item_id: int) -> None:
    """Give somebody who waits alone the item that has a place, instead of those at the same time: confirmed at once.

    Raises ItemFull, or what else holds them back, when it does not fit any more: then nothing changes.
    """
    with turn_of(participant_id) as (act, guest):
        if guest.state is _S.CONFIRMED and item_id in {choice.item_id for choice in guest.choices}:
            return  # a second click
        if guest.state is not _S.WAITLISTED or guest.registration.hold_until is not None:
            raise refusals.NotWaiting
        _check_time(guest, Via.FORM)
        items = {item.id: item for item in queries.list_choosable(act.event_id)}
        if item_id not in items:
            raise refusals.WrongItem
        kept = [item.id for item in queries.apart((choice.item for choice in guest.choices), items[item_id])]
        _choose(db.session(), guest, (*kept, item_id))
        wishes = queries.read_wishes(guest.registration.living, act.limits)
        _check_room(db.session(), lacking(need(wishes.values()), act.states))
        guest.changed_at = act.now
        note(guest, "registration.changed", via=Via.FORM.value)
        act.at_once.add(guest.registration_id)
        act.freed = True


def send_again(participant_id: int) -> None:
    """Send a living participant their mail once more as they asked for it themselves: a few times an hour."""
    with turn_of(participant_id) as (_act, guest):
        tell_again(guest, spare=True)


def resend(participant_id: int) -> None:
    """Send a living participant the mail that says where they stand once more; raise NoAddress without one."""
    with turn_of(participant_id) as (_act, guest):
        if not (guest.email or guest.registration.is_group):
            raise refusals.NoAddress
        note(guest, "registration.resent")
        tell_again(guest)


def send_links(event_id: int, email: str, network: str) -> None:
    """Mail everybody who registered with this address their link, and who registered a group the link of the group.

    Says nothing about whether anybody did.
    Raises TooMany after a few tries for the same address or from the same network.
    """
    limits.hit("links-address", f"{event_id}|{fold_email(email)}", 5, timedelta(hours=1))
    limits.hit("links-network", network, 30, timedelta(hours=1))
    with transaction():
        groups = queries.list_groups_by_contact(event_id, email)
        for unit in groups:
            tell_contact_again(unit)
        told = {unit.id for unit in groups if unit.mails_to is MailsTo.CONTACT}
        for participant in queries.list_living_by_email(event_id, email):
            if participant.registration_id not in told:
                tell_again(participant)


def reseat(act: capacity.Turn, organisation_size: int | None = None) -> None:
    """Give everybody the seats of a limit that is new; who is too many counts as over it."""
    act.limits = capacity.locked_limits(act.event_id)
    mine = Participant.event_id == act.event_id, Participant.state.in_(LIVING)
    people = list(db.session.scalars(select(Participant).where(*mine).execution_options(populate_existing=True)))
    capacity.limit_organisations(act, (person.organisation_key for person in people), organisation_size)
    holding = [person for person in people if person.state in HOLDS_A_SEAT]
    if holding:
        capacity.hold(act, queries.read_wishes(holding, act.limits), over=True)


def check_changes(event: Event) -> None:
    """Raise the reason why guests of an event cannot change anything any more: called off, over, or too late."""
    now = clock.now()
    check_running(event, now)
    if event.changes_until is not None and event.changes_until <= now:
        raise refusals.TooLate


@contextmanager
def turn_of(participant_id: int, *, living: bool = True) -> Iterator[tuple[capacity.Turn, Participant]]:
    """Run an act on one participant: its event's turn, with the participant as they are under the lock.

    Raises NotRegistered when they have left, unless `living` is false.
    """
    with transaction() as session, capacity.turn(session.get_one(Participant, participant_id).event_id) as act:
        guest = session.get_one(Participant, participant_id, populate_existing=True)
        if living and guest.state not in LIVING:
            raise refusals.NotRegistered
        yield act, guest


def _cancel(act: capacity.Turn, people: Iterable[Participant], via: Via) -> None:
    leaving = [person for person in people if person.state in LIVING]
    if not leaving:
        return
    if leaving[0].registration.event.ends_at <= act.now:
        raise refusals.Over
    move(leaving, Action.CANCEL, act, via=via.value)
    tell(leaving, "cancelled", via=via.value)
    act.freed = True  # a unit that waits became smaller


def write(act: capacity.Turn, guest: Participant, person: Person, via: Via, *, is_complete: bool | None = None) -> None:
    """Write what a participant is to be from now on, with seats, or raise the refusal that it deserves.

    `is_complete`: required questions must be answered; None: by guests, not by the organiser.
    """
    event, session = guest.registration.event, db.session()
    _check_time(guest, via)
    items = {x.id: x for x in queries.list_choosable(event.id, frozenset(c.item_id for c in guest.choices))}
    check_choice(event, items, person, via, kept_category=guest.category_id)
    _check_approval(guest, person, via)
    person = _apart(guest, person)
    key = organisation_key(person.organisation)
    capacity.limit_organisations(act, [key], event.organisation_seats)
    if person.answers is not None:
        must = via is Via.FORM if is_complete is None else is_complete
        free = list_withdrawn(guest, list_questions(event.id)) if must else frozenset()
        write_answers(
            guest.id, event.id, person.answers, category_id=person.category_id, is_complete=must, excused=free
        )
    if guest.state in HOLDS_A_SEAT:
        choices = list_wanted_choices([guest.id])[guest.id]
        new = (wanted(person.category_id, person.item_ids, key) | choices) & set(act.limits)
        _check_room(session, lacking(swap(frozenset(list_seats(guest.id)), new), act.states))
    too_large = list_too_large(act, guest.registration.living)
    for name, value in personal(person).items():
        setattr(guest, name, value)
    guest.changed_at = act.now
    _choose(session, guest, person.item_ids)
    if guest.state in HOLDS_A_SEAT:
        act.freed |= capacity.hold(act, queries.read_wishes([guest], act.limits))
        tickets.touch(guest.id)
    else:
        check_size(act, guest.registration.living, known=too_large)
    if guest.state is _S.WAITLISTED:
        act.at_once.add(guest.registration_id)
        act.freed = True
    if via is Via.FORM and event.reviews_changes and guest.category.needs_approval and guest.state is _S.CONFIRMED:
        guest.registration.review_since = act.now


def _apart(guest: Participant, person: Person) -> Person:
    """Return the person told apart from others who gave no address; raise SamePerson for who is registered already."""
    person = person if person.email else replace(person, apart=guest.public_id)
    same = queries.find_living(guest.event_id, person.identity)
    if same is not None and same.id != guest.id:
        raise refusals.SamePerson
    return person


def _told(guest: Participant) -> dict[str, Any]:
    """Return what a history entry says of a participant: plain values, names in all their languages."""
    items = sorted((choice.item for choice in guest.choices), key=lambda item: (item.starts_at, item.id))
    return {
        "name": guest.name,
        "email": guest.email,
        "organisation": guest.organisation,
        "kind": guest.organisation_kind.value,
        "category": dict(db.session.get_one(Category, guest.category_id).label),
        "items": [dict(item.title) for item in items],
        "language": guest.language,
    }


def _check_time(guest: Participant, via: Via) -> None:
    event = guest.registration.event
    if via is Via.FORM:
        check_changes(event)
    elif event.ends_at <= clock.now():
        raise refusals.Over


def _check_approval(guest: Participant, person: Person, via: Via) -> None:
    """Refuse a guest's own change into a group of people whom the organiser approves one by one."""
    session = db.session
    if via is not Via.FORM or person.category_id == guest.category_id:
        return
    if session.get_one(Category, person.category_id).needs_approval:
        raise refusals.NeedsApproval


def _choose(session: Session, guest: Participant, item_ids: tuple[int, ...]) -> None:
    wanted_ids = set(item_ids)
    guest.choices = [choice for choice in guest.choices if choice.item_id in wanted_ids]
    for item_id in sorted(wanted_ids - {choice.item_id for choice in guest.choices}):
        guest.choices.append(ItemChoice(item_id=item_id))
    got = Wish.participant_id == guest.id, Wish.item_id.in_(wanted_ids), Wish.state.in_(OPEN_WISH)
    for wish in session.scalars(select(Wish).where(*got)):
        wish.state, wish.offer_until = WishState.FULFILLED, None
    session.flush()


def _check_room(session: Session, lack: Lack) -> None:
    """Raise the refusal for the first limit that would be exceeded."""
    for kind, key in lack.full:
        _refuse(session, (kind, key))
    if lack.kept_for:
        raise refusals.CategoryFull


def _refuse(session: Session, ref: Ref) -> None:
    kind, key = ref
    if kind is LimitKind.ITEM:
        raise refusals.ItemFull(title=session.get_one(AgendaItem, int(key)).title)
    if kind is LimitKind.CHOICE:
        raise refusals.ChoiceFull(field=f"q_{key.partition(':')[0]}")
    raise refusals.OrganisationFull if kind is LimitKind.ORGANISATION else refusals.CategoryFull
