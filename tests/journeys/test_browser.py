"""The browser fixtures themselves: a page is served and drawn, and a fault in it is reported."""

import pytest

from tests.browser import PHONE, OpenTab, Tab, accessibility, scrolls_sideways

pytestmark = pytest.mark.browser


def test_a_page_that_is_not_there_is_drawn_without_faults(open_tab: OpenTab) -> None:
    for language in ("de", "ar"):
        page = open_tab(width=PHONE, language=language).goto(f"/{language}/no-such-event/")
        assert page.locator("h1").count() == 1
        assert page.evaluate("document.documentElement.lang") == language
        assert accessibility(page) == []
        assert not scrolls_sideways(page)


def test_a_fault_is_noted(tab: Tab) -> None:
    page = tab.goto("/de/no-such-event/")
    page.evaluate("console.error('this is wrong')")
    page.evaluate("fetch('http://192.0.2.1/x', {mode: 'no-cors'}).catch(() => 0)")
    page.wait_for_function("true")
    assert any("this is wrong" in fault for fault in tab.faults)
    tab.faults.clear()
