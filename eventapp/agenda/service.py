"""Writes of rooms and agenda items; called by the editors, by copies, by tests and by the demo.

Speakers, their roles on items and partners are written in `agenda.people.service`.
"""

import uuid
from dataclasses import replace
from datetime import timedelta
from typing import Any

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from eventapp.agenda.models import AgendaItem, Room, Speaker
from eventapp.agenda.queries import input_of_item, input_of_room
from eventapp.agenda.rules import (
    MOVING,
    ForeignRoom,
    ItemChosen,
    ItemInput,
    ItemIsPublic,
    RoomInput,
    RoomInUse,
    RoomNameTaken,
    check_item,
    check_room,
)
from eventapp.capacity.refusals import LimitInUse
from eventapp.capacity.rules import LimitKind
from eventapp.capacity.service import drop_limit, set_size
from eventapp.core import audit, clock, ids
from eventapp.core.changes import Changes, Seen, check_unchanged, differences
from eventapp.core.db import db, transaction
from eventapp.core.refusal import NotFound
from eventapp.events.rules import IS_PUBLIC, shifted
from eventapp.events.service import lock_event, touch


def add_room(event_id: int, given: RoomInput) -> Room:
    """Add a room to the venue of an event; it comes last unless a position is given."""
    check_room(given)
    with transaction() as session:
        lock_event(event_id)
        _check_room_name(session, event_id, given.name)
        last = session.scalar(select(func.max(Room.position)).where(Room.event_id == event_id)) or 0
        room = Room(event_id=event_id, **{**vars(given), "position": given.position or last + 1})
        session.add(room)
        record(event_id, "room.added", f"room:{given.name}")
    return room


def update_room(room_id: int, given: RoomInput, seen: Seen | None = None) -> Changes:
    """Write all that an organiser says about a room; another name is another place in calendars."""
    check_room(given)
    with transaction() as session:
        lock_event(session.get_one(Room, room_id).event_id)
        room = session.get_one(Room, room_id, populate_existing=True)  # as it is under the lock
        before = input_of_room(room)
        changes = differences(before, replace(given, position=given.position or room.position))
        if not changes:
            return changes
        check_unchanged(before, seen)
        if changes.has("name"):
            _check_room_name(session, room.event_id, given.name, room_id)
            _raise_sequence(session, AgendaItem.room_id == room_id)
        for change in changes.each:
            setattr(room, change.field, change.new)
        record(room.event_id, "room.changed", f"room:{given.name}", changes)
    return changes


def remove_room(room_id: int) -> None:
    """Remove a room in which nothing takes place."""
    with transaction() as session:
        lock_event(session.get_one(Room, room_id).event_id)
        room = session.get_one(Room, room_id, populate_existing=True)
        if session.scalar(select(AgendaItem.id).where(AgendaItem.room_id == room_id).limit(1)) is not None:
            raise RoomInUse
        session.delete(room)
        record(room.event_id, "room.removed", f"room:{room.name}")


def add_item(event_id: int, given: ItemInput) -> AgendaItem:
    """Add an item to the programme, with its limit when guests choose it."""
    check_item(given)
    with transaction() as session:
        lock_event(event_id)
        _check_room(session, event_id, given.room_id)
        now = clock.now()
        item = AgendaItem(
            event_id=event_id,
            slug=free_slug(AgendaItem, event_id, given.title.pick("de").text, given.kind.value),
            uid=f"{uuid.uuid4()}@eventapp",
            created_at=now,
            changed_at=now,
            **_plain(given),
        )
        session.add(item)
        session.flush()
        if given.is_chosen:
            set_size(event_id, LimitKind.ITEM, str(item.id), given.seats)
        record(event_id, "item.added", f"item:{item.slug}")
    return item


def update_item(item_id: int, given: ItemInput, seen: Seen | None = None) -> Changes:
    """Write all that an organiser says about an item and return what changed; its address stays.

    `seen` is what the editor had before their eyes; ChangedMeanwhile when somebody else changed it since.
    """
    check_item(given)
    with transaction() as session:
        item = lock_item(item_id)
        before = input_of_item(item)
        given = given if given.is_chosen else replace(given, seats=None)
        changes = differences(before, given, MOVING)
        if not changes:
            return changes
        check_unchanged(before, seen)
        _check_room(session, item.event_id, given.room_id)
        for name, value in _plain(given).items():
            setattr(item, name, value)
        if changes.has("is_chosen") or changes.has("seats"):
            _resize(item, given)
        item.sequence += bool(changes.moves)
        item.changed_at = clock.now()
        session.flush()
        session.expire(item, ["room"])  # the room object follows its id only when it is read anew
        record(item.event_id, "item.changed", f"item:{item.slug}", changes)
    return changes


def cancel_item(item_id: int) -> bool:
    """Cancel an item: it stays visible, marked; return whether it took place until now."""
    return _set_cancelled(item_id, True)


def restore_item(item_id: int) -> bool:
    """Let a cancelled item take place after all; return whether it was cancelled until now."""
    return _set_cancelled(item_id, False)


def remove_item(item_id: int) -> None:
    """Remove an item of an event that guests have not seen yet; afterwards it can only be cancelled."""
    with transaction() as session:
        item = lock_item(item_id)
        if item.event.state in IS_PUBLIC:
            raise ItemIsPublic
        if item.is_chosen:
            _drop_limit(item)
        session.delete(item)
        record(item.event_id, "item.removed", f"item:{item.slug}")


def move_items(event_id: int, shift: timedelta) -> None:
    """Move all items by whole days of the zone, because the event's day changed; each raises its SEQUENCE once."""
    with transaction() as session:
        event = lock_event(event_id)
        now = clock.now()
        for item in session.scalars(select(AgendaItem).where(AgendaItem.event_id == event_id)):
            starts_at = shifted(item.starts_at, shift, event.zone)
            item.ends_at = shifted(item.ends_at, shift, event.zone)
            item.starts_at = starts_at
            item.sequence += 1
            item.changed_at = now
        record(event_id, "agenda.moved", f"event:{event.public_id}")


def follow_event(event_id: int) -> None:
    """Raise SEQUENCE of all items, because the event's place or state, which stand in their calendars, changed."""
    with transaction() as session:
        _raise_sequence(session, AgendaItem.event_id == event_id)


def lock_item(item_id: int) -> AgendaItem:
    """Return an item, locked together with its event until the transaction ends; raise NotFound."""
    with transaction() as session:
        item = session.get(AgendaItem, item_id)
        if item is None:
            raise NotFound
        lock_event(item.event_id)
        return session.get_one(AgendaItem, item_id, populate_existing=True)  # as it is under the lock


def record(event_id: int, action: str, about: str, changes: Changes | None = None) -> None:
    """Write a history entry of the programme and raise the version of the event."""
    touch(event_id)
    facts = {"fields": [change.field for change in changes.each]} if changes else {}
    audit.record(action, about[:80], event_id=event_id, facts=facts)


def free_slug(model: type[AgendaItem] | type[Speaker], event_id: int, text: str, otherwise: str) -> str:
    """Return an address made from `text` that no other row of `model` in this event has."""
    session = db.session
    wanted = ids.slug(text, 50) or otherwise
    taken = set(session.scalars(select(model.slug).where(model.event_id == event_id)))
    return next(slug for n in range(1, 10_000) if (slug := wanted if n == 1 else f"{wanted}-{n}") not in taken)


def _set_cancelled(item_id: int, cancelled: bool) -> bool:
    with transaction():
        item = lock_item(item_id)
        if item.is_cancelled is cancelled:
            return False
        item.is_cancelled = cancelled
        item.sequence += 1
        item.changed_at = clock.now()
        record(item.event_id, "item.cancelled" if cancelled else "item.restored", f"item:{item.slug}")
    return True


def _raise_sequence(session: Session, which: Any) -> None:
    session.execute(
        update(AgendaItem).where(which).values(sequence=AgendaItem.sequence + 1, changed_at=clock.now()),
        execution_options={"synchronize_session": "fetch"},
    )


def _plain(given: ItemInput) -> dict[str, Any]:
    return {name: value for name, value in vars(given).items() if name != "seats"}


def _resize(item: AgendaItem, given: ItemInput) -> None:
    if given.is_chosen:
        set_size(item.event_id, LimitKind.ITEM, str(item.id), given.seats)
    else:
        _drop_limit(item)


def _drop_limit(item: AgendaItem) -> None:
    try:
        drop_limit(item.event_id, LimitKind.ITEM, str(item.id))
    except LimitInUse as error:
        raise ItemChosen from error


def _check_room(session: Session, event_id: int, room_id: int | None) -> None:
    if room_id is None:
        return
    room = session.get(Room, room_id)
    if room is None or room.event_id != event_id:
        raise ForeignRoom


def _check_room_name(session: Session, event_id: int, name: str, room_id: int = 0) -> None:
    same = select(Room.id).where(Room.event_id == event_id, Room.name == name, Room.id != room_id)
    if session.scalar(same) is not None:
        raise RoomNameTaken
