"""Reads of events."""

from sqlalchemy import select

from eventapp.core.db import db
from eventapp.core.refusal import NotFound
from eventapp.events.models import Event, OldAddress
from eventapp.events.rules import IS_PUBLIC


def find_event(slug: str) -> Event | None:
    """Find an event by its present address, in any state."""
    return db.session.scalar(select(Event).where(Event.slug == slug))


def find_public_event(slug: str) -> Event | None:
    """Find a published or called-off event by its present address."""
    return db.session.scalar(select(Event).where(Event.slug == slug, Event.state.in_(IS_PUBLIC)))


def find_moved_event(slug: str) -> Event | None:
    """Find the event that once had this address."""
    return db.session.scalar(
        select(Event).join(OldAddress, OldAddress.event_id == Event.id).where(OldAddress.slug == slug)
    )


def get_public_event(slug: str) -> Event:
    """Return a public event; raise NotFound."""
    event = find_public_event(slug)
    if event is None:
        raise NotFound
    return event
