"""Reads of events."""

from dataclasses import fields
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from eventapp.capacity.queries import list_limits
from eventapp.capacity.rules import LimitKind
from eventapp.core.db import db
from eventapp.core.localized import Localized
from eventapp.core.refusal import NotFound
from eventapp.events.models import Category, Event, OldAddress
from eventapp.events.rules import IS_PUBLIC, CategoryInput, EventInput


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


def input_of(event: Event) -> EventInput:
    """Return what an organiser has said about an event, as one says it to the service."""
    limit = list_limits(event.id).get((LimitKind.EVENT, ""))
    told = {f.name: getattr(event, f.name) for f in fields(EventInput) if f.name not in ("languages", "seats")}
    return EventInput(**told, languages=tuple(event.languages), seats=limit.size if limit else None)


def input_of_category(category: Category) -> CategoryInput:
    """Return what an organiser has said about a category."""
    limit = list_limits(category.event_id).get((LimitKind.CATEGORY, str(category.id)))
    return CategoryInput(
        label=category.label,
        seats=limit.size if limit else None,
        reserved=limit.reserved if limit else 0,
        release_at=limit.release_at if limit else None,
        organisation_kind=category.organisation_kind,
        is_open=category.is_open,
        needs_approval=category.needs_approval,
        position=category.position,
        code=category.code,
    )


def get_category(event_id: int, code: str) -> Category:
    """Return a category of this event by its code; raise NotFound."""
    found = db.session.scalar(select(Category).where(Category.event_id == event_id, Category.code == code))
    if found is None:
        raise NotFound
    return found


def get_event_by_id(event_id: int) -> Event:
    """Return an event by its row id; raise NotFound."""
    event = db.session.get(Event, event_id)
    if event is None:
        raise NotFound
    return event


def gaps(event: Event, now: datetime) -> list[str]:
    """Return the codes of what an event lacks before guests may see it, as `editions.checklist` knows them."""
    closes = event.registration_closes_at
    texts = (event.title, event.summary, event.description, event.audience, event.access_notes)
    missing = {
        "title": not event.title,
        "venue": not (event.venue_name and event.venue_city),
        "past": event.ends_at <= now,
        "window": closes is not None and closes <= now < event.ends_at,
        "category": not any(category.is_open for category in event.categories),
        "summary": not event.summary,
        "access": not event.access_notes,
        "texts": any(text and text.missing(event.languages) for text in texts),
    }
    return [code for code, is_missing in missing.items() if is_missing]


def list_events(organiser_id: int) -> list[Event]:
    """Return all events of an organiser, the latest day first."""
    mine = select(Event).where(Event.organiser_id == organiser_id).options(joinedload(Event.organiser))
    return list(db.session.scalars(mine.order_by(Event.starts_at.desc(), Event.id)))


def list_slugs() -> list[tuple[int, str]]:
    """Return id and address of every event of every organiser."""
    return [(row[0], row[1]) for row in db.session.execute(select(Event.id, Event.slug).order_by(Event.id))]


def name_events(organiser_id: int) -> dict[int, tuple[str, Localized]]:
    """Return address and title of an organiser's events by id."""
    rows = db.session.execute(select(Event.id, Event.slug, Event.title).where(Event.organiser_id == organiser_id))
    return {row[0]: (row[1], row[2]) for row in rows}


def list_old_addresses(event_id: int) -> list[str]:
    """Return the addresses that lead to this event although it has another one now."""
    wanted = select(OldAddress.slug).where(OldAddress.event_id == event_id).order_by(OldAddress.slug)
    return list(db.session.scalars(wanted))
