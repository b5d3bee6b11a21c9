"""What must hold after every scan, folded anew from the log of an event; called by `flask doctor`."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import select

from eventapp.checkin.models import Presence, Scan
from eventapp.checkin.rules import Entry, fold
from eventapp.core.db import db
from eventapp.tickets.models import Ticket

Zones = dict[int | None, tuple[bool, int]]


def list_faults(event_id: int) -> list[str]:
    """Return in English, for operators, where a ticket is somewhere else than its scans say; nothing is right."""
    log, marked = _read_log(event_id)
    found = []
    for ticket_id, zones in _read_tickets(event_id).items():
        entries = log.get(ticket_id, [])
        conflicts: set[str] = set()
        for zone in {*zones, *(entry.zone for entry in entries)}:
            folded = fold(entries, zone)
            conflicts |= folded.conflicts
            here, logged = zones.get(zone, (False, 0)), (folded.inside, folded.entries)
            if here != logged:
                place = "house" if zone is None else f"item {zone}"
                found.append(f"ticket {ticket_id}, {place}: inside and entries are {here}, the log says {logged}")
        if conflicts != marked.get(ticket_id, set()):
            found.append(f"ticket {ticket_id}: other scans are marked as conflicts than the log says")
    return found


def _read_log(event_id: int) -> tuple[dict[int, list[Entry]], dict[int, set[str]]]:
    columns = (Scan.ticket_id, Scan.conflict, Scan.id, Scan.at, Scan.kind, Scan.outcome, Scan.undo_of, Scan.zone)
    log, marked = defaultdict[int, list[Entry]](list), defaultdict[int, set[str]](set)
    wanted = select(*columns).where(Scan.event_id == event_id, Scan.ticket_id.is_not(None))
    rows: Iterable[Sequence[Any]] = db.session.execute(wanted)
    for row in rows:
        entry = Entry(*row[2:])
        log[row[0]].append(entry)
        if row[1]:
            marked[row[0]].add(entry.id)
    return log, marked


def _read_tickets(event_id: int) -> dict[int, Zones]:
    house = select(Ticket.id, Ticket.inside, Ticket.entries).where(Ticket.event_id == event_id)
    found: dict[int, Zones] = {row[0]: {None: (row[1], row[2])} for row in db.session.execute(house)}
    rooms = select(Presence.ticket_id, Presence.item_id, Presence.inside, Presence.entries)
    mine = rooms.join(Ticket, Ticket.id == Presence.ticket_id).where(Ticket.event_id == event_id)
    for ticket_id, item_id, inside, entries in db.session.execute(mine):
        found[ticket_id][item_id] = (inside, entries)
    return found
