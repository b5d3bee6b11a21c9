"""Addresses that somebody made up: queries named like options of ours, numbers that no column holds."""

import pytest
from flask import Flask

from eventapp.events.service import change
from tests.make import sign_in
from tests.pages import Client
from tests.world import World, make_world

OPTIONS = ("endpoint=x", "_method=x", "_scheme=javascript", "_external=1&_scheme=javascript", "_anchor=x", "values=x")
HUGE = str(2**70)


@pytest.fixture
def world(app: Flask) -> World:
    """Two organisers and an event; `app` is open."""
    del app
    return make_world()


@pytest.mark.parametrize("query", OPTIONS)
@pytest.mark.parametrize("page", ["/de/", "/", "/manage/sign-in", "/de/{event}/", "/{event}"])
def test_a_query_is_never_an_option_of_our_own(client: Client, world: World, page: str, query: str) -> None:
    answer = client.get(f"{page.format(event=world.event.slug)}?{query}")
    assert answer.status_code in (200, 302)
    assert "javascript:" not in answer.text + answer.headers.get("Location", "")


def test_an_old_address_keeps_a_strange_query_and_stays_here(client: Client, world: World) -> None:
    old = world.event.slug
    change(world.event.id, {"slug": "neue-adresse"})
    answer = client.get(f"/de/{old}/?_external=1&_scheme=javascript&endpoint=x")
    assert answer.status_code == 308
    assert answer.headers["Location"].startswith("/de/neue-adresse/?")


@pytest.mark.parametrize(
    "address",
    [
        f"/manage/mail?before={HUGE}",
        f"/manage/events/{{event}}/participants?page={HUGE}",
        f"/manage/events/{{event}}/participants?category={HUGE}&item={HUGE}",
        f"/manage/events/{{event}}/rooms/{HUGE}",
        f"/manage/events/{{event}}/partners/{HUGE}",
        f"/manage/organisers/{{organiser}}/notices/privacy/versions/{HUGE}",
        f"/de/?page={HUGE}",
    ],
)
def test_a_number_that_no_column_holds_names_nothing(client: Client, world: World, address: str) -> None:
    owner = world.people["owner"]
    assert owner is not None
    sign_in(client, owner)
    assert client.get(address.format(**world.values)).status_code in (200, 404)
