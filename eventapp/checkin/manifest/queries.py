"""Reads the list of tickets, whole or what changed since a revision: Core statements, for phones ask every few seconds.

The revision is read first. On Postgres it is the oldest transaction that still runs, and a ticket carries the one that
wrote it: what commits late is at or above the `since` of every phone that could not see it. On SQLite there is one
writer, and the next revision is one more than the largest.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, cast

from sqlalchemy import Connection, Row, String, Table, bindparam, false, func, literal_column, select
from sqlalchemy import cast as sql_cast

from eventapp.agenda.models import AgendaItem, Room
from eventapp.capacity.models import Seat, SeatLimit
from eventapp.capacity.rules import LimitKind
from eventapp.checkin.devices.rules import DoorEvent
from eventapp.checkin.envelope import item_label, milliseconds, name_of
from eventapp.checkin.manifest.rules import key_of, known_since, listed_state, mark, sealed, shape_of
from eventapp.checkin.models import Entrance, Presence
from eventapp.checkin.queries import list_entrances
from eventapp.checkin.rules import GREETINGS
from eventapp.core.db import db
from eventapp.core.localized import plain
from eventapp.events.models import Category
from eventapp.events.rules import EventState
from eventapp.registration.models import ItemChoice, Participant
from eventapp.tickets.models import Ticket, TicketState

Answer = dict[str, Any]
_ticket, _participant = cast(Table, Ticket.__table__), cast(Table, Participant.__table__)
_category, _item, _room = (cast(Table, model.__table__) for model in (Category, AgendaItem, Room))
_presence = cast(Table, Presence.__table__)
_choice, _seat, _limit = (cast(Table, model.__table__) for model in (ItemChoice, Seat, SeatLimit))

_LEAST = select(func.min(_ticket.c.rev)).where(_ticket.c.event_id == bindparam("event")).scalar_subquery()
_LARGEST = select(func.max(_ticket.c.rev)).where(_ticket.c.event_id == bindparam("event")).scalar_subquery()
_REV = {
    "sqlite": select((func.coalesce(_LARGEST, 0) + 1).label("rev"), _LEAST.label("least")),
    "postgresql": select(
        literal_column("pg_snapshot_xmin(pg_current_snapshot())::text::bigint").label("rev"), _LEAST.label("least")
    ),
}
_CATEGORIES = (
    select(_category.c.id, _category.c.label)
    .where(_category.c.event_id == bindparam("event"))
    .order_by(_category.c.id)
)  # fmt: skip
_ITEMS = (
    select(
        _item.c.id,
        _item.c.kind,
        _item.c.position,
        _item.c.title,
        _item.c.starts_at,
        _item.c.ends_at,
        _item.c.is_chosen,
        _item.c.is_cancelled,
        _room.c.name.label("room"),
    )
    .outerjoin(_room, _room.c.id == _item.c.room_id)
    .where(_item.c.event_id == bindparam("event"))
    .order_by(_item.c.id)
)
_TICKETS = (
    select(
        _ticket.c.participant_id,
        _ticket.c.code,
        _ticket.c.state,
        _ticket.c.inside,
        _ticket.c.entries,
        _participant.c.state.label("standing"),
        _participant.c.category_id,
        _participant.c.title,
        _participant.c.given_name,
        _participant.c.family_name,
        _participant.c.language,
    )
    .join(_participant, _participant.c.id == _ticket.c.participant_id)
    .where(_ticket.c.event_id == bindparam("event"), _ticket.c.rev >= bindparam("since"))
)
_THERE = (
    select(
        *(column for column in _TICKETS.selected_columns if column.name not in {"inside", "entries"}),
        func.coalesce(_presence.c.inside, false()).label("inside"),
        func.coalesce(_presence.c.entries, 0).label("entries"),
    )
    .join(_participant, _participant.c.id == _ticket.c.participant_id)
    .outerjoin(_presence, (_presence.c.ticket_id == _ticket.c.id) & (_presence.c.item_id == bindparam("zone")))
    .where(_ticket.c.event_id == bindparam("event"), _ticket.c.rev >= bindparam("since"))
)
"""The same at the door of an item, which counts for itself."""
_SEATS = (
    select(_choice.c.participant_id, _choice.c.item_id)
    .join(_ticket, _ticket.c.participant_id == _choice.c.participant_id)
    .join(_seat, _seat.c.participant_id == _choice.c.participant_id)
    .join(
        _limit,
        (_limit.c.id == _seat.c.limit_id)
        & (_limit.c.kind == LimitKind.ITEM)
        & (_limit.c.key == sql_cast(_choice.c.item_id, String)),
    )
    .where(
        _ticket.c.event_id == bindparam("event"),
        _ticket.c.rev >= bindparam("since"),
        _ticket.c.state == TicketState.VALID,
    )
    .order_by(_choice.c.item_id)
)


@dataclass(frozen=True)
class Manifest:
    """The list: its revision, which phones give back as `since`, and what it says."""

    rev: int
    content: Answer


def read(event: DoorEvent, since: int, entrance: str | None) -> Manifest:
    """Return the list of an event's tickets, or what changed in it since the revision of an earlier answer."""
    doors = list_entrances(event.id)
    door = next((one for one in doors if one.public_id == entrance), None)
    connection, names = db.session.connection(), {"event": event.id}
    now = connection.execute(_REV[connection.dialect.name], names).one()
    categories = connection.execute(_CATEGORIES, names).all()
    items = connection.execute(_ITEMS, names).all()
    zone = door.item_id if door else None
    chosen = [(x.id, x.is_chosen, x.is_cancelled) for x in items]
    shape = shape_of([row.id for row in categories], chosen, zone, event.names_offline)
    start = known_since(since, now.rev, shape, now.least)
    category_indexes = {row.id: index for index, row in enumerate(categories)}
    item_indexes = {row.id: index for index, row in enumerate(items)}
    content = {
        "full": start == 0,
        "event": _event(event),
        "categories": [plain(row.label) for row in categories],
        "items": [_described(row) for row in items],
        "entrance": _entrance(door, doors, item_indexes, category_indexes),
        "tickets": _tickets(connection, event, (start, zone), category_indexes, _open_items(items)),
        "gone": [],
        "greetings": GREETINGS if event.names_offline else {},
    }
    return Manifest(mark(now.rev, shape), content)


def _event(event: DoorEvent) -> Answer:
    return {
        "id": event.public_id,
        "starts_at": milliseconds(event.starts_at),
        "ends_at": milliseconds(event.ends_at),
        "zone": event.zone,
        "called_off": event.state is EventState.CALLED_OFF,
    }


def _described(row: Row[Any]) -> Answer:
    return {
        "title": plain(row.title),
        "label": item_label(row.kind, row.position),
        "room": row.room or "",
        "starts_at": milliseconds(row.starts_at),
        "ends_at": milliseconds(row.ends_at),
    }


def _entrance(
    door: Entrance | None, doors: Sequence[Entrance], items: dict[int, int], categories: dict[int, int]
) -> Answer | None:
    """Return the rules of an entrance in the indexes of this answer; None is the only door of the event.

    `neighbours` are the entrances of the house to which a guest of another category can be sent.
    """
    if door is None:
        return None
    others = [one for one in doors if door.category_ids and one.item_id is None and one.id != door.id]
    return {
        "id": door.public_id,
        "name": door.name,
        "item": items[door.item_id] if door.item_id is not None else None,
        "categories": _taken(door, categories),
        "opens_at": milliseconds(door.opens_at) if door.opens_at else None,
        "closes_at": milliseconds(door.closes_at) if door.closes_at else None,
        "reentry": door.reentry,
        "limit": door.limit,
        "neighbours": [{"name": one.name, "categories": _taken(one, categories)} for one in others],
    }


def _taken(door: Entrance, categories: dict[int, int]) -> list[int] | None:
    """Return the categories that an entrance takes; None: all."""
    return [categories[one] for one in door.category_ids] or None


def _open_items(items: Sequence[Row[Any]]) -> dict[int, int]:
    return {row.id: index for index, row in enumerate(items) if not row.is_cancelled}


def _tickets(
    connection: Connection,
    event: DoorEvent,
    wanted: tuple[int, int | None],
    categories: dict[int, int],
    items: dict[int, int],
) -> list[list[Any]]:
    """Return the tickets that changed since a revision, as they are in a zone.

    They stand in the order of their hashes, which says nothing about who signed up when. Last stands the name, sealed,
    if the organiser lets phones keep it.
    """
    since, zone = wanted
    given = {"event": event.id, "since": since}
    here = connection.execute(_TICKETS, given) if zone is None else connection.execute(_THERE, given | {"zone": zone})
    tickets = here.all()
    seats = defaultdict[int, list[int]](list)
    for row in connection.execute(_SEATS, given):
        if row.item_id in items:
            seats[row.participant_id].append(items[row.item_id])
    return sorted(
        [
            key_of(event.public_id, row.code),
            int(listed_state(row.state, row.standing)),
            categories[row.category_id],
            int(row.inside),
            row.entries,
            seats[row.participant_id] if row.state is TicketState.VALID else [],
            *([sealed(event.public_id, row.code, name_of(row), row.language)] if event.names_offline else []),
        ]
        for row in tickets
    )
