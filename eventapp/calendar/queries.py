"""What calendars tell: entries made from events and agenda items, and the one cheap read that says whether it changed.

The public feeds and a guest's own agenda call it, so that the same thing has the same UID everywhere.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from flask_babel import gettext as _
from sqlalchemy import ColumnElement, and_, or_, select

from eventapp.agenda.labels import ITEM_KINDS
from eventapp.agenda.models import AgendaItem
from eventapp.agenda.queries import list_items
from eventapp.agenda.rules import ItemKind
from eventapp.calendar.ical import Calendar, Entry
from eventapp.core import clock, markup
from eventapp.core.db import db
from eventapp.core.i18n import speaking
from eventapp.core.links import absolute
from eventapp.events.models import Event
from eventapp.events.rules import EventState

KEPT = timedelta(days=90)
"""How long a past event stays in the feed of all events."""


@dataclass(frozen=True)
class Version:
    """What changes whenever the text of a calendar changes, and when that was last."""

    mark: str
    modified: datetime | None = None


def version_of_all() -> Version:
    """Return the version of the feed of all events: what is in it now and in which version, by one narrow read."""
    told = select(Event.public_id, Event.version, Event.changed_at).where(_is_in_feed()).order_by(Event.id)
    rows = db.session.execute(told).all()
    mark = hashlib.sha256(repr([tuple(row) for row in rows]).encode()).hexdigest()[:20]
    return Version(f"all-{mark}", max((row.changed_at for row in rows), default=None))


def version_of(event: Event) -> Version:
    """Return the version of an event's own files, from the row that was read to find it.

    The moment is part of it: after a backup was restored, versions are counted once more from where it was.
    """
    gone = int(clock.now() >= _end_of_day(event.ends_at, event))
    moment = round(event.changed_at.timestamp() * 1_000_000)
    return Version(f"event-{event.public_id}-{event.version}-{moment}-{gone}", event.changed_at)


def all_events(language: str) -> Calendar:
    """Return all public events as a feed."""
    events = db.session.scalars(select(Event).where(_is_in_feed()).order_by(Event.starts_at)).all()
    with speaking(language):
        return Calendar(
            name=_("Events"),
            entries=tuple(event_entry(event, language) for event in events),
            url=absolute("editions.index", lang=language),
        )


def one_event(event: Event, language: str) -> Calendar:
    """Return an event as a file: one entry."""
    entry = event_entry(event, language)
    return Calendar(name=entry.summary, entries=(entry,), url=entry.url)


def programme(event: Event, language: str) -> Calendar:
    """Return the programme of an event as a feed: one entry an item, breaks left out."""
    items = [item for item in list_items(event.id) if item.kind is not ItemKind.BREAK and _is_told(item, event)]
    with speaking(language):
        name = _("%(event)s – programme", event=_title(event, language))
    url = absolute("editions.agenda", lang=language, event=event.slug)
    return Calendar(name=name, entries=tuple(item_entry(item, language) for item in items), url=url)


def one_item(item: AgendaItem, language: str) -> Calendar:
    """Return an agenda item as a file: one entry."""
    entry = item_entry(item, language)
    return Calendar(name=entry.summary, entries=(entry,), url=entry.url)


def event_entry(event: Event, language: str) -> Entry:
    """Return an event as an entry in the reader's language."""
    url = absolute("editions.event", lang=language, event=event.slug)
    texts = [event.summary.pick(language).text, markup.plain(event.description.pick(language).text)]
    if event.state is EventState.CALLED_OFF:
        texts.insert(0, event.called_off_reason.pick(language).text)
    return Entry(
        uid=event.uid,
        sequence=event.sequence,
        start=event.starts_at,
        end=event.ends_at,
        zone=event.zone,
        summary=_title(event, language),
        created=event.created_at,
        modified=event.changed_at,
        description=_paragraphs([*texts, url]),
        location=event.address_line,
        geo=_geo(event),
        url=url,
        contact=event.contact_email,
        cancelled=event.state is EventState.CALLED_OFF,
    )


def item_entry(item: AgendaItem, language: str, alarm: int | None = None) -> Entry:
    """Return an agenda item as an entry; `alarm` is minutes before, only for a guest's own agenda.

    Several forums run side by side, so in public files items that are chosen leave the reader's time free.
    """
    event = item.event
    url = absolute("editions.agenda", lang=language, event=event.slug, _anchor=f"item-{item.slug}")
    speakers = ", ".join(person.speaker.name for person in item.people)
    with speaking(language):
        kind = str(ITEM_KINDS[item.kind])
    room = item.room.name if item.room else ""
    return Entry(
        uid=item.uid,
        sequence=item.sequence,
        start=item.starts_at,
        end=item.ends_at,
        zone=event.zone,
        summary=item.title.pick(language).text,
        created=item.created_at,
        modified=max(item.changed_at, event.changed_at),
        description=_paragraphs([_title(event, language), speakers, _about(item, language), url]),
        location=", ".join(part for part in (room, event.address_line) if part),
        geo=_geo(event),
        url=url,
        categories=(kind,),
        contact=event.contact_email,
        cancelled=item.is_cancelled or event.state is EventState.CALLED_OFF,
        busy=alarm is not None or not item.is_chosen,
        alarm=alarm,
    )


def _is_in_feed() -> ColumnElement[bool]:
    """Keep what is called off until its day is over, the rest a while longer."""
    today = clock.now().astimezone(ZoneInfo("Europe/Berlin")).replace(hour=0, minute=0, second=0)
    return or_(
        and_(Event.state == EventState.PUBLISHED, Event.ends_at > today - KEPT),
        and_(Event.state == EventState.CALLED_OFF, Event.ends_at > today),
    )


def _is_told(item: AgendaItem, event: Event) -> bool:
    return not item.is_cancelled or clock.now() < _end_of_day(item.ends_at, event)


def _end_of_day(moment: datetime, event: Event) -> datetime:
    local = moment.astimezone(event.tz) + timedelta(days=1)
    return local.replace(hour=0, minute=0, second=0)


def _title(event: Event, language: str) -> str:
    title = event.title.pick(language).text
    if not event.is_example:
        return title
    with speaking(language):
        return str(_("Example: %(title)s", title=title))


def _about(item: AgendaItem, language: str) -> str:
    return markup.plain(item.description.pick(language).text)


def _paragraphs(texts: Sequence[str]) -> str:
    return "\n\n".join(text for text in texts if text)


def _geo(event: Event) -> tuple[float, float] | None:
    if event.latitude is None or event.longitude is None:
        return None
    return event.latitude, event.longitude
