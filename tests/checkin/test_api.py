"""The door's addresses: what a phone may send, who may send it, and what it hears when something is wrong."""

import json
import uuid
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from flask import Flask
from werkzeug.test import TestResponse

from eventapp.accounts.rules import Role
from eventapp.checkin.entrances.service import add_entrance
from eventapp.checkin.envelope import milliseconds
from eventapp.checkin.models import Device, Scan
from eventapp.core import clock as core_clock
from eventapp.core.audit import AuditEntry
from eventapp.core.db import db
from eventapp.events.models import Event
from eventapp.tickets.rules import Practice, practice_code
from tests.checkin.phones import state_of, ticket_of
from tests.make import make_account, make_event, sign_in
from tests.pages import Client, Visitor

PHONE = "3f0c8a52-6a38-4b0e-9a51-0d6d1f6f0a01"


class Door:
    """A phone with the scanner open."""

    def __init__(self, page: Visitor, event: Event) -> None:
        self.page, self.event = page, event
        page.get(f"/door/{event.slug}/")

    def send(self, *scans: Any, headers: dict[str, str] | None = None, **changes: Any) -> TestResponse:
        """Send scans as the script does."""
        now = milliseconds(core_clock.moment())
        body = {"device": {"id": PHONE, "name": "Telefon 2"}, "entrance": None, "practice": False, "sent_at": now}
        address = f"/door/api/{self.event.slug}/scans"
        return self.page.client.post(address, json={**body, "scans": list(scans), **changes}, headers=headers)

    def ask(self, code: str, **changes: Any) -> dict[str, Any]:
        """Scan one code and return the answer to it."""
        answer = self.send(scan(code), **changes)
        assert answer.status_code == 200, answer.text
        result: dict[str, Any] = answer.get_json()["results"][0]
        return result


def scan(code: str, **changes: Any) -> dict[str, Any]:
    """Return a scan as the script makes it."""
    now = milliseconds(core_clock.moment())
    given = {"id": str(uuid.uuid4()), "code": code, "kind": "entry", "undo_of": None, "mode": "ask", "at": now}
    return {**given, "outcome": "unknown", "override": False, "local_reason": "ok", **changes}


@pytest.fixture
def event(app: Flask, clock: time_machine.Traveller) -> Event:
    event = make_event()
    ticket_of(event, 1)
    clock.move_to(event.starts_at)
    return event


@pytest.fixture
def door(page: Visitor, event: Event) -> Door:
    sign_in(page.client, make_account(event.organiser, Role.DOOR, event_id=event.id))
    return Door(page, event)


def code_of(event: Event, number: int) -> str:
    """Sign a guest up while that is possible and return the code."""
    with core_clock.at(event.starts_at - timedelta(days=30)):
        return ticket_of(event, number).code


def test_a_scan_and_its_answer(door: Door, event: Event) -> None:
    north = add_entrance(event.id, "Nord")
    code = code_of(event, 2)
    result = door.ask(code, entrance=north.public_id)
    assert (result["stored"], result["decision"], result["reason"], result["outcome"]) == (
        True,
        "admit",
        "ok",
        "admitted",
    )
    assert result["ticket"]["name"] == "Gast 2 Muster"
    again = door.ask(code, entrance=north.public_id)
    assert (again["decision"], again["reason"]) == ("deny", "already_admitted")
    assert (again["first"]["device"], again["first"]["entrance"]) == ("Telefon 2", "Nord")
    assert abs(again["first"]["at"] - milliseconds(event.starts_at)) < 60_000
    counts = door.page.client.get(f"/door/api/{event.slug}/counts?entrance={north.public_id}").get_json()
    assert counts == {"inside": 1, "admitted": 1, "expected": 2, "limit": None}
    db.session.rollback()
    assert db.session.query(Device).one().name == "Telefon 2"


def test_one_bad_item_does_not_stop_the_batch(door: Door, event: Event) -> None:
    codes = [code_of(event, number) for number in (2, 3)]
    bad: list[Any] = [
        scan(codes[0], kind="dance"), scan(codes[0], id="7"), scan(codes[0], at="soon"), scan(codes[0], at=-1),
        "scan", None, {}, scan(codes[0], kind="undo"), {**scan(codes[0]), "code": 5}, scan(codes[0], mode="maybe"),
    ]  # fmt: skip
    results = door.send(scan(codes[0]), *bad, scan(codes[1])).get_json()["results"]
    assert [x["stored"] for x in results] == [True, *[False] * len(bad), True]
    assert (results[1]["reason"], results[1]["decision"]) == ("malformed", "deny")
    assert [state_of(code) for code in codes] == [(True, 1), (True, 1)]


def test_hostile_codes_are_answers_too(door: Door) -> None:
    for code in (
        "",
        "HALLO",
        "x" * 5000,
        "<script>alert(1)</script>",
        "' OR 1=1 --",
        "\x00T",
        "https://evil.example/t/x",
        "\ud800",
    ):
        assert door.ask(code)["reason"] == "malformed"


@pytest.mark.parametrize("body", [
    None, [], "x", {"scans": []}, {"device": 5}, {"device": {"id": "7"}}, {"sent_at": "now"}, {"sent_at": True},
    {"sent_at": 10**18}, {"entrance": 5},
])  # fmt: skip
def test_an_envelope_that_cannot_be_read_is_422(door: Door, body: Any) -> None:
    if isinstance(body, dict):
        answer = door.send(scan("HALLO"), **body)
    else:
        address = f"/door/api/{door.event.slug}/scans"
        answer = door.page.client.post(address, data=json.dumps(body), content_type="application/json")
    assert answer.status_code == 422
    assert answer.mimetype == "application/problem+json"
    assert answer.get_json()["code"] == "unreadable"


def test_a_body_of_brackets_without_end_is_422(door: Door) -> None:
    address = f"/door/api/{door.event.slug}/scans"
    answer = door.page.client.post(address, data=b"[" * 200_000, content_type="application/json")
    assert (answer.status_code, answer.get_json()["code"]) == (422, "unreadable")


def test_more_than_two_hundred_scans_are_413(door: Door) -> None:
    assert door.send(*[scan("HALLO")] * 201).status_code == 413
    assert door.send(*[scan("HALLO") for _ in range(200)]).status_code == 200


@pytest.mark.parametrize(("headers", "status"), [
    ({"Sec-Fetch-Site": "cross-site"}, 403), ({"Sec-Fetch-Site": "same-site"}, 403),
    ({"Content-Type": "text/plain"}, 415),
])  # fmt: skip
def test_what_another_site_sends_is_refused_and_stores_nothing(
    door: Door, headers: dict[str, str], status: int
) -> None:
    answer = door.send(scan("HALLO"), headers=headers)
    assert answer.status_code == status
    assert answer.mimetype == "application/problem+json"
    assert door.send(scan("HALLO"), headers={"Sec-Fetch-Site": "same-origin"}, practice=True).status_code == 200
    db.session.rollback()
    assert db.session.query(Scan).count() == 0


def test_who_is_signed_out_hears_401(door: Door) -> None:
    door.page.client.delete_cookie("eventapp")
    assert door.send(scan("HALLO")).status_code == 401


@pytest.mark.parametrize(("role", "status"), [
    (Role.OWNER, 200), (Role.EDITOR, 200), (Role.DOOR, 200), (Role.VIEWER, 403), (None, 404),
])  # fmt: skip
def test_who_may_scan(client: Client, event: Event, role: Role | None, status: int) -> None:
    organiser = event.organiser if role else make_event(slug="anderswo").organiser
    sign_in(client, make_account(organiser, role or Role.OWNER))
    for address in ("counts", "search?q=gast"):
        assert client.get(f"/door/api/{event.slug}/{address}").status_code == status
    assert client.get(f"/door/{event.slug}/").status_code == status
    assert client.get(f"/door/{event.slug}/practice").status_code == status


def test_practice_stores_nothing_and_knows_no_ticket(door: Door, event: Event) -> None:
    ticket = code_of(event, 2)
    reasons = [door.ask(practice_code(meaning), practice=True)["reason"] for meaning in Practice]
    assert reasons == [meaning.value for meaning in Practice]
    assert door.ask(ticket, practice=True)["reason"] == "unknown"
    twice = door.ask(practice_code(Practice.ALREADY_ADMITTED), practice=True)
    assert twice["stored"]
    assert twice["first"]["at"]
    db.session.rollback()
    assert (db.session.query(Scan).count(), db.session.query(Device).count()) == (0, 0)
    assert state_of(ticket) == (False, 0)


def test_a_wrong_clock_is_told(door: Door) -> None:
    now = milliseconds(core_clock.moment())
    for ahead, is_wrong in ((0, False), (1500, False), (10_000, False), (-3 * 3_600_000, True)):
        body = door.send(scan("HALLO"), sent_at=now + ahead).get_json()
        assert body["clock_is_wrong"] is is_wrong
        assert abs(body["skew_ms"] - (ahead if abs(ahead) > 2000 else 0)) < 1500


@pytest.mark.parametrize("years", [-3, 3])
def test_a_phone_that_lives_in_another_year_is_heard_and_told(door: Door, event: Event, years: int) -> None:
    code, now = code_of(event, 2), milliseconds(core_clock.moment())
    wrong = now + years * 365 * 24 * 3_600_000
    body = door.send(scan(code, at=wrong - 60_000), sent_at=wrong).get_json()
    assert body["clock_is_wrong"]
    assert (body["results"][0]["decision"], body["results"][0]["reason"]) == ("admit", "ok")
    db.session.rollback()
    assert abs(milliseconds(db.session.query(Scan).one().at) - (now - 60_000)) < 1500


def test_search_finds_in_any_script_and_leaves_no_word_behind(door: Door, event: Event) -> None:
    with core_clock.at(event.starts_at - timedelta(days=30)):
        ticket = ticket_of(event, 5, given_name="Şükran", family_name="Straßburger")

    def found(sought: str) -> list[str]:
        people = door.page.client.get(f"/door/api/{event.slug}/search", query_string={"q": sought}).get_json()["people"]
        return [person["name"] for person in people]

    assert found("sukran") == found("STRASSBURGER şük") == ["Şükran Straßburger"]
    assert found("su") == found("%%%") == found("") == []
    person = door.page.client.get(f"/door/api/{event.slug}/search?q=straßburger").get_json()["people"][0]
    assert (person["code"], person["state"], person["inside"]) == (ticket.code, "confirmed", False)
    db.session.rollback()
    noted = db.session.query(AuditEntry).filter_by(action="door.searched").all()
    assert [entry.facts for entry in noted][:2] == [{"found": 1}, {"found": 1}]


def test_searches_are_limited(door: Door, event: Event) -> None:
    answers = [door.page.client.get(f"/door/api/{event.slug}/search?q=gast") for _ in range(61)]
    assert [x.status_code for x in answers] == [200] * 60 + [429]
    assert int(answers[-1].headers["Retry-After"]) > 0
