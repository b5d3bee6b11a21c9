"""Adds, renames and removes the entrances of an event."""

from datetime import timedelta

from flask_babel import lazy_gettext as _l
from sqlalchemy import func, select

from eventapp.checkin.models import Entrance, Scan
from eventapp.checkin.queries import get_entrance, list_entrances
from eventapp.core import audit, ids
from eventapp.core.db import transaction
from eventapp.core.refusal import Refusal
from eventapp.events.models import Event
from eventapp.events.service import lock_event


class NameTaken(Refusal):
    """Another entrance of the event has this name."""

    code = "name_taken"
    message = _l("There is an entrance of this name already.")
    field = "name"


class EntranceUsed(Refusal):
    """Tickets were scanned there; the log keeps its entrances."""

    code = "entrance_used"
    message = _l("Tickets were scanned at this entrance, so it stays.")


def add_entrance(event_id: int, name: str) -> Entrance:
    """Add an entrance behind the others; raise NameTaken."""
    with transaction() as session:
        lock_event(event_id)
        _check_name(event_id, name)
        last = session.scalar(select(func.max(Entrance.position)).where(Entrance.event_id == event_id))
        entrance = Entrance(public_id=ids.public_id(), event_id=event_id, name=name, position=(last or 0) + 1)
        session.add(entrance)
        session.flush()
        _note("entrance.added", entrance)
    return entrance


def rename_entrance(event_id: int, public_id: str, name: str) -> Entrance:
    """Give an entrance another name; raise NotFound or NameTaken."""
    with transaction():
        lock_event(event_id)
        entrance = get_entrance(event_id, public_id)
        if entrance.name != name:
            _check_name(event_id, name)
            entrance.name = name
            _note("entrance.renamed", entrance)
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


def copy_to(old: Event, new: Event, shift: timedelta) -> None:  # noqa: ARG001 - same shape in every feature
    """Give the next edition the same entrances and notes at the door."""
    with transaction() as session:
        session.get_one(Event, new.id).door_notes = old.door_notes
        for entrance in list_entrances(old.id):
            add_entrance(new.id, entrance.name)


def _check_name(event_id: int, name: str) -> None:
    if any(other.name == name for other in list_entrances(event_id)):
        raise NameTaken


def _note(action: str, entrance: Entrance) -> None:
    facts = {"name": entrance.name}
    audit.record(action, f"entrance:{entrance.public_id}", event_id=entrance.event_id, facts=facts)
