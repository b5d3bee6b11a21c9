"""Reads for change and tell: whom a change concerns, and what it would look like before anything is written."""

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from sqlalchemy import Select, func, select

from eventapp.agenda.models import AgendaItem, Room
from eventapp.agenda.queries import get_room
from eventapp.agenda.rules import ItemInput, check_item
from eventapp.core.db import db
from eventapp.editions.changes.rules import Plan, Spot
from eventapp.events.models import Event
from eventapp.events.queries import input_of
from eventapp.events.rules import EventInput, EventState, check
from eventapp.registration.models import ItemChoice, Participant, Registration
from eventapp.registration.rules import LIVING, ParticipantState

_COMING = frozenset({ParticipantState.CONFIRMED, ParticipantState.OFFERED})
"""Who is told about changes: who comes, and who decides right now whether to come."""


def list_concerned(event: Event, item: AgendaItem | None = None) -> list[Participant]:
    """Return who comes to an event or is offered a place; of an item that guests choose only those who chose it."""
    return list(db.session.scalars(_concerned(select(Participant), event, item).order_by(Participant.id)))


def count_concerned(event: Event, item: AgendaItem | None = None) -> int:
    """Count whom `list_concerned` would return; nobody is told about an event that is not published."""
    if event.state is not EventState.PUBLISHED:
        return 0
    return db.session.scalar(_concerned(select(func.count(Participant.id)), event, item)) or 0


def list_told(event: Event) -> list[Participant]:
    """Return everybody who is coming or waiting and whose address is known to be theirs."""
    return list(db.session.scalars(_told(select(Participant), event.id).order_by(Participant.id)))


def count_told(event_id: int) -> int:
    """Count whom `list_told` would return."""
    return db.session.scalar(_told(select(func.count(Participant.id)), event_id)) or 0


def count_living(event_id: int, states: Iterable[ParticipantState] = LIVING) -> int:
    """Count the participants of an event who are in one of `states`, by default everybody coming or waiting."""
    mine = Participant.event_id == event_id, Participant.state.in_(list(states))
    return db.session.scalar(select(func.count(Participant.id)).where(*mine)) or 0


def spot_of_event(event: Event) -> Spot:
    """Return when and where an event takes place."""
    return spot_of_input(input_of(event))


def spot_of_input(given: EventInput) -> Spot:
    """Return when and where an event would take place."""
    town = " ".join(part for part in (given.venue_postcode, given.venue_city) if part)
    place = ", ".join(part for part in (given.venue_name, given.venue_street, town) if part)
    return Spot(given.starts_at, given.ends_at, given.zone, place)


def spot_of_item(item: AgendaItem) -> Spot:
    """Return when and in which room an item takes place."""
    return Spot(item.starts_at, item.ends_at, item.event.zone, item.room.name if item.room else "")


def plan_event(event: Event, section: dict[str, Any]) -> Plan:
    """Return what a change of some fields of the event would do; raise the refusal that saving would raise."""
    new = replace(input_of(event), **section)
    check(new)
    return Plan(spot_of_event(event), spot_of_input(new), count_concerned(event))


def plan_item(item: AgendaItem, given: ItemInput) -> Plan:
    """Return what a change of the item would do; raise the refusal that saving would raise."""
    check_item(given)
    room: Room | None = get_room(item.event_id, given.room_id) if given.room_id else None
    new = Spot(given.starts_at, given.ends_at, item.event.zone, room.name if room else "")
    return Plan(spot_of_item(item), new, 0 if item.is_cancelled else count_concerned(item.event, item))


def _told(wanted: Select[Any], event_id: int) -> Select[Any]:
    mine = wanted.join(Participant.registration).where(Participant.event_id == event_id)
    return mine.where(Participant.state.in_(LIVING), Registration.hold_until.is_(None))


def _concerned(wanted: Select[Any], event: Event, item: AgendaItem | None) -> Select[Any]:
    mine = wanted.where(Participant.event_id == event.id, Participant.state.in_(_COMING))
    if item is not None and item.is_chosen:
        mine = mine.join(ItemChoice, ItemChoice.participant_id == Participant.id).where(ItemChoice.item_id == item.id)
    return mine
