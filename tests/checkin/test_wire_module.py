"""What the door makes of each answer of the server, and of none: the module that every request goes through."""

from typing import Any

import pytest
from playwright.sync_api import Page

from tests.browser import Tab

pytestmark = pytest.mark.browser

WIRE = """
const texts = Object.assign(document.createElement("script"), { id: "door-texts", type: "application/json" });
texts.textContent = "{}";
const shell = Object.assign(document.createElement("div"), { className: "ev-door" });
shell.append(Object.assign(document.createElement("div"), { id: "door" }));
document.body.append(texts, shell);
const { call } = await import("/static/any/door/wire.js");
"""


@pytest.fixture
def modules(tab: Tab) -> Page:
    """A tab of the site without a page of the door."""
    return tab.goto("/healthz")


def run(page: Page, body: str) -> Any:
    """Run the body of an asynchronous function in the page and return what it gives."""
    return page.evaluate(f"async () => {{ {WIRE} {body} }}")


def test_each_answer_has_one_meaning(modules: Page) -> None:
    body = """
    const found = {};
    for (const status of [200, 401, 403, 404, 409, 413, 422, 429, 500, 502, 503]) {
      globalThis.fetch = async () => new Response('{"results": []}', { status });
      found[status] = (await call("/anywhere", { scans: [] })).meaning;
    }
    return found;
    """
    refused = dict.fromkeys(("403", "404", "409"), "closed") | dict.fromkeys(("413", "422"), "too_much")
    nothing = dict.fromkeys(("429", "500", "502", "503"), "retry")
    assert run(modules, body) == {"200": "ok", "401": "signed_out", **refused, **nothing}


def test_a_portal_is_no_answer(modules: Page) -> None:
    body = """
    let asked = null;
    const meanings = [];
    for (const answer of [new Response("<p>Please pay"), { status: 0, type: "opaqueredirect", ok: false }]) {
      globalThis.fetch = async (_url, options) => { asked = options; return answer; };
      meanings.push((await call("/anywhere", {})).meaning);
    }
    return { meanings, redirect: asked.redirect, cache: asked.cache };
    """
    assert run(modules, body) == {"meanings": ["retry", "retry"], "redirect": "manual", "cache": "no-store"}


def test_a_server_that_never_answers_is_not_waited_for(modules: Page) -> None:
    body = """
    globalThis.fetch = (_url, { signal }) =>
      new Promise((_, reject) => signal?.addEventListener("abort", () => reject(signal.reason)));
    const late = new Promise((resolve) => setTimeout(() => resolve({ meaning: "waits for ever" }), 3000));
    return (await Promise.race([call("/anywhere", {}, 50), late])).meaning;
    """
    assert run(modules, body) == "retry"
