"""Every page of the site in a real Chromium: each language on a phone, and again as wide as a desk's screen.

The pages are the application's own list of addresses: a new one is looked at without anybody thinking of it.
"""

from collections.abc import Iterator

import pytest
from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Page

from eventapp.accounts.rules import Role
from eventapp.core.i18n import LANGUAGES
from tests import markup
from tests.addresses import Address, list_pages
from tests.browser import DESK, PHONE, OpenTab, Site, Tab, accessibility, scrolls_sideways
from tests.make import make_account, session_cookie
from tests.world import World, make_world

pytestmark = [pytest.mark.browser, pytest.mark.long]

HEIGHT = 800
AT_A_DESK = {
    "editions.event",
    "registration.signup.register",
    "dashboard.manage.desk",
    "agenda.manage.agenda",
    "editions.index",
}
"""Where axe looks also at the wide page: those that are laid out anew there."""
AS_IN_GERMAN = {"en"}
"""Languages whose pages have the tags of the German ones, in the same direction: axe looks at them in `make soak`."""
SHOWS_ALL = {"dashboard.manage.style"}
"""The page that shows every component has every button."""


@pytest.mark.parametrize("language", [language.key for language in LANGUAGES])
def test_every_page(site: Site, open_tab: OpenTab, language: str) -> None:
    look_at_all(site, open_tab, language, with_axe=language not in AS_IN_GERMAN)


@pytest.mark.soak
@pytest.mark.parametrize("language", sorted(AS_IN_GERMAN))
def test_every_page_with_axe(site: Site, open_tab: OpenTab, language: str) -> None:
    look_at_all(site, open_tab, language, with_axe=True)


def look_at_all(site: Site, open_tab: OpenTab, language: str, *, with_axe: bool) -> None:
    """Open all pages in a language and fail with everything that is wrong with them."""
    world = make_world()
    guest, owner = open_tab(PHONE, language), open_tab(PHONE, language)
    account = make_account(world.event.organiser, Role.OWNER, language=language)
    for tab in (guest, owner):
        tab.page.add_init_script(AXE_SCRIPT)  # handed over once, not page by page
    owner.page.context.add_cookies([session_cookie(site.app, site.url, account)])
    found = [
        fault
        for address in list_pages(site.app)
        for fault in faults(
            owner if address.needs_account else guest, site, world, address, language, with_axe=with_axe
        )
    ]
    assert not found, "\n".join(found)


def faults(tab: Tab, site: Site, world: World, address: Address, language: str, *, with_axe: bool) -> Iterator[str]:
    """Open a page and tell what is wrong with it; what a tab notes by itself fails the test at its end."""
    values = {"lang": language} if address.has_language else {}
    path = world.address(site.app, address.rule, **values)
    tab.page.set_viewport_size({"width": PHONE, "height": HEIGHT})
    answer = tab.page.goto(site.url + path)
    assert answer is not None
    where = f"{address.endpoint} in {language}"
    if answer.status != 200 or tab.page.url.split("?")[0] != site.url + path:
        yield f"{where}: {path} answered {answer.status} and led to {tab.page.url}"
        return
    try:
        markup.check(answer.text(), {name.title(): value for name, value in answer.all_headers().items()}, where)
    except AssertionError as error:
        yield str(error)
    if tab.page.evaluate("document.documentElement.lang") != language:
        yield f"{where}: the page is in another language"
    if address.endpoint not in SHOWS_ALL and tab.page.locator("main .kern-btn--primary").count() > 1:
        yield f"{where}: more than one filled button"
    yield from _looks(tab.page, f"{where}, {PHONE} px", with_axe=with_axe)
    tab.page.set_viewport_size({"width": DESK, "height": HEIGHT})
    yield from _looks(tab.page, f"{where}, {DESK} px", with_axe=with_axe and address.endpoint in AT_A_DESK)


def _looks(page: Page, where: str, *, with_axe: bool) -> Iterator[str]:
    if scrolls_sideways(page):
        yield f"{where}: the page scrolls sideways"
    if with_axe:
        yield from (f"{where}: {found}" for found in accessibility(page))
