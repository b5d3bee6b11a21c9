"""What a scan comes to, decided on what was read under its ticket's lock; nothing here asks the database."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from types import SimpleNamespace
from typing import Any

from sqlalchemy import Row

from eventapp.checkin.devices.rules import Door
from eventapp.checkin.entrances.rules import Doorway, Seat
from eventapp.checkin.envelope import Item
from eventapp.checkin.rules import (
    Decision,
    Entry,
    Folded,
    Opening,
    Reason,
    ScanKind,
    ScanMode,
    Standing,
    corrected,
    decide,
    fold,
    outcome_of,
)
from eventapp.registration.rules import ParticipantState
from eventapp.tickets.models import TicketState
from eventapp.tickets.rules import is_practice, read_code

Rows = Mapping[str, Any]
"""Scans by their id: those of one ticket, and whichever has the id of the scan that came."""


@dataclass(frozen=True)
class Place:
    """Where and by whom is scanned, as plain values: objects would be read anew in every transaction."""

    event_id: int
    opening: Opening
    account_id: int | None
    device_id: int | None
    doorway: Doorway
    received_at: datetime
    ahead: timedelta = timedelta()
    door: Door | None = None
    """Who scans; None may not decide against the answer."""
    notes: tuple[str, ...] = ()
    """Which notes about guests the door sees."""


@dataclass(frozen=True)
class Shown:
    """A ticket of this event that is shown at an entrance, with all that was read under its lock."""

    ticket: Row[Any]
    seats: Sequence[Row[Any]]
    """The holder's items; read at forum doors only."""
    is_full: bool
    """As many are inside as the room takes; looked up only when somebody waits for the answer."""


@dataclass(frozen=True)
class Moved:
    """Where the holder of a ticket is now: in the house, or at the item `zone`."""

    ticket: Row[Any]
    zone: int | None
    inside: bool
    entries: int

    def told(self) -> dict[str, Any]:
        """Return it as statements name it."""
        return {"ticket": self.ticket.id, "now_inside": self.inside, "now_entries": self.entries}


def asks_for_room(item: Item, place: Place) -> bool:
    """Tell whether the answer depends on how many are inside."""
    return place.doorway.rules.limit is not None and item.mode is ScanMode.ASK and item.kind is ScanKind.ENTRY


def decided(item: Item, place: Place, ticket: Row[Any] | None, own: Shown | None, rows: Rows) -> dict[str, Any]:
    """Decide a scan that is not known yet and return the row to be written."""
    code, at = read_code(item.code), corrected(item.at, place.ahead, place.received_at)
    reason = Reason.MALFORMED if code is None else Reason.UNKNOWN
    if code is not None and ticket is not None and not is_practice(code):
        reason = _reason(item, place, own, rows, at) if own else Reason.OTHER_EVENT
    if any(row.undo_of == item.id for row in rows.values()):
        reason = Reason.UNDONE
    decision = Decision.ADMIT if reason is Reason.OK else Decision.DENY
    undone = rows.get(item.undo_of or "")
    return {
        "id": item.id,
        "event_id": place.event_id,
        "ticket_id": own.ticket.id if own else None,
        "code": code or item.code,
        "kind": item.kind,
        "undo_of": item.undo_of,
        "mode": item.mode,
        "at": at,
        "received_at": place.received_at,
        "device_id": place.device_id,
        "entrance_id": place.doorway.id,
        "zone": undone.zone if undone is not None else place.doorway.zone,
        "account_id": place.account_id,
        "decision": decision,
        "reason": reason,
        "outcome": outcome_of(item.mode, decision, item.outcome),
        "conflict": False,
        "override": item.override,
        "authorised": is_authorised(item, place, own, reason, at),
        "local_reason": item.local_reason,
    }


def moved(own: Shown | None, rows: Rows, now: Mapping[str, Any]) -> Moved | None:
    """Return where the holder is with the scan `now` among all others; None where that changes nothing."""
    if own is None:
        return None
    ticket, zone = own.ticket, now["zone"]
    was = ticket if zone is None else _fold(rows, ticket, zone)
    is_now = fold_with(own, rows, now)
    if (is_now.inside, is_now.entries) == (was.inside, was.entries):
        return None
    return Moved(ticket, zone, is_now.inside, is_now.entries)


def fold_with(own: Shown, rows: Rows, now: Mapping[str, Any]) -> Folded:
    """Fold the scans of a ticket in the zone of the scan `now`, with that one among them."""
    return _fold({**rows, now["id"]: SimpleNamespace(**now)}, own.ticket, now["zone"])


def _fold(rows: Rows, ticket: Row[Any], zone: int | None) -> Folded:
    mine = (row for row in rows.values() if row.ticket_id == ticket.id)
    return fold((Entry(x.id, x.at, x.kind, x.outcome, x.undo_of, x.zone) for x in mine), zone)


def is_authorised(item: Item, place: Place, own: Shown | None, reason: Reason, at: datetime) -> bool:
    """Tell whether the person may decide against the answer: where it only warns, by right, or by the PIN."""
    if not item.override:
        return False
    warns = own is not None and place.doorway.only_warns(reason, own.ticket.category_id, seats_of(own))
    return warns or (place.door is not None and place.door.may_override(at))


def is_same(known: Row[Any], item: Item, place: Place) -> bool:
    """Tell whether the scan with this id is the one that a phone reports."""
    code = read_code(item.code) or item.code
    return (known.event_id, known.code, known.kind, known.undo_of) == (place.event_id, code, item.kind, item.undo_of)


def _reason(item: Item, place: Place, own: Shown, rows: Rows, at: datetime) -> Reason:
    ticket, doorway = own.ticket, place.doorway
    if item.kind is ScanKind.UNDO:
        return Reason.OK
    standing = Standing(
        is_cancelled=ticket.state is TicketState.CANCELLED or ticket.standing is ParticipantState.CANCELLED,
        is_revoked=ticket.state is TicketState.REVOKED,
        is_confirmed=ticket.standing is ParticipantState.CONFIRMED,
    )
    here = ticket if doorway.zone is None else _fold(rows, ticket, doorway.zone)
    return decide(
        item.kind,
        standing,
        here.inside,
        place.opening.closed_because(at),
        refused=doorway.refuses(ticket.category_id, seats_of(own), at),
        is_used=here.entries > 0 and not doorway.rules.reentry,
        is_full=own.is_full,
    )


def seats_of(own: Shown) -> list[Seat]:
    """Return the holder's items as an entrance judges them."""
    return [Seat(row.item_id, row.starts_at, row.ends_at) for row in own.seats]
