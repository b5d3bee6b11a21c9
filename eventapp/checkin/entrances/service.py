"""Adds, changes and removes the entrances of an event; one for each forum at once; all for the next edition."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from sqlalchemy import func, select

from eventapp.agenda.models import AgendaItem
from eventapp.agenda.queries import list_items
from eventapp.checkin.entrances.queries import list_forums, rules_of
from eventapp.checkin.entrances.rules import (
    CategoryAtEntrance,
    EntranceRules,
    EntranceUsed,
    ForeignCategory,
    ForeignItem,
    NameTaken,
    check_rules,
)
from eventapp.checkin.envelope import item_label
from eventapp.checkin.models import Entrance, Scan
from eventapp.checkin.queries import get_entrance, list_entrances
from eventapp.core import audit, ids
from eventapp.core.db import transaction
from eventapp.events.models import Event
from eventapp.events.rules import shifted
from eventapp.events.service import lock_event

ALL = EntranceRules()
_LONGEST = 100


def add_entrance(event_id: int, name: str, rules: EntranceRules = ALL) -> Entrance:
    """Add an entrance behind the others; raise NameTaken or what is wrong with its rules."""
    check_rules(rules)
    with transaction() as session:
        event = lock_event(event_id)
        _check_name(event_id, name)
        _check_own(event, rules)
        last = session.scalar(select(func.max(Entrance.position)).where(Entrance.event_id == event_id))
        entrance = Entrance(public_id=ids.public_id(), event_id=event_id, name=name, position=(last or 0) + 1)
        _write(entrance, rules)
        session.add(entrance)
        session.flush()
        _note("entrance.added", entrance)
    return entrance


def change_entrance(event_id: int, public_id: str, name: str, rules: EntranceRules) -> Entrance:
    """Write name and rules of an entrance; raise NotFound, NameTaken or what is wrong with the rules.

    Scans that were made stay where they let in: another forum counts from now on.
    """
    check_rules(rules)
    with transaction():
        event = lock_event(event_id)
        entrance = get_entrance(event_id, public_id)
        if entrance.name != name:
            _check_name(event_id, name)
            entrance.name = name
            _note("entrance.renamed", entrance)
        if rules_of(entrance) != rules:
            _check_own(event, rules)
            _write(entrance, rules)
            _note("entrance.changed", entrance)
    return entrance


def remove_entrance(event_id: int, public_id: str) -> None:
    """Remove an entrance at which nothing was scanned; raise NotFound or EntranceUsed."""
    with transaction() as session:
        lock_event(event_id)
        entrance = get_entrance(event_id, public_id)
        if session.scalar(select(Scan.id).where(Scan.entrance_id == entrance.id).limit(1)):
            raise EntranceUsed
        _note("entrance.removed", entrance)
        session.delete(entrance)


def add_forum_doors(event_id: int, main: str) -> int:
    """Add a door for each forum that has none, and a main entrance unless there is one; return how many forum doors.

    A forum door warns when as many are inside as its room has places.
    """
    with transaction():
        lock_event(event_id)
        known = list_entrances(event_id)
        names = {one.name for one in known}
        has_door = {one.item_id for one in known}
        if None not in has_door:
            add_entrance(event_id, _free_name(main, names))
        new = [item for item in list_forums(event_id) if item.id not in has_door]
        for item in new:
            room = item.room
            label = item_label(item.kind, item.position)
            name = _free_name(f"{label} · {room.name}" if room else label, names)
            names.add(name)
            limit = room.seats if room and room.seats else None
            add_entrance(event_id, name, EntranceRules(item_id=item.id, limit=limit))
    return len(new)


def keep_category(event_id: int, category_id: int) -> None:
    """Raise CategoryAtEntrance while an entrance lets in by a category: without it the door would be for everybody."""
    if any(category_id in one.category_ids for one in list_entrances(event_id)):
        raise CategoryAtEntrance


def copy_to(old: Event, new: Event, shift: timedelta) -> None:
    """Give the next edition the same entrances, and let its door see the same.

    Times are moved, forum doors stand at the copied items; doors of items that were not copied are left out.
    """

    def moved(moment: datetime | None) -> datetime | None:
        return shifted(moment, shift, old.zone) if moment is not None else None

    with transaction() as session:
        edition = session.get_one(Event, new.id)
        edition.door_notes, edition.names_offline = old.door_notes, old.names_offline
        items = _copies([item for item in list_items(old.id) if not item.is_cancelled], list_items(new.id))
        codes = {category.code: category.id for category in new.categories}
        categories = {category.id: codes[category.code] for category in old.categories if category.code in codes}
        for entrance in list_entrances(old.id):
            rules = rules_of(entrance)
            if rules.item_id is not None and rules.item_id not in items:
                continue
            kept = frozenset(categories[one] for one in rules.category_ids if one in categories)
            if rules.category_ids and not kept:
                continue
            copied = replace(
                rules,
                item_id=items[rules.item_id] if rules.item_id is not None else None,
                category_ids=kept,
                opens_at=moved(rules.opens_at),
                closes_at=moved(rules.closes_at),
            )
            add_entrance(new.id, entrance.name, copied)


def _copies(old: Sequence[AgendaItem], new: Sequence[AgendaItem]) -> dict[int, int]:
    """Return the copy of each item that guests choose: copied in the order of the day, row ids have that order."""
    made = sorted(item.id for item in new)
    return {item.id: copy for item, copy in zip(old, made, strict=True) if item.is_chosen}


def _write(entrance: Entrance, rules: EntranceRules) -> None:
    for name, value in vars(rules).items():
        setattr(entrance, name, sorted(value) if name == "category_ids" else value)


def _check_own(event: Event, rules: EntranceRules) -> None:
    if rules.item_id is not None and rules.item_id not in {item.id for item in list_forums(event.id)}:
        raise ForeignItem
    if not rules.category_ids <= {category.id for category in event.categories}:
        raise ForeignCategory


def _check_name(event_id: int, name: str) -> None:
    if any(other.name == name for other in list_entrances(event_id)):
        raise NameTaken


def _free_name(name: str, taken: set[str]) -> str:
    wanted = name[: _LONGEST - 5]
    return next(one for n in range(1, 10_000) if (one := wanted if n == 1 else f"{wanted} {n}") not in taken)


def _note(action: str, entrance: Entrance) -> None:
    facts = {"name": entrance.name}
    audit.record(action, f"entrance:{entrance.public_id}", event_id=entrance.event_id, facts=facts)
