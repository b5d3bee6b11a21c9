"""Reads for the organiser: the list with search and filters, counts, and what happened to a person."""

from collections.abc import Iterable
from dataclasses import dataclass

from flask_sqlalchemy.pagination import Pagination
from sqlalchemy import ColumnElement, Select, and_, false, func, select
from sqlalchemy.orm import joinedload, selectinload

from eventapp.accounts.models import Account
from eventapp.agenda.models import AgendaItem
from eventapp.core import search
from eventapp.core.audit import AuditEntry
from eventapp.core.db import db
from eventapp.core.localized import Localized
from eventapp.events.rules import OrganisationKind
from eventapp.outbox.models import Message
from eventapp.registration.models import ItemChoice, Participant, Registration
from eventapp.registration.rules import LIVING, ParticipantState
from eventapp.registration.signup.rules import Via
from eventapp.tickets.models import Ticket
from eventapp.tickets.rules import read_code

PER_PAGE = 50
_LISTED = (
    joinedload(Participant.category),
    joinedload(Participant.registration),
    selectinload(Participant.choices).joinedload(ItemChoice.item),
)
"""What a row of a list shows beside the participant, read with it."""


@dataclass(frozen=True)
class Filters:
    """What the list is narrowed to; None and "" mean everything."""

    words: str = ""
    state: ParticipantState | None = None
    category_id: int | None = None
    kind: OrganisationKind | None = None
    item_id: int | None = None
    language: str = ""


def page_participants(event_id: int, filters: Filters, page: int) -> Pagination:
    """Return one page of participants, by name; the waiting list in its order."""
    found = narrowed(select(Participant), event_id, filters).options(*_LISTED)
    if filters.state is ParticipantState.WAITLISTED:
        found = found.join(Participant.registration)
        found = found.order_by(Registration.ahead.desc(), Registration.number, Registration.part)
    else:
        found = found.order_by(Participant.sort_key, Participant.id)
    return db.paginate(found, page=page, per_page=PER_PAGE, max_per_page=PER_PAGE, error_out=False)


def narrowed(found: "Select[tuple[Participant]]", event_id: int, filters: Filters) -> "Select[tuple[Participant]]":
    """Narrow a selection of participants to an event and to the filters."""
    found = found.where(Participant.event_id == event_id)
    if filters.words:
        found = found.where(_matches(event_id, filters.words))
    if filters.state is not None:
        found = found.where(Participant.state == filters.state)
    if filters.category_id is not None:
        found = found.where(Participant.category_id == filters.category_id)
    if filters.kind is not None:
        found = found.where(Participant.organisation_kind == filters.kind)
    if filters.item_id is not None:
        found = found.where(Participant.choices.any(ItemChoice.item_id == filters.item_id))
    if filters.language:
        found = found.where(Participant.language == filters.language)
    return found


def count_states(event_id: int) -> dict[ParticipantState, int]:
    """Return how many participants stand where."""
    rows = select(Participant.state, func.count()).where(Participant.event_id == event_id).group_by(Participant.state)
    counts = dict.fromkeys(ParticipantState, 0)
    counts.update({row[0]: row[1] for row in db.session.execute(rows)})
    return counts


def list_languages(event_id: int) -> list[str]:
    """Return the languages that participants asked for."""
    rows = select(Participant.language).where(Participant.event_id == event_id).distinct()
    return sorted(db.session.scalars(rows))


def list_history(participant: Participant) -> list[tuple[AuditEntry, str]]:
    """Return what happened to a participant, the newest first, each with the name of the colleague who did it."""
    about = AuditEntry.about == f"participant:{participant.public_id}"
    entries = list(db.session.scalars(select(AuditEntry).where(about).order_by(AuditEntry.id.desc())))
    ids = {entry.actor.removeprefix("account:") for entry in entries}
    rows = db.session.execute(select(Account.public_id, Account.name).where(Account.public_id.in_(ids)))
    names = {f"account:{public_id}": name for public_id, name in rows}
    return [(entry, names.get(entry.actor, "")) for entry in entries]


def name_items(entries: Iterable[AuditEntry]) -> dict[int, Localized]:
    """Return the titles of the items that history entries name."""
    ids = {entry.facts["item"] for entry in entries if "item" in entry.facts}
    if not ids:
        return {}
    rows = db.session.execute(select(AgendaItem.id, AgendaItem.title).where(AgendaItem.id.in_(ids)))
    return {row[0]: row[1] for row in rows}


def last_changes(public_ids: Iterable[str]) -> dict[str, AuditEntry]:
    """Return the last change by a guest of each of these participants, by public id."""
    about = AuditEntry.about.in_([f"participant:{public_id}" for public_id in public_ids])
    entries = select(AuditEntry).where(about, AuditEntry.action == "registration.changed").order_by(AuditEntry.id)
    return {
        entry.about.partition(":")[2]: entry
        for entry in db.session.scalars(entries)
        if entry.facts.get("via") != Via.ORGANISER.value
    }


def list_mails(participant: Participant) -> list[Message]:
    """Return what was written to a participant and to the contact of their group, the newest first."""
    unit = f"registration:{participant.registration.public_id}"
    about = Message.about.in_([f"participant:{participant.public_id}", unit])
    return list(db.session.scalars(select(Message).where(about).order_by(Message.id.desc())))


def list_everybody(event_id: int, states: frozenset[ParticipantState] = LIVING) -> list[Participant]:
    """Return all participants of an event in some states, by name, with category and items: for lists and exports."""
    found = (
        select(Participant)
        .where(Participant.event_id == event_id, Participant.state.in_(states))
        .order_by(Participant.sort_key, Participant.id)
        .options(*_LISTED)
    )
    return list(db.session.scalars(found))


def list_filtered(event_id: int, filters: Filters) -> list[Participant]:
    """Return all participants that the filters leave, by arrival, with category and items: for exports."""
    found = narrowed(select(Participant), event_id, filters).options(*_LISTED)
    return list(db.session.scalars(found.order_by(Participant.id)))


def _matches(event_id: int, words: str) -> ColumnElement[bool]:
    code = read_code(words)
    if code is not None:
        holder = select(Ticket.participant_id).where(Ticket.code == code, Ticket.event_id == event_id)
        return Participant.id.in_(holder)
    if not search.fold(words):
        return false()
    patterns = (search.like(word) for word in search.fold(words).split())
    return and_(*(Participant.search_text.like(pattern, escape="\\") for pattern in patterns))
