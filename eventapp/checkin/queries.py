"""Reads of the door: who may scan where, entrances and devices, search by name, counts."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, bindparam, exists, func, or_, select, tuple_
from sqlalchemy.orm import aliased

from eventapp.accounts.models import Account, Membership
from eventapp.accounts.queries import in_session
from eventapp.accounts.rules import MAY, Permission, Role, SignedIn
from eventapp.checkin.devices.rules import DoorEvent, Phone, Told
from eventapp.checkin.models import Device, Entrance, Scan
from eventapp.checkin.rules import Outcome, Reason, ScanKind
from eventapp.core import clock, search
from eventapp.core.db import db
from eventapp.core.localized import plain
from eventapp.core.refusal import NotFound
from eventapp.events.models import Category, Event
from eventapp.registration.models import Participant
from eventapp.tickets.models import Ticket

LEAST_LETTERS = 3
PAGE = 50
"""Lines of the log on one page."""
_MOST_FOUND = 20
EVENT = (
    Event.id,
    Event.public_id,
    Event.slug,
    Event.state,
    Event.starts_at,
    Event.ends_at,
    Event.zone,
    Event.door_notes,
    Event.names_offline,
)
"""The columns of a `DoorEvent`, in its order."""
_PHONE = (Device.id, Device.public_id, Device.seen_at, Device.name, Device.entrance_id, Device.account_id)
_STAFF: Any = (
    select(Account.id, Account.public_id, Account.link_version, Membership.role, *EVENT, *_PHONE)
    .join(Membership, Membership.account_id == Account.id)
    .join(Event, Event.organiser_id == Membership.organiser_id)
    .outerjoin(Device, (Device.event_id == Event.id) & (Device.public_id == bindparam("phone")))
    .where(or_(Membership.event_id.is_(None), Membership.event_id == Event.id))
    .where(Account.public_id == bindparam("account"), Event.slug == bindparam("slug"))
)
_DEVICE = select(*_PHONE).where(Device.event_id == bindparam("event"), Device.public_id == bindparam("phone"))
_SCANS = [role for role, permissions in MAY.items() if Permission.SCAN in permissions]


@dataclass(frozen=True)
class Staff:
    """What an account has to do with an event, read together: a queue waits behind each scan."""

    event: DoorEvent
    roles: frozenset[Role]
    phone: Phone | None


@dataclass(frozen=True)
class Found:
    """A guest found by name, as the door shows them."""

    code: str
    name: str
    organisation: str
    category: str
    state: str
    inside: bool


@dataclass(frozen=True)
class Line:
    """A line of the log: what was scanned, by whom, and what came of it."""

    id: str
    at: datetime
    kind: ScanKind
    reason: Reason
    outcome: Outcome
    conflict: bool
    override: bool
    authorised: bool
    code: str
    name: str
    participant: str
    entrance: str
    device: str


def find_staff(session_id: str, slug: str, phone: str = "") -> tuple[SignedIn, Staff] | None:
    """Find the account of a session with an event, their roles there, and the phone with this id if it is known there.

    None where the account has nothing to do with the event, or was signed out.
    """
    given = {"account": in_session(session_id), "slug": slug, "phone": phone}
    rows = db.session.connection().execute(_STAFF, given).all()
    account = SignedIn(*rows[0][:3]) if rows else None
    if account is None or account.get_id() != session_id:
        return None
    roles, known = frozenset(row[3] for row in rows), rows[0][4:]
    return account, Staff(DoorEvent(*known[: len(EVENT)]), roles, known_phone(*known[len(EVENT) :]))


def door_event(event: Event) -> DoorEvent:
    """Return what the door asks of an event."""
    return DoorEvent(*(getattr(event, column.key) for column in EVENT))


def list_doors(account_id: int) -> list[tuple[Event, Sequence[Entrance]]]:
    """Return the events that this account may scan at and that are not over, each with its entrances."""
    mine = select(Membership).where(Membership.account_id == account_id, Membership.role.in_(_SCANS)).subquery()
    place = or_(mine.c.event_id == Event.id, mine.c.event_id.is_(None) & (mine.c.organiser_id == Event.organiser_id))
    open_still = Event.ends_at > clock.now() - timedelta(hours=12)
    wanted = select(Event).where(open_still, exists().where(place)).order_by(Event.starts_at, Event.id)
    events = db.session.scalars(wanted).all()
    doors = select(Entrance).where(Entrance.event_id.in_([event.id for event in events]))
    entrances = db.session.scalars(doors.order_by(Entrance.position, Entrance.id)).all()
    return [(event, [one for one in entrances if one.event_id == event.id]) for event in events]


def list_entrances(event_id: int) -> Sequence[Entrance]:
    """Return the entrances of an event in their order."""
    wanted = select(Entrance).where(Entrance.event_id == event_id).order_by(Entrance.position, Entrance.id)
    return db.session.scalars(wanted).all()


def find_entrance(event_id: int, public_id: str | None) -> Entrance | None:
    """Find an entrance of this event; one that was removed in the meantime is none."""
    if not public_id:
        return None
    return db.session.scalar(select(Entrance).filter_by(event_id=event_id, public_id=public_id))


def get_entrance(event_id: int, public_id: str) -> Entrance:
    """Return an entrance of this event; raise NotFound."""
    entrance = find_entrance(event_id, public_id)
    if entrance is None:
        raise NotFound
    return entrance


def find_device(event_id: int, public_id: str) -> Device | None:
    """Find a phone at this event."""
    return db.session.scalar(select(Device).filter_by(event_id=event_id, public_id=public_id))


def find_phone(event_id: int, public_id: str) -> Phone | None:
    """Find what is stored of a phone at this event."""
    found = db.session.execute(_DEVICE, {"event": event_id, "phone": public_id}).one_or_none()
    return known_phone(*found) if found else None


def known_phone(row_id: int | None, public_id: str, seen_at: datetime, *told: Any) -> Phone | None:
    """Return what is stored of a phone, None where there is no row."""
    return None if row_id is None else Phone(row_id, public_id, Told(*told), seen_at)


def search_guests(event_id: int, sought: str) -> list[Found]:
    """Find guests by parts of their name or organisation, folded; fewer than three letters find nobody."""
    words = search.fold(sought).split()
    if sum(len(word) for word in words) < LEAST_LETTERS:
        return []
    other = aliased(Ticket)
    newest = select(func.max(other.id)).where(other.participant_id == Participant.id).scalar_subquery()
    wanted = (
        select(Participant, Ticket, Category.label)
        .join(Category, Category.id == Participant.category_id)
        .outerjoin(Ticket, Ticket.id == newest)
        .where(Participant.event_id == event_id)
        .where(*[Participant.search_text.like(search.like(word), escape="\\") for word in words])
        .order_by(Participant.sort_key, Participant.id)
        .limit(_MOST_FOUND)
    )
    return [
        Found(
            code=ticket.code if ticket else "",
            name=participant.name,
            organisation=participant.organisation,
            category=plain(label),
            state=participant.state.value,
            inside=bool(ticket and ticket.inside),
        )
        for participant, ticket, label in db.session.execute(wanted)
    ]


def moved(event_id: int) -> tuple[ColumnElement[bool], ...]:
    """Return what is true of scans that moved somebody and were not undone."""
    undo = aliased(Scan)
    undone = select(undo.undo_of).where(undo.event_id == event_id, undo.kind == ScanKind.UNDO)
    return Scan.event_id == event_id, Scan.outcome == Outcome.ADMITTED, Scan.id.not_in(undone)


def count_conflicts(event_id: int) -> int:
    """Count the admissions with a ticket whose holder was inside already."""
    wanted = select(func.count()).select_from(Scan).where(Scan.event_id == event_id, Scan.conflict.is_(True))
    return db.session.scalar(wanted) or 0


def list_scans(event_id: int, *, only_conflicts: bool = False, before: str | None = None) -> list[Line]:
    """Return one page of the log, newest first; `before` is the id of the last scan of the page before."""
    wanted = (
        select(Scan, Participant, Entrance.name, Device.name, Account.name)
        .outerjoin(Ticket, Ticket.id == Scan.ticket_id)
        .outerjoin(Participant, Participant.id == Ticket.participant_id)
        .outerjoin(Entrance, Entrance.id == Scan.entrance_id)
        .outerjoin(Device, Device.id == Scan.device_id)
        .outerjoin(Account, Account.id == Scan.account_id)
        .where(Scan.event_id == event_id)
        .order_by(Scan.at.desc(), Scan.id.desc())
        .limit(PAGE)
    )
    if only_conflicts:
        wanted = wanted.where(Scan.conflict.is_(True))
    last = db.session.scalar(select(Scan).filter_by(event_id=event_id, id=before)) if before else None
    if last is not None:
        wanted = wanted.where(tuple_(Scan.at, Scan.id) < tuple_(last.at, last.id))
    return [
        Line(
            id=scan.id,
            at=scan.at,
            kind=scan.kind,
            reason=scan.reason,
            outcome=scan.outcome,
            conflict=scan.conflict,
            override=scan.override,
            authorised=scan.authorised,
            code=scan.code,
            name=holder.name if holder else "",
            participant=holder.public_id if holder else "",
            entrance=entrance or "",
            device=device or person or "",
        )
        for scan, holder, entrance, device, person in db.session.execute(wanted)
    ]
