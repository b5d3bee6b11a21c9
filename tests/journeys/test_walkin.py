"""Somebody without a ticket at the scanner, in a real Chromium: registered and let in, with and without network."""

from datetime import timedelta

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import select

from eventapp.accounts.models import Account
from eventapp.accounts.rules import Role
from eventapp.checkin.entrances.service import add_entrance
from eventapp.checkin.models import Scan
from eventapp.checkin.rules import Outcome, ScanMode
from eventapp.core import clock
from eventapp.core.db import db
from eventapp.registration.models import Participant, Registration
from tests.browser import DESK, PHONE, OpenTab, Site, Tab, accessibility, scrolls_sideways
from tests.journeys.doorway import result, see
from tests.make import make_account, make_event, make_organiser, session_cookie

pytestmark = pytest.mark.browser


@pytest.fixture
def door(site: Site) -> tuple[str, Account]:
    """Make an event of today with one place, and who may scan; return its slug and the account."""
    del site
    organiser, now = make_organiser(), clock.now()
    event = make_event(organiser, starts_at=now, ends_at=now + timedelta(hours=3), doors_at=None, seats=1)
    add_entrance(event.id, "Nord")
    return event.slug, make_account(organiser, Role.DOOR, event_id=event.id)


def enter(tab: Tab, site: Site, door: tuple[str, Account], path: str = "", language: str = "de") -> Page:
    """Open the scanner, signed in."""
    tab.page.context.add_cookies([session_cookie(site.app, site.url, door[1])])
    return tab.goto(f"/door/{door[0]}/{path}?lang={language}")


def fill(page: Page, given: str, family: str, button: str) -> None:
    """Open the dialog, type as little as possible and send it."""
    page.locator("[data-opens=walkin]").click()
    dialog = page.locator("#door-walkin")
    dialog.locator("[name=given_name]").fill(given)
    dialog.locator("[name=family_name]").fill(family)
    dialog.locator("[name=category]").last.check()
    dialog.get_by_role("button", name=button).click()


def guests() -> list[tuple[str, str, bool]]:
    """Return name, state and mark of everybody."""
    db.session.rollback()
    found = select(Participant, Registration.is_over).join(Participant.registration).order_by(Participant.id)
    return [(guest.name, guest.state.value, is_over) for guest, is_over in db.session.execute(found)]


def test_somebody_without_a_ticket_comes_in_and_the_next_waits(
    open_tab: OpenTab, site: Site, door: tuple[str, Account]
) -> None:
    page = enter(open_tab(PHONE), site, door)
    page.locator("[data-opens=walkin]").click()
    assert accessibility(page) == []
    assert not scrolls_sideways(page)
    page.locator("#door-walkin").get_by_role("button", name="Eintragen und einlassen").click()
    expect(page.locator("#door-walkin [role=alert]")).to_have_text("Bitte schreiben Sie den Namen.")
    page.locator("#door-walkin [data-close]").click()
    fill(page, "Amira", "Haddad", "Eintragen und einlassen")
    result(page, "Einlassen", "Amira Haddad", "Verein")
    see(page, "scan")
    fill(page, "Olena", "", "Eintragen und einlassen")
    result(page, "Prüfen", "Olena", "Dieser Gast steht jetzt auf der Warteliste.")
    assert accessibility(page) == []
    page.get_by_role("button", name="Trotzdem einlassen").click()
    see(page, "admit")
    expect(page.locator("#door-link")).to_contain_text("0 ungesendet")
    assert guests() == [("Amira Haddad", "confirmed", False), ("Olena", "confirmed", True)]


def test_without_network_nobody_is_lost_and_the_phone_says_what_it_does_not_know(
    open_tab: OpenTab, site: Site, door: tuple[str, Account]
) -> None:
    page = enter(open_tab(PHONE), site, door, language="ar")
    page.route("**/door/api/**", lambda route: route.abort())
    for given in ("أميرة", "سمير"):
        fill(page, given, "حداد", "تسجيل وإدخال")
        see(page, "look", local=True)
        expect(page.locator(".ev-verdict__why")).to_contain_text("لم يُتحقق من وجود مكان شاغر")
        assert accessibility(page) == []
        page.get_by_role("button", name="إدخاله رغم ذلك").click()
        see(page, "admit", local=True)
        page.keyboard.press("Escape")
    assert guests() == []
    page.unroute_all()
    page.evaluate("dispatchEvent(new Event('online'))")
    expect(page.locator("#door-link")).to_have_text("متصل · 0 غير مرسل", timeout=40_000)
    db.session.rollback()
    found = guests()  # which of the two has the only place: whose report arrives first
    assert {(name, state) for name, state, _over in found} == {("أميرة حداد", "confirmed"), ("سمير حداد", "confirmed")}
    assert [is_over for _name, _state, is_over in found] == [False, True]
    logged = db.session.scalars(select(Scan)).all()
    assert {(x.mode, x.outcome) for x in logged} == {(ScanMode.TELL, Outcome.ADMITTED)}


@pytest.mark.parametrize(("language", "width"), [("de", DESK), ("ar", PHONE)])
def test_the_page_without_script_is_accessible(
    open_tab: OpenTab, site: Site, door: tuple[str, Account], language: str, width: int
) -> None:
    page = enter(open_tab(width, language), site, door, "walk-in", language)
    assert accessibility(page) == []
    assert not scrolls_sideways(page)
