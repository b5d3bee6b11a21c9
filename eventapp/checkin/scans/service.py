"""Takes scans into the log: decided once, folded with all others of the ticket.

The order is the guarantee: lock the ticket's row, then look the scan's id up, then decide, write and fold, in one
transaction. The lock makes two phones with the same ticket wait for each other; the id, made by the phone, makes a
repeated request the same scan. What comes at the same moment shares a transaction where that changes nothing
(`scans.together`).
"""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, Row

from eventapp.checkin.entrances.queries import count_inside
from eventapp.checkin.envelope import Item, Result, not_stored
from eventapp.checkin.rules import Reason, ScanMode
from eventapp.checkin.scans import statements
from eventapp.checkin.scans.answers import Answered, result_of
from eventapp.checkin.scans.deciding import (
    Place,
    Rows,
    Shown,
    asks_for_room,
    decided,
    fold_with,
    is_authorised,
    is_same,
    moved,
)
from eventapp.core.db import transaction
from eventapp.tickets.rules import read_code


def record(item: Item, place: Place) -> Result:
    """Take one scan into the log and answer it."""
    answered = _recorded(item, place)
    return not_stored(item.id) if answered is None else result_of(answered, place)


def _recorded(item: Item, place: Place) -> Answered | None:
    """Take one scan; None when its id stands for another one."""
    code = read_code(item.code)
    with transaction() as session:
        connection = session.connection()
        ticket = None if code is None else statements.lock_ticket(connection, code)
        own = _shown(connection, item, place, ticket)
        ticket_id = own.ticket.id if own else None
        rows = {row.id: row for row in statements.history(connection, ticket_id, item.id)}
        known = rows.get(item.id)
        if known is None:
            made = decided(item, place, ticket, own, rows)
            if statements.insert(connection, made, moved(own, rows, made)):
                return settled(connection, place, Answered(made, own=own), rows)
            rows = {row.id: row for row in statements.history(connection, ticket_id, item.id)}
            known = rows[item.id]  # without a ticket there was no lock: the same scan came twice at the same moment
        if not is_same(known, item, place):
            return None
        now = dict(known._mapping)
        replayed = item.mode is not ScanMode.TELL or known.outcome is item.outcome
        if not replayed:
            told = {"outcome": item.outcome, "override": item.override, "local_reason": item.local_reason}
            told["authorised"] = is_authorised(item, place, own, known.reason, known.at)
            now |= told | {"mode": ScanMode.TELL}
            statements.tell(connection, item.id, **told, mode=ScanMode.TELL)
        if (there := moved(own, rows, now)) is not None:
            statements.move(connection, there)
        return settled(connection, place, Answered(now, replayed, own), rows)


def _shown(connection: Connection, item: Item, place: Place, ticket: Row[Any] | None) -> Shown | None:
    if ticket is None or ticket.event_id != place.event_id:
        return None
    zone, limit = place.doorway.zone, place.doorway.rules.limit
    seats = statements.forums(connection, [ticket.participant_id]) if zone is not None else []
    is_full = asks_for_room(item, place) and limit is not None and count_inside(place.event_id, zone) >= limit
    return Shown(ticket, seats, is_full)


def settled(
    connection: Connection,
    place: Place,
    answered: Answered,
    rows: Rows,
    forums: Mapping[int, Sequence[Row[Any]]] | None = None,
) -> Answered:
    """Write which scans of the ticket are conflicts with this one among them, and read what its answer tells.

    `forums`: those of the holders by their id, when they were read before.
    """
    now, own = answered.now, answered.own
    if own is None:
        return answered
    folded, ticket = fold_with(own, rows, now), own.ticket
    of_here = (row for row in rows.values() if row.ticket_id == ticket.id and row.zone == now["zone"])
    marked = {row.id for row in of_here if row.conflict}
    statements.mark_conflicts(connection, [(key, key in folded.conflicts) for key in marked ^ folded.conflicts])
    last, first = folded.last, None
    is_twice = now["id"] in folded.conflicts or now["reason"] is Reason.ALREADY_ADMITTED
    if is_twice and last and last != now["id"]:
        first = statements.first(connection, last)
    seats = own.seats
    if now["reason"] is Reason.OK and place.doorway.zone is None:
        who = ticket.participant_id
        seats = statements.forums(connection, [who]) if forums is None else forums.get(who, [])
    return Answered(now, answered.replayed, own, folded, seats, first)
