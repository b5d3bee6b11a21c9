"""Phones without an account: sign-on with link and PIN, what they may do, and how they are refused at once."""

import json
import uuid
from dataclasses import fields
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from flask import Flask
from werkzeug.test import TestResponse

from eventapp.checkin.devices.rules import COOKIE, DoorEvent, clean_pin, is_easy
from eventapp.checkin.devices.service import end_link, revoke
from eventapp.checkin.entrances.service import add_entrance
from eventapp.checkin.envelope import milliseconds
from eventapp.checkin.models import Device, DoorLink
from eventapp.checkin.queries import EVENT
from eventapp.core import clock as core_clock
from eventapp.core.audit import AuditEntry
from eventapp.core.db import db
from eventapp.events.models import Event
from tests.checkin.devices import PIN, SUPERVISOR_PIN, Held, make_door_link, sign_device_on
from tests.checkin.phones import log_of, state_of, ticket_of
from tests.make import make_account, make_event, sign_in
from tests.pages import Client, Visitor

TOLD: dict[str, Any] = {"mode": "tell", "outcome": "admitted", "override": True}


def code_of(event: Event, number: int = 1) -> str:
    with core_clock.at(event.starts_at - timedelta(days=30)):
        return ticket_of(event, number).code


def say_pin(client: Client, secret: str, pin: str = PIN, **changes: Any) -> TestResponse:
    body = {"link": secret, "pin": pin, "device_id": str(uuid.uuid4()), "device_name": "Telefon 3", **changes}
    return client.post("/door/api/sign-on", json=body)


def send(client: Client, event: Event, code: str, *, entrance: str | None = None, **scan: Any) -> TestResponse:
    now = milliseconds(core_clock.moment())
    given = {"id": str(uuid.uuid4()), "code": code, "at": now, **scan}
    body = {"device": {"id": str(uuid.uuid4()), "name": ""}, "entrance": entrance, "sent_at": now, "scans": [given]}
    return client.post(f"/door/api/{event.slug}/scans", json=body)


def actions() -> list[str]:
    db.session.rollback()
    about = AuditEntry.about.like("door_link:%") | AuditEntry.about.like("device:%")
    return [entry.action for entry in db.session.query(AuditEntry).filter(about).order_by(AuditEntry.id)]


def test_a_phone_signs_on_scans_and_leaves(client: Client, event: Event) -> None:
    north = add_entrance(event.id, "Nord")
    made = make_door_link(event)
    answer = say_pin(client, made.secret, device_id="3f0c8a52-6a38-4b0e-9a51-0d6d1f6f0a01")
    assert answer.status_code == 201
    body = answer.get_json()
    assert (body["event"], body["device_id"]) == (event.slug, "3f0c8a52-6a38-4b0e-9a51-0d6d1f6f0a01")
    assert body["entrances"] == [{"id": north.public_id, "name": "Nord"}]
    assert abs(body["server_time"] - milliseconds(core_clock.moment())) < 5000
    cookie = answer.headers["Set-Cookie"]
    assert all(part in cookie for part in ("door=", "HttpOnly", "SameSite=Strict", "Path=/door/"))
    assert "token" not in body
    code = code_of(event)
    result = send(client, event, code, entrance=north.public_id).get_json()["results"][0]
    assert (result["decision"], state_of(code)) == ("admit", (True, 1))
    (scan,) = log_of(code)
    device = db.session.get_one(Device, scan.device_id)
    assert (device.name, device.public_id, scan.account_id) == ("Telefon 3", body["device_id"], None)
    assert client.post(f"/door/api/{event.slug}/leave", json={}).status_code == 200
    assert client.get(f"/door/api/{event.slug}/counts").status_code == 401
    assert actions() == ["door_link.made", "device.signed_on", "device.left"]


def test_neither_secret_nor_pin_nor_token_is_stored(app: Flask, event: Event) -> None:
    made = make_door_link(event)
    held = sign_device_on(event)
    rows = [vars(row) for kind in (DoorLink, Device, AuditEntry) for row in db.session.query(kind)]
    stored = str(rows)
    for secret in (made.secret, held.secret, held.token, PIN, SUPERVISOR_PIN):
        assert secret not in stored


@pytest.mark.parametrize("typed", ["48 29 13", "٤٨٢٩١٣", "۴۸۲۹۱۳"])
def test_a_pin_is_read_in_the_digits_of_every_keyboard(client: Client, event: Event, typed: str) -> None:
    assert say_pin(client, make_door_link(event).secret, typed).status_code == 201


def test_wrong_pin_and_dead_link_hear_the_same(client: Client, event: Event) -> None:
    made = make_door_link(event)
    wrong = say_pin(client, made.secret, "000001")
    unknown = say_pin(client, "x" * 43)
    end_link(event.id, made.link.public_id)
    dead = say_pin(client, made.secret)
    for answer in (wrong, unknown, dead):
        assert answer.status_code == 403
        assert answer.get_json()["title"] == wrong.get_json()["title"]
        assert "Set-Cookie" not in answer.headers or "door=" not in answer.headers["Set-Cookie"]
    assert db.session.query(Device).count() == 0


def test_five_wrong_pins_and_the_right_one_has_to_wait(
    client: Client, event: Event, clock: time_machine.Traveller
) -> None:
    made, other = make_door_link(event), make_door_link(event)
    assert [say_pin(client, made.secret, f"00000{n}").status_code for n in range(5)] == [403] * 5
    late = say_pin(client, made.secret)
    assert late.status_code == 429
    assert 0 < int(late.headers["Retry-After"]) <= 901
    assert say_pin(client, other.secret).status_code == 201
    clock.shift(timedelta(minutes=16))
    assert say_pin(client, made.secret).status_code == 201


def test_many_phones_of_one_hall_sign_on(client: Client, event: Event) -> None:
    made = make_door_link(event)
    assert [say_pin(client, made.secret).status_code for _ in range(8)] == [201] * 8


@pytest.mark.parametrize("body", [None, [], {}, {"link": 5}, {"device_id": "7"}, {"pin": None}])
def test_a_sign_on_that_cannot_be_read_is_422(client: Client, body: Any) -> None:
    given = {"link": "x", "pin": PIN, "device_id": str(uuid.uuid4()), "device_name": "A"}
    sent = {**given, **body} if isinstance(body, dict) and body else body
    answer = client.post("/door/api/sign-on", data=json.dumps(sent), content_type="application/json")
    assert (answer.status_code, answer.get_json()["code"]) == (422, "unreadable")


def refused(client: Client, event: Event) -> bool:
    """Tell whether the phone is refused everywhere: 401 for its calls, the first page for its pages."""
    code = code_of(event, 7)
    answers = [client.get(f"/door/api/{event.slug}/{name}") for name in ("counts", "search?q=muster")]
    answers.append(send(client, event, code))
    page = client.get(f"/door/{event.slug}/")
    assert state_of(code) == (False, 0)
    return {x.status_code for x in answers} == {401} and page.headers.get("Location") == "/door/"


def test_a_revoked_phone_is_refused_at_once(client: Client, event: Event, held: Held) -> None:
    assert client.get(f"/door/api/{event.slug}/counts").status_code == 200
    revoke(event.id, held.device.public_id)
    assert refused(client, event)
    assert actions()[-1] == "device.revoked"


def test_an_ended_link_refuses_all_its_phones(client: Client, event: Event, held: Held) -> None:
    end_link(event.id, held.link)
    assert refused(client, event)
    assert actions()[-1] == "door_link.ended"


def test_twelve_hours_after_the_event_it_is_over(
    client: Client, event: Event, held: Held, clock: time_machine.Traveller
) -> None:
    clock.move_to(event.ends_at + timedelta(hours=11, minutes=59))
    assert client.get(f"/door/api/{event.slug}/counts").status_code == 200
    clock.move_to(event.ends_at + timedelta(hours=12, minutes=1))
    assert refused(client, event)
    assert say_pin(client, held.secret).status_code == 403


def test_a_phone_of_another_event_gets_nothing(client: Client, event: Event, held: Held) -> None:
    other = make_event(event.organiser, slug="anderswo")
    assert refused(client, other)
    assert client.get("/door/api/no-such-event/counts").status_code == 401
    assert event.slug in client.get("/door/").text
    assert other.slug not in client.get("/door/").text


def test_signing_on_again_ends_the_token_before(client: Client, event: Event) -> None:
    made, phone = make_door_link(event), str(uuid.uuid4())
    assert say_pin(client, made.secret, device_id=phone).status_code == 201
    first = client.get_cookie(COOKIE, path="/door/")
    assert first is not None
    assert say_pin(client, made.secret, device_id=phone).status_code == 201
    assert client.get(f"/door/api/{event.slug}/counts").status_code == 200
    client.set_cookie(COOKIE, first.value, path="/door/")
    assert client.get(f"/door/api/{event.slug}/counts").status_code == 401
    assert db.session.query(Device).count() == 1


def test_the_rights_of_a_link_are_kept_by_the_server(client: Client, event: Event) -> None:
    sign_device_on(event, may_search=False, may_override=False, has_supervisor=False).use(client)
    assert client.get(f"/door/api/{event.slug}/search?q=muster").status_code == 403
    assert client.get(f"/door/{event.slug}/?q=muster").status_code == 403
    page = client.get(f"/door/{event.slug}/")
    assert page.headers["Cache-Control"] == client.get("/door/").headers["Cache-Control"] == "no-store"
    assert not any(part in page.text for part in ('data-opens="search"', 'name="q" value'))
    assert client.get(f"/door/{event.slug}/paper").status_code in (302, 403)


def test_only_its_own_entrances(client: Client, event: Event) -> None:
    north, south = (add_entrance(event.id, name) for name in ("Nord", "Süd"))
    north_id, south_id = north.public_id, south.public_id
    sign_device_on(event, entrances=(south_id,)).use(client)
    start = client.get("/door/").text
    assert "Süd" in start
    assert "Nord" not in start
    code = code_of(event)
    assert send(client, event, code, entrance=north_id).get_json()["code"] == "other_entrance"
    assert log_of(code) == []
    for entrance in (south_id, None, "gone"):
        assert send(client, event, code, entrance=entrance).status_code == 200
    db.session.rollback()
    assert {scan.entrance_id for scan in log_of(code)} == {south.id}


def test_an_override_is_authorised_by_right_or_by_the_supervisor(
    client: Client, event: Event, clock: time_machine.Traveller
) -> None:
    codes = [code_of(event, number) for number in range(1, 6)]
    sign_device_on(event, may_override=False).use(client)

    def authorised(code: str) -> bool:
        assert send(client, event, code, **TOLD).status_code == 200
        (scan,) = log_of(code)
        assert scan.override
        return scan.authorised

    assert not authorised(codes[0])
    address = f"/door/api/{event.slug}/override"
    assert client.post(address, json={"pin": PIN}).status_code == 403
    assert client.post(address, json={"pin": 5}).status_code == 422
    assert client.post(address, json={"pin": SUPERVISOR_PIN}).get_json() == {"seconds": 120}
    assert authorised(codes[1])
    clock.shift(timedelta(minutes=3))
    assert not authorised(codes[2])
    sign_device_on(event, may_override=True).use(client)
    assert authorised(codes[3])
    assert [client.post(address, json={"pin": "111112"}).status_code for _ in range(6)] == [403] * 5 + [429]
    client.delete_cookie(COOKIE, path="/door/")
    sign_in(client, make_account(event.organiser))
    assert authorised(codes[4])
    assert client.post(address, json={"pin": SUPERVISOR_PIN}).status_code == 403


def test_the_first_page_explains_and_offers_the_event_of_the_phone(page: Visitor, event: Event) -> None:
    nobody = page.get("/door/")
    assert "Tür-Link" in nobody.text
    assert nobody.link("Mit Konto anmelden").startswith("/manage/sign-in")
    sign_device_on(event).use(page.client)
    shown = page.get("/door/")
    assert f"/door/{event.slug}/" in shown.html
    assert "Papierliste" not in shown.text
    page.submit(page.page.form(containing="entrance"))
    assert "Haupteingang" in page.page.html


def test_the_organiser_makes_a_link_and_ends_it(page: Visitor, event: Event) -> None:
    add_entrance(event.id, "Nord")
    sign_in(page.client, make_account(event.organiser))
    page.get(f"/manage/events/{event.slug}/entrances")
    page.click("Telefone am Eingang")
    page.click("Tür-Link anlegen")
    page.submit("devices/new", {"label": " "})
    assert page.page.status == 422
    page.submit("devices/new", {"label": "Freiwillige", "pin": "123456"})
    assert page.page.status == 422
    assert "leicht" in page.page.text
    page.submit("devices/new", {"pin": PIN, "has_supervisor": "y", "supervisor_pin": PIN})
    assert page.page.status == 422
    page.submit("devices/new", {"supervisor_pin": ""})
    assert page.page.status == 200
    assert PIN in page.page.text
    secret = page.page.html.split("/door/#")[1].split("<")[0]
    assert "<svg" in page.page.html
    other = page.another()
    assert isinstance(other.client, Client)
    assert say_pin(other.client, secret).status_code == 201
    listed = page.get(f"/manage/events/{event.slug}/devices")
    assert secret not in listed.html
    assert "Telefon 3" in listed.text
    other.client.get(f"/door/api/{event.slug}/counts?unsent=4")
    assert page.get(f"/manage/events/{event.slug}/devices").rows(1)[0][3] == "4"
    page.submit("revoke")
    assert "widerrufen" in page.page.text
    assert other.client.get(f"/door/api/{event.slug}/counts").status_code == 401
    page.submit("end")
    assert say_pin(other.client, secret).status_code == 403


def test_pins() -> None:
    assert clean_pin(" 48-29 ") == "48-29"
    assert [is_easy(pin) for pin in ("000000", "121212", "123456", PIN)] == [True, True, True, False]


def test_what_is_read_of_an_event_stands_in_the_order_of_its_values() -> None:
    assert [column.key for column in EVENT] == [part.name for part in fields(DoorEvent)]
