"""The door without network, in a real Chromium: what a phone decides, keeps and sends, and what survives.

The phones are online first, as at every door; then the network, the server or the tab goes. A request can also be
answered by somebody else than the site: `line` stands between them.
"""

import threading
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import select

from eventapp import static
from eventapp.checkin.models import Device
from eventapp.checkin.rules import Outcome
from eventapp.core.db import db
from eventapp.registration.service import cancel
from eventapp.tickets.models import Ticket
from eventapp.tickets.rules import new_code
from tests.browser import PHONE, OpenTab, Site
from tests.conftest import application, close
from tests.journeys.doorway import (
    Door,
    all_sent,
    enter,
    hand_scan,
    make_door,
    offline,
    ready,
    reopened_offline,
    result,
    scans,
    see,
    sign_in,
    told,
    unsent,
)

pytestmark = pytest.mark.browser

NEWER = "#door[data-decoder-url*='0123456789ab']"
Wsgi = Callable[[dict[str, Any], Any], Iterable[bytes]]


@pytest.fixture
def door(site: Site) -> Door:
    """Make the event and its guests, of whom the third has cancelled."""
    del site
    made = make_door()
    cancel(db.session.scalars(select(Ticket.participant_id).filter_by(code=made.sinead)).one())
    return made


class Line:
    """What stands between phones and site: everything goes through but what `block` names."""

    def __init__(self, site: Site) -> None:
        self.app: Wsgi = site.app.wsgi_app
        self.database = site.app.config["SQLALCHEMY_DATABASE_URI"]
        self.blocked: tuple[str, ...] = ()
        self.status, self.asked, self.answers = "503 Service Unavailable", threading.Event(), threading.Event()
        self.answers.set()

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        """Answer a request, or let the site answer."""
        path = environ["PATH_INFO"]
        if not any(path.startswith(part) or path.endswith(part) for part in self.blocked):
            return self.app(environ, start_response)
        self.asked.set()
        self.answers.wait(30)
        start_response(self.status, [("Content-Type", "text/html"), ("Connection", "close")])
        return [b"<!doctype html><title>Hotel</title><p>Please pay"]

    def block(self, *parts: str, status: str = "503 Service Unavailable") -> None:
        """Answer with this status paths that begin or end so; without a part all are let through."""
        self.blocked, self.status = parts, status


@pytest.fixture
def line(site: Site) -> Iterator[Line]:
    """The line between phones and site."""
    made = Line(site)
    site.app.wsgi_app = made  # type: ignore[method-assign]
    yield made
    site.app.wsgi_app = made.app  # type: ignore[assignment, method-assign]


def test_the_phone_decides_alone_and_the_server_gets_exactly_that(open_tab: OpenTab, door: Door) -> None:
    page = reopened_offline(ready(enter(open_tab(PHONE, service_workers="allow"), door.account)))
    unknown = new_code()
    hand_scan(page, door.amira)
    see(page, "admit", local=True)
    result(page, "Einlassen", "Das Telefon hat entschieden.", "Ungesendet")
    page.reload()
    hand_scan(page, door.amira)
    see(page, "stop", local=True)
    result(page, "Stopp", "Dieses Ticket ist schon eingelassen.")
    hand_scan(page, door.sinead)
    result(page, "Stopp", "Diese Anmeldung ist abgemeldet.")
    hand_scan(page, unknown)
    see(page, "look", local=True)
    page.get_by_role("button", name="Nicht einlassen").click()
    unsent(page, 4)
    assert scans() == []
    offline(page, False)
    all_sent(page)
    assert told() == [
        (door.amira, Outcome.ADMITTED, "ok"),
        (door.amira, Outcome.REFUSED, "already_admitted"),
        (door.sinead, Outcome.REFUSED, "cancelled"),
        (unknown, Outcome.REFUSED, "offline_unknown"),
    ]
    hand_scan(page, door.olena)
    result(page, "Einlassen", "Олена Коваленко")
    see(page, "admit")


def test_a_scan_whose_tab_dies_before_the_answer_reaches_the_server(open_tab: OpenTab, door: Door, line: Line) -> None:
    tab = open_tab(PHONE, service_workers="allow")
    page = ready(enter(tab, door.account))
    address = page.url
    line.block("/scans")
    hand_scan(page, door.amira)
    assert line.asked.wait(5)
    page.close()
    line.block()
    again = page.context.new_page()
    again.goto(address)
    all_sent(again)
    assert told() == [(door.amira, Outcome.UNKNOWN, "ok")]
    tab.faults.clear()


def test_the_door_opens_and_works_behind_a_captive_portal(open_tab: OpenTab, door: Door, line: Line) -> None:
    page = ready(enter(open_tab(PHONE, service_workers="allow"), door.account))
    line.block("/door/", status="200 OK")
    page.reload()
    hand_scan(page, door.amira)
    see(page, "admit", local=True)
    unsent(page, 1)
    line.block()
    all_sent(page)
    assert told() == [(door.amira, Outcome.ADMITTED, "ok")]


def test_the_door_opens_soon_where_the_network_is_too_slow(open_tab: OpenTab, door: Door, line: Line) -> None:
    page = ready(enter(open_tab(PHONE, service_workers="allow"), door.account))
    line.answers.clear()
    line.block("/door/")
    page.reload(timeout=10_000)
    expect(page.locator("#door-list")).to_contain_text(": 3,")
    line.answers.set()
    line.block()


def test_a_phone_that_is_signed_out_in_mid_queue_goes_on_and_loses_nothing(open_tab: OpenTab, door: Door) -> None:
    tab = open_tab(PHONE, service_workers="allow")
    page = ready(enter(tab, door.account))
    offline(page)
    hand_scan(page, door.amira)
    see(page, "admit", local=True)
    page.context.clear_cookies()
    offline(page, False)
    expect(page.locator("#door-link")).to_contain_text("Abgemeldet")
    hand_scan(page, door.olena)
    see(page, "admit", local=True)
    unsent(page, 2)
    page.locator("#door-link a").click()
    sign_in(page, door.account)
    all_sent(page)
    assert told() == [(door.amira, Outcome.ADMITTED, "ok"), (door.olena, Outcome.ADMITTED, "ok")]
    expect(page.locator("#door-list")).to_contain_text(": 3,")
    page.context.clear_cookies()
    page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    expect(page.locator("#door-list")).to_have_text("Noch keine Ticketliste auf diesem Telefon")
    assert all("answered 401" in fault for fault in tab.faults)
    tab.faults.clear()


def take_newer(page: Page) -> None:
    """Let the browser look for a newer version, take it, and wait until it is at work."""
    page.evaluate("navigator.serviceWorker.ready.then((registration) => registration.update())")
    page.get_by_role("button", name="Neue Version laden").click()
    page.wait_for_function("navigator.serviceWorker.getRegistration().then((one) => !one.installing && !one.waiting)")


def is_kept(page: Page) -> None:
    """Wait until the page lies on the phone in the newer version."""
    page.evaluate(
        """async () => { while (!(await caches.match(location.href, { cacheName: "door-0123456789ab" })))
            await new Promise((resolve) => setTimeout(resolve, 20)); }"""
    )


def test_a_new_version_is_offered_and_taken_with_a_full_queue(
    open_tab: OpenTab, door: Door, line: Line, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    tab = open_tab(PHONE, service_workers="allow")
    page = ready(enter(tab, door.account))
    line.block("/scans")
    hand_scan(page, door.amira)
    see(page, "admit", local=True)
    monkeypatch.setattr(static, "version", lambda: "0123456789ab")
    own = line.app
    newer = application(line.database, tmp_path / "newer")
    try:
        line.app = newer.wsgi_app
        line.block("/scans", f"/door/{door.slug}/")  # the new version's page does not come: the old one stays
        take_newer(page)
        unsent(page, 1)
        reopened_offline(page)
        line.block("/scans")
        offline(page, False)
        page.reload()
        page.locator(NEWER).wait_for()
        unsent(page, 1)
        is_kept(page)
        line.app = own  # another server of the site is not up to date yet: its page is shown, and not kept
        page.reload()
        page.locator(f"#door:not({NEWER})").wait_for()
        offline(page)
        page.reload()
        page.locator(NEWER).wait_for()
        offline(page, False)
        line.block()
        all_sent(page)
    finally:
        line.app = own
        close(newer)
    assert told() == [(door.amira, Outcome.ADMITTED, "ok")]
    assert all("answered 503" in fault for fault in tab.faults)
    tab.faults.clear()


def test_two_phones_that_admit_one_ticket_offline_learn_of_each_other(open_tab: OpenTab, door: Door) -> None:
    north = ready(enter(open_tab(PHONE, service_workers="allow"), door.account, phone="Telefon 1"))
    south = ready(enter(open_tab(PHONE, service_workers="allow"), door.account, entrance="Süd", phone="Telefon 2"))
    for page in (north, south):
        offline(page)
        hand_scan(page, door.amira)
        see(page, "admit", local=True)
        see(page, "scan")
    for page in (north, south):
        offline(page, False)
        all_sent(page)
    logged = sorted(scans(), key=lambda scan: scan.at)
    names = {device.id: device.name for device in db.session.scalars(select(Device))}
    assert [(names[scan.device_id], scan.outcome, scan.conflict) for scan in logged if scan.device_id] == [
        ("Telefon 1", Outcome.ADMITTED, False),
        ("Telefon 2", Outcome.ADMITTED, True),
    ]
    south.get_by_role("button", name="Der Server sieht es anders: 1").click()
    south.locator("#door-recent li button").first.click()
    result(south, "Stopp", "Telefon 1", "Nord")


def test_two_tabs_of_one_phone_share_their_scans(open_tab: OpenTab, door: Door) -> None:
    first = ready(enter(open_tab(PHONE, service_workers="allow"), door.account))
    second = first.context.new_page()
    second.goto(first.url)
    ready(second)
    offline(first)
    hand_scan(first, door.amira)
    see(first, "admit", local=True)
    hand_scan(second, door.amira)
    result(second, "Stopp", "Dieses Ticket ist schon eingelassen.")
    hand_scan(second, door.olena)
    see(second, "admit", local=True)
    offline(first, False)
    all_sent(first)
    all_sent(second)
    assert told() == [
        (door.amira, Outcome.ADMITTED, "ok"),
        (door.amira, Outcome.REFUSED, "already_admitted"),
        (door.olena, Outcome.ADMITTED, "ok"),
    ]
