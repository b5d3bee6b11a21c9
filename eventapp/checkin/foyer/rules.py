"""What the screen in the foyer shows: in which languages it greets, what comes next, what has changed; pure."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from eventapp.checkin.rules import GREETINGS
from eventapp.core.localized import Localized

NEWS = timedelta(hours=24)
"""So long a change is shown as one."""
_A_PANEL, _MOST = 6, 18
_ROOM, _TIME = "room_id", frozenset({"starts_at", "ends_at"})


@dataclass(frozen=True)
class Point:
    """A point of the programme, as guests look for it."""

    slug: str
    title: Localized
    room: str
    starts_at: datetime
    ends_at: datetime
    is_cancelled: bool = False

    def is_on(self, now: datetime) -> bool:
        """Tell whether it takes place right now."""
        return self.starts_at <= now < self.ends_at


@dataclass(frozen=True)
class News:
    """A point of the programme that changed lately, and what of it is new."""

    point: Point
    new_room: bool
    new_time: bool


def greetings(guests: Mapping[str, int], written: Iterable[str]) -> list[tuple[str, str]]:
    """Return language and welcome: first those that most guests read, then those in which the event is written."""
    by_number = sorted(guests, key=lambda language: (-guests[language], language))
    known = dict.fromkeys([*by_number, *written])
    return [(language, GREETINGS[language]) for language in known if language in GREETINGS]


def coming(points: Iterable[Point], now: datetime, zone: str) -> list[Sequence[Point]]:
    """Return what takes place now and next on one day, in panels of six; nothing when all is over."""
    ahead = [point for point in points if point.ends_at > now and not point.is_cancelled]
    if not ahead:
        return []
    day = max(ahead[0].starts_at, now).astimezone(ZoneInfo(zone)).date()
    today = [point for point in ahead if point.starts_at.astimezone(ZoneInfo(zone)).date() <= day][:_MOST]
    return [today[start : start + _A_PANEL] for start in range(0, len(today), _A_PANEL)]


def news(points: Iterable[Point], changed: Mapping[str, frozenset[str]], now: datetime) -> list[News]:
    """Return what guests should know of the changes; `changed`: fields by item, empty for cancelled and restored."""
    found = [
        News(point, _ROOM in fields, bool(_TIME & fields))
        for point in points
        if point.ends_at > now
        for fields in [changed.get(point.slug)]
        if fields is not None
    ]
    return [one for one in found if one.new_room or one.new_time or one.point.is_cancelled][:_A_PANEL]
