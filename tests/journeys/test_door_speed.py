"""How long a phone takes from the first frame with a ticket to the colour, online and offline; printed, not gated."""

import statistics
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Playwright, expect

from eventapp.accounts.rules import Role
from eventapp.checkin.entrances.service import add_entrance
from eventapp.core import clock
from tests.browser import Site
from tests.film import write_film
from tests.journeys.doorway import all_sent, code_of, drawn, enter, phone_with_camera, ready, scans
from tests.make import make_account, make_event, make_organiser
from tests.soak import amount

pytestmark = pytest.mark.browser
ONCE = 0.7
"""Seconds for which the film shows a ticket, and then the empty table."""

TIMED = """async (wanted) => {
  const shell = document.querySelector(".ev-door"), video = document.querySelector(".ev-door video");
  const middle = new OffscreenCanvas(8, 8).getContext("2d", { willReadFrequently: true });
  const times = [];
  let since = null, wasBright = true;
  const look = new MutationObserver(() => {
    if (since === null || !/ev-door--(admit|look|stop)/.test(shell.className)) return;
    const from = since;
    since = null;
    requestAnimationFrame(() => times.push(performance.now() - from));
  });
  look.observe(shell, { attributes: true });
  const frame = (_now, { presentationTime }) => {
    const { videoWidth: width, videoHeight: height } = video;
    middle.drawImage(video, width / 2 - 100, height / 2 - 100, 200, 200, 0, 0, 8, 8);
    const pixels = middle.getImageData(0, 0, 8, 8).data;
    const isBright = Math.max(...pixels.filter((_, n) => n % 4 === 0)) > 180;
    if (isBright && !wasBright) since = presentationTime;
    if (!isBright) since = null;
    wasBright = isBright;
    video.requestVideoFrameCallback(frame);
  };
  video.requestVideoFrameCallback(frame);
  while (times.length < wanted) await new Promise((resolve) => setTimeout(resolve, 20));
  look.disconnect();
  return times;
}"""
"""Notes when the empty table gives way to a ticket, which is white, and when the screen has taken a colour after it."""


def test_how_long_from_frame_to_colour(
    playwright: Playwright,
    site: Site,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    record_property: Callable[[str, object], None],
) -> None:
    organiser, now = make_organiser(), clock.now()
    event = make_event(organiser, starts_at=now, ends_at=now + timedelta(hours=3), doors_at=None)
    add_entrance(event.id, "Nord")
    tickets = amount(2, 20)
    codes = [code_of(event, number, "Jo", f"Gast{number}", "de") for number in range(1, 2 * tickets + 6)]
    shown = [image for code in codes for image in (None, drawn(code))]
    film = write_film(tmp_path / "film.mjpeg", shown, seconds=ONCE)
    with phone_with_camera(playwright, film, site) as tab:
        page = ready(enter(tab, make_account(organiser, Role.DOOR, event_id=event.id)), len(codes))
        page.get_by_role("button", name="Kamera starten").click()
        for place in ("online", "offline"):
            page.context.set_offline(place == "offline")
            if place == "offline":  # the first silence costs a second and a half; then the phone knows
                expect(page.locator("#door-link")).to_contain_text("kein Netz")
            times = page.evaluate(TIMED, tickets)
            p95 = statistics.quantiles(times, n=20)[-1]
            record_property(f"{place}_p95_ms", round(p95))
            middle = statistics.median(times)
            with capsys.disabled():
                print(f"\nframe to colour, {place}: median {middle:.0f}, p95 {p95:.0f} ms of {len(times)}")
            assert len(times) >= tickets
        page.context.set_offline(False)
        all_sent(page)
    known = set(codes)
    assert {scan.code for scan in scans()} <= known
    assert len(scans()) >= 2 * tickets
