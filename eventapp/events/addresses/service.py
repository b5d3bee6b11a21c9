"""The address of an event: one that nobody else has or had, kept for ever once it was given."""

import itertools

from sqlalchemy import exists, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from eventapp.core import ids
from eventapp.events.addresses.rules import RESERVED_SLUGS, AddressTaken, check_slug
from eventapp.events.models import Event, OldAddress
from eventapp.events.rules import EventInput

_TRIES = 20


def add_with_address(session: Session, event: Event, given: EventInput) -> None:
    """Insert an event under a free address; when another one was faster the next is tried, or AddressTaken raised."""
    for _try in range(_TRIES):
        event.slug = free_slug(session, given)
        try:
            with session.begin_nested():
                session.add(event)
        except IntegrityError as error:
            if given.slug:
                raise AddressTaken from error
        else:
            return
    raise AddressTaken


def move_address(session: Session, event: Event, slug: str) -> None:
    """Give the event another address; the one before redirects for ever, one of its own may come back."""
    check_slug(slug)
    if _is_taken(session, slug, event.id):
        raise AddressTaken
    own = session.get(OldAddress, slug)
    if own is not None:
        session.delete(own)
    session.add(OldAddress(slug=event.slug, event_id=event.id))
    try:
        with session.begin_nested():
            event.slug = slug
    except IntegrityError as error:
        raise AddressTaken from error


def free_slug(session: Session, given: EventInput) -> str:
    """Return the address that was asked for, if it may be had, or one made from the title."""
    if given.slug:
        check_slug(given.slug)
        if _is_taken(session, given.slug):
            raise AddressTaken
        return given.slug
    made = ids.slug(given.title.pick("de").text, 50)
    wanted = made if len(made) >= 3 and made not in RESERVED_SLUGS else f"forum-{made}".strip("-")
    numbered = (wanted if n == 1 else f"{wanted}-{n}" for n in itertools.count(1))
    return next(slug for slug in numbered if not _is_taken(session, slug))


def _is_taken(session: Session, slug: str, event_id: int | None = None) -> bool:
    present = exists().where(Event.slug == slug, Event.id != (event_id or 0))
    old = exists().where(OldAddress.slug == slug, OldAddress.event_id != (event_id or 0))
    return bool(session.scalar(select(present | old)))
