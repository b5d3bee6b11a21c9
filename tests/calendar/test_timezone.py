"""VTIMEZONE for every zone, compared with the zone data by an interpreter of our own."""

import calendar
from datetime import UTC, date, datetime, timedelta
from functools import cache
from typing import Any
from zoneinfo import ZoneInfo, available_timezones

import icalendar
import pytest

from eventapp.calendar import timezone

DAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
NAMES = sorted(available_timezones() - {"localtime"})  # Debian names the link /etc/localtime too
ONE_PER_RULE = sorted({str(timezone.footer_of(name)): name for name in NAMES}.values())


def matches(day: date, rule: dict[str, list[Any]]) -> bool:
    """Tell whether a day is in a yearly RRULE: the parts that we write, read with the words of RFC 5545, 3.3.10."""
    length = calendar.monthrange(day.year, day.month)[1]
    yearday, days = day.timetuple().tm_yday, 366 if calendar.isleap(day.year) else 365
    weekday = DAYS[day.weekday()]
    nths = {weekday, f"{(day.day - 1) // 7 + 1}{weekday}", f"{-((length - day.day) // 7) - 1}{weekday}"}
    return (
        day.month in rule.get("BYMONTH", [day.month])
        and not {day.day, day.day - length - 1}.isdisjoint(rule.get("BYMONTHDAY", [day.day]))
        and not {yearday, yearday - days - 1}.isdisjoint(rule.get("BYYEARDAY", [yearday]))
        and not nths.isdisjoint(rule["BYDAY"])
    )


@cache
def onsets(rule_text: str, start: datetime) -> tuple[datetime, ...]:
    """List the local onsets of an observance in the years around those of the tests."""
    if not rule_text:
        return (start,)
    rule = dict(icalendar.vRecur.from_ical(rule_text))
    first = date(2024, 12, 31)
    days = (first + timedelta(days=number) for number in range(1600))
    return tuple(datetime.combine(day, start.time()) for day in days if matches(day, rule))


def offset_at(component: Any, moment: datetime) -> timedelta:
    """Find the observance in force at an aware moment as RFC 5545, 3.6.5 says, and give its offset."""
    instant = moment.astimezone(UTC).replace(tzinfo=None)
    started = []
    for observance in component.subcomponents:
        before, after = observance["TZOFFSETFROM"].td, observance["TZOFFSETTO"].td
        rule = observance["RRULE"].to_ical().decode() if "RRULE" in observance else ""
        utc = [onset - before for onset in onsets(rule, observance["DTSTART"].dt)]
        started += [(onset, after) for onset in utc if onset <= instant]
    offset: timedelta = max(started)[1]
    return offset


def parts(name: str) -> list[Any]:
    """Give the observances that are written for a zone in 2026."""
    return list(timezone.component(name, [datetime(2026, 7, 1, tzinfo=UTC)]).subcomponents)


def moments(*years: int) -> list[datetime]:
    """Give noon of every third day and the hours around a Sunday in spring and autumn."""
    found = []
    for year in years:
        days = 366 if calendar.isleap(year) else 365
        found += [datetime(year, 1, 1, 12, tzinfo=UTC) + timedelta(days=day) for day in range(0, days, 3)]
        for month in (3, 4, 9, 10, 11):
            found += [datetime(year, month, 24, tzinfo=UTC) + timedelta(hours=hour) for hour in range(0, 200, 1)]
    return found


@pytest.mark.parametrize("name", ONE_PER_RULE)
def test_each_rule_says_what_the_zone_data_say(name: str) -> None:
    times = moments(2026, 2028)
    component = timezone.component(name, times)
    assert component["TZID"] == name
    read = icalendar.Timezone.from_ical(component.to_ical())
    for moment in times:
        assert offset_at(read, moment) == moment.astimezone(ZoneInfo(name)).utcoffset(), moment


def test_every_zone_is_written() -> None:
    for name in NAMES:
        assert timezone.footer_of(name), name
        assert len(parts(name)) in (1, 2), name


def test_berlin_as_outlook_wants_it() -> None:
    text = timezone.component("Europe/Berlin", [datetime(2026, 7, 1, tzinfo=UTC)]).to_ical().decode()
    assert text.replace("\r\n", "\n") == (
        "BEGIN:VTIMEZONE\nTZID:Europe/Berlin\n"
        "BEGIN:DAYLIGHT\nDTSTART:19700329T020000\nRRULE:FREQ=YEARLY;BYDAY=-1SU;BYMONTH=3\nTZNAME:CEST\n"
        "TZOFFSETFROM:+0100\nTZOFFSETTO:+0200\nEND:DAYLIGHT\n"
        "BEGIN:STANDARD\nDTSTART:19701025T030000\nRRULE:FREQ=YEARLY;BYDAY=-1SU;BYMONTH=10\nTZNAME:CET\n"
        "TZOFFSETFROM:+0200\nTZOFFSETTO:+0100\nEND:STANDARD\n"
        "END:VTIMEZONE\n"
    )


def test_a_zone_without_summer_time_has_one_part() -> None:
    (only,) = parts("Asia/Tokyo")
    assert only.name == "STANDARD"
    assert only["TZOFFSETTO"].td == timedelta(hours=9)
    assert "RRULE" not in only


def test_dublin_calls_the_summer_daylight() -> None:
    assert {part.name: part["TZOFFSETTO"].td for part in parts("Europe/Dublin")} == {
        "DAYLIGHT": timedelta(hours=1),
        "STANDARD": timedelta(0),
    }


@pytest.mark.parametrize(
    ("name", "year"),
    [("Africa/Casablanca", 2027), ("Africa/Cairo", 2020), ("Europe/Berlin", 1975), ("Asia/Tehran", 2021)],
)
def test_years_that_do_not_follow_the_rule_are_written_singly(name: str, year: int) -> None:
    times = moments(year)
    component = timezone.component(name, times)
    assert b"RRULE" not in component.to_ical()
    for moment in times:
        assert offset_at(component, moment) == moment.astimezone(ZoneInfo(name)).utcoffset(), moment


def test_an_unknown_zone_is_an_error() -> None:
    with pytest.raises(KeyError):
        timezone.component("Europe/Entenhausen", [datetime(2026, 7, 1, tzinfo=UTC)])
