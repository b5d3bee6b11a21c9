"""Reads of double admissions: both scans with their door, phone and person, and what was noted."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask_sqlalchemy.pagination import Pagination
from sqlalchemy import Row, exists, func, select

from eventapp.accounts.models import Account
from eventapp.checkin.conflicts.models import ConflictNote
from eventapp.checkin.conflicts.rules import Answer, admission_before
from eventapp.checkin.envelope import milliseconds
from eventapp.checkin.models import Device, Entrance, Scan
from eventapp.checkin.rules import Entry, ScanMode
from eventapp.core.db import db
from eventapp.core.refusal import NotFound
from eventapp.registration.models import Participant
from eventapp.tickets.models import Ticket

PER_PAGE = 50
_IS_NOTED = exists().where(ConflictNote.scan_id == Scan.id)


@dataclass(frozen=True)
class Side:
    """One of the two scans: when, where, on which phone, and who was signed in there."""

    at: datetime
    entrance: str
    device: str
    person: str
    by_itself: bool
    """The door decided by itself, offline or against the answer."""


@dataclass(frozen=True)
class Note:
    """What somebody noted."""

    at: datetime
    answer: Answer
    words: str
    person: str


@dataclass(frozen=True)
class Conflict:
    """A double admission: whose ticket, the scan before, the second one, and the notes, oldest first."""

    id: str
    name: str
    participant: str
    first: Side | None
    second: Side
    notes: tuple[Note, ...]

    @property
    def is_open(self) -> bool:
        """Whether nobody has noted anything yet."""
        return not self.notes


def count_open(event_id: int) -> int:
    """Count the double admissions about which nobody has noted anything."""
    wanted = select(func.count()).select_from(Scan).where(Scan.event_id == event_id, Scan.conflict.is_(True))
    return db.session.scalar(wanted.where(~_IS_NOTED)) or 0


def page_of_conflicts(event_id: int, number: int | None = 1) -> tuple[list[Conflict], Pagination]:
    """Return a page of the double admissions of an event: open ones first, the newest on top."""
    wanted = (
        select(Scan)
        .where(Scan.event_id == event_id, Scan.conflict.is_(True))
        .order_by(_IS_NOTED, Scan.at.desc(), Scan.id.desc())
    )
    page = db.paginate(wanted, page=number or 1, per_page=PER_PAGE, max_per_page=PER_PAGE, error_out=False)
    return _told(page.items), page


def as_json(conflict: Conflict) -> dict[str, Any]:
    """Return a double admission for a phone at the door; times in milliseconds."""
    return {
        "id": conflict.id,
        "name": conflict.name,
        "open": conflict.is_open,
        "first": _side_as_json(conflict.first) if conflict.first else None,
        "second": _side_as_json(conflict.second),
        "notes": [{"at": milliseconds(n.at), "answer": n.answer, "words": n.words} for n in conflict.notes],
    }


def get_conflict(event_id: int, scan_id: str) -> Scan:
    """Return the second scan of a double admission of this event; raise NotFound."""
    found = db.session.scalar(select(Scan).filter_by(event_id=event_id, id=scan_id, conflict=True))
    if found is None:
        raise NotFound
    return found


def find_last_note(scan_id: str) -> ConflictNote | None:
    """Find what was noted last about a double admission."""
    wanted = select(ConflictNote).where(ConflictNote.scan_id == scan_id).order_by(ConflictNote.id.desc())
    return db.session.scalar(wanted.limit(1))


def _told(scans: Sequence[Scan]) -> list[Conflict]:
    notes, rows, by_ticket = _notes(scan.id for scan in scans), {}, defaultdict(list)
    for row in _scans_of({scan.ticket_id for scan in scans if scan.ticket_id is not None}):
        rows[row.Scan.id] = row
        by_ticket[row.Scan.ticket_id].append(_entry(row.Scan))
    return [
        Conflict(
            id=scan.id,
            name=mine.Participant.name,
            participant=mine.Participant.public_id,
            first=_side(rows[first]) if first is not None else None,
            second=_side(mine),
            notes=tuple(notes[scan.id]),
        )
        for scan in scans
        if (mine := rows.get(scan.id)) is not None
        for first in [admission_before(_entry(scan), by_ticket[scan.ticket_id])]
    ]


def _scans_of(tickets: set[int]) -> list[Any]:
    """Return all scans of some tickets with their holder, entrance, phone and the account on it."""
    wanted: Any = (
        select(Scan, Participant, Entrance.name.label("entrance"), Device.name.label("device"), Account.name)
        .join(Ticket, Ticket.id == Scan.ticket_id)
        .join(Participant, Participant.id == Ticket.participant_id)
        .outerjoin(Entrance, Entrance.id == Scan.entrance_id)
        .outerjoin(Device, Device.id == Scan.device_id)
        .outerjoin(Account, Account.id == Scan.account_id)
        .where(Scan.ticket_id.in_(tickets))
    )
    return list(db.session.execute(wanted))


def _notes(scans: Iterable[str]) -> dict[str, list[Note]]:
    wanted = (
        select(ConflictNote, Account.name)
        .outerjoin(Account, Account.id == ConflictNote.account_id)
        .where(ConflictNote.scan_id.in_(list(scans)))
        .order_by(ConflictNote.id)
    )
    found = defaultdict(list)
    for note, person in db.session.execute(wanted):
        found[note.scan_id].append(Note(note.at, note.answer, note.words, person or ""))
    return found


def _entry(scan: Scan) -> Entry:
    return Entry(scan.id, scan.at, scan.kind, scan.outcome, scan.undo_of, scan.zone)


def _side(row: Row[Any]) -> Side:
    scan = row.Scan
    by_itself = scan.mode is ScanMode.TELL or scan.override
    return Side(scan.at, row.entrance or "", row.device or "", row.name or "", by_itself)


def _side_as_json(side: Side) -> dict[str, Any]:
    return {"at": milliseconds(side.at), "entrance": side.entrance, "device": side.device, "person": side.person}
