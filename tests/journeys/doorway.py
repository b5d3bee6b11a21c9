"""What people do with the scanner in a browser: sign in, enter, scan by hand, look at the result.

Used by the journeys at the door; the steps a person takes, none of their expectations.
"""

import io
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from PIL import Image
from playwright.sync_api import Page, Playwright, expect
from sqlalchemy import select

from eventapp.accounts.models import Account
from eventapp.accounts.rules import Role
from eventapp.checkin.entrances.service import add_entrance
from eventapp.checkin.models import Scan
from eventapp.checkin.rules import Outcome, ScanMode
from eventapp.core import clock
from eventapp.core.db import db
from eventapp.events.models import Event
from eventapp.registration.models import Participant
from eventapp.tickets import qr
from eventapp.tickets.service import find_living
from tests.browser import PHONE, Site, Tab, launch
from tests.film import camera_arguments
from tests.make import PASSWORD, make_account, make_event, make_organiser
from tests.registration.people import arrive

SENT = 40_000
"""Milliseconds in which everything that waits has gone up: the longest pause between two tries is half a minute."""


@dataclass(frozen=True)
class Door:
    """An event of today with two entrances, who may scan, and the codes of three guests."""

    slug: str
    account: Account
    amira: str
    olena: str
    sinead: str


def make_door() -> Door:
    """Make the event and its guests."""
    organiser, now = make_organiser(), clock.now()
    event = make_event(organiser, starts_at=now, ends_at=now + timedelta(hours=3), doors_at=None)
    for name in ("Nord", "Süd"):
        add_entrance(event.id, name)
    account = make_account(organiser, Role.DOOR, event_id=event.id)
    names = [("أميرة", "حداد", "ar"), ("Олена", "Коваленко", "uk"), ("Sinéad", "O’Connor", "en")]
    return Door(event.slug, account, *(code_of(event, number, *name) for number, name in enumerate(names, 1)))


def code_of(event: Event, number: int, given: str, family: str, language: str) -> str:
    """Sign a guest up and return the code of the ticket."""
    guest: Participant = arrive(event, number, given_name=given, family_name=family, language=language).participant
    ticket = find_living(guest.id)
    assert ticket is not None
    return ticket.code


def scans() -> list[Scan]:
    """Return the server's log in the order of its arrival."""
    db.session.rollback()
    return list(db.session.scalars(select(Scan).order_by(Scan.received_at, Scan.id)))


def sign_in(page: Page, account: Account) -> None:
    """Fill in the sign-in form that is shown."""
    page.get_by_label("E-Mail").fill(account.email)
    page.locator("input[type=password]").fill(PASSWORD)
    page.locator("main button[type=submit]").click()


def enter(
    tab: Tab, account: Account, *, entrance: str = "Nord", phone: str = "Telefon 2", language: str = "de"
) -> Page:
    """Sign in at the door, name the phone, choose the entrance and go to the scanner."""
    page = tab.goto("/manage/sign-in?next=/door/")
    sign_in(page, account)
    if language != "de":
        tab.goto(f"/door/?lang={language}")
    page.get_by_text(entrance, exact=True).click()
    page.locator("[data-device-name]").fill(phone)
    page.locator("form[data-door-start] button").first.click()
    expect(page.locator("#door-link")).to_contain_text("0")
    return page


def hand_scan(page: Page, code: str) -> None:
    """Type a code as a hand scanner does: all at once, ended by Enter.

    The keys are pressed before the first is looked at: on a busy machine a person would seem to type them.
    """
    page.evaluate(
        """(code) => {
            const press = (key) => new KeyboardEvent("keydown", { key, bubbles: true, cancelable: true });
            const events = [...code, "Enter"].map(press);
            for (const event of events) (document.activeElement ?? document.body).dispatchEvent(event);
        }""",
        code,
    )


def result(page: Page, word: str, *details: str) -> None:
    """Expect a result with this word and all details.

    One wait for all of it, which looks every half second at the latest: green stays for nine tenths of one.
    """
    shown = page.locator(".ev-verdict").filter(has=page.get_by_role("heading", level=1, name=word, exact=True))
    for detail in details:
        shown = shown.filter(has_text=detail)
    shown.wait_for()


def see(page: Page, tone: str, *, local: bool = False) -> None:
    """Expect the colour of the whole screen, and the striped border only where the phone or its holder decided."""
    stripes = ".ev-door--offline" if local else ":not(.ev-door--offline)"
    page.locator(f".ev-door.ev-door--{tone}{stripes}").wait_for()


@contextmanager
def phone_with_camera(playwright: Playwright, film: Path, site: Site) -> Iterator[Tab]:
    """Open a phone whose camera sees a film; its faults fail the test."""
    browser = launch(playwright, *camera_arguments(film))
    context = browser.new_context(
        viewport={"width": PHONE, "height": 740}, locale="de", permissions=["camera"], timezone_id="Europe/Berlin"
    )
    tab = Tab(context.new_page(), site.url)
    try:
        yield tab
    finally:
        browser.close()
    assert not tab.faults, "\n".join(tab.faults)


def drawn(code: str) -> Image.Image:
    """Return the QR as on a ticket."""
    return Image.open(io.BytesIO(qr.png(code, pixels=330)))


def ready(page: Page, tickets: int = 3) -> Page:
    """Wait until list, page and files lie on the phone."""
    expect(page.locator("#door-list")).to_contain_text(f": {tickets},")
    return kept(page)


def kept(page: Page) -> Page:
    """Wait until page and files lie on the phone."""
    page.evaluate(
        """async () => {
            for (let n = 0; !(await caches.match(location.href)) || !navigator.serviceWorker.controller; n++) {
                if (n > 500) throw new Error("the page is not kept");
                await new Promise((resolve) => setTimeout(resolve, 20));
            }
        }"""
    )
    return page


def offline(page: Page, is_so: bool = True) -> None:
    """Take the network away, or give it back."""
    page.context.set_offline(is_so)


def reopened_offline(page: Page, tickets: int = 3) -> Page:
    """Take the network away and open the page anew, from what lies on the phone and not by luck in the browser."""
    page.context.new_cdp_session(page).send("Network.clearBrowserCache")
    offline(page)
    page.reload()
    expect(page.locator("#door-list")).to_contain_text(f": {tickets},")
    return page


def unsent(page: Page, number: int) -> None:
    """Expect that so many scans wait."""
    expect(page.locator("#door-link")).to_contain_text(f"{number} ungesendet", timeout=SENT)


def all_sent(page: Page) -> None:
    """Expect that the server has everything and the phone knows it."""
    expect(page.locator("#door-link")).to_have_text("Verbunden · 0 ungesendet", timeout=SENT)


def told() -> list[tuple[str, Outcome, str | None]]:
    """Return what the phones told, in the order in which it happened; nothing was asked."""
    logged = sorted(scans(), key=lambda scan: scan.at)
    assert {scan.mode for scan in logged} <= {ScanMode.TELL}
    return [(scan.code, scan.outcome, scan.local_reason) for scan in logged]
