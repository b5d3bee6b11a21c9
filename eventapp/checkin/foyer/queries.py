"""Reads of the screen in the foyer: the event behind its link, and what it shows; nothing about any person."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select

from eventapp.agenda.models import AgendaItem
from eventapp.agenda.queries import list_items
from eventapp.checkin.foyer.rules import NEWS, News, Point, coming, greetings, news
from eventapp.checkin.rules import AFTER_END
from eventapp.core import clock, signing
from eventapp.core.audit import AuditEntry
from eventapp.core.db import db
from eventapp.core.refusal import NotFound
from eventapp.events.models import Event
from eventapp.registration.models import Participant
from eventapp.registration.rules import ParticipantState

LINK = "foyer"
_ACTIONS = ("item.changed", "item.cancelled", "item.restored")


@dataclass(frozen=True)
class Screen:
    """What the screen shows: welcomes (language, words), panels of the programme, and changes."""

    greetings: tuple[tuple[str, str], ...]
    programme: tuple[Sequence[Point], ...]
    news: tuple[News, ...]

    @property
    def panels(self) -> int:
        """How many panels there are in turn."""
        return 1 + len(self.programme) + bool(self.news)


def foyer_token(event: Event) -> str:
    """Return the token of the link; it ends with the event, or when the organiser makes a new one."""
    return signing.make(LINK, event.public_id, event.foyer_version)


def get_event_of_screen(token: str) -> Event:
    """Return the event behind a link of the foyer; raise NotFound."""
    claim = signing.read(LINK, token)
    event = db.session.scalar(select(Event).where(Event.public_id == claim.public_id)) if claim else None
    if claim is None or event is None or not claim.fits(event.foyer_version):
        raise NotFound
    if clock.now() > event.ends_at + AFTER_END:
        raise NotFound
    return event


def read_screen(event: Event, now: datetime) -> Screen:
    """Return what the screen of an event shows at `now`."""
    items = list_items(event.id)
    points = [_point(item) for item in items]
    return Screen(
        greetings=tuple(greetings(_count_languages(event.id), event.languages)),
        programme=tuple(coming(points, now, event.zone)),
        news=tuple(news(points, _changed(event.id, items, now), now)),
    )


def _count_languages(event_id: int) -> dict[str, int]:
    wanted = (
        select(Participant.language, func.count())
        .where(Participant.event_id == event_id, Participant.state == ParticipantState.CONFIRMED)
        .group_by(Participant.language)
    )
    return {row[0]: row[1] for row in db.session.execute(wanted)}


def _changed(event_id: int, items: Sequence[AgendaItem], now: datetime) -> dict[str, frozenset[str]]:
    """Return which fields of which items changed lately, as the history says."""
    about = {f"item:{item.slug}"[:80]: item.slug for item in items if item.changed_at > now - NEWS}
    wanted = select(AuditEntry.about, AuditEntry.facts).where(
        AuditEntry.about.in_(list(about)),
        AuditEntry.event_id == event_id,
        AuditEntry.action.in_(_ACTIONS),
        AuditEntry.at > now - NEWS,
    )
    found: dict[str, frozenset[str]] = {}
    for row in db.session.execute(wanted):
        slug, facts = about[row[0]], row[1]
        found[slug] = found.get(slug, frozenset()) | frozenset(facts.get("fields", ()))
    return found


def _point(item: AgendaItem) -> Point:
    room = item.room.name if item.room else ""
    return Point(item.slug, item.title, room, item.starts_at, item.ends_at, item.is_cancelled)
