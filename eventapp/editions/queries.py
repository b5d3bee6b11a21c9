"""Reads for the public pages: which events there are, and where each stands for somebody who would like to come."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from flask_sqlalchemy.pagination import Pagination
from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import joinedload, selectinload

from eventapp.capacity.models import SeatLimit
from eventapp.capacity.queries import list_limits
from eventapp.capacity.rules import LimitKind
from eventapp.core import clock, signing
from eventapp.core.db import db
from eventapp.core.refusal import NotFound
from eventapp.editions.rules import NO_LIMIT, Limit, Phase, phase, places_left, smallest
from eventapp.events.models import Event
from eventapp.events.rules import IS_PUBLIC, EventState
from eventapp.registration.rules import window

PREVIEW = "preview"
"""Purpose of the signed link that shows a draft."""
EVENTS_A_PAGE = 24
_SITEMAP = 5000
Limits = Mapping[tuple[LimitKind, str], SeatLimit]


@dataclass(frozen=True)
class Stand:
    """Where an event stands now: its phase, places left (None: no limit), and the same for items that are chosen."""

    phase: Phase
    left: int | None = None
    items: Mapping[int, int | None] = field(default_factory=dict)

    @property
    def is_open(self) -> bool:
        """Whether somebody can sign up, if only for the waiting list."""
        return self.phase in (Phase.OPEN, Phase.FULL)


def list_events(*, past: bool, page: int = 1) -> Pagination:
    """Return a page of public events that are still to come, or of those that are over, nearest first."""
    now = clock.now()
    when: ColumnElement[bool] = Event.ends_at <= now if past else Event.ends_at > now
    order = Event.starts_at.desc() if past else Event.starts_at
    wanted = select(Event).where(Event.state.in_(IS_PUBLIC), when).order_by(order, Event.id).options(*_SHOWN)
    return db.paginate(wanted, page=page, per_page=EVENTS_A_PAGE, error_out=False)


def list_stands(events: Iterable[Event]) -> dict[int, Stand]:
    """Return where each of several events stands, by its id, in one query."""
    found = {event.id: event for event in events}
    limits: dict[int, dict[tuple[LimitKind, str], SeatLimit]] = {key: {} for key in found}
    for limit in db.session.scalars(select(SeatLimit).where(SeatLimit.event_id.in_(found))):
        limits[limit.event_id][limit.kind, limit.key] = limit
    now = clock.now()
    return {key: _stand(event, limits[key], now) for key, event in found.items()}


def get_stand(event: Event) -> Stand:
    """Return where an event stands now."""
    return _stand(event, list_limits(event.id), clock.now())


def list_for_sitemap() -> list[Event]:
    """Return the events that search engines should know: published, no examples, newest first."""
    wanted = select(Event).where(Event.state == EventState.PUBLISHED, Event.is_example.is_(False))
    return list(db.session.scalars(wanted.order_by(Event.starts_at.desc()).limit(_SITEMAP)))


def get_preview(token: str) -> Event:
    """Return the event that a preview link shows; raise NotFound."""
    claim = signing.read(PREVIEW, token)
    if claim is None:
        raise NotFound
    event = db.session.scalar(select(Event).where(Event.public_id == claim.public_id))
    if event is None or not claim.fits(event.link_version):
        raise NotFound
    return event


_SHOWN = (joinedload(Event.organiser), joinedload(Event.picture), selectinload(Event.categories))


def _stand(event: Event, limits: Limits, now: datetime) -> Stand:
    known = {ref: _limit(limit, now) for ref, limit in limits.items()}
    whole = known.get((LimitKind.EVENT, ""), NO_LIMIT)
    parts = [(known.get((LimitKind.CATEGORY, str(c.id)), NO_LIMIT), c.is_open) for c in event.categories]
    left = places_left(whole, [limit for limit, shown in parts if shown], [x for x, shown in parts if not shown])
    open_now = window(now, event.registration_opens_at, event.registration_closes_at, event.ends_at)
    items = {int(key): smallest(limit.left, left) for (kind, key), limit in known.items() if kind is LimitKind.ITEM}
    return Stand(phase(event.state, open_now, left), left, items)


def _limit(limit: SeatLimit, now: datetime) -> Limit:
    is_released = limit.release_at is not None and now >= limit.release_at
    return Limit(limit.size, limit.taken, 0 if is_released else limit.reserved)
