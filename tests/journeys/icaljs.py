"""Reads calendars with ical.js, a program written by others, in the Chromium of the tests."""

from pathlib import Path
from typing import Any

from playwright.sync_api import Page

_SOURCE = Path(__file__).parents[1] / "vendor" / "ical.js-2.2.1" / "ical.js"
_LOAD = """async source => {
  const address = URL.createObjectURL(new Blob([source], { type: "text/javascript" }))
  window.ICAL = (await import(address)).default
}"""
_READ = """text => {
  const calendar = new ICAL.Component(ICAL.parse(text))
  ICAL.TimezoneService.reset()
  for (const zone of calendar.getAllSubcomponents("vtimezone")) ICAL.TimezoneService.register(zone)
  return calendar.getAllSubcomponents("vevent").map(part => {
    const event = new ICAL.Event(part)
    return {
      uid: event.uid, summary: event.summary, description: event.description, location: event.location,
      sequence: event.sequence, status: part.getFirstPropertyValue("status"), allDay: event.startDate.isDate,
      start: event.startDate.toUnixTime(), end: event.endDate.toUnixTime(),
      day: event.startDate.toString(), lastDay: event.endDate.toString(),
      categories: part.getFirstProperty("categories")?.getValues() ?? [],
    }
  })
}"""


def load(page: Page) -> None:
    """Load ical.js into a page that forbids no script, such as an empty tab."""
    page.evaluate(_LOAD, _SOURCE.read_text("utf-8"))


def read(page: Page, calendar: bytes) -> list[dict[str, Any]]:
    """Return the entries of a calendar file as ical.js understands them; start and end in seconds since 1970."""
    found: list[dict[str, Any]] = page.evaluate(_READ, calendar.decode())
    return found
