"""Changes of an event or item that guests have to know: written and told in one transaction, each guest once.

Each locks the event's queue beside the event, so that a sign-up or another choice of forum at the same moment comes
either before it, and is told, or after it, and sees what changed.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from eventapp.agenda import service as agenda
from eventapp.agenda.models import AgendaItem
from eventapp.agenda.rules import ItemInput
from eventapp.capacity import service as capacity
from eventapp.core.changes import Changes, Seen
from eventapp.core.db import transaction
from eventapp.editions.changes.queries import list_concerned, spot_of_event, spot_of_item
from eventapp.editions.changes.rules import Spot
from eventapp.events import service as events
from eventapp.events.models import Event
from eventapp.events.rules import PLACE, EventState, local_day
from eventapp.outbox.service import post
from eventapp.registration.models import Participant


@dataclass(frozen=True)
class Done:
    """What a change did: the fields that changed and how many guests are told."""

    changes: Changes
    told: int = 0


def change_event(
    event_id: int,
    section: Mapping[str, Any],
    seen: Seen | None = None,
    *,
    tell: bool = True,
    with_programme: bool = False,
) -> Done:
    """Change fields of an event; a new time or place goes to all confirmed guests of a published event.

    `with_programme` moves the programme along when the day changes.
    """
    with transaction():
        event = events.lock_event(event_id)
        capacity.lock(event_id)
        old = spot_of_event(event)
        changes = events.change(event_id, section, seen)
        if any(changes.has(name) for name in PLACE):
            agenda.follow_event(event_id)
        new = spot_of_event(event)
        days = local_day(new.starts_at, new.zone) - local_day(old.starts_at, old.zone)
        if days and with_programme:
            agenda.move_items(event_id, timedelta(days=days.days))
        told = _tell(event, list_concerned(event), old, new) if changes.moves and tell else 0
    return Done(changes, told)


def change_item(item_id: int, given: ItemInput, seen: Seen | None = None, *, tell: bool = True) -> Done:
    """Change an item; a new time or room goes to the guests whom it concerns."""
    with transaction():
        item = _locked(item_id)
        old, concerned = spot_of_item(item), list_concerned(item.event, item)
        changes = agenda.update_item(item_id, given, seen)
        is_told = bool(changes.moves) and tell and not item.is_cancelled
        told = _tell(item.event, concerned, old, spot_of_item(item), item) if is_told else 0
    return Done(changes, told)


def cancel_item(item_id: int) -> int:
    """Cancel an item and tell the guests whom it concerns; return how many. The second time nothing happens."""
    with transaction():
        item = _locked(item_id)
        if not agenda.cancel_item(item_id):
            return 0
        return _tell_each("editions.item_cancelled", item.event, list_concerned(item.event, item), _of_item(item))


def restore_item(item_id: int) -> int:
    """Let a cancelled item take place after all and tell the guests whom it concerns; return how many."""
    with transaction():
        item = _locked(item_id)
        if not agenda.restore_item(item_id):
            return 0
        return _tell_each("editions.item_restored", item.event, list_concerned(item.event, item), _of_item(item))


def facts_of_change(old: Spot, new: Spot, item: AgendaItem | None = None) -> dict[str, Any]:
    """Return what the mail about a change has to know, beside the guest."""
    title = {"item": dict(item.title)} if item is not None else {}
    return {"old": old.as_facts(), "new": new.as_facts(), **title}


def _tell(event: Event, guests: Iterable[Participant], old: Spot, new: Spot, item: AgendaItem | None = None) -> int:
    return _tell_each("editions.changed", event, guests, facts_of_change(old, new, item))


def _tell_each(kind: str, event: Event, guests: Iterable[Participant], facts: dict[str, Any]) -> int:
    if event.state is not EventState.PUBLISHED:
        return 0
    return tell_guests(kind, event, guests, facts)


def tell_guests(kind: str, event: Event, guests: Iterable[Participant], facts: dict[str, Any]) -> int:
    """Put one mail to each guest into the outbox, in the guest's language; return how many."""
    told = 0
    for guest in guests:
        about = f"participant:{guest.public_id}"
        mine = {**facts, "participant": guest.public_id}
        post(kind, guest.email, guest.language, mine, event_id=event.id, organiser_id=event.organiser_id, about=about)
        told += 1
    return told


def _locked(item_id: int) -> AgendaItem:
    item = agenda.lock_item(item_id)
    capacity.lock(item.event_id)
    return item


def _of_item(item: AgendaItem) -> dict[str, Any]:
    return {"item": dict(item.title), "spot": spot_of_item(item).as_facts()}
