"""VTIMEZONE components that calendar programs understand, for any IANA time zone.

Outlook and ical.js read RDATE lists an hour wrong, so a zone is written as yearly rules (RRULE), taken from the POSIX
line at the end of the zone's TZif file (RFC 9636, section 3.3). Where that line does not tell the truth about a moment
of the file at hand (years before a law changed, Morocco's Ramadan), each onset is written singly. Called by
``calendar.ical``.
"""

import calendar
import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from importlib import resources
from zoneinfo import ZoneInfo

from icalendar import Timezone, TimezoneDaylight, TimezoneStandard
from icalendar.prop import vRecur, vUTCOffset

_NAME = r"(<[^>]+>|[A-Za-z]+)"
_TIME = r"([+-]?\d+(?::\d+){0,2})"
_ONSET = rf",M(\d+)\.(\d)\.(\d)(?:/{_TIME})?"
_FOOTER = re.compile(rf"{_NAME}{_TIME}(?:{_NAME}{_TIME}?{_ONSET}{_ONSET})?")
_DAYS = ("SU", "MO", "TU", "WE", "TH", "FR", "SA")
_FIRST_YEAR = 1970
_DAY = timedelta(days=1)


@dataclass(frozen=True)
class Onset:
    """A yearly moment: weekday (0 is Sunday) of the nth week (5 is the last) of a month, plus local time from 0:00.

    The time may be negative or over 24 hours, as in `M10.5.4/24`.
    """

    month: int
    week: int
    weekday: int
    time: timedelta

    def in_year(self, year: int) -> datetime:
        """Give the local wall-clock moment in a year."""
        first = datetime(year, self.month, 1)  # noqa: DTZ001 - a wall-clock time has no zone
        day = 1 + (self.weekday - first.isoweekday()) % 7 + 7 * (self.week - 1)
        if day > calendar.monthrange(year, self.month)[1]:
            day -= 7
        return first.replace(day=day) + self.time

    def rule(self) -> dict[str, object] | None:
        """Write the onset as parts of a yearly RRULE; None where RFC 5545 has no words for it."""
        days, _rest = divmod(self.time, _DAY)
        weekday = _DAYS[(self.weekday + days) % 7]
        if not days:
            nth = -1 if self.week == 5 else self.week
            return {"FREQ": "YEARLY", "BYMONTH": self.month, "BYDAY": f"{nth}{weekday}"}
        first = -7 if self.week == 5 else 7 * self.week - 6
        span = [day + days for day in range(first, first + 7)]
        if max(span) < 0 or 0 < min(span) <= max(span) <= 28 + 2 * (self.month != 2):
            return {"FREQ": "YEARLY", "BYMONTH": self.month, "BYMONTHDAY": span, "BYDAY": weekday}
        if self.week == 5 and self.month > 2:
            left = sum(calendar.monthrange(_FIRST_YEAR, month)[1] for month in range(self.month + 1, 13))
            return {"FREQ": "YEARLY", "BYYEARDAY": [day - left for day in span], "BYDAY": weekday}
        return None


@dataclass(frozen=True)
class Phase:
    """A name and an offset from UTC, and the onset that starts it (None where nothing ever changes)."""

    name: str
    offset: timedelta
    onset: Onset | None = None


@dataclass(frozen=True)
class Footer:
    """The rule of a zone for all years to come: one phase, or the two that take turns."""

    first: Phase
    second: Phase | None = None

    def offset_at(self, moment: datetime) -> timedelta:
        """Give the offset from UTC that the rule says for an aware moment."""
        if self.second is None or self.first.onset is None or self.second.onset is None:
            return self.first.offset
        instant = moment.astimezone(UTC).replace(tzinfo=None)
        year = (instant + self.first.offset).year
        starts_first = self.first.onset.in_year(year) - self.second.offset
        starts_second = self.second.onset.in_year(year) - self.first.offset
        if starts_second < starts_first:
            return self.second.offset if starts_second <= instant < starts_first else self.first.offset
        return self.first.offset if starts_first <= instant < starts_second else self.second.offset


def component(zone: str, moments: Iterable[datetime]) -> Timezone:
    """Make the VTIMEZONE of an IANA zone that is true at all the given aware moments."""
    tz = ZoneInfo(zone)
    times = sorted(moments)
    footer = footer_of(zone)
    timezone = Timezone()
    timezone.add("TZID", zone)
    rules = _yearly(footer) if footer and all(footer.offset_at(time) == _offset(tz, time) for time in times) else None
    for observance in rules or _singly(tz, times):
        timezone.add_component(observance)
    return timezone


@lru_cache(maxsize=1024)
def footer_of(zone: str) -> Footer | None:
    """Read the POSIX line of a zone's TZif file; None if it holds what yearly rules cannot say."""
    folder, _slash, name = zone.rpartition("/")
    package = ".".join(["tzdata", "zoneinfo", *(part for part in folder.split("/") if part)])
    line = resources.files(package).joinpath(name).read_bytes().rsplit(b"\n", 2)[-2].decode("ascii")
    found = _FOOTER.fullmatch(line)
    if not found:
        return None
    standard, offset, summer, summer_offset, *onsets = found.groups()
    base = -_duration(offset)
    if summer is None:
        return Footer(Phase(standard.strip("<>"), base))
    ahead = -_duration(summer_offset) if summer_offset else base + timedelta(hours=1)
    return Footer(
        Phase(standard.strip("<>"), base, _onset(onsets[4:])), Phase(summer.strip("<>"), ahead, _onset(onsets[:4]))
    )


def _onset(parts: list[str | None]) -> Onset:
    month, week, weekday, time = parts
    return Onset(int(month or 1), int(week or 1), int(weekday or 0), _duration(time or "2"))


def _duration(text: str) -> timedelta:
    """Read `[+-]h[:m[:s]]`."""
    hours, minutes, seconds = [*(int(part) for part in text.lstrip("+-").split(":")), 0, 0][:3]
    duration = timedelta(hours=hours, minutes=minutes, seconds=seconds)
    return -duration if text.startswith("-") else duration


def _offset(tz: ZoneInfo, moment: datetime) -> timedelta:
    return moment.astimezone(UTC).astimezone(tz).utcoffset() or timedelta()


def _yearly(footer: Footer) -> list[TimezoneStandard | TimezoneDaylight] | None:
    """Write the rule as one component for ever, or two with an RRULE each; None if a rule has no words."""
    first, second = footer.first, footer.second
    if second is None or first.onset is None or second.onset is None:
        start = datetime(_FIRST_YEAR, 1, 1)  # noqa: DTZ001 - DTSTART of an observance is local time
        return [_observance(first.name, start, first.offset, first.offset)]
    written = []
    for phase, before in ((first, second), (second, first)):
        onset = phase.onset
        rule = onset.rule() if onset else None
        if onset is None or rule is None:
            return None
        observance = _observance(phase.name, onset.in_year(_FIRST_YEAR), before.offset, phase.offset)
        observance.add("RRULE", vRecur(rule))
        written.append(observance)
    return sorted(written, key=lambda observance: str(observance.name))


def _singly(tz: ZoneInfo, times: list[datetime]) -> list[TimezoneStandard | TimezoneDaylight]:
    """Write what holds at the first moment, then each change up to the last, every one as a component of its own."""
    day = times[0].astimezone(UTC) - _DAY
    start = day.astimezone(tz)
    offset = _offset(tz, day)
    written = [_observance(start.tzname() or "", start.replace(tzinfo=None), offset, offset)]
    while day < times[-1]:
        if _offset(tz, day) != _offset(tz, day + _DAY):
            change = _change(tz, day, day + _DAY)
            before, after = _offset(tz, change - timedelta(seconds=1)), _offset(tz, change)
            local = change.replace(tzinfo=None) + before
            written.append(_observance(change.astimezone(tz).tzname() or "", local, before, after))
        day += _DAY
    return written


def _change(tz: ZoneInfo, before: datetime, after: datetime) -> datetime:
    """Find the second in which the offset changes between two moments."""
    old = _offset(tz, before)
    low, high = int(before.timestamp()), int(after.timestamp())
    while high - low > 1:
        middle = (low + high) // 2
        if _offset(tz, datetime.fromtimestamp(middle, UTC)) == old:
            low = middle
        else:
            high = middle
    return datetime.fromtimestamp(high, UTC)


def _observance(name: str, start: datetime, before: timedelta, after: timedelta) -> TimezoneStandard | TimezoneDaylight:
    """Make one STANDARD or DAYLIGHT: the greater offset is daylight, also where law says otherwise (Dublin)."""
    observance = TimezoneDaylight() if after > before else TimezoneStandard()
    observance.add("DTSTART", start)
    observance.add("TZOFFSETFROM", vUTCOffset(before))
    observance.add("TZOFFSETTO", vUTCOffset(after))
    observance.add("TZNAME", name)
    return observance
