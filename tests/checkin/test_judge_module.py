"""What the phone brings together when it decides alone: its list, its clock, and what was scanned here."""

from typing import Any

import pytest
from playwright.sync_api import Page

from tests.browser import Tab

pytestmark = pytest.mark.browser

JUDGE = """
const { Judge } = await import("/static/any/door/judge.js");
const { keyOf } = await import("/static/any/door/list.js");
const DAY = 86_400_000;
const key = await keyOf("e", "T1");
const row = [key, 0, 0, 0, 0, []];
const noted = [];
const event = { starts_at: Date.now() - 3_600_000, ends_at: Date.now() + 3_600_000, zone: "UTC", called_off: false };
const list = {
  about: { ahead: 0, event, categories: ["Group"], items: [], rev: 1 },
  rules: {},
  load: async () => {},
  find: (wanted) => (wanted === key ? row : null),
  isHere: (entrance) => entrance === "house",
  note: async (...what) => noted.push(what),
};
let made = [];
const judge = new Judge({ event: "e", list, scans: { made: async () => made } });
const scan = { id: "1", kind: "entry", undo_of: null, outcome: "admitted", at: Date.now() - 1000, code: "T1" };
"""


@pytest.fixture
def modules(tab: Tab) -> Page:
    """A tab of the site without a page of the door."""
    return tab.goto("/healthz")


def run(page: Page, body: str) -> Any:
    """Run the body of an asynchronous function in the page and return what it gives."""
    return page.evaluate(f"async () => {{ {JUDGE} {body} }}")


def test_the_clock_of_the_server_counts(modules: Page) -> None:
    body = """
    const said = [(await judge.decide("T1", "entry")).reason];
    event.starts_at += 3 * DAY;
    event.ends_at += 3 * DAY;
    said.push((await judge.decide("T1", "entry")).reason);
    list.about.ahead = 3 * DAY;
    said.push((await judge.decide("T1", "entry")).reason);
    return said;
    """
    assert run(modules, body) == ["ok", "not_yet", "ok"]


def test_what_was_scanned_at_another_door_of_another_room_does_not_count(modules: Page) -> None:
    body = """
    const said = [];
    for (const entrance of ["house", "forum"]) {
      made = [{ ...scan, place: { entrance } }];
      said.push((await judge.decide("T1", "entry")).reason);
    }
    return said;
    """
    assert run(modules, body) == ["already_admitted", "ok"]


def test_what_the_server_said_is_known_at_once(modules: Page) -> None:
    body = """
    const answer = { outcome: "admitted", ticket: { entries: 2 } };
    for (const entrance of ["house", "forum"]) await judge.learn({ ...scan, place: { entrance } }, answer);
    return noted.map(([where, what]) => [where === key, what]);
    """
    assert run(modules, body) == [[True, {"inside": True, "entries": 2}]]
