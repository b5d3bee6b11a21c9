"""Calendars as a program written by others reads them: ical.js, in the Chromium of the tests."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import Browser

from eventapp.calendar.ical import Calendar, Entry, write
from tests.journeys import icaljs

pytestmark = pytest.mark.browser

START = datetime(2026, 12, 3, 9, 30, tzinfo=ZoneInfo("Europe/Berlin"))
ENTRY = Entry(
    uid="k3m9q2x7@eventapp",
    sequence=2,
    start=START,
    end=START + timedelta(hours=6),
    zone="Europe/Berlin",
    summary="Gemeinsam vor Ort",
    created=START,
    modified=START,
)
Read = Callable[..., list[dict[str, Any]]]


@pytest.fixture
def read(browser: Browser) -> Iterator[Read]:
    """Write entries as a calendar and read it by ical.js."""
    context = browser.new_context(timezone_id="America/New_York")
    page = context.new_page()
    icaljs.load(page)
    yield lambda *entries: icaljs.read(page, write(Calendar(name="A", entries=entries)))
    context.close()


def test_texts_are_the_same(read: Read) -> None:
    texts = ["Komma, Semikolon; Schrägstrich \\ n \\n", "ä" * 80, "أهلًا وسهلًا بكم " * 9, "🎉" * 40, '"Zitat": a=b^c']
    entries = [
        replace(ENTRY, uid=f"{number}@eventapp", summary=text, location=text, description=f"{text}\n\nZwei")
        for number, text in enumerate(text.strip() for text in texts)
    ]
    found = {event["uid"]: event for event in read(*entries)}
    for entry in entries:
        event = found[entry.uid]
        assert (event["summary"], event["location"]) == (entry.summary, entry.location)
        assert event["description"] == entry.description


@pytest.mark.parametrize("zone", ["Europe/Berlin", "Europe/Dublin", "Africa/Cairo", "Asia/Gaza", "Africa/Casablanca"])
def test_instants_are_right_around_every_change_of_the_clock(read: Read, zone: str) -> None:
    days = [date(2026, 3, 29), date(2026, 10, 25), date(2027, 3, 28), date(2027, 10, 31), date(2027, 2, 7)]
    starts = [
        datetime(day.year, day.month, day.day, tzinfo=UTC) + timedelta(hours=hour) for day in days for hour in range(24)
    ]
    entries = [
        replace(ENTRY, uid=start.isoformat(), start=start, end=start + timedelta(minutes=45), zone=zone)
        for start in starts
    ]
    for event in read(*entries):
        start = datetime.fromisoformat(event["uid"])
        assert datetime.fromtimestamp(event["start"], UTC) == start
        assert datetime.fromtimestamp(event["end"], UTC) == start + timedelta(minutes=45)


def test_whole_days_state_sequence_and_categories(read: Read) -> None:
    (event,) = read(
        replace(
            ENTRY,
            start=date(2026, 12, 3),
            end=date(2026, 12, 5),
            cancelled=True,
            categories=("Forum", "Arbeit, Bildung"),
        )
    )
    assert event["allDay"]
    assert (event["day"], event["lastDay"]) == ("2026-12-03", "2026-12-05")
    assert event["status"] == "CANCELLED"
    assert event["sequence"] == 2
    assert event["categories"] == ["Forum", "Arbeit, Bildung"]


def test_a_thousand_entries(read: Read) -> None:
    starts = [START + timedelta(days=number) for number in range(1000)]
    found = read(
        *(replace(ENTRY, uid=start.isoformat(), start=start, end=start + timedelta(hours=1)) for start in starts)
    )
    assert [event["start"] for event in found] == [start.timestamp() for start in starts]
