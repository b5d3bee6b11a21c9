"""Reads of the outbox: what went to whom, and what became of it. The desk and the mail log count by state."""

from collections.abc import Sequence

from sqlalchemy import func, select

from eventapp.core.db import db
from eventapp.outbox.models import Message, MessageState


def list_messages(event_id: int | None = None) -> Sequence[Message]:
    """Return the mails of one event or of all, newest first."""
    wanted = select(Message).order_by(Message.id.desc())
    if event_id is not None:
        wanted = wanted.where(Message.event_id == event_id)
    return db.session.scalars(wanted).all()


def count_by_state(event_id: int | None = None) -> dict[MessageState, int]:
    """Return how many mails stand where, of one event or of all."""
    rows = select(Message.state, func.count()).group_by(Message.state)
    if event_id is not None:
        rows = rows.where(Message.event_id == event_id)
    found = {row[0]: row[1] for row in db.session.execute(rows)}
    return {state: found.get(state, 0) for state in MessageState}
