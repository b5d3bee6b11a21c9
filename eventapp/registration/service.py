"""Later changes of a registration by the guest's link or by the organiser: each one turn of its event.

What somebody has is never given back before the new is sure; a refusal changes nothing.
"""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from eventapp.agenda.models import AgendaItem
from eventapp.capacity import service as capacity
from eventapp.capacity.queries import list_seats
from eventapp.capacity.rules import Lack, LimitKind, Ref, lacking, swap, wanted
from eventapp.core import clock, limits
from eventapp.core.db import db, transaction
from eventapp.core.search import fold_email
from eventapp.outbox.service import post
from eventapp.registration import queries, refusals
from eventapp.registration.models import ItemChoice, Participant, Wish
from eventapp.registration.moves import about, move, note, present_kind, tell, tell_again, tell_contact_again
from eventapp.registration.rules import (
    HOLDS_A_SEAT,
    LIVING,
    OPEN_WISH,
    Action,
    MailsTo,
    ParticipantState,
    WishState,
    identity,
    organisation_key,
)
from eventapp.registration.signup.rows import personal
from eventapp.registration.signup.rules import Person, Via
from eventapp.registration.signup.service import check_choice
from eventapp.tickets import service as tickets
from eventapp.tickets.models import TicketState

_S = ParticipantState


def change(participant_id: int, person: Person, via: Via = Via.FORM) -> Participant:
    """Change what a participant told and chose; new seats are taken before old ones are given back.

    Raises a Refusal when there is no seat in the new forum, category or organisation: then nothing changes. Who waits
    and needs less now moves up at once.
    """
    with turn_of(participant_id) as (act, guest):
        _write(act, guest, person, via)
        note(guest, "registration.changed", via=via.value)
        return guest


def send_deputy(participant_id: int, person: Person, via: Via = Via.FORM, notice_id: int | None = None) -> Participant:
    """Let somebody else come in a participant's place: same seats, new name, new code and links; the old ones end.

    Raises SamePerson when the deputy is registered already.
    """
    with turn_of(participant_id) as (act, guest):
        before, old_name = (guest.email, guest.language, guest.public_id), guest.name
        _write(act, guest, person, via)
        guest.link_version += 1
        guest.feed_version += 1
        guest.notice_id = notice_id or guest.notice_id
        note(guest, "registration.deputy", old=old_name, new=guest.name, via=via.value)
        if guest.state is _S.CONFIRMED:
            tickets.end(guest.id, TicketState.REVOKED)
            tickets.issue(guest.id, guest.event_id)
        _tell_deputy(guest, before)
        return guest


def set_language(participant_id: int, language: str) -> None:
    """Write to a participant in another language from now on."""
    with turn_of(participant_id) as (act, guest):
        guest.language, guest.changed_at = language, act.now
        note(guest, "registration.language", language=language)


def cancel(participant_id: int, via: Via = Via.FORM) -> Participant:
    """Cancel a participant; their seats go to whoever is next. A second cancel changes nothing."""
    with turn_of(participant_id, living=False) as (act, guest):
        _cancel(act, [guest], via)
        return guest


def cancel_unit(registration_id: int, via: Via = Via.FORM) -> None:
    """Cancel everybody of a registration who has not cancelled yet."""
    with transaction() as session:
        first = session.scalars(select(Participant.id).where(Participant.registration_id == registration_id)).first()
        if first is not None:
            with turn_of(first, living=False) as (act, guest):
                _cancel(act, list(guest.registration.participants), via)


def resend(participant_id: int) -> None:
    """Send a living participant the mail that says where they stand once more."""
    with turn_of(participant_id) as (_act, guest):
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


def _write(act: capacity.Turn, guest: Participant, person: Person, via: Via) -> None:
    """Write what a participant is to be from now on, with seats, or raise the refusal that it deserves."""
    event, session = guest.registration.event, db.session()
    _check_time(guest, via)
    items = {x.id: x for x in queries.list_choosable(event.id, frozenset(c.item_id for c in guest.choices))}
    check_choice(event, items, person, via, kept_category=guest.category_id)
    same = queries.find_living(event.id, identity(person.email, person.given_name, person.family_name))
    if same is not None and same.id != guest.id:
        raise refusals.SamePerson
    key = organisation_key(person.organisation)
    capacity.limit_organisations(act, [key], event.organisation_seats)
    if guest.state in HOLDS_A_SEAT:
        new = wanted(person.category_id, person.item_ids, key) & set(act.limits)
        _check_room(session, lacking(swap(frozenset(list_seats(guest.id)), new), act.states))
    for name, value in personal(person).items():
        setattr(guest, name, value)
    guest.changed_at = act.now
    _choose(session, guest, person.item_ids)
    if guest.state in HOLDS_A_SEAT:
        act.freed |= capacity.hold(act, queries.read_wishes([guest], act.limits))
        tickets.touch(guest.id)
    elif guest.state is _S.WAITLISTED:
        act.at_once.add(guest.registration_id)
        act.freed = True
    if via is Via.FORM and event.reviews_changes and guest.category.needs_approval and guest.state is _S.CONFIRMED:
        guest.registration.review_since = act.now


def _check_time(guest: Participant, via: Via) -> None:
    event, now = guest.registration.event, clock.now()
    if event.ends_at <= now:
        raise refusals.Over
    if via is Via.FORM and event.changes_until is not None and event.changes_until <= now:
        raise refusals.TooLate


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
    raise refusals.OrganisationFull if kind is LimitKind.ORGANISATION else refusals.CategoryFull


def _tell_deputy(guest: Participant, before: tuple[str, str, str]) -> None:
    """Tell the deputy where they stand, and the one who had registered that somebody else comes."""
    tell([guest], present_kind(guest.state, guest.registration.hold_until is not None), why="new")
    email, language, public_id = before
    if fold_email(email) != guest.email_key:
        facts = {"participant": public_id}
        post("registration.deputy", email, language, facts, event_id=guest.event_id,
             organiser_id=guest.registration.event.organiser_id, about=about(public_id))  # fmt: skip
