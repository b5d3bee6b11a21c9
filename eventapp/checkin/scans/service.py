"""Takes scans into the log: decided once, folded with all others of the ticket.

The order is the guarantee: lock the ticket's row, then look the scan's id up, then decide, write and fold, in one
transaction. The lock makes two phones with the same ticket wait for each other; the id, made by the phone, makes a
repeated request the same scan.

Scans that come at the same moment share a transaction, with its flush to disk and its ways to the server, where that
changes nothing. What is not plain goes alone: tickets that are unknown or that somebody else holds locked, a ticket or
an id twice, ids that are known, entrances that count who is inside. So nobody waits there for anybody but the disk, and
an id that another transaction writes at the same moment makes all of them go alone.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from sqlalchemy import Connection, Row
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from eventapp.checkin.answers import Answered, not_stored, result_of
from eventapp.checkin.entrances.queries import count_inside
from eventapp.checkin.envelope import Item, Result
from eventapp.checkin.models import Scan
from eventapp.checkin.rules import Reason, ScanMode
from eventapp.checkin.scans import statements
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
from eventapp.core import log
from eventapp.core.bulk import insert_all, keep_plans
from eventapp.core.db import transaction
from eventapp.tickets.rules import is_practice, read_code


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
        of_ticket = [own.ticket.id] if own else []
        rows = {row.id: row for row in statements.histories(connection, of_ticket, [item.id])}
        known = rows.get(item.id)
        if known is None:
            made = decided(item, place, ticket, own, rows)
            if statements.insert(connection, made):
                statements.move(connection, moved(own, rows, made))
                return _settled(connection, place, Answered(made, own=own), rows)
            rows = {row.id: row for row in statements.histories(connection, of_ticket, [item.id])}
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
        statements.move(connection, moved(own, rows, now))
        return _settled(connection, place, Answered(now, replayed, own), rows)


def _shown(connection: Connection, item: Item, place: Place, ticket: Row[Any] | None) -> Shown | None:
    if ticket is None or ticket.event_id != place.event_id:
        return None
    zone, limit = place.doorway.zone, place.doorway.rules.limit
    seats = statements.forums(connection, [ticket.participant_id]) if zone is not None else []
    is_full = asks_for_room(item, place) and limit is not None and count_inside(place.event_id, zone) >= limit
    return Shown(ticket, seats, is_full)


def _settled(
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


class Came(NamedTuple):
    """A scan as it came."""

    item: Item
    place: Place


def record_together(take: Callable[[], Sequence[Came]]) -> list[Answered | None]:
    """Take the plain ones of the scans that `take` gives once this may write; None stands for each that goes alone.

    None of them may ask at an entrance that counts (`asks_for_room`): its answer depends on all that came before.
    """
    came: list[Came] = []
    answers: dict[int, Answered | None] = {}
    try:
        with transaction() as session:
            keep_plans(session)
            came.extend(take())
            codes = [read_code(one.item.code) for one in came]
            sought = {code for code in codes if code and not is_practice(code)}
            tickets = {row.code: row for row in statements.lock_free(session.connection(), sought)}
            plain = list(_plain(came, [tickets.get(code) for code in codes]))
            made = _recorded_together(session, [(one, ticket) for _, one, ticket in plain])
        answers = {n: answered for (n, *_), answered in zip(plain, made, strict=True)}
    except IntegrityError as error:
        log.failure(error)
    return [answers.get(n) for n in range(len(came))]


def _plain(came: Sequence[Came], tickets: Sequence[Row[Any] | None]) -> Iterator[tuple[int, Came, Row[Any]]]:
    """Find the plain scans, with their place in the line; of a ticket or an id only the very first can be plain."""
    seen: set[int | str] = set()
    for n, (one, ticket) in enumerate(zip(came, tickets, strict=True)):
        is_here = ticket is not None and ticket.event_id == one.place.event_id
        names: set[int | str] = {one.item.id, ticket.id} if ticket is not None else {one.item.id}
        if ticket is not None and is_here and not seen & names:
            yield n, one, ticket
        seen |= names


def _recorded_together(session: Session, plain: Sequence[tuple[Came, Row[Any]]]) -> list[Answered | None]:
    """Take scans of different tickets, all of which are locked; None stands for one whose id is known."""
    if not plain:
        return []
    connection = session.connection()
    rows, known = _read_histories(connection, plain)
    forums: dict[int, list[Row[Any]]] = {}
    for row in statements.forums(connection, [ticket.participant_id for _, ticket in plain]):
        forums.setdefault(row.participant_id, []).append(row)
    made: dict[str, Answered] = {}
    for (item, place), ticket in plain:
        if item.id not in known:
            seats = forums.get(ticket.participant_id, []) if place.doorway.zone is not None else []
            own = Shown(ticket, seats, is_full=False)
            made[item.id] = Answered(decided(item, place, ticket, own, rows[ticket.id]), own=own)
    insert_all(session, Scan, [one.now for one in made.values()])
    statements.move(connection, *(moved(one.own, rows[one.own.ticket.id], one.now) for one in made.values() if one.own))
    return [
        _settled(connection, place, made[item.id], rows[ticket.id], forums) if item.id in made else None
        for (item, place), ticket in plain
    ]


def _read_histories(
    connection: Connection, plain: Sequence[tuple[Came, Row[Any]]]
) -> tuple[dict[int, dict[str, Row[Any]]], set[str]]:
    """Return the scans of each ticket by their id, and all ids that are known."""
    rows: dict[int, dict[str, Row[Any]]] = {ticket.id: {} for _, ticket in plain}
    found = statements.histories(connection, list(rows), [one.item.id for one, _ in plain])
    for row in found:
        rows.get(row.ticket_id, {})[row.id] = row
    return rows, {row.id for row in found}
