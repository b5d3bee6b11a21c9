"""What a decision about sign-ups reads under the event's lock; statements of the rush are made once."""

from sqlalchemy import bindparam, exists, select

from eventapp.core.db import db
from eventapp.core.refusal import NotFound
from eventapp.events.models import Category, Event
from eventapp.questions.models import Question
from eventapp.registration.signup.rules import CategoryTerms, Terms

_COLUMNS = (
    Event.organiser_id, Event.state, Event.starts_at, Event.ends_at, Event.registration_opens_at,
    Event.registration_closes_at, Event.organisation_seats, Event.confirms_address, Event.address_minutes,
)  # fmt: skip
_TERMS = (
    select(
        *_COLUMNS,
        exists().where(Question.event_id == Event.id).label("has_questions"),
        Category.id,
        Category.is_open,
        Category.needs_approval,
    )
    .join_from(Event, Category, Category.event_id == Event.id, isouter=True)
    .where(Event.id == bindparam("event_id"))
    .order_by(Category.position, Category.id)
)
"""Columns, not objects: those of an event would be made again for each of its categories."""


def get_terms(event_id: int) -> Terms:
    """Return what decides about sign-ups to an event, as it is now; raise NotFound."""
    rows = db.session.execute(_TERMS, {"event_id": event_id}).all()
    if not rows:
        raise NotFound
    first = rows[0]
    told = {column.key: getattr(first, column.key) for column in _COLUMNS}
    categories = (CategoryTerms(row.id, row.is_open, row.needs_approval) for row in rows if row.id is not None)
    return Terms(**told, categories=tuple(categories), has_questions=first.has_questions)
