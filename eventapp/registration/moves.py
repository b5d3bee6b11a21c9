"""The one function that moves a participant from state to state, with everything that belongs to the move.

Called under the event's lock by sign-up, cancel and the waiting list.
"""

from datetime import timedelta
from typing import Any

from eventapp.capacity import service as capacity
from eventapp.capacity.rules import Ref, wanted
from eventapp.core import audit, clock, limits
from eventapp.outbox import service as outbox
from eventapp.registration.models import Participant
from eventapp.registration.rules import HOLDS_A_SEAT, MOVES, Action, ParticipantState
from eventapp.tickets import service as tickets
from eventapp.tickets.models import TicketState


def wishes(participant: Participant) -> frozenset[Ref]:
    """Return the limits of which this participant needs a seat."""
    return wanted(participant.category_id, [choice.item_id for choice in participant.choices])


def move(participant: Participant, action: Action, seats: capacity.Limits, **facts: Any) -> bool:
    """Move a participant; return whether a seat came free. A move that is not in MOVES is an error of ours."""
    old, new = participant.state, MOVES[participant.state][action]
    participant.state, participant.changed_at = new, clock.now()
    freed = capacity.hold(participant.id, wishes(participant) if new in HOLDS_A_SEAT else (), seats)
    if new in HOLDS_A_SEAT:
        tickets.issue(participant.id, participant.event_id)
    elif old in HOLDS_A_SEAT:
        tickets.end(participant.id, TicketState.CANCELLED)
    note(participant, f"registration.{new.value}", old=old.value, **facts)
    return freed


def note(participant: Participant, action: str, **facts: Any) -> None:
    """Write a history entry about a participant."""
    audit.record(action, about(participant), event_id=participant.event_id, facts=facts)


def tell(participant: Participant, kind: str, **facts: Any) -> None:
    """Write a mail to a participant into the outbox; the worker renders it from the facts."""
    outbox.post(
        f"registration.{kind}",
        participant.email,
        participant.language,
        {"participant": participant.public_id, **facts},
        event_id=participant.event_id,
        organiser_id=participant.registration.event.organiser_id,
        about=about(participant),
    )


def tell_again(participant: Participant, *, spare: bool = False) -> None:
    """Send a living participant their mail once more; `spare` when a stranger may have asked: a few times an hour."""
    if spare:
        try:
            limits.hit("told-again", participant.public_id, 3, timedelta(hours=1))
        except limits.TooMany:
            return
    tell(participant, "ticket" if participant.state is ParticipantState.CONFIRMED else "waitlisted", why="again")


def about(participant: Participant) -> str:
    """Return how history and mails name a participant."""
    return f"participant:{participant.public_id}"
