"""The live page, double admissions and the screen in the foyer in a real Chromium: refreshed, turned, accessible."""

import pytest

from eventapp.accounts.rules import Role
from eventapp.agenda.service import cancel_item
from eventapp.checkin.foyer.queries import foyer_token
from eventapp.core.db import db
from eventapp.core.localized import Localized
from eventapp.events.models import Event
from tests.browser import DESK, PHONE, OpenTab, Site, Tab, accessibility, scrolls_sideways
from tests.checkin.phones import Phone, ticket_of
from tests.make import forums, make_account, make_event, make_organiser, session_cookie

pytestmark = pytest.mark.browser
LONG = "Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft"


@pytest.fixture
def event(site: Site) -> Event:
    """An event with guests of two languages inside, one admitted twice, and a cancelled forum."""
    title = Localized(de=f"Tag der {LONG}", ar="يوم المدينة")
    event = make_event(make_organiser(f"Stadt {LONG}"), title=title)
    codes = [ticket_of(event, number, language=("uk", "ar")[number % 2]).code for number in range(3)]
    for number, code in enumerate(codes):
        Phone(event, f"Telefon {LONG[:30]} {number}").tell(code, 20 * number)
    Phone(event, "Telefon 9").tell(codes[0], 50)
    cancel_item(forums(event)[1].id)
    db.session.rollback()
    return event


def enter(tab: Tab, site: Site, event: Event, language: str) -> None:
    account = make_account(event.organiser, Role.OWNER, language=language)
    tab.page.context.add_cookies([session_cookie(site.app, site.url, account)])
    db.session.rollback()


@pytest.mark.parametrize(("language", "width"), [("de", DESK), ("ar", PHONE)])
def test_the_pages_of_the_day_are_accessible_and_fit(
    site: Site, open_tab: OpenTab, event: Event, language: str, width: int
) -> None:
    tab = open_tab(width, language, dark=language == "ar")
    enter(tab, site, event, language)
    token = foyer_token(event)
    paths = [f"/manage/events/{event.slug}/{page}" for page in ("live", "conflicts", "foyer")]
    for path in [*paths, *(f"/{language}/foyer/{token}?panel={number}&hold=1" for number in range(3))]:
        page = tab.goto(path)
        assert accessibility(page) == [], path
        assert not scrolls_sideways(page), path
    page.set_viewport_size({"width": 1920, "height": 1080})
    for number in range(3):
        tab.goto(f"/{language}/foyer/{token}?panel={number}&hold=1")
        assert not scrolls_sideways(page)


def test_the_live_page_refreshes_and_says_when_it_cannot(site: Site, open_tab: OpenTab, event: Event) -> None:
    tab = open_tab(DESK, "de")
    enter(tab, site, event, "de")
    page = tab.goto(f"/manage/events/{event.slug}/live")
    page.locator("#house-numbers b").get_by_text("3", exact=True).wait_for()
    Phone(event, "Telefon 10").tell(ticket_of(event, 9).code, 55)
    db.session.rollback()
    page.locator("[data-now]").click()
    page.locator("#house-numbers b").get_by_text("4", exact=True).wait_for()
    page.route("**/live", lambda route: route.abort())
    page.locator("[data-now]").click()
    page.locator("[data-lost]").wait_for()
    page.unroute("**/live")
    page.locator("[data-now]").click()
    page.locator("[data-lost]").wait_for(state="hidden")


def test_the_screen_turns_by_itself_and_can_be_held(site: Site, open_tab: OpenTab, event: Event) -> None:
    tab = open_tab(DESK, "de")
    tab.page.clock.install()
    page = tab.goto(f"/de/foyer/{foyer_token(event)}")
    page.get_by_text("Ласкаво просимо!").wait_for()
    page.clock.run_for(12_500)
    page.locator("#next-1").wait_for()
    page.get_by_role("link", name="Anhalten").click()
    page.clock.run_for(30_000)
    assert page.locator("#next-1").is_visible()
    page.get_by_role("link", name="Nächste").click()
    page.get_by_role("heading", name="Das hat sich geändert").wait_for()
    assert page.get_by_text("findet nicht statt").is_visible()
