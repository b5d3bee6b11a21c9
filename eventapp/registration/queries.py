"""Reads of registrations and participants."""

from collections.abc import Collection, Iterable

from sqlalchemy import select
from sqlalchemy.orm import joinedload, selectinload

from eventapp.agenda.models import AgendaItem
from eventapp.capacity.rules import LimitKind, Ref, wanted
from eventapp.core import clock, signing
from eventapp.core.bulk import each
from eventapp.core.db import db, dialect_of
from eventapp.core.localized import Localized
from eventapp.core.refusal import NotFound
from eventapp.core.search import fold_email
from eventapp.events.models import Category, Event
from eventapp.notices.models import Notice, NoticeKind
from eventapp.questions.answers.queries import list_wanted_choices
from eventapp.questions.models import Question
from eventapp.questions.queries import name_choices
from eventapp.registration.models import FIRST_VERSION, ItemChoice, Participant, Registration, Wish
from eventapp.registration.refusals import SomebodyElse
from eventapp.registration.rules import LINK_LIVES, LIVING, WishState, is_running, true_kind

LINK, FEED = "my", "feed"
"""Purposes of a guest's two links: control, and the calendar that people share."""
# Statements of the rush are made once. They name no event: whatever does lets Postgres read all its guests instead.
_REPEATED = each(
    select(
        Registration.idempotency_key, Registration.public_id, Participant.id, Participant.public_id.label("who"),
        Registration.event_id,
    ).join(Participant.registration),
    Registration.idempotency_key,
    "keys",
)  # fmt: skip
_WITH_EMAIL = each(
    select(
        Participant.email_key, Participant.identity, Participant.id, Participant.public_id, Participant.event_id,
        Participant.state,
    ),
    Participant.email_key,
    "emails",
)  # fmt: skip


def find_repeated(event_id: int, keys: Iterable[str]) -> dict[str, tuple[str, tuple[tuple[int, str], ...]]]:
    """Find what earlier copies of forms made: per key the unit's public id, and row and public id of its people."""
    known = list(keys)
    if not known:
        return {}
    rows = db.session.execute(_REPEATED[dialect_of(db.session())], {"keys": known})
    found: dict[str, tuple[str, tuple[tuple[int, str], ...]]] = {}
    for row in sorted((row for row in rows if row.event_id == event_id), key=lambda row: row.id):
        known_people = found.get(row.idempotency_key, ("", ()))[1]
        found[row.idempotency_key] = (row.public_id, (*known_people, (row.id, row.who)))
    return found


def find_first(event_id: int, key: str) -> Participant | None:
    """Find the first person of what an earlier copy of a form made."""
    made = find_repeated(event_id, [key] if key else []).get(key)
    return find_participant(made[1][0][1], event_id) if made is not None else None


def find_living_identities(event_id: int, identities: Iterable[str]) -> set[str]:
    """Find those of these people who are registered already."""
    same = Participant.event_id == event_id, Participant.identity.in_(list(identities)), Participant.state.in_(LIVING)
    return set(db.session.scalars(select(Participant.identity).where(*same)))


def list_living_ids(event_id: int, emails: Iterable[str]) -> list[tuple[str, str, int, str]]:
    """List the living registrations with these addresses (folded): address, identity, row id and public id."""
    rows = db.session.execute(_WITH_EMAIL[dialect_of(db.session())], {"emails": list(emails)})
    living = (x for x in rows if x.event_id == event_id and x.state in LIVING)
    return [(x.email_key, x.identity, x.id, x.public_id) for x in living]


def find_living(event_id: int, identity: str) -> Participant | None:
    """Find the living registration of a person."""
    same = Participant.event_id == event_id, Participant.identity == identity, Participant.state.in_(LIVING)
    return db.session.scalar(select(Participant).where(*same))


def read_wishes(people: Iterable[Participant], limits: Collection[Ref]) -> dict[int, frozenset[Ref]]:
    """Return by id the limits of which each of these people needs a seat: of their group, choices and organisation.

    Whoever was offered another item holds that seat too, until they answer.
    """
    known = {person.id: person for person in people}
    items: dict[int, list[int]] = {row_id: [] for row_id in known}
    chosen = select(ItemChoice.participant_id, ItemChoice.item_id).where(ItemChoice.participant_id.in_(known))
    offered = Wish.participant_id.in_(known), Wish.state == WishState.OFFERED
    for rows in (chosen, select(Wish.participant_id, Wish.item_id).where(*offered)) if known else ():
        for who, item_id in db.session.execute(rows):
            items[who].append(item_id)
    has_choices = any(kind is LimitKind.CHOICE for kind, _ in limits)
    choices = list_wanted_choices(known) if has_choices and known else dict.fromkeys(known, frozenset[Ref]())
    return {
        row_id: (wanted(person.category_id, items[row_id], person.organisation_key) | choices[row_id]) & set(limits)
        for row_id, person in known.items()
    }


def list_living_by_email(event_id: int, email: str) -> list[Participant]:
    """Return everybody who registered with this address and has not cancelled."""
    same = (
        Participant.event_id == event_id,
        Participant.email_key == fold_email(email),
        Participant.state.in_(LIVING),
    )
    return list(db.session.scalars(select(Participant).where(*same).order_by(Participant.id)))


def list_groups_by_contact(event_id: int, email: str) -> list[Registration]:
    """Return the groups that the holder of this address registered and in which somebody still comes or waits."""
    mine = Registration.event_id == event_id, Registration.is_group.is_(True)
    rows = db.session.execute(select(Registration.id, Registration.contact_email).where(*mine))
    found = [row_id for row_id, address in rows if fold_email(address) == fold_email(email)]
    units = select(Registration).where(Registration.id.in_(found)).options(selectinload(Registration.participants))
    return [unit for unit in db.session.scalars(units.order_by(Registration.number, Registration.part)) if unit.living]


def list_choosable(event_id: int, keeps: frozenset[int] = frozenset()) -> list[AgendaItem]:
    """Return the items that guests choose, by time and number; those that somebody `keeps` also when cancelled."""
    open_now = AgendaItem.is_chosen.is_(True) & AgendaItem.is_cancelled.is_(False)
    found = (
        select(AgendaItem)
        .where(AgendaItem.event_id == event_id, open_now | AgendaItem.id.in_(keeps))
        .order_by(AgendaItem.starts_at, AgendaItem.position, AgendaItem.id)
        .options(joinedload(AgendaItem.room))
    )
    return list(db.session.scalars(found))


def get_by_link(token: str, purpose: str = LINK) -> Participant:
    """Return the participant whose link this is, with what the guest's page shows; raise NotFound.

    Raises SomebodyElse for the link that a deputy's replaced.
    """
    claim = signing.read(purpose, token)
    participant = find_participant(claim.public_id) if claim is not None else None
    if claim is None or participant is None:
        raise NotFound
    version = participant.link_version if purpose == LINK else participant.feed_version
    if clock.now() > participant.registration.event.ends_at + LINK_LIVES:
        raise NotFound
    if not claim.fits(version):
        if purpose == LINK and any(claim.fits(old) for old in range(1, version)):
            raise SomebodyElse
        raise NotFound
    return participant


def find_standing(guest: Participant, asked: str = "ticket") -> str:
    """Return which kind of mail tells where a guest stands now, when one of the kind `asked` was written before."""
    unit, now = guest.registration, clock.now()
    return true_kind(
        asked,
        guest.state,
        due=unit.offer_until or unit.hold_until,
        is_address_open=unit.hold_until is not None,
        is_running=is_running(unit.event.state, unit.event.ends_at, now),
        now=now,
    )


def find_participant(public_id: str, event_id: int | None = None) -> Participant | None:
    """Find a participant, of one event if given, with registration, event, organiser, category and choices."""
    found = (
        select(Participant)
        .where(Participant.public_id == public_id)
        .options(
            joinedload(Participant.registration).joinedload(Registration.event).joinedload(Event.organiser),
            joinedload(Participant.category),
            selectinload(Participant.choices).joinedload(ItemChoice.item).joinedload(AgendaItem.room),
        )
    )
    if event_id is not None:
        found = found.where(Participant.event_id == event_id)
    return db.session.scalar(found)


def find_notice_id(organiser_id: int, notice_id: int | None) -> int | None:
    """Find the version of the privacy notice that a form says it showed, if it is this organiser's."""
    mine = Notice.id == notice_id, Notice.organiser_id == organiser_id, Notice.kind == NoticeKind.PRIVACY
    return db.session.scalar(select(Notice.id).where(*mine)) if notice_id is not None else None


def list_notice_ids(organiser_id: int) -> frozenset[int]:
    """Return all versions of an organiser's privacy notice."""
    mine = Notice.organiser_id == organiser_id, Notice.kind == NoticeKind.PRIVACY
    return frozenset(db.session.scalars(select(Notice.id).where(*mine)))


def detach(event: Event, items: Iterable[AgendaItem], questions: Iterable[Question]) -> None:
    """Take what was read out of this request's session: as it is now, it may be kept and used by other requests."""
    for thing in (event, *items, *questions):
        db.session.expunge(thing)


def name_limits(event_id: int, refs: Iterable[Ref]) -> list[Localized | None]:
    """Return what limits are called, for people: titles of items, labels of groups, names of organisations, answers.

    None stands for the whole event, and for what has no name.
    """
    known = list(refs)
    ids = {kind: {int(key) for name, key in known if name is kind} for kind in (LimitKind.ITEM, LimitKind.CATEGORY)}
    names: dict[Ref, Localized] = {}
    for kind, model, label in (
        (LimitKind.ITEM, AgendaItem, AgendaItem.title),
        (LimitKind.CATEGORY, Category, Category.label),
    ):
        if ids[kind]:
            found = select(model.id, label).where(model.event_id == event_id, model.id.in_(ids[kind]))
            names |= {(kind, str(row_id)): title for row_id, title in db.session.execute(found)}
    keys = {key for kind, key in known if kind is LimitKind.ORGANISATION}
    if keys:
        mine = Participant.event_id == event_id, Participant.organisation_key.in_(keys)
        rows = db.session.execute(select(Participant.organisation_key, Participant.organisation).where(*mine))
        names |= {(LimitKind.ORGANISATION, key): Localized(de=name) for key, name in rows}
    choices = name_choices(event_id, {key for kind, key in known if kind is LimitKind.CHOICE})
    names |= {(LimitKind.CHOICE, key): label for key, label in choices.items()}
    return [names.get(ref) for ref in known]


def apart(chosen: Iterable[AgendaItem], item: AgendaItem) -> list[AgendaItem]:
    """Return those of the chosen items that do not run at the same time as another one."""
    return [x for x in chosen if x.ends_at <= item.starts_at or item.ends_at <= x.starts_at]


def first_link_token(public_id: str) -> str:
    """Return the token of the link of somebody who has just signed up."""
    return signing.make(LINK, public_id, FIRST_VERSION)


def link_token(participant: Participant, purpose: str = LINK) -> str:
    """Return the token of a guest's link; it can be made again at any time."""
    version = participant.link_version if purpose == LINK else participant.feed_version
    return signing.make(purpose, participant.public_id, version)
