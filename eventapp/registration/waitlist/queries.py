"""Reads of the waiting list, for showing."""

from eventapp.capacity.queries import read_limits
from eventapp.capacity.rules import blockers, need
from eventapp.registration.models import Participant, Registration
from eventapp.registration.moves import wishes
from eventapp.registration.rules import ParticipantState
from eventapp.registration.waitlist.rules import Place, Waiting, place
from eventapp.registration.waitlist.service import list_waiting


def read_queue(event_id: int) -> list[Waiting]:
    """Return the waiting units of an event in their order."""
    return [_waiting(unit) for unit in list_waiting(event_id)]


def find_place(participant: Participant) -> Place:
    """Return where a waiting participant stands and which limits hold them back."""
    event_id = participant.event_id
    lacks = blockers(need([wishes(participant)]), read_limits(event_id))
    return place(read_queue(event_id), participant.registration_id, lacks)


def _waiting(unit: Registration) -> Waiting:
    people = [p for p in unit.participants if p.state is ParticipantState.WAITLISTED]
    return Waiting(unit.id, len(people), frozenset().union(*(wishes(person) for person in people)))
