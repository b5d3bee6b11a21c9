"""Reads of tickets."""

from collections.abc import Iterable

from sqlalchemy import select

from eventapp.core.db import db
from eventapp.tickets.models import Ticket, TicketState


def list_codes(event_id: int) -> dict[int, str]:
    """Return the valid codes of an event by participant."""
    valid = Ticket.event_id == event_id, Ticket.state == TicketState.VALID
    return {row[0]: row[1] for row in db.session.execute(select(Ticket.participant_id, Ticket.code).where(*valid))}


def find_codes(participant_ids: Iterable[int]) -> dict[int, str]:
    """Return the valid codes of these participants."""
    valid = Ticket.participant_id.in_(list(participant_ids)), Ticket.state == TicketState.VALID
    return {row[0]: row[1] for row in db.session.execute(select(Ticket.participant_id, Ticket.code).where(*valid))}
