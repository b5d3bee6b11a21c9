"""The style page shows every component, in every language, on a phone and a desk, light and dark, without a fault."""

import re
from pathlib import Path

import pytest

from tests.browser import DESK, PHONE, OpenTab, Site, accessibility, scrolls_sideways
from tests.make import make_account, make_organiser, sign_in
from tests.pages import Visitor

ROOT = Path(__file__).resolve().parents[2]


@pytest.mark.parametrize("language", ["de", "en", "ar"])
def test_the_style_page_shows_every_component(page: Visitor, language: str) -> None:
    sign_in(page.client, make_account(make_organiser(), language=language))
    shown = page.get("/manage/style")
    assert shown.language == language
    for component in ("ev-errors", "ev-choice", "ev-agenda", "ev-person", "ev-ticket", "ev-table", "ev-tt", "ev-doors"):
        assert component in shown.html


def test_every_sign_of_the_style_sheet_is_on_the_style_page() -> None:
    drawn = set(re.findall(r"\.ev-icon--([a-z-]+) \{ --i", (ROOT / "static/css/icons.css").read_text()))
    template = (ROOT / "templates/dashboard/manage/style/ground.html").read_text()
    assert drawn <= set(re.findall(r'"([a-z-]+)"', template))


@pytest.mark.browser
@pytest.mark.parametrize(("width", "language", "dark"), [(PHONE, "ar", False), (DESK, "de", True), (PHONE, "en", True)])
def test_the_style_page_has_no_fault_in_a_browser(
    open_tab: OpenTab, site: Site, width: int, language: str, dark: bool
) -> None:
    tab = open_tab(width, language, dark=dark)
    client = site.app.test_client()
    sign_in(client, make_account(make_organiser(), language=language))
    cookie = client.get_cookie("eventapp")
    assert cookie is not None
    tab.page.context.add_cookies([{"name": "eventapp", "value": cookie.value, "url": site.url}])
    page = tab.goto("/manage/style")
    assert accessibility(page) == []
    assert not scrolls_sideways(page)
