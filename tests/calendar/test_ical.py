"""iCalendar text, read back by `icalendar`."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import icalendar
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from eventapp.calendar.ical import Calendar, Entry, write

BERLIN = ZoneInfo("Europe/Berlin")
ENTRY = Entry(
    uid="k3m9q2x7@eventapp",
    sequence=2,
    start=datetime(2026, 12, 3, 9, 30, tzinfo=BERLIN),
    end=datetime(2026, 12, 3, 16, 0, tzinfo=BERLIN),
    zone="Europe/Berlin",
    summary="NRW.integrativ – Gemeinsam vor Ort",
    created=datetime(2026, 9, 1, 8, 0, tzinfo=UTC),
    modified=datetime(2026, 9, 2, 8, 0, tzinfo=UTC),
)


START = datetime(2026, 12, 3, 9, 30, tzinfo=BERLIN)


def text_of(*entries: Entry, name: str = "Kalender") -> bytes:
    """Write the entries as one calendar."""
    return write(Calendar(name=name, entries=entries))


def events(text: bytes) -> list[Any]:
    """Read a calendar back and give its events (untyped: a property could be of 30 classes)."""
    return list(icalendar.Calendar.from_ical(text).walk("VEVENT"))


def lines(text: bytes) -> list[bytes]:
    """Divide into physical lines and check their ends, lengths and that no character is cut."""
    assert text.endswith(b"\r\n")
    physical = text[:-2].split(b"\r\n")
    for line in physical:
        assert len(line) <= 75
        assert b"\n" not in line
        assert b"\r" not in line
        line.decode("utf-8")
    return physical


def test_every_property_of_an_event() -> None:
    full = replace(
        ENTRY,
        description="Erste Zeile\nZweite, mit Komma; und \\",
        location="ruhr tech kampus essen\nEssen, Eingang Nord",
        geo=(51.4643, 6.9986),
        url="https://example.org/de/essen",
        categories=("Forum", "Arbeit, Bildung"),
        contact="Frau Öz, forum@example.org",
    )
    event = events(text_of(full))[0]
    assert event["UID"] == "k3m9q2x7@eventapp"
    assert event["SEQUENCE"] == 2
    assert event["DTSTAMP"].dt == event["LAST-MODIFIED"].dt == ENTRY.modified
    assert event["CREATED"].dt == ENTRY.created
    assert event["DTSTART"].params["TZID"] == "Europe/Berlin"
    assert (event["DTSTART"].dt, event["DTEND"].dt) == (ENTRY.start, ENTRY.end)
    assert event["SUMMARY"] == ENTRY.summary
    assert event["DESCRIPTION"] == full.description
    assert event["LOCATION"] == "ruhr tech kampus essen, Essen, Eingang Nord"
    assert event["GEO"].to_ical() == "51.4643;6.9986"
    assert event["URL"] == full.url
    assert event.categories == ["Forum", "Arbeit, Bildung"]
    assert event["CONTACT"] == full.contact
    assert (event["STATUS"], event["TRANSP"]) == ("CONFIRMED", "OPAQUE")
    assert not event.subcomponents


def test_the_head_of_a_calendar() -> None:
    text = text_of(ENTRY, name="Essen, Ruhr; alles")
    calendar: Any = icalendar.Calendar.from_ical(text)
    assert calendar["METHOD"] == "PUBLISH"
    assert calendar["NAME"] == calendar["X-WR-CALNAME"]
    assert b"X-WR-CALNAME:Essen\\, Ruhr\\; alles\r\n" in text
    assert b"REFRESH-INTERVAL;VALUE=DURATION:PT4H\r\n" in text
    assert b"X-PUBLISHED-TTL:PT4H\r\n" in text
    assert b"ORGANIZER" not in text
    assert b"ATTENDEE" not in text
    assert calendar["LAST-MODIFIED"].dt == ENTRY.modified


def test_description_and_address_of_a_feed() -> None:
    feed = Calendar(name="A", entries=(), description="Alle Termine", url="https://example.org/calendar.ics")
    calendar: Any = icalendar.Calendar.from_ical(write(feed))
    assert calendar["DESCRIPTION"] == calendar["X-WR-CALDESC"] == "Alle Termine"
    assert calendar["URL"] == "https://example.org/calendar.ics"
    assert b"VTIMEZONE" not in write(feed)


def test_the_same_record_gives_the_same_bytes_in_any_order() -> None:
    other = replace(ENTRY, uid="other@eventapp", start=START + timedelta(hours=1))
    assert text_of(ENTRY, other) == text_of(other, ENTRY)
    found = events(text_of(other, ENTRY))
    assert [event["UID"] for event in found] == [ENTRY.uid, other.uid]


@pytest.mark.parametrize("character", ["ä", "ع", "🎉", "e\u0301", "a"])
@pytest.mark.parametrize("octet", [73, 74, 75, 76])
def test_lines_fold_at_75_octets_and_never_inside_a_character(character: str, octet: int) -> None:
    start = "x" * (octet - len("SUMMARY:") - 1)
    for summary in (start + character, start + character * 60, start + character + "y" * 200):
        text = text_of(replace(ENTRY, summary=summary))
        lines(text)
        assert events(text)[0]["SUMMARY"] == summary


@given(
    st.text(),
    st.text(),
    st.lists(st.text(min_size=1), max_size=3),
)
@example("a,b;c\\n\\", "a\r\nb\nc\\\\n,;:\"'", ["a,b", "c;d", "e\\"])
@example("\ud800", "\x00\x01\u2028\x85", ["\x0b"])
@example("0,\r0", "", [])
@example("\\N", "a\\Nb\\n", ["\\N"])
def test_any_text_is_read_back(summary: str, description: str, categories: list[str]) -> None:
    text = text_of(replace(ENTRY, summary=summary, description=description, categories=tuple(categories)))
    lines(text)
    event = events(text)[0]
    assert " ".join(event["SUMMARY"].split()) == " ".join(kept(summary).split())
    assert " ".join(str(event.get("DESCRIPTION", "")).split()) == " ".join(kept(description).split())
    assert len(events(text)) == 1


def kept(text: str) -> str:
    """What of a text may stand in a calendar: all but control characters; `icalendar` writes "\\N" as a line break."""
    text = text.encode("utf-8", "replace").decode().replace("\\N", "\n")
    return "".join(" " if c in "\t\n\r\x0b\x0c\x85" else c for c in text if c in "\t\n\r\x0b\x0c\x85" or kept_one(c))


def kept_one(character: str) -> bool:
    """Tell whether a character that is no white space stays."""
    return character >= " " and not "\x7f" <= character <= "\x9f" and character != "\ufeff"


@pytest.mark.parametrize(
    "day",
    [date(2026, 3, 29), date(2026, 10, 25), date(2027, 3, 28), date(2027, 10, 31)],
)
@pytest.mark.parametrize("hour", [0, 1, 2, 3, 4, 12])
def test_the_days_on_which_the_clock_changes(day: date, hour: int) -> None:
    midnight = datetime(day.year, day.month, day.day, tzinfo=UTC)
    start, end = midnight + timedelta(hours=hour), midnight + timedelta(hours=hour, minutes=45)
    text = text_of(replace(ENTRY, start=start, end=end))
    event = events(text)[0]
    assert event["DTSTART"].dt.astimezone(UTC) == start
    assert event["DTEND"].dt.astimezone(UTC) == end


@pytest.mark.parametrize("hour", [0, 1])
def test_an_hour_that_happens_twice_is_written_in_utc(hour: int) -> None:
    start = datetime(2026, 10, 25, hour, 30, tzinfo=UTC)
    text = text_of(replace(ENTRY, start=start, end=start + timedelta(hours=3)))
    assert f"DTSTART:20261025T0{hour}3000Z\r\n".encode() in text
    assert f"DTEND:20261025T0{hour + 3}3000Z\r\n".encode() in text


def test_a_time_that_does_not_exist_is_written_as_the_instant_it_means() -> None:
    gap = datetime(2026, 3, 29, 2, 30, tzinfo=BERLIN)
    text = text_of(replace(ENTRY, start=gap, end=gap + timedelta(hours=2)))
    assert b"DTSTART;TZID=Europe/Berlin:20260329T033000\r\n" in text


def test_whole_days_have_no_time_and_an_exclusive_end() -> None:
    text = text_of(replace(ENTRY, start=date(2026, 12, 3), end=date(2026, 12, 5)))
    assert b"DTSTART;VALUE=DATE:20261203\r\n" in text
    assert b"DTEND;VALUE=DATE:20261205\r\n" in text
    assert b"VTIMEZONE" not in text


def test_times_in_utc_need_no_zone() -> None:
    text = text_of(replace(ENTRY, zone="UTC"))
    assert b"DTSTART:20261203T083000Z\r\n" in text
    assert b"VTIMEZONE" not in text


def test_a_cancelled_entry_stays_and_rings_no_alarm() -> None:
    event = events(text_of(replace(ENTRY, cancelled=True, alarm=30)))[0]
    assert (event["STATUS"], event["TRANSP"]) == ("CANCELLED", "TRANSPARENT")
    assert not event.subcomponents


def test_an_entry_can_leave_the_day_free() -> None:
    assert events(text_of(replace(ENTRY, busy=False)))[0]["TRANSP"] == "TRANSPARENT"


def test_the_alarm_of_a_guests_own_file() -> None:
    (alarm,) = events(text_of(replace(ENTRY, alarm=45)))[0].subcomponents
    assert alarm["ACTION"] == "DISPLAY"
    assert alarm["TRIGGER"].dt == -timedelta(minutes=45)
    assert alarm["DESCRIPTION"] == ENTRY.summary


def test_an_address_cannot_end_its_line() -> None:
    text = text_of(replace(ENTRY, url="https://example.org/\r\nATTENDEE:mailto:x@example.org"))
    assert b"\r\nATTENDEE" not in text
    assert len(events(text)) == 1


@pytest.mark.parametrize(
    "wrong",
    [
        {"end": date(2026, 12, 3)},
        {"end": ENTRY.start},
        {"start": datetime(2026, 12, 3, 9, 30)},  # noqa: DTZ001 - this is the fault
        {"modified": datetime(2026, 12, 3)},  # noqa: DTZ001 - this is the fault
    ],
)
def test_times_that_cannot_be_shown_are_refused(wrong: dict[str, datetime]) -> None:
    with pytest.raises(ValueError, match=r"entry|zone|both"):
        replace(ENTRY, **wrong)  # type: ignore[arg-type]


def test_a_thousand_entries() -> None:
    days = [START + timedelta(days=number) for number in range(1000)]
    many = [replace(ENTRY, uid=f"{day:%j-%Y}@eventapp", start=day, end=day + timedelta(hours=2)) for day in days]
    text = text_of(*many)
    lines(text)
    found = events(text)
    assert [event["UID"] for event in found] == [entry.uid for entry in many]
    assert [event["DTSTART"].dt for event in found] == [entry.start for entry in many]
    assert text.count(b"BEGIN:VTIMEZONE") == 1
    assert text == text_of(*many)
