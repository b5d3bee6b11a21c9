"""Reads of the waiting list, for showing."""

from collections.abc import Iterable
from typing import Any

from eventapp.agenda.models import AgendaItem
from eventapp.capacity.queries import read_limits
from eventapp.capacity.rules import blockers, need
from eventapp.registration.models import Participant, Registration
from eventapp.registration.moves import wishes
from eventapp.registration.rules import HOLDS_A_SEAT, ParticipantState
from eventapp.registration.waitlist.rules import Place, Waiting, place, waiting_for
from eventapp.registration.waitlist.service import list_waiting


def read_queue(event_id: int) -> list[Waiting]:
    """Return the waiting units of an event in their order."""
    return [_waiting(unit) for unit in list_waiting(event_id)]


def find_place(participant: Participant) -> Place:
    """Return where a waiting participant stands and which limits hold them back."""
    event_id = participant.event_id
    lacks = blockers(need([wishes(participant)]), read_limits(event_id))
    return place(read_queue(event_id), participant.registration_id, lacks)


def describe(event_id: int, items: Iterable[AgendaItem], guest: Participant | None = None) -> dict[str, Any]:
    """Return what a form tells about places: limits, who waits, the items, and what the guest holds already."""
    limits = read_limits(event_id)
    queue = read_queue(event_id) if any(limit.left == 0 for limit in limits.values()) else []
    return {
        "limits": limits,
        "ahead": {ref: waiting_for(queue, ref) for ref in limits},
        "items": {str(item.id): item for item in items},
        "held": wishes(guest) if guest is not None and guest.state in HOLDS_A_SEAT else frozenset(),
    }


def _waiting(unit: Registration) -> Waiting:
    people = [p for p in unit.participants if p.state is ParticipantState.WAITLISTED]
    return Waiting(unit.id, len(people), frozenset().union(*(wishes(person) for person in people)))
