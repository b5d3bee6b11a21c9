"""iCalendar text (RFC 5545, RFC 7986) from plain values: what files, feeds and a guest's own agenda hold.

Everything in it comes from the record and nothing from "now", so the same record always gives the same bytes and an
ETag can match. Written with `icalendar`; its time zones are replaced by ``calendar.timezone``. Called by the views of
calendar and registration.
"""

import re
from collections import defaultdict
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import icalendar
from icalendar.prop import vDuration, vText, vUri

from eventapp.calendar import timezone

PRODUCT = "-//eventapp//eventapp//EN"
REFRESH = timedelta(hours=4)
_UTC_ZONES = {"UTC", "Etc/UTC", "Etc/UCT", "UCT", "Zulu", "Etc/Zulu", "Universal", "Etc/Universal"}
_BREAKS = re.compile("\r\n|[\r\x0b\x0c\x85\u2028\u2029]")
_CONTROLS = re.compile("[\x00-\x09\x0e-\x1f\x7f-\x9f\ufeff]")
_URI_FORBIDDEN = re.compile(r"[\s\x00-\x1f\x7f]+")


@dataclass(frozen=True, kw_only=True)
class Entry:
    """One VEVENT. Texts are in the reader's language, plain, without markup.

    `start` and `end` are both aware datetimes, or both dates: then the entry fills whole days and `end` is the day
    *after* the last one. `zone` is the IANA zone that the times are shown in. `sequence`, `created` and `modified` are
    stored with the record. `busy` False leaves the reader's time free, as for events that one only looks at. `alarm` is
    minutes before the start, only for a guest's own file.
    """

    uid: str
    sequence: int
    start: datetime | date
    end: datetime | date
    zone: str
    summary: str
    created: datetime
    modified: datetime
    description: str = ""
    location: str = ""
    geo: tuple[float, float] | None = None
    url: str = ""
    categories: tuple[str, ...] = ()
    contact: str = ""
    cancelled: bool = False
    busy: bool = True
    alarm: int | None = None

    def __post_init__(self) -> None:
        """Refuse times that no calendar program could show."""
        if isinstance(self.start, datetime) != isinstance(self.end, datetime):
            raise ValueError("start and end are both times or both days")
        for moment in (self.start, self.end, self.created, self.modified):
            if isinstance(moment, datetime) and moment.utcoffset() is None:
                raise ValueError("a time without a zone")
        if _instant(self.end) <= _instant(self.start):
            raise ValueError("an entry ends after it starts")


@dataclass(frozen=True, kw_only=True)
class Calendar:
    """A file or feed: its name in the reader's language, what is in it and how often a program should ask again."""

    name: str
    entries: tuple[Entry, ...]
    description: str = ""
    url: str = ""
    refresh: timedelta = REFRESH


def write(calendar: Calendar) -> bytes:
    """Write a calendar as `text/calendar; charset=utf-8` with METHOD:PUBLISH, entries in order of time."""
    root = icalendar.Calendar()
    root.add("VERSION", "2.0")
    root.add("PRODID", PRODUCT)
    root.add("CALSCALE", "GREGORIAN")
    root.add("METHOD", "PUBLISH")
    name = _line(calendar.name)
    root.add("NAME", vText(name))
    root.add("X-WR-CALNAME", vText(name))
    if calendar.description:
        root.add("DESCRIPTION", vText(_text(calendar.description)))
        root.add("X-WR-CALDESC", vText(_text(calendar.description)))
    if calendar.url:
        root.add("URL", vUri(_uri(calendar.url)))
    root.add("REFRESH-INTERVAL", calendar.refresh, parameters={"VALUE": "DURATION"})
    root.add("X-PUBLISHED-TTL", vDuration(calendar.refresh))
    if calendar.entries:
        root.add("LAST-MODIFIED", max(entry.modified for entry in calendar.entries).astimezone(UTC))
    entries = sorted(calendar.entries, key=lambda entry: (_instant(entry.start), entry.uid))
    for zone, moments in sorted(_moments(entries).items()):
        root.add_component(timezone.component(zone, moments))
    for entry in entries:
        root.add_component(_event(entry))
    text: bytes = root.to_ical()
    return text


def _event(entry: Entry) -> icalendar.Event:
    event = icalendar.Event()
    event.add("UID", vText(_line(entry.uid)))
    event.add("SEQUENCE", entry.sequence)
    event.add("CREATED", entry.created.astimezone(UTC))
    event.add("LAST-MODIFIED", entry.modified.astimezone(UTC))
    event.add("DTSTAMP", entry.modified.astimezone(UTC))
    start, end = _times(entry)
    event.add("DTSTART", start)
    event.add("DTEND", end)
    event.add("SUMMARY", vText(_line(entry.summary)))
    for key, text in (("DESCRIPTION", _text(entry.description)), ("CONTACT", _line(entry.contact))):
        if text:
            event.add(key, vText(text))
    if entry.location:
        event.add("LOCATION", vText(_line(entry.location, ", ")))
    if entry.geo:
        event.add("GEO", tuple(round(number, 6) for number in entry.geo))
    if entry.url:
        event.add("URL", vUri(_uri(entry.url)))
    categories = [_line(category) for category in entry.categories if _line(category)]
    if categories:
        event.add("CATEGORIES", categories)
    event.add("STATUS", "CANCELLED" if entry.cancelled else "CONFIRMED")
    event.add("TRANSP", "OPAQUE" if entry.busy and not entry.cancelled else "TRANSPARENT")
    if entry.alarm is not None and not entry.cancelled:
        event.add_component(_alarm(entry))
    return event


def _alarm(entry: Entry) -> icalendar.Alarm:
    alarm = icalendar.Alarm()
    alarm.add("ACTION", "DISPLAY")
    alarm.add("DESCRIPTION", vText(_line(entry.summary)))
    alarm.add("TRIGGER", -timedelta(minutes=entry.alarm or 0))
    return alarm


def _times(entry: Entry) -> tuple[datetime | date, datetime | date]:
    """Give start and end as they are written: days, local times with their zone, or UTC.

    A local time that happens twice (when summer time ends) means its first pass by RFC 5545, 3.3.5, and its second one
    to ical.js; so such times are written in UTC.
    """
    if not isinstance(entry.start, datetime) or not isinstance(entry.end, datetime):
        return entry.start, entry.end
    if entry.zone not in _UTC_ZONES:
        tz = ZoneInfo(entry.zone)
        start, end = (moment.astimezone(UTC).astimezone(tz) for moment in (entry.start, entry.end))
        if not _is_doubled(start) and not _is_doubled(end):
            return start, end
    return entry.start.astimezone(UTC), entry.end.astimezone(UTC)


def _is_doubled(moment: datetime) -> bool:
    """Tell whether the clock shows this local time twice."""
    return moment.replace(fold=0).utcoffset() != moment.replace(fold=1).utcoffset()


def _moments(entries: list[Entry]) -> dict[str, list[datetime]]:
    """Collect for each zone that the entries name the moments written in it."""
    moments = defaultdict(list)
    for entry in entries:
        for moment in _times(entry):
            if isinstance(moment, datetime) and moment.tzinfo is not UTC:
                moments[entry.zone].append(moment)
    return moments


def _instant(moment: datetime | date) -> datetime:
    if isinstance(moment, datetime):
        return moment.astimezone(UTC)
    return datetime(moment.year, moment.month, moment.day, tzinfo=UTC)


def _text(text: str) -> str:
    """Keep what may stand in a text: line breaks become newlines, other control characters go."""
    clean = _CONTROLS.sub("", _BREAKS.sub("\n", text.replace("\t", " ")))
    return clean.encode("utf-8", "replace").decode("utf-8").strip()


def _line(text: str, joint: str = " ") -> str:
    """Make one line of a text; a comma that ends a line is left out where the joint is one."""
    ends = " ," if "," in joint else " "
    return joint.join(part for part in (line.strip(ends) for line in _text(text).split("\n")) if part)


def _uri(address: str) -> str:
    """Encode in an address what would end its line."""
    return _URI_FORBIDDEN.sub("%20", address.strip())
