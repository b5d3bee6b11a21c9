"""Phones without an account in a real Chromium: a door link is opened, the PIN typed, guests let in, signed off."""

from dataclasses import dataclass
from datetime import timedelta

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import select

from eventapp.checkin.devices.service import end_link
from eventapp.checkin.entrances.service import add_entrance
from eventapp.checkin.models import Scan
from eventapp.core import clock
from eventapp.core.db import db
from tests.browser import PHONE, OpenTab, Site, accessibility, scrolls_sideways
from tests.checkin.devices import PIN, SUPERVISOR_PIN, make_door_link
from tests.checkin.phones import ticket_of
from tests.journeys.doorway import hand_scan, result, see
from tests.make import make_event

pytestmark = pytest.mark.browser


@dataclass(frozen=True)
class Door:
    """An event with two entrances, a guest's code, and a door link."""

    event_id: int
    guest: str
    link: str
    secret: str


def make_door(*, in_days: int = 0) -> Door:
    """Make an event on a day from now, its guest and the link."""
    starts = clock.now() + timedelta(days=in_days)
    event = make_event(starts_at=starts, ends_at=starts + timedelta(hours=3), doors_at=None)
    for name in ("Nord", "Süd"):
        add_entrance(event.id, name)
    made = make_door_link(event, may_override=False)
    return Door(event.id, ticket_of(event).code, made.link.public_id, made.secret)


def sign_on(page: Page, pin: str = PIN, name: str = "Telefon 5") -> None:
    """Fill the form for the PIN."""
    page.locator("#sign-on-pin").fill(pin)
    page.locator("#sign-on-name").fill(name)
    page.locator("#door-sign-on button").click()


def go_to_the_scanner(page: Page) -> None:
    """Take the entrance that is chosen and wait until the scanner is there."""
    page.locator("form[data-door-start] button").first.click()
    expect(page.locator("#door-link")).to_contain_text("0")


def sound(page: Page) -> bool:
    """Tell whether the page that is shown is accessible and as wide as the phone."""
    assert accessibility(page) == []
    return not scrolls_sideways(page)


WORDS = {
    "de": ("Mit PIN anmelden", "Die PIN ist falsch", "Eingang wählen", "Einlassen"),
    "ar": ("تسجيل الدخول برمز PIN", "رمز PIN خاطئ", "اختيار المدخل", "دخول"),
}


@pytest.mark.parametrize("language", list(WORDS))
def test_a_phone_signs_on_scans_and_signs_off(site: Site, open_tab: OpenTab, language: str) -> None:
    del site
    heading, wrong, choose, admit = WORDS[language]
    door, tab = make_door(), open_tab(PHONE)
    tab.goto(f"/door/?lang={language}")
    page = tab.goto(f"/door/#{door.secret}")
    expect(page.get_by_role("heading", name=heading)).to_be_visible()
    expect(page.locator("#sign-on-pin")).to_be_focused()
    sign_on(page, "000001")
    expect(page.locator("#sign-on-error")).to_contain_text(wrong)
    assert sound(page)
    tab.faults.clear()
    sign_on(page)
    expect(page.get_by_role("heading", level=1, name=choose)).to_be_visible()
    assert page.url.endswith("/door/")
    assert sound(page)
    page.get_by_text("Süd", exact=True).click()
    go_to_the_scanner(page)
    hand_scan(page, door.guest)
    result(page, admit)
    tab.goto("/door/")
    page.locator("[data-leave-ask]").click()
    expect(page.locator("[data-leave-now]")).to_be_visible()
    assert sound(page)
    page.locator("[data-leave-now]").click()
    expect(page.locator("[data-without-link]")).to_be_visible()
    db.session.rollback()
    (scan,) = db.session.scalars(select(Scan))
    assert scan.account_id is None
    assert scan.device_id is not None


def test_against_the_answer_only_with_the_supervisors_pin(site: Site, open_tab: OpenTab) -> None:
    del site
    door, tab = make_door(in_days=1), open_tab(PHONE)
    page = tab.goto(f"/door/#{door.secret}")
    sign_on(page)
    go_to_the_scanner(page)
    hand_scan(page, door.guest)
    see(page, "look")
    page.get_by_role("button", name="Name stimmt, einlassen").click()
    window = page.locator("#door-supervisor")
    window.locator("input").fill(PIN)
    window.get_by_role("button", name="Erlauben").click()
    expect(window.get_by_role("alert")).to_contain_text("Die PIN ist falsch")
    assert sound(page)
    tab.faults.clear()
    window.locator("input").fill(SUPERVISOR_PIN)
    window.get_by_role("button", name="Erlauben").click()
    result(page, "Einlassen")
    expect(page.locator("#door-link")).to_have_text("Verbunden · 0 ungesendet")
    db.session.rollback()
    (scan,) = db.session.scalars(select(Scan))
    assert (scan.override, scan.authorised) == (True, True)


def test_a_phone_whose_link_ended_keeps_its_scan_and_leads_to_the_first_page(site: Site, open_tab: OpenTab) -> None:
    del site
    door, tab = make_door(), open_tab(PHONE)
    page = tab.goto(f"/door/#{door.secret}")
    sign_on(page)
    go_to_the_scanner(page)
    expect(page.locator("#door-list")).to_contain_text(": 1,")
    end_link(door.event_id, door.link)
    hand_scan(page, door.guest)
    see(page, "admit", local=True)  # by its list, until somebody signs it on again
    expect(page.locator("#door-link")).to_contain_text("1 ungesendet")
    page.locator("#door-link a").click()
    expect(page.get_by_role("heading", level=1, name="An der Tür")).to_be_visible()
    assert all("answered 401" in fault for fault in tab.faults)
    tab.faults.clear()


def test_without_script_the_first_page_says_what_to_do(site: Site, open_tab: OpenTab) -> None:
    del site
    page = open_tab(PHONE, java_script_enabled=False).goto("/door/#some-secret-of-a-door-link")
    expect(page.get_by_text("Ein Tür-Link braucht JavaScript")).to_be_visible()
    expect(page.get_by_role("link", name="Mit Konto anmelden")).to_be_visible()
    expect(page.locator("#door-sign-on")).to_be_hidden()
