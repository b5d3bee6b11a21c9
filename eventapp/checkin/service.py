"""The scan path: what a phone reports is taken into the log, decided and folded.

One transaction a scan: lock the ticket's row, then look the scan's id up, then decide, write and fold. The lock makes
two phones with the same ticket wait for each other; the id, made by the phone, makes a repeated request the same scan.
"""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import Connection, Row, select

from eventapp.agenda.labels import ITEM_KINDS
from eventapp.checkin import scanlog
from eventapp.checkin.devices.rights import demand, entrance_of
from eventapp.checkin.envelope import Envelope, First, Forum, Guest, Item, Result, not_stored
from eventapp.checkin.models import Device
from eventapp.checkin.queries import Found, find_device, search_guests
from eventapp.checkin.rules import (
    GREETINGS,
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
from eventapp.core import audit, i18n, limits
from eventapp.core.db import insert_missing, transaction
from eventapp.core.localized import plain
from eventapp.events.models import Event
from eventapp.events.rules import EventState
from eventapp.registration.rules import ParticipantState
from eventapp.tickets.models import TicketState
from eventapp.tickets.rules import Practice, is_practice, practice_meaning, read_code

_SEEN_EVERY = timedelta(seconds=30)


@dataclass(frozen=True)
class Place:
    """Where and by whom is scanned, as plain values: objects would be read anew in every transaction."""

    event_id: int
    opening: Opening
    account_id: int | None
    device_id: int | None
    entrance_id: int | None
    received_at: datetime
    ahead: timedelta = timedelta()
    door: Door | None = None
    """Who scans; None may not decide against the answer."""


def take(envelope: Envelope, event: Event, door: Door, received_at: datetime) -> list[Result]:
    """Take the scans of a phone in their order, each by itself; one that cannot be read does not stop the others.

    Raise NotAllowed or OtherEntrance.
    """
    demand(door, DoorRight.SCAN)
    if envelope.practice:
        return [practise(item, received_at) for item in envelope.items]
    if door.device is not None:  # the cookie says which device this is, whatever the envelope says
        name = envelope.device_name or door.device.name
        envelope = replace(envelope, device_id=door.device.public_id, device_name=name)
    place = Place(
        event_id=event.id,
        opening=Opening(event.starts_at, event.ends_at, event.zone, event.state is EventState.CALLED_OFF),
        account_id=door.account_id,
        device_id=None,
        entrance_id=entrance_of(door, envelope.entrance),
        received_at=received_at,
        ahead=skew(envelope.sent_at, received_at),
        door=door,
    )
    if envelope.device_id:
        place = replace(place, device_id=see_device(envelope, place))
    return [record(item, place) if isinstance(item, Item) else not_stored(item) for item in envelope.items]


def practise(item: Item | str | None, now: datetime) -> Result:
    """Answer a practice code; nothing is stored, and a real ticket is unknown here."""
    if not isinstance(item, Item):
        return not_stored(item)
    code = read_code(item.code)
    meaning = practice_meaning(code) if code else None
    reason = Reason.MALFORMED if code is None else Reason(meaning or Reason.UNKNOWN)
    if item.kind is not ScanKind.ENTRY:
        reason = Reason.OK
    decision = Decision.ADMIT if reason is Reason.OK else Decision.DENY
    is_known = meaning not in (None, Practice.UNKNOWN, Practice.OTHER_EVENT)
    language = i18n.current_language()
    return Result(
        item.id,
        decision,
        reason,
        outcome_of(item.mode, decision, item.outcome),
        ticket=Guest(_("Example Guest"), _("Practice"), 0, language, GREETINGS[language]) if is_known else None,
        first=First(now - timedelta(minutes=5), "", "") if reason is Reason.ALREADY_ADMITTED else None,
    )


def see_device(envelope: Envelope, place: Place) -> int:
    """Note that a phone gave a sign of life, at most twice a minute; return its row."""
    found = find_device(place.event_id, envelope.device_id)
    new = (envelope.device_name, place.entrance_id, place.account_id)
    is_same = found is not None and (found.name, found.entrance_id, found.account_id) == new
    if found is not None and is_same and place.received_at - found.seen_at < _SEEN_EVERY:
        return found.id
    key = {"event_id": place.event_id, "public_id": envelope.device_id}
    with transaction() as session:
        insert_missing(session, Device, **key, name=envelope.device_name, seen_at=place.received_at)
        device = session.execute(select(Device).filter_by(**key)).scalar_one()
        device.name, device.entrance_id, device.account_id = new
        device.seen_at = place.received_at
        session.flush()
        return device.id


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
    """Take one scan into the log and answer it: decided once, folded with all others of its ticket."""
    code = read_code(item.code)
    with transaction() as session:
        connection = session.connection()
        ticket = None if code is None else scanlog.lock_ticket(connection, code)
        own = ticket if ticket is not None and ticket.event_id == place.event_id else None
        rows = {row.id: row for row in scanlog.history(connection, own.id if own else None, item.id)}
        known = rows.get(item.id)
        if known is None:
            made = _decided(item, place, code, ticket, rows)
            if scanlog.insert(connection, made):
                return _folded(connection, own, rows, made, replayed=False)
            rows = {row.id: row for row in scanlog.history(connection, own.id if own else None, item.id)}
            known = rows[item.id]  # without a ticket there was no lock: the same scan came twice at the same moment
        if not _is_same(known, item, place):
            return not_stored(item.id)
        now = dict(known._mapping)
        replayed = item.mode is not ScanMode.TELL or known.outcome is item.outcome
        if not replayed:
            told = {"outcome": item.outcome, "override": item.override, "local_reason": item.local_reason}
            told["authorised"] = _is_authorised(item, place, known.at)
            now |= told | {"mode": ScanMode.TELL}
            scanlog.tell(connection, item.id, **told, mode=ScanMode.TELL)
        return _folded(connection, own, rows, now, replayed=replayed)


def _decided(
    item: Item, place: Place, code: str | None, ticket: Row[Any] | None, rows: dict[str, Row[Any]]
) -> dict[str, Any]:
    """Decide a scan that is not known yet and return the row to be written."""
    at = corrected(item.at, place.ahead, place.received_at)
    is_own = ticket is not None and ticket.event_id == place.event_id
    reason = _reason(item, place, code, ticket, at)
    if any(row.undo_of == item.id for row in rows.values()):
        reason = Reason.UNDONE
    decision = Decision.ADMIT if reason is Reason.OK else Decision.DENY
    return {
        "id": item.id,
        "event_id": place.event_id,
        "ticket_id": ticket.id if is_own and ticket is not None else None,
        "code": code or item.code,
        "kind": item.kind,
        "undo_of": item.undo_of,
        "mode": item.mode,
        "at": at,
        "received_at": place.received_at,
        "device_id": place.device_id,
        "entrance_id": place.entrance_id,
        "account_id": place.account_id,
        "decision": decision,
        "reason": reason,
        "outcome": outcome_of(item.mode, decision, item.outcome),
        "conflict": False,
        "override": item.override,
        "authorised": _is_authorised(item, place, at),
        "local_reason": item.local_reason,
    }


def _reason(item: Item, place: Place, code: str | None, ticket: Row[Any] | None, at: datetime) -> Reason:
    if code is None:
        return Reason.MALFORMED
    if is_practice(code) or ticket is None:
        return Reason.UNKNOWN
    standing = Standing(
        is_of_this_event=ticket.event_id == place.event_id,
        is_cancelled=ticket.state is TicketState.CANCELLED or ticket.standing is ParticipantState.CANCELLED,
        is_revoked=ticket.state is TicketState.REVOKED,
        is_confirmed=ticket.standing is ParticipantState.CONFIRMED,
    )
    if item.kind is ScanKind.UNDO:
        return Reason.OK if standing.is_of_this_event else Reason.OTHER_EVENT
    return decide(item.kind, standing, ticket.inside, place.opening.closed_because(at))


def _is_authorised(item: Item, place: Place, at: datetime) -> bool:
    return item.override and place.door is not None and place.door.may_override(at)


def _is_same(known: Row[Any], item: Item, place: Place) -> bool:
    code = read_code(item.code) or item.code
    return (known.event_id, known.code, known.kind, known.undo_of) == (place.event_id, code, item.kind, item.undo_of)


def _folded(
    connection: Connection, ticket: Row[Any] | None, rows: dict[str, Row[Any]], now: dict[str, Any], *, replayed: bool
) -> Result:
    """Fold the ticket's scans with `now` among them, write what changed and return the answer."""
    answer = Result(now["id"], now["decision"], now["reason"], now["outcome"], replayed=replayed)
    if ticket is None:
        return answer
    logged: dict[str, Any] = {key: row._mapping for key, row in rows.items() if row.ticket_id == ticket.id}
    logged[now["id"]] = now
    folded = fold(Entry(x["id"], x["at"], x["kind"], x["outcome"], x["undo_of"]) for x in logged.values())
    if (folded.inside, folded.entries) != (ticket.inside, ticket.entries):
        scanlog.move(connection, ticket, inside=folded.inside, entries=folded.entries)
    was = {key for key, row in logged.items() if row["conflict"]}
    scanlog.mark_conflicts(connection, [(key, key in folded.conflicts) for key in was ^ folded.conflicts])
    is_conflict = answer.id in folded.conflicts
    is_twice = is_conflict or answer.reason is Reason.ALREADY_ADMITTED
    return replace(
        answer,
        conflict=is_conflict,
        ticket=_guest(connection, ticket, folded, with_forums=answer.reason is Reason.OK),
        first=_first(connection, folded.admission) if is_twice and folded.admission != answer.id else None,
    )


def _guest(connection: Connection, ticket: Row[Any], folded: Folded, *, with_forums: bool) -> Guest:
    rows = scanlog.forums(connection, ticket.participant_id) if with_forums else []
    return Guest(
        name=" ".join(part for part in (ticket.title, ticket.given_name, ticket.family_name) if part),
        category=plain(ticket.label),
        entries=folded.entries,
        language=ticket.language,
        greeting=GREETINGS.get(ticket.language, ""),
        items=tuple(
            Forum(
                label=" ".join(str(part) for part in (ITEM_KINDS[row.kind], row.position or "") if part),
                title=plain(row.title),
                room=row.room or "",
                starts_at=row.starts_at,
            )
            for row in rows
        ),
    )


def _first(connection: Connection, scan_id: str | None) -> First | None:
    row = scanlog.first(connection, scan_id) if scan_id else None
    return First(row.at, row.device or row.person or "", row.entrance or "") if row else None
