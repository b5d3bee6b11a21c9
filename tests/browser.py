"""Fixtures of the browser tests: a site that is really served, and tabs of a real Chromium that report every fault.

A tab notes console errors, scripts that fail, failed parts of a page and requests to other hosts; the test fails at its
end when there was one. Tests that cause one on purpose clear `tab.faults`.
"""

import os
import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

import pytest
from axe_playwright_python.base import AXE_SCRIPT
from flask import Flask
from playwright.sync_api import Browser, ConsoleMessage, Error, Page, Playwright, Request, Response, sync_playwright
from werkzeug.serving import make_server
from werkzeug.wsgi import ClosingIterator

from eventapp.core import clock
from eventapp.registration.guard.service import SHOWN, shown_at
from tests import chromium

PHONE, DESK = 360, 1280
"""Widths in pixels at which every page is looked at."""
AXE_OPTIONS = "{resultTypes: ['violations'], preload: false}"
"""All rules; without `preload` the style sheets are not fetched once more, which only rules that are off would need."""


@dataclass
class Site:
    """A served application."""

    url: str
    app: Flask


@dataclass
class Tab:
    """One person's tab: `page` is playwright's page, `faults` what went wrong in it so far."""

    page: Page
    site: str
    faults: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.page.on("console", self._console)
        self.page.on("pageerror", self._error)
        self.page.on("request", self._request)
        self.page.on("response", self._response)

    def goto(self, path: str) -> Page:
        """Open a path of the site and return playwright's page."""
        self.page.goto(self.site + path)
        return self.page

    def _console(self, message: ConsoleMessage) -> None:
        if message.type == "error" and not message.text.startswith("Failed to load resource"):
            self.faults.append(f"console on {self.page.url}: {message.text}")

    def _error(self, error: Error) -> None:
        self.faults.append(f"script on {self.page.url}: {error}")

    def _request(self, request: Request) -> None:
        parts = urlsplit(request.url)
        if parts.scheme not in ("data", "blob") and not request.url.startswith(self.site):
            self.faults.append(f"{self.page.url} asked another host: {request.url}")

    def _response(self, response: Response) -> None:
        if response.status >= 500 or (response.status >= 400 and response.request.resource_type != "document"):
            self.faults.append(f"{response.url} answered {response.status}")


OpenTab = Callable[..., Tab]


@pytest.fixture
def site(real_app: Flask) -> Iterator[Site]:
    """Serve `real_app` on a free port of this machine, in threads of this process."""
    server = make_server("127.0.0.1", 0, _whole(real_app), threaded=True)
    url = f"http://127.0.0.1:{server.server_port}"
    real_app.config["EVENTAPP"] = replace(real_app.config["EVENTAPP"], base_url=url)
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)  # so fast it ends, too
    thread.start()
    yield Site(url, real_app)
    server.shutdown()
    thread.join()
    server.server_close()


def _whole(app: WSGIApplication) -> WSGIApplication:
    """Return the application with answers read before they are sent: werkzeug leaves a file open whose reader goes."""

    def answer(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        with closing(ClosingIterator(app(environ, start_response))) as body:
            return list(body)

    return answer


@pytest.fixture(scope="session")
def playwright() -> Iterator[Playwright]:
    """Playwright's driver."""
    with sync_playwright() as running:
        yield running


@pytest.fixture(scope="session")
def browser(playwright: Playwright) -> Iterator[Browser]:
    """One Chromium for all tests."""
    started = launch(playwright)
    yield started
    started.close()


@pytest.fixture
def open_tab(browser: Browser, site: Site) -> Iterator[OpenTab]:
    """Open tabs: `open_tab(width=PHONE, language="ar", dark=False)`; each has cookies of its own."""
    opened: list[Tab] = []

    def open_one(width: int = DESK, language: str = "de", *, dark: bool = False, **options: Any) -> Tab:
        context = browser.new_context(
            viewport={"width": width, "height": 800},
            locale=language,
            color_scheme="dark" if dark else "light",
            timezone_id="Europe/Berlin",
            **{"service_workers": "block", **options},  # it loads a hundred files: only tests of it let it
        )
        context.set_default_timeout(15_000)
        opened.append(Tab(context.new_page(), site.url))
        return opened[-1]

    yield open_one
    faults = [fault for tab in opened for fault in tab.faults]
    for tab in opened:
        tab.page.context.close()
    assert not faults, "\n".join(faults)


@pytest.fixture
def tab(open_tab: OpenTab) -> Tab:
    """One tab, as wide as a desk's screen."""
    return open_tab()


def launch(playwright: Playwright, *arguments: str) -> Browser:
    """Start a Chromium with more arguments, such as a film for its camera."""
    basic = ["--disable-dev-shm-usage", "--font-render-hinting=none", "--num-raster-threads=1"]
    if os.geteuid() == 0:
        basic.append("--no-sandbox")
    return playwright.chromium.launch(executable_path=chromium.ensure(), args=[*basic, *arguments])


def take_a_minute(page: Page) -> None:
    """Let the sign-up form that is shown be as if it had been open for a minute: a robot's pace is refused."""
    shown = shown_at(clock.now() - timedelta(minutes=1))
    page.locator(f"input[name={SHOWN}]").evaluate("(it, value) => { it.value = value; }", shown)


def accessibility(page: Page) -> list[str]:
    """Return what axe finds wrong with the page that is shown."""
    page.wait_for_load_state()
    if page.evaluate("typeof axe === 'undefined'"):
        page.evaluate(AXE_SCRIPT)
    found = page.evaluate(f"axe.run({AXE_OPTIONS}).then(results => results.violations)")
    return [
        f"{one['id']}: {node['html'][:160]} ({node['failureSummary'][:200]})" for one in found for node in one["nodes"]
    ]


def scrolls_sideways(page: Page) -> bool:
    """Tell whether the document is wider than the screen."""
    page.wait_for_load_state()  # just after a click there is a document without any element
    return bool(page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth"))
