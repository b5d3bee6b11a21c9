"""Takes scans that come at the same moment in one transaction: the flush to disk and the way to the server are shared.

Each is decided as `scans.service` decides it, under the lock of its ticket. What is not plain is left to that: tickets
that are unknown or that somebody else holds locked, a ticket or an id twice, ids that are known, entrances that count
who is inside. So nobody waits here for anybody but the disk, and an id that another transaction writes at the same
moment makes all of them go alone.
"""

from collections.abc import Callable, Iterator, Sequence
from typing import Any, NamedTuple

from sqlalchemy import Row
from sqlalchemy.orm import Session

from eventapp.checkin.envelope import Item
from eventapp.checkin.models import Scan
from eventapp.checkin.scans import statements
from eventapp.checkin.scans.answers import Answered
from eventapp.checkin.scans.deciding import Place, Shown, asks_for_room, decided, moved
from eventapp.checkin.scans.service import settled
from eventapp.core.bulk import insert_all
from eventapp.core.db import transaction
from eventapp.tickets.rules import is_practice, read_code


class Came(NamedTuple):
    """A scan as it came."""

    item: Item
    place: Place


def record_together(take: Callable[[], Sequence[Came]]) -> list[Answered | None]:
    """Take the plain ones of the scans that `take` gives once this may write; None stands for each that goes alone."""
    with transaction() as session:
        came = take()
        answers: list[Answered | None] = [None] * len(came)
        codes = [read_code(one.item.code) for one in came]
        found = statements.lock_free(session.connection(), {code for code in codes if code and not is_practice(code)})
        tickets = {row.code: row for row in found}
        plain = list(_plain(came, [tickets.get(code) for code in codes]))
        for (n, _), answered in zip(plain, _record(session, [(came[n], row) for n, row in plain]), strict=True):
            answers[n] = answered
    return answers


def _plain(came: Sequence[Came], tickets: Sequence[Row[Any] | None]) -> Iterator[tuple[int, Row[Any]]]:
    """Find the scans whose tickets are known here, the first of each ticket and id."""
    seen: set[int | str] = set()
    for n, ((item, place), ticket) in enumerate(zip(came, tickets, strict=True)):
        if ticket is None or ticket.event_id != place.event_id or asks_for_room(item, place):
            continue
        if not seen & {ticket.id, item.id}:
            yield n, ticket
        seen |= {ticket.id, item.id}


def _record(session: Session, plain: Sequence[tuple[Came, Row[Any]]]) -> list[Answered | None]:
    if not plain:
        return []
    connection = session.connection()
    tickets, scans = [ticket.id for _, ticket in plain], [one.item.id for one, _ in plain]
    rows: dict[int, dict[str, Row[Any]]] = {ticket_id: {} for ticket_id in tickets}
    known = set()
    for row in statements.histories(connection, tickets, scans):
        rows.get(row.ticket_id, {})[row.id] = row
        known.add(row.id)
    forums: dict[int, list[Row[Any]]] = {}
    for row in statements.forums(connection, [ticket.participant_id for _, ticket in plain]):
        forums.setdefault(row.participant_id, []).append(row)
    made: dict[str, Answered] = {}
    for (item, place), ticket in plain:
        if item.id not in known:
            own = Shown(ticket, forums.get(ticket.participant_id, []) if place.doorway.zone is not None else [], False)
            made[item.id] = Answered(decided(item, place, ticket, own, rows[ticket.id]), own=own)
    insert_all(session, Scan, [one.now for one in made.values()])
    there = [moved(one.own, rows[one.own.ticket.id], one.now) for one in made.values() if one.own]
    statements.move(connection, *[one for one in there if one is not None])
    return [
        settled(connection, place, made[item.id], rows[ticket.id], forums) if item.id in made else None
        for (item, place), ticket in plain
    ]
