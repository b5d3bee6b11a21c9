"""Public pages from memory: the same for a second, with a nonce of their own, never for people with a session."""

from collections.abc import Iterator
from dataclasses import replace

import pytest
import time_machine
from flask import Flask

from eventapp.core.localized import Localized
from eventapp.events.rules import EventAction
from eventapp.events.service import change, move
from tests.make import make_account, make_event, sign_in
from tests.pages import Client


@pytest.fixture(autouse=True)
def keeping(app: Flask) -> Iterator[None]:
    """Keep pages for a second, as in production."""
    settings = app.config["EVENTAPP"]
    app.config["EVENTAPP"] = replace(settings, page_seconds=1)
    yield
    app.config["EVENTAPP"] = settings
    app.extensions.pop("kept", None)


def title(client: Client) -> str:
    """Return the heading of the event's page."""
    return client.get("/de/tag/").text.split("<h1>")[1].split("</h1>")[0]


def test_a_page_is_kept_for_a_second(client: Client, clock: time_machine.Traveller) -> None:
    event = make_event(slug="tag")
    before = title(client)
    change(event.id, {"title": Localized(de="Neu")})
    assert title(client) == before
    clock.shift(1)
    assert title(client) == "Neu"


def test_every_answer_has_its_own_nonce(client: Client) -> None:
    make_event(slug="tag")
    first, second = client.get("/de/tag/"), client.get("/de/tag/")
    assert first.headers["Content-Security-Policy"] != second.headers["Content-Security-Policy"]
    assert first.text != second.text, "the strict client has checked that each has its own nonce"


def test_languages_and_addresses_do_not_mix(client: Client) -> None:
    make_event(slug="tag")
    assert client.get("/de/tag/").text != client.get("/en/tag/").text
    assert client.get("/de/").text != client.get("/de/?past=1").text


def test_people_with_a_session_see_the_present(client: Client) -> None:
    event = make_event(slug="tag")
    title(client)
    sign_in(client, make_account())
    change(event.id, {"title": Localized(de="Neu")})
    assert title(client) == "Neu"


def test_what_is_gone_is_gone_after_a_second(client: Client, clock: time_machine.Traveller) -> None:
    event = make_event(slug="tag")
    title(client)
    move(event.id, EventAction.UNPUBLISH)
    clock.shift(1)
    assert [client.get("/de/tag/").status_code for _ in range(3)] == [404] * 3
