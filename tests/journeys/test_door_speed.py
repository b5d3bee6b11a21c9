"""How long a phone takes from a code to the colour, online and offline, in a real Chromium; printed, not gated."""

import statistics
from collections.abc import Callable
from datetime import timedelta

import pytest
from playwright.sync_api import expect

from eventapp.accounts.rules import Role
from eventapp.checkin.entrances.service import add_entrance
from eventapp.core import clock
from tests.browser import PHONE, OpenTab, Site
from tests.journeys.doorway import code_of, enter, scans
from tests.make import make_account, make_event, make_organiser
from tests.soak import amount

pytestmark = pytest.mark.browser

TIMED = """async (codes) => {
  const shell = document.querySelector(".ev-door");
  const times = [];
  for (const code of codes) {
    const from = performance.now();
    const coloured = new Promise((resolve) => {
      const look = new MutationObserver(() => {
        if (!/ev-door--(admit|look|stop)/.test(shell.className)) return;
        look.disconnect();
        requestAnimationFrame(() => resolve(performance.now() - from));
      });
      look.observe(shell, { attributes: true });
    });
    for (const key of [...code, "Enter"])
      document.dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true, cancelable: true }));
    times.push(await coloured);
    document.dispatchEvent(new KeyboardEvent("keydown", { key: "Escape", bubbles: true, cancelable: true }));
    await new Promise((resolve) => setTimeout(resolve, 60));
  }
  return times;
}"""


def test_how_long_from_code_to_colour(
    open_tab: OpenTab, site: Site, capsys: pytest.CaptureFixture[str], record_property: Callable[[str, object], None]
) -> None:
    del site
    organiser, now = make_organiser(), clock.now()
    event = make_event(organiser, starts_at=now, ends_at=now + timedelta(hours=3), doors_at=None)
    add_entrance(event.id, "Nord")
    codes = [code_of(event, number, "Jo", f"Gast{number}", "de") for number in range(1, amount(5, 11))]
    page = enter(open_tab(PHONE), make_account(organiser, Role.DOOR, event_id=event.id))
    expect(page.locator("#door-list")).to_contain_text(f": {len(codes)},")
    for place in ("online", "offline"):
        page.context.set_offline(place == "offline")
        if place == "offline":  # the first silence costs a second and a half; then the phone knows
            expect(page.locator("#door-link")).to_contain_text("kein Netz")
        given = codes if place == "online" else [code for code in codes for _ in range(2)]
        times = page.evaluate(TIMED, given)
        p95 = statistics.quantiles(times, n=20)[-1]
        record_property(f"{place}_p95_ms", round(p95))
        with capsys.disabled():
            print(f"\ncode to colour, {place}: p95 {p95:.0f} ms of {len(times)}")
        assert len(times) == len(given)
    page.context.set_offline(False)
    expect(page.locator("#door-link")).to_have_text("Verbunden · 0 ungesendet", timeout=40_000)
    assert {scan.code for scan in scans()} == set(codes)
