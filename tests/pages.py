"""The strict client: every page that any test fetches is checked before the test sees it, and can be used like a page.

`Client` is the application's test client. `Visitor` is one person's browser tab on top of it: it goes to an address,
clicks a link by its words and submits a form with its hidden fields, as a person would.
"""

import contextvars
import re
from collections.abc import Iterable, Mapping
from datetime import timedelta
from typing import Any
from urllib.parse import urljoin, urlsplit
from xml.etree.ElementTree import Element

from flask import Flask, has_app_context
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from eventapp.core import clock
from eventapp.core.db import OutsideTransaction, db
from eventapp.registration.guard.service import SHOWN, shown_at
from tests import markup

Values = Mapping[str, Any]


class Client(FlaskClient):
    """Checks every page; each request has a database session of its own, also inside a test's app context."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.is_strict = True
        self.environ_base["eventapp.raise"] = "yes"  # an unexpected error fails the test instead of showing page 500

    def open(self, *args: Any, **kwargs: Any) -> TestResponse:
        """Send a request and check the page that comes back."""
        release(self.application)
        response = contextvars.Context().run(super().open, *args, **kwargs)
        is_shown = response.mimetype == "text/html" and response.data and not 300 <= response.status_code < 400
        if self.is_strict and is_shown and response.request.method != "HEAD":
            markup.check(response.text, dict(response.headers), f"{response.request.method} {response.request.path}")
        return response


def release(app: Flask) -> None:
    """End the test's own read transaction: what it holds is read anew after the request."""
    if not has_app_context() or "sqlalchemy" not in app.extensions:
        return
    session = db.session()
    if session.new or session.dirty or session.deleted:
        raise OutsideTransaction("the test changed objects and did not save them in a transaction()")
    session.rollback()


class Form:
    """A form on a page: where it goes, and the values that it would send."""

    def __init__(self, element: Element, url: str) -> None:
        self.element, self.url = element, url
        self.action = urljoin(url, element.get("action") or url)
        self.method = (element.get("method") or "get").upper()
        self.values = dict(markup.form_values(element))

    @property
    def names(self) -> set[str]:
        """Names of all its controls."""
        return {x.get("name", "") for x in self.element.iter() if x.tag in markup.CONTROLS} - {""}

    def buttons(self) -> list[Element]:
        """Return its submit buttons."""
        return [x for x in self.element.iter("button") if x.get("type", "submit") == "submit"]

    def filled(self, values: Values, button: str | None) -> dict[str, Any]:
        """Return what is sent when `values` are typed in and the button with the words `button` is pressed."""
        unknown = {name for name in values if name not in self.names}
        if unknown:
            raise AssertionError(f"the form has no control named {sorted(unknown)}; it has {sorted(self.names)}")
        sent = {**self.values, **values}
        for pressed in self.buttons():
            if button is not None and button in markup.words(pressed) and pressed.get("name"):
                sent[str(pressed.get("name"))] = pressed.get("value", "")
        return {name: value for name, value in sent.items() if value is not None and value is not False}


class Page:
    """An answer as a person sees it."""

    def __init__(self, response: TestResponse) -> None:
        self.response, self.status, self.html = response, response.status_code, response.text
        query = str(response.request.environ.get("QUERY_STRING", ""))
        self.url = response.request.path + (f"?{query}" if query else "")
        self.root = markup.parse(self.html)

    @property
    def h1(self) -> str:
        """Words of the heading."""
        return markup.words(next(self.root.iter("h1")))

    @property
    def title(self) -> str:
        """Words of the title."""
        return markup.words(next(self.root.iter("title")))

    @property
    def text(self) -> str:
        """All words of the page, blanks folded."""
        return markup.words(next(self.root.iter("body")))

    @property
    def language(self) -> str:
        """Language of the page."""
        return str(self.root.get("lang"))

    @property
    def errors(self) -> list[str]:
        """Sentences of the error summary."""
        alerts = [x for x in self.root.iter() if x.get("role") == "alert"]
        return [markup.words(item) for alert in alerts for item in alert.iter("li")] or [
            markup.words(x) for x in alerts
        ]

    @property
    def links(self) -> list[tuple[str, str]]:
        """Words (or label) and address of every link."""
        return [(x.get("aria-label") or markup.words(x), x.get("href", "")) for x in self.root.iter("a")]

    def link(self, words: str) -> str:
        """Return the address of the first link whose words contain `words`."""
        for text, href in self.links:
            if words in text:
                return urljoin(self.url, href)
        raise AssertionError(f"no link {words!r} on {self.url}; there are {[text for text, _ in self.links]}")

    def all(self, tag: str, *, css: str = "", within: Element | None = None) -> list[Element]:
        """Return all elements `tag`, with the class `css` if it is given."""
        found = (self.root if within is None else within).iter(tag)
        return [x for x in found if not css or css in (x.get("class") or "").split()]

    def id(self, name: str) -> Element:
        """Return the element with the id `name`."""
        for element in self.root.iter():
            if element.get("id") == name:
                return element
        raise AssertionError(f"nothing with the id {name!r} on {self.url}")

    def rows(self, table: int = 0) -> list[list[str]]:
        """Return the words of each cell of the body of a table."""
        bodies = [body for element in self.root.iter("table") for body in [next(element.iter("tbody"))]]
        return [[markup.words(cell) for cell in row if cell.tag in ("td", "th")] for row in bodies[table].iter("tr")]

    def forms(self) -> list[Form]:
        """Return all forms of the page."""
        return [Form(x, self.url) for x in self.root.iter("form")]

    def form(self, wanted: str = "", *, containing: str = "") -> Form:
        """Return the only form inside main, or the one whose id, action or words contain `wanted`.

        `containing` asks for a control with this name.
        """
        inside = [Form(x, self.url) for x in self.root.iter("form") if wanted or containing or self._in_main(x)]
        found = [x for x in inside if wanted in (x.element.get("id") or "") or wanted in x.action]
        found = found or [x for x in inside if wanted in markup.words(x.element)]
        found = [x for x in found if not containing or containing in x.names]
        posting = [x for x in found if x.method == "POST"]
        if len(found) != 1 and len(posting) != 1:
            raise AssertionError(f"{len(found)} forms match {wanted or containing!r} on {self.url}: {self.text[:300]}")
        return found[0] if len(found) == 1 else posting[0]

    def _in_main(self, element: Element) -> bool:
        return any(x is element for main in self.root.iter("main") for x in main.iter("form"))


class Visitor:
    """One person's browser tab: remembers the page it shows, follows redirects, keeps cookies."""

    def __init__(self, client: FlaskClient) -> None:
        self.client = client
        self.shown: Page | None = None
        self.trail: list[str] = []

    def another(self) -> "Visitor":
        """Return the tab of another person, who has no cookies."""
        return Visitor(self.client.application.test_client())

    def get(self, url: str, *, status: int | None = 200, **kwargs: Any) -> Page:
        """Go to an address; fail unless it answers with `status` (None: any)."""
        return self._show(self.client.get(url, follow_redirects=True, **kwargs), status)

    def post(self, url: str, values: Values, *, status: int | None = None, **kwargs: Any) -> Page:
        """Send values as they are, without looking at a form; a missing CSRF token is taken from the page shown."""
        token = {} if self.shown is None else _token(self.shown)
        kwargs.setdefault("content_type", "multipart/form-data")
        return self._show(self.client.post(url, data={**token, **values}, follow_redirects=True, **kwargs), status)

    def click(self, words: str, *, status: int | None = 200) -> Page:
        """Follow the first link whose words contain `words`."""
        return self.get(self.page.link(words), status=status)

    def submit(
        self, form: Form | str | None = None, values: Values | None = None, *, press: str | None = None,
        status: int | None = None,
    ) -> Page:  # fmt: skip
        """Type `values` into a form and send it: the given one, the one that matches a text, or the only one.

        A value None or False leaves the control out, as an unticked box is; a list sends several. `press` names the
        button. Errors of the form come back as the same page: ask `page.errors`, or give `status`.
        """
        chosen = form if isinstance(form, Form) else self.page.form(form or "")
        sent = chosen.filled(values or {}, press)
        if SHOWN in sent and not (values or {}).get(SHOWN):
            sent[SHOWN] = self._a_minute_ago()
        if chosen.method == "GET":
            answer = self.client.get(chosen.action, query_string=sent, follow_redirects=True)
        else:
            answer = self.client.post(
                _path(chosen.action), data=sent, follow_redirects=True, content_type="multipart/form-data"
            )
        return self._show(answer, status)

    def _a_minute_ago(self) -> str:
        """Say that the form was shown a minute ago: a person reads it and types."""
        with self.client.application.test_request_context():
            return shown_at(clock.now() - timedelta(minutes=1))

    @property
    def page(self) -> Page:
        """The page that is shown."""
        if self.shown is None:
            raise AssertionError("nothing was fetched yet")
        return self.shown

    def __getattr__(self, name: str) -> Any:
        return getattr(self.page, name)

    def _show(self, response: TestResponse, status: int | None) -> Page:
        self.trail = [*(str(one.request.path) for one in response.history), str(response.request.path)]
        if status is not None and response.status_code != status:
            shown = markup.words(markup.parse(response.text)) if response.mimetype == "text/html" else response.text
            raise AssertionError(
                f"{response.request.path} answered {response.status_code}, not {status}: {shown[:600]}"
            )
        if response.mimetype == "text/html" and response.data:
            self.shown = Page(response)
        elif self.shown is None or response.mimetype != "text/html":
            raise AssertionError(f"{response.request.path} is no page but {response.mimetype}; use `client` for it")
        return self.page


def _token(page: Page) -> dict[str, str]:
    found = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', page.html)
    return {"csrf_token": found[1]} if found else {}


def _path(url: str) -> str:
    parts = urlsplit(url)
    return parts.path + (f"?{parts.query}" if parts.query else "")


def texts(elements: Iterable[Element]) -> list[str]:
    """Return the words of each element."""
    return [markup.words(x) for x in elements]
