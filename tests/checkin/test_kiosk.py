"""Self check-in: a browser that is locked to it opens nothing else until staff says so."""

import uuid

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient

from eventapp.accounts.rules import Role
from eventapp.checkin.devices.rules import COOKIE, LinkInput, SignOn
from eventapp.checkin.devices.service import make_link, sign_on
from eventapp.checkin.entrances.service import add_entrance
from eventapp.checkin.envelope import milliseconds
from eventapp.core import clock as core_clock
from eventapp.events.models import Event
from tests.checkin.phones import state_of, ticket_of
from tests.make import PASSWORD, make_account, make_event, sign_in
from tests.pages import Visitor


@pytest.fixture
def event(app: Flask, clock: time_machine.Traveller) -> Event:
    event = make_event()
    add_entrance(event.id, "Nord")
    ticket_of(event, 1, language="ar")
    clock.move_to(event.starts_at)
    return event


@pytest.fixture
def kiosk(page: Visitor, event: Event) -> Visitor:
    """A browser that staff has locked to self check-in."""
    sign_in(page.client, make_account(event.organiser))
    page.get(f"/door/{event.slug}/kiosk")
    page.submit()
    return page


def ask(client: FlaskClient, event: Event, code: str) -> str:
    """Scan as the page does and return the decision."""
    at = milliseconds(core_clock.moment())
    scan = {"id": str(uuid.uuid4()), "code": code, "at": at}
    sent = {"device": {"id": str(uuid.uuid4()), "name": ""}, "sent_at": at, "scans": [scan]}
    decision: str = client.post(f"/door/api/{event.slug}/scans", json=sent).get_json()["results"][0]["decision"]
    return decision


def test_it_scans_and_opens_nothing_else(kiosk: Visitor, event: Event, clock: time_machine.Traveller) -> None:
    assert kiosk.page.h1 == "Selbst einchecken"
    assert "Halten Sie den Code Ihres Tickets vor die Kamera." in kiosk.page.text
    assert "ضعوا رمز تذكرتكم أمام الكاميرا." in kiosk.page.text
    address = f"/door/{event.slug}/kiosk"
    for other in (f"/door/{event.slug}/", f"/door/{event.slug}/?q=Muster", f"/door/{event.slug}/walk-in", "/manage/",
                  f"/manage/events/{event.slug}/participants", "/de/", f"/door/{event.slug}/practice"):  # fmt: skip
        answer = kiosk.client.get(other)
        assert (answer.status_code, answer.location) == (302, address), other
    for other in ("search?q=Muster", "counts", "manifest"):
        assert kiosk.client.get(f"/door/api/{event.slug}/{other}").status_code == 403
    with core_clock.at(event.created_at):
        code = ticket_of(event, 2).code
    assert ask(kiosk.client, event, code) == "admit"
    assert state_of(code) == (True, 1)
    del clock


def test_only_who_knows_the_secret_ends_it_and_not_by_trying(kiosk: Visitor, event: Event) -> None:
    kiosk.get(f"/door/{event.slug}/kiosk/leave")
    for _ in range(3):
        kiosk.submit(values={"secret": "123456"}, status=422)
    assert "Diese PIN oder dieses Passwort ist falsch." in kiosk.page.text
    kiosk.submit(values={"secret": PASSWORD}, status=200)
    assert kiosk.page.h1 == "Tickets scannen"
    assert kiosk.client.get("/manage/").status_code in (200, 302)
    kiosk.get(f"/door/{event.slug}/kiosk")
    kiosk.submit()
    kiosk.get(f"/door/{event.slug}/kiosk/leave")
    for _ in range(5):
        kiosk.submit(values={"secret": "123456"})
    kiosk.submit(values={"secret": PASSWORD}, status=429)


def test_who_may_not_scan_starts_nothing(page: Visitor, event: Event) -> None:
    sign_in(page.client, make_account(event.organiser, Role.VIEWER))
    assert page.client.get(f"/door/{event.slug}/kiosk").status_code == 403
    assert page.client.get(f"/door/{event.slug}/kiosk/leave").status_code == 403


def test_a_device_ends_it_with_the_pin_of_its_link(page: Visitor, event: Event) -> None:
    made = make_link(event.id, LinkInput("Foyer"), make_account(event.organiser).id)
    device = sign_on(SignOn(made.secret, made.pin, str(uuid.uuid4()), "Tablet 1"), "here")
    page.client.set_cookie(COOKIE, device.token, path="/door/")
    page.get(f"/door/{event.slug}/kiosk")
    page.submit()
    assert page.client.get("/door/").status_code == 200, "who is signed off may sign on again"
    assert page.client.get(f"/door/{event.slug}/").location == f"/door/{event.slug}/kiosk"
    page.get(f"/door/{event.slug}/kiosk/leave")
    page.submit(values={"secret": "000000"}, status=422)
    page.submit(values={"secret": made.pin}, status=200)
    assert page.page.h1 == "Tickets scannen"
