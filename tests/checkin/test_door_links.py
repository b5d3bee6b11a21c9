"""A door link is made once, however often its form arrives."""

import re
from dataclasses import replace

import pytest
from flask import Flask

from eventapp.checkin.devices.queries import list_links
from eventapp.checkin.devices.rules import LinkInput
from eventapp.checkin.devices.service import LinkMade, end_link, make_link
from eventapp.events.models import Event
from tests.checkin.devices import PIN
from tests.make import make_account, sign_in
from tests.pages import Client


def test_the_same_form_makes_one_link_and_shows_it_again(app: Flask, event: Event) -> None:
    del app
    account, given = make_account(event.organiser), LinkInput("Helfer", has_supervisor=True, key="k" * 20)
    first, again = (make_link(event.id, given, account.id) for _ in range(2))
    assert (first.secret, first.pin, first.supervisor_pin) == (again.secret, again.pin, again.supervisor_pin)
    assert (
        len({first.pin, first.supervisor_pin, make_link(event.id, replace(given, key="l" * 20), account.id).pin}) == 3
    )
    assert len(list_links(event.id)) == 2
    with pytest.raises(LinkMade):
        make_link(event.id, replace(given, pin=PIN), account.id)
    end_link(event.id, first.link.public_id)
    with pytest.raises(LinkMade):
        make_link(event.id, given, account.id)


def test_the_page_of_a_link_can_be_loaded_again_but_says_nothing_untrue(client: Client, event: Event) -> None:
    sign_in(client, make_account(event.organiser))
    path = f"/manage/events/{event.slug}/devices/new"
    shown = client.get(path).text
    told = {name: re.search(rf'name="{name}"[^>]*value="([^"]+)"', shown)[1] for name in ("key", "csrf_token")}  # type: ignore[index]
    first, again = (client.post(path, data={**told, "label": "Helfer"}) for _ in range(2))
    addresses = [re.findall(r"/door/#[\w-]+", page.text) for page in (first, again)]
    assert addresses[0]
    assert addresses[0] == addresses[1]
    other = client.post(path, data={**told, "label": "Helfer", "rights": "override"})
    assert other.status_code == 409
    assert told["key"] not in other.text
    assert len(list_links(event.id)) == 1
