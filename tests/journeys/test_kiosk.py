"""Self check-in in a real Chromium: guests are welcomed in their own language, or sent to the staff."""

from datetime import timedelta

import pytest
from playwright.sync_api import Page, expect

from eventapp.accounts.models import Account
from eventapp.accounts.rules import Role
from eventapp.checkin.entrances.service import add_entrance
from eventapp.checkin.rules import Outcome
from eventapp.core import clock
from eventapp.tickets.rules import new_code
from tests.browser import DESK, PHONE, OpenTab, Site, Tab, accessibility, scrolls_sideways
from tests.journeys.doorway import code_of, hand_scan, kept, offline, scans
from tests.make import make_account, make_event, make_organiser, session_cookie

pytestmark = pytest.mark.browser


@pytest.fixture
def door(site: Site) -> tuple[str, Account, dict[str, str]]:
    """Make an event of today; return its slug, who may scan, and a ticket by the language of its guest."""
    del site
    organiser, now = make_organiser(), clock.now()
    event = make_event(organiser, starts_at=now, ends_at=now + timedelta(hours=3), doors_at=None)
    add_entrance(event.id, "Nord")
    names = {"de": ("Brigitte", "Lang"), "ar": ("أميرة", "حداد"), "uk": ("Олена", "Коваленко")}
    codes = {language: code_of(event, n, *names[language], language) for n, language in enumerate(names, 1)}
    return event.slug, make_account(organiser, Role.DOOR, event_id=event.id), codes


def begin(tab: Tab, site: Site, slug: str, account: Account, language: str) -> Page:
    """Lock a browser to self check-in."""
    tab.page.context.add_cookies([session_cookie(site.app, site.url, account)])
    page = tab.goto(f"/door/{slug}/kiosk?lang={language}")
    assert accessibility(page) == []
    page.locator("main form button").click()
    expect(page.locator("#door-link")).to_contain_text("0")
    return page


@pytest.mark.parametrize(("language", "width"), [("de", DESK), ("ar", PHONE)])
def test_guests_are_answered_in_their_own_language(
    open_tab: OpenTab, site: Site, door: tuple[str, Account, dict[str, str]], language: str, width: int
) -> None:
    slug, account, codes = door
    page = begin(open_tab(width, language), site, slug, account, language)
    assert accessibility(page) == []
    assert not scrolls_sideways(page)
    welcome = {
        "de": ("de", "Bitte treten Sie ein", "Herzlich willkommen!"),
        "ar": ("ar", "تفضلوا بالدخول", "أهلًا وسهلًا!"),
        "uk": ("en", "Please come in", "Ласкаво просимо!"),
    }
    for guest, (spoken, words, greeting) in welcome.items() if width == DESK else list(welcome.items())[:1]:
        hand_scan(page, codes[guest])
        heading = page.locator(f".ev-door--admit #door-verdict h1[lang={spoken}]")
        expect(heading).to_have_text(words)
        expect(page.locator(".ev-verdict__hello")).to_have_text(greeting)
        assert accessibility(page) == []
        assert not scrolls_sideways(page)
        expect(page.locator(".ev-kiosk__hold")).to_be_visible(timeout=10_000)
    hand_scan(page, codes["de"])
    expect(page.locator(".ev-door--look #door-verdict h1")).to_have_text("Bitte fragen Sie uns")
    assert "Lang" not in page.locator("#door-verdict").inner_text()
    assert accessibility(page) == []
    expect(page.locator(".ev-kiosk__hold")).to_be_visible(timeout=10_000)
    hand_scan(page, new_code())
    expect(page.locator(f".ev-door--look #door-verdict h1[lang={language}]")).to_be_visible()


def test_without_network_nobody_comes_in_here(
    open_tab: OpenTab, site: Site, door: tuple[str, Account, dict[str, str]]
) -> None:
    slug, account, codes = door
    page = begin(open_tab(DESK, service_workers="allow"), site, slug, account, "de")
    kept(page)
    offline(page)
    page.reload()
    expect(page.locator(".ev-kiosk__hold")).to_be_visible()
    expect(page.locator("#door-link")).to_contain_text("kein Netz")
    hand_scan(page, codes["ar"])
    expect(page.locator(".ev-door--look #door-verdict h1")).to_have_text("Bitte fragen Sie uns")
    expect(page.locator("#door-link")).to_contain_text("1 ungesendet")
    offline(page, False)
    expect(page.locator("#door-link")).to_have_text("Verbunden · 0 ungesendet", timeout=40_000)
    assert [one.outcome for one in scans()] == [Outcome.REFUSED]
