"""The scan path: what a phone reports is taken into the log, decided and folded.

One transaction a scan: lock the ticket's row, then look the scan's id up, then decide, write and fold. The lock makes
two phones with the same ticket wait for each other; the id, made by the phone, makes a repeated request the same scan.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from types import SimpleNamespace
from typing import Any

from sqlalchemy import Connection, Row

from eventapp.checkin import scanlog
from eventapp.checkin.devices.rights import demand, doorway_of
from eventapp.checkin.devices.seen import Told, see_device
from eventapp.checkin.entrances.queries import count_inside
from eventapp.checkin.entrances.rules import Doorway, Seat
from eventapp.checkin.envelope import Envelope, Forum, Item, Notice, Result, first_of, forum_of, guest_of, not_stored
from eventapp.checkin.practice.service import practise
from eventapp.checkin.queries import Found, search_guests
from eventapp.checkin.rules import (
    Decision,
    Door,
    DoorRight,
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
    skew,
)
from eventapp.core import audit, limits
from eventapp.core.db import transaction
from eventapp.events.models import Event
from eventapp.events.rules import EventState
from eventapp.registration.rules import ParticipantState
from eventapp.tickets.models import TicketState
from eventapp.tickets.rules import is_practice, read_code


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


def take(envelope: Envelope[Item], event: Event, door: Door, received_at: datetime) -> list[Result]:
    """Take the scans of a phone in their order, each by itself; one that cannot be read does not stop the others.

    Raise NotAllowed or OtherEntrance.
    """
    demand(door, DoorRight.SCAN)
    if envelope.practice:
        return [practise(item, received_at) for item in envelope.items]
    place = place_of(envelope, event, door, received_at)
    return [record(item, place) if isinstance(item, Item) else not_stored(item) for item in envelope.items]


def place_of(envelope: Envelope[Any], event: Event, door: Door, received_at: datetime) -> Place:
    """Return where and by whom an envelope was sent, and note the phone's sign of life; raise OtherEntrance."""
    if door.device is not None:  # the cookie says which device this is, whatever the envelope says
        name = envelope.device_name or door.device.name
        envelope = replace(envelope, device_id=door.device.public_id, device_name=name)
    doorway, device_id = doorway_of(door, envelope.entrance), None
    if envelope.device_id:
        told = Told(envelope.device_name, doorway.id, door.account_id)
        device_id = see_device(event.id, envelope.device_id, told, received_at)
    return Place(
        event_id=event.id,
        opening=Opening(event.starts_at, event.ends_at, event.zone, event.state is EventState.CALLED_OFF),
        account_id=door.account_id,
        device_id=device_id,
        doorway=doorway,
        received_at=received_at,
        ahead=skew(envelope.sent_at, received_at),
        door=door,
        notes=tuple(event.door_notes),
    )


def search(door: Door, who: str, sought: str) -> list[Found]:
    """Find guests by name; searches are limited, and the history keeps that one was made, not what was sought.

    Raise NotAllowed or TooMany.
    """
    demand(door, DoorRight.SEARCH)
    limits.hit("door-search", who, 60, timedelta(minutes=1))
    found = search_guests(door.event_id, sought)
    audit.record("door.searched", who, event_id=door.event_id, facts={"found": len(found)})
    return found


def record(item: Item, place: Place) -> Result:
    """Take one scan into the log and answer it: decided once, folded with all others of its ticket and zone."""
    code = read_code(item.code)
    with transaction() as session:
        connection = session.connection()
        ticket = None if code is None else scanlog.lock_ticket(connection, code)
        own = _shown(connection, item, place, ticket)
        ticket_id = own.ticket.id if own else None
        rows = {row.id: row for row in scanlog.history(connection, ticket_id, item.id)}
        known = rows.get(item.id)
        if known is None:
            made = _decided(item, place, ticket, own, rows)
            if scanlog.insert(connection, made, _moved(own, rows, made)):
                return _answered(connection, place, own, rows, made, replayed=False)
            rows = {row.id: row for row in scanlog.history(connection, ticket_id, item.id)}
            known = rows[item.id]  # without a ticket there was no lock: the same scan came twice at the same moment
        if not _is_same(known, item, place):
            return not_stored(item.id)
        now = dict(known._mapping)
        replayed = item.mode is not ScanMode.TELL or known.outcome is item.outcome
        if not replayed:
            told = {"outcome": item.outcome, "override": item.override, "local_reason": item.local_reason}
            told["authorised"] = _is_authorised(item, place, own, known.reason, known.at)
            now |= told | {"mode": ScanMode.TELL}
            scanlog.tell(connection, item.id, **told, mode=ScanMode.TELL)
        if (moved := _moved(own, rows, now)) is not None:
            scanlog.move(connection, moved)
        return _answered(connection, place, own, rows, now, replayed=replayed)


def _shown(connection: Connection, item: Item, place: Place, ticket: Row[Any] | None) -> Shown | None:
    if ticket is None or ticket.event_id != place.event_id:
        return None
    zone, limit = place.doorway.zone, place.doorway.rules.limit
    seats = scanlog.forums(connection, ticket.participant_id) if zone is not None else []
    is_asked = limit is not None and item.mode is ScanMode.ASK and item.kind is ScanKind.ENTRY
    is_full = is_asked and limit is not None and count_inside(place.event_id, zone) >= limit
    return Shown(ticket, seats, is_full)


def _decided(
    item: Item, place: Place, ticket: Row[Any] | None, own: Shown | None, rows: dict[str, Row[Any]]
) -> dict[str, Any]:
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
        "authorised": _is_authorised(item, place, own, reason, at),
        "local_reason": item.local_reason,
    }


def _reason(item: Item, place: Place, own: Shown, rows: dict[str, Row[Any]], at: datetime) -> Reason:
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
        refused=doorway.refuses(ticket.category_id, _seats(own), at),
        is_used=here.entries > 0 and not doorway.rules.reentry,
        is_full=own.is_full,
    )


def _is_authorised(item: Item, place: Place, own: Shown | None, reason: Reason, at: datetime) -> bool:
    """Tell whether the person may decide against the answer: where it only warns, by right, or by the PIN."""
    if not item.override:
        return False
    warns = own is not None and place.doorway.only_warns(reason, own.ticket.category_id, _seats(own))
    return warns or (place.door is not None and place.door.may_override(at))


def _is_same(known: Row[Any], item: Item, place: Place) -> bool:
    code = read_code(item.code) or item.code
    return (known.event_id, known.code, known.kind, known.undo_of) == (place.event_id, code, item.kind, item.undo_of)


def _fold(rows: dict[str, Any], ticket: Row[Any], zone: int | None) -> Folded:
    mine = (row for row in rows.values() if row.ticket_id == ticket.id)
    return fold((Entry(x.id, x.at, x.kind, x.outcome, x.undo_of, x.zone) for x in mine), zone)


def _moved(own: Shown | None, rows: dict[str, Row[Any]], now: dict[str, Any]) -> scanlog.Moved | None:
    """Return where the holder is with the scan `now` among all others; None where that changes nothing."""
    if own is None:
        return None
    ticket, zone = own.ticket, now["zone"]
    was = ticket if zone is None else _fold(rows, ticket, zone)
    is_now = _fold_with(own, rows, now)
    if (is_now.inside, is_now.entries) == (was.inside, was.entries):
        return None
    return scanlog.Moved(ticket, zone, is_now.inside, is_now.entries)


def _fold_with(own: Shown, rows: dict[str, Row[Any]], now: dict[str, Any]) -> Folded:
    return _fold({**rows, now["id"]: SimpleNamespace(**now)}, own.ticket, now["zone"])


def _answered(
    connection: Connection,
    place: Place,
    own: Shown | None,
    rows: dict[str, Row[Any]],
    now: dict[str, Any],
    *,
    replayed: bool,
) -> Result:
    """Write which scans of the ticket are conflicts with `now` among them, and return the answer."""
    answer = Result(now["id"], now["decision"], now["reason"], now["outcome"], replayed=replayed)
    if own is None:
        return answer
    zone, ticket, folded = now["zone"], own.ticket, _fold_with(own, rows, now)
    marked = {key for key, row in rows.items() if row.conflict and row.ticket_id == ticket.id and row.zone == zone}
    scanlog.mark_conflicts(connection, [(key, key in folded.conflicts) for key in marked ^ folded.conflicts])
    is_conflict, last = answer.id in folded.conflicts, folded.last
    is_twice = is_conflict or answer.reason is Reason.ALREADY_ADMITTED
    is_welcome, is_house = answer.reason is Reason.OK, place.doorway.zone is None
    forums = scanlog.forums(connection, ticket.participant_id) if is_welcome and is_house else own.seats
    answer = replace(
        answer,
        conflict=is_conflict,
        ticket=guest_of(ticket, folded.entries, *((forums, place.notes) if is_welcome else ())),
        first=first_of(scanlog.first(connection, last)) if is_twice and last and last != answer.id else None,
    )
    return _sent_on(answer, place.doorway, own) if answer.reason is Reason.OTHER_ENTRANCE else answer


def _sent_on(answer: Result, doorway: Doorway, own: Shown) -> Result:
    """Add where a guest belongs who stands at the wrong entrance, or that they chose nothing for this time."""
    items, category_id = doorway.right_seats(_seats(own)), own.ticket.category_id
    doors = doorway.right_doors(category_id)
    right = (*(forum_of(row) for row in own.seats if row.item_id in items), *(Forum(name) for name in doors))
    notice = None
    if doorway.chose_nothing(category_id, _seats(own)):
        notice = Notice.CHOSE_NOTHING_FULL if own.is_full else Notice.CHOSE_NOTHING
    return replace(answer, right=right, notice=notice)


def _seats(own: Shown) -> list[Seat]:
    return [Seat(row.item_id, row.starts_at, row.ends_at) for row in own.seats]
