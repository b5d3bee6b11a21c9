"""Reads of the outbox for the mail log: what went to whom, and what became of it."""

from collections.abc import Sequence

from sqlalchemy import func, select

from eventapp.core.db import db
from eventapp.outbox.models import Message, MessageState


def find_message(public_id: str) -> Message | None:
    """Find a mail by its public id."""
    return db.session.scalar(select(Message).where(Message.public_id == public_id))


def list_messages(
    *,
    event_id: int | None = None,
    organiser_id: int | None = None,
    about: str | None = None,
    state: MessageState | None = None,
    limit: int = 50,
    before: int | None = None,
) -> Sequence[Message]:
    """Return mails, newest first; `before` is the id at which the page before ended."""
    wanted = select(Message).order_by(Message.id.desc()).limit(limit)
    filters = {Message.event_id: event_id, Message.organiser_id: organiser_id, Message.about: about}
    for column, value in filters.items():
        if value is not None:
            wanted = wanted.where(column == value)
    if state is not None:
        wanted = wanted.where(Message.state == state)
    if before is not None:
        wanted = wanted.where(Message.id < before)
    return db.session.scalars(wanted).all()


def count_by_state(event_id: int | None = None) -> dict[MessageState, int]:
    """Return how many mails stand where, of one event or of all."""
    rows = select(Message.state, func.count()).group_by(Message.state)
    if event_id is not None:
        rows = rows.where(Message.event_id == event_id)
    found = {row[0]: row[1] for row in db.session.execute(rows)}
    return {state: found.get(state, 0) for state in MessageState}
