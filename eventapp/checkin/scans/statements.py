"""The statements of the scan path, written once: Core instead of the ORM, because a queue waits behind each scan.

All of them run inside the transactions of `scans.service`; see there for the order, which is the guarantee.
"""

from collections.abc import Collection, Iterable, Sequence
from typing import Any, cast

from sqlalchemy import Connection, Row, String, Table, bindparam, func, select, text, union_all, update
from sqlalchemy import cast as sql_cast
from sqlalchemy.dialects import postgresql, sqlite

from eventapp.accounts.models import Account
from eventapp.agenda.models import AgendaItem, Room
from eventapp.capacity.models import Seat, SeatLimit
from eventapp.capacity.rules import LimitKind
from eventapp.checkin.models import Device, Entrance, Presence, Scan
from eventapp.checkin.scans.deciding import Moved
from eventapp.core.bulk import each
from eventapp.events.models import Category
from eventapp.registration.attention.models import AttentionNote
from eventapp.registration.models import ItemChoice, Participant
from eventapp.tickets.models import Ticket

_ticket, _scan = cast(Table, Ticket.__table__), cast(Table, Scan.__table__)
_participant, _category = cast(Table, Participant.__table__), cast(Table, Category.__table__)
_account, _presence = cast(Table, Account.__table__), cast(Table, Presence.__table__)
_note = cast(Table, AttentionNote.__table__)
_device, _entrance = cast(Table, Device.__table__), cast(Table, Entrance.__table__)

_HELD = (
    select(
        _ticket.c.id,
        _ticket.c.code,
        _ticket.c.event_id,
        _ticket.c.state,
        _ticket.c.inside,
        _ticket.c.entries,
        _ticket.c.participant_id,
        _participant.c.state.label("standing"),
        _participant.c.title,
        _participant.c.given_name,
        _participant.c.family_name,
        _participant.c.language,
        _participant.c.category_id,
        _category.c.label,
        _note.c.is_vip,
        _note.c.no_photo,
        _note.c.needs,
    )
    .join(_participant, _participant.c.id == _ticket.c.participant_id)
    .join(_category, _category.c.id == _participant.c.category_id)
    .outerjoin(_note, _note.c.participant_id == _ticket.c.participant_id)
)
_LOCK = _HELD.where(_ticket.c.code == bindparam("code")).with_for_update(of=_ticket)
_LOCK_FREE = each(_HELD.with_for_update(of=_ticket, skip_locked=True), _ticket.c.code, "codes")
_OF_TICKETS = each(select(_scan), _scan.c.ticket_id, "tickets")
_WITH_IDS = each(select(_scan), _scan.c.id, "scans")
_HISTORIES = {name: union_all(_OF_TICKETS[name], _WITH_IDS[name]) for name in _OF_TICKETS}
_FIRST = (
    select(
        _scan.c.at,
        _device.c.name.label("device"),
        _entrance.c.name.label("entrance"),
        _account.c.name.label("person"),
    )
    .outerjoin(_device, _device.c.id == _scan.c.device_id)
    .outerjoin(_entrance, _entrance.c.id == _scan.c.entrance_id)
    .outerjoin(_account, _account.c.id == _scan.c.account_id)
    .where(_scan.c.id == bindparam("scan"))
)
_SEATED: Any = (
    select(
        ItemChoice.participant_id,
        AgendaItem.id.label("item_id"),
        AgendaItem.kind,
        AgendaItem.position,
        AgendaItem.title,
        AgendaItem.starts_at,
        AgendaItem.ends_at,
        Room.name.label("room"),
    )
    .join(ItemChoice, ItemChoice.item_id == AgendaItem.id)
    .join(Seat, Seat.participant_id == ItemChoice.participant_id)
    .join(
        SeatLimit,
        (SeatLimit.id == Seat.limit_id)
        & (SeatLimit.kind == LimitKind.ITEM)
        & (SeatLimit.key == sql_cast(AgendaItem.id, String)),
    )
    .outerjoin(Room, Room.id == AgendaItem.room_id)
    .where(AgendaItem.is_cancelled.is_(False))
)
_FORUMS = each(_SEATED, ItemChoice.participant_id, "people")
_INSERT: dict[str, Any] = {
    "sqlite": sqlite.insert(_scan).on_conflict_do_nothing().returning(_scan.c.id),
    "postgresql": postgresql.insert(_scan).on_conflict_do_nothing().returning(_scan.c.id),
}
_NEXT_REV: dict[str, Any] = {
    "sqlite": select(func.coalesce(func.max(_ticket.c.rev), 0) + 1)
    .where(_ticket.c.event_id == bindparam("event"))
    .scalar_subquery(),
    "postgresql": text("pg_current_xact_id()::text::bigint"),
}
_MOVE = {
    name: update(_ticket)
    .where(_ticket.c.id == bindparam("ticket"))
    .values(inside=bindparam("now_inside"), entries=bindparam("now_entries"), rev=rev)
    for name, rev in _NEXT_REV.items()
}
_TOUCH = {
    name: update(_ticket).where(_ticket.c.id == bindparam("ticket")).values(rev=rev) for name, rev in _NEXT_REV.items()
}
_NOW: dict[str, Any] = {"inside": bindparam("now_inside"), "entries": bindparam("now_entries")}
_PLACE: dict[str, Any] = {"ticket_id": bindparam("ticket"), "item_id": bindparam("item"), **_NOW}
_KEY = [_presence.c.ticket_id, _presence.c.item_id]
_PUT: dict[str, Any] = {
    "sqlite": sqlite.insert(_presence).values(_PLACE).on_conflict_do_update(index_elements=_KEY, set_=_NOW),
    "postgresql": postgresql.insert(_presence).values(_PLACE).on_conflict_do_update(index_elements=_KEY, set_=_NOW),
}
_TELL = (
    update(_scan)
    .where(_scan.c.id == bindparam("scan"))
    .values(
        outcome=bindparam("now_outcome"),
        override=bindparam("now_override"),
        authorised=bindparam("now_authorised"),
        local_reason=bindparam("now_local_reason"),
        mode=bindparam("now_mode"),
    )
)
_MARK = update(_scan).where(_scan.c.id == bindparam("scan")).values(conflict=bindparam("now_conflict"))


def lock_ticket(connection: Connection, code: str) -> Row[Any] | None:
    """Lock the ticket with this code and return it with its holder."""
    return connection.execute(_LOCK, {"code": code}).one_or_none()


def lock_free(connection: Connection, codes: Collection[str]) -> Sequence[Row[Any]]:
    """Lock the tickets with these codes that nobody else holds locked, and return them with their holders.

    Who waits for no ticket while holding others can be part of no deadlock, and makes nobody else wait.
    """
    return connection.execute(_LOCK_FREE[connection.dialect.name], {"codes": list(codes)}).all()


def histories(connection: Connection, tickets: Sequence[int], scans: Sequence[str]) -> Sequence[Row[Any]]:
    """Return all scans of these tickets, and the scans with these ids wherever they belong; some twice."""
    statement = _HISTORIES[connection.dialect.name]
    return connection.execute(statement, {"tickets": tickets, "scans": scans}).all()


def insert(connection: Connection, values: dict[str, Any]) -> bool:
    """Write a scan; False when another transaction has written this id at the same moment."""
    return connection.execute(_INSERT[connection.dialect.name], values).first() is not None


def tell(connection: Connection, scan_id: str, **now: Any) -> None:
    """Write what the door did with a scan that is known."""
    connection.execute(_TELL, {"scan": scan_id, **{f"now_{name}": value for name, value in now.items()}})


def mark_conflicts(connection: Connection, changed: Iterable[tuple[str, bool]]) -> None:
    """Write which scans are conflicts and which are no more."""
    for scan_id, is_conflict in changed:
        connection.execute(_MARK, {"scan": scan_id, "now_conflict": is_conflict})


def move(connection: Connection, *there: Moved | None) -> None:
    """Write where holders are now, those who moved, with a revision that no late commit can hide."""
    moved = [one for one in there if one is not None]
    name = connection.dialect.name
    in_house = [one.told() | _event(one, name) for one in moved if one.zone is None]
    if in_house:
        connection.execute(_MOVE[name], in_house)
    for one in moved:
        if one.zone is not None:
            connection.execute(_PUT[name], one.told() | {"item": one.zone})
            connection.execute(_TOUCH[name], {"ticket": one.ticket.id} | _event(one, name))


def _event(moved: Moved, dialect: str) -> dict[str, int]:
    """Return what the next revision needs to know, on SQLite alone."""
    return {"event": moved.ticket.event_id} if dialect == "sqlite" else {}


def first(connection: Connection, scan_id: str) -> Row[Any] | None:
    """Return when, at which entrance and on which phone a scan was made."""
    return connection.execute(_FIRST, {"scan": scan_id}).one_or_none()


def forums(connection: Connection, people: Sequence[int]) -> Sequence[Row[Any]]:
    """Return the items at which these participants have a seat, in the order of the day."""
    found = connection.execute(_FORUMS[connection.dialect.name], {"people": people})
    return sorted(found, key=lambda row: (row.starts_at, row.item_id))
