"""People without a ticket: registered and let in with one request, the same however often it comes, never lost."""

import uuid
from typing import Any

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from eventapp.accounts.rules import Role
from eventapp.checkin.envelope import milliseconds
from eventapp.checkin.models import Scan
from eventapp.checkin.rules import Outcome, ScanMode
from eventapp.core import clock as core_clock
from eventapp.core.db import db
from eventapp.events.models import Event
from eventapp.outbox.models import Message
from eventapp.registration.models import Participant
from eventapp.registration.refusals import NoAddress
from eventapp.registration.rules import ParticipantState
from eventapp.registration.service import cancel, change, resend
from eventapp.registration.signup.rules import Via
from tests.checkin.phones import state_of, ticket_of
from tests.make import make_account, make_event, sign_in
from tests.pages import Client, Visitor
from tests.registration.people import check_invariants, person

PHONE = {"id": "3f0c8a52-6a38-4b0e-9a51-0d6d1f6f0a01", "name": "Telefon 2"}


@pytest.fixture
def event(app: Flask, clock: time_machine.Traveller) -> Event:
    event = make_event(seats=2)
    clock.move_to(event.starts_at)
    return event


@pytest.fixture
def door(client: Client, event: Event) -> Client:
    sign_in(client, make_account(event.organiser, Role.DOOR, event_id=event.id))
    return client


def walk_in(event: Event, name: str = "Amira", **changes: Any) -> dict[str, Any]:
    """Return somebody without a ticket as the script makes them."""
    now = milliseconds(core_clock.moment())
    told = {"given_name": name, "family_name": "Haddad", "organisation": "", "email": "", "language": "ar"}
    return {"id": str(uuid.uuid4()), "at": now, "category": event.categories[-1].id, **told, **changes}


def send(door: FlaskClient, event: Event, *people: Any, **changes: Any) -> list[dict[str, Any]]:
    """Send people as the script does and return the answers."""
    body = {"device": PHONE, "entrance": None, "sent_at": milliseconds(core_clock.moment()), "walk_ins": list(people)}
    answer = door.post(f"/door/api/{event.slug}/walk-ins", json={**body, **changes})
    assert answer.status_code == 200, answer.text
    results: list[dict[str, Any]] = answer.get_json()["results"]
    return results


def guests(event: Event) -> list[Participant]:
    """Return all participants of the event."""
    db.session.rollback()
    return list(
        db.session.scalars(select(Participant).where(Participant.event_id == event.id).order_by(Participant.id))
    )


def count(model: Any) -> int:
    """Count the rows of a table."""
    db.session.rollback()
    found: int = db.session.query(model).count()
    return found


def test_who_finds_a_place_is_registered_and_inside(door: Client, event: Event) -> None:
    [result] = send(door, event, walk_in(event))
    assert (result["stored"], result["replayed"], result["state"], result["reason"]) == (True, False, "confirmed", "ok")
    assert (result["name"], result["scan"]["ticket"]["greeting"]) == ("Amira Haddad", "أهلًا وسهلًا!")
    assert state_of(result["code"]) == (True, 1)
    [guest] = guests(event)
    assert (guest.registration.via, guest.registration.is_over, guest.email) == ("door", False, "")
    assert count(Message) == 0, "there is no address"
    check_invariants(event.id)


def test_with_an_address_the_ticket_goes_out(door: Client, event: Event) -> None:
    send(door, event, walk_in(event, email="amira@example.org"), walk_in(event, "Olena", email="not an address"))
    db.session.rollback()
    assert [(x.kind, x.recipient) for x in db.session.scalars(select(Message))] == [
        ("registration.ticket", "amira@example.org")
    ]
    assert [x.email for x in guests(event)] == ["amira@example.org", ""]


def test_the_same_request_is_the_same_person(door: Client, event: Event) -> None:
    given = walk_in(event)
    answers = [send(door, event, given)[0] for _ in range(5)]
    assert [x["replayed"] for x in answers] == [False, True, True, True, True]
    assert len({(x["code"], x["state"], x["stored"]) for x in answers}) == 1
    assert (len(guests(event)), count(Scan)) == (1, 1)
    assert state_of(answers[0]["code"]) == (True, 1)


def test_two_people_of_one_name_without_an_address_are_two(door: Client, event: Event) -> None:
    codes = {x["code"] for x in send(door, event, walk_in(event), walk_in(event))}
    assert len(codes) == 2
    check_invariants(event.id)


def test_who_is_registered_already_comes_in_on_their_ticket(
    door: Client, event: Event, clock: time_machine.Traveller
) -> None:
    del clock
    with core_clock.at(event.registration_opens_at or event.created_at):
        code = ticket_of(event, 1).code
    same = {"given_name": "Gast 1", "family_name": "Muster", "email": "gast1@example.org"}
    first, second = send(door, event, walk_in(event, **same), walk_in(event, **same))
    assert (first["code"], first["state"], first["reason"]) == (code, "confirmed", "ok")
    assert (second["code"], second["reason"], second["scan"]["decision"]) == (code, "already_admitted", "deny")
    assert len(guests(event)) == 1


def test_a_full_house_is_told_to_who_asks(door: Client, event: Event) -> None:
    results = send(door, event, *[walk_in(event, name) for name in ("Amira", "Olena", "Brigitte")])
    assert [x["state"] for x in results] == ["confirmed", "confirmed", "waitlisted"]
    assert (results[2]["reason"], results[2]["code"], results[2]["scan"]) == ("full", "", None)
    assert [x.state.value for x in guests(event)] == ["confirmed", "confirmed", "waitlisted"]
    assert count(Scan) == 2
    check_invariants(event.id)


def test_who_was_let_in_without_connection_is_registered_over_the_limit(door: Client, event: Event) -> None:
    people = [walk_in(event, name, admitted=True) for name in ("Amira", "Olena", "Brigitte", "Samir")]
    results = send(door, event, *people)
    assert {x["state"] for x in results} == {"confirmed"}
    assert [state_of(x["code"]) for x in results] == [(True, 1)] * 4
    marked = [(x.registration.is_over, x.registration.note) for x in guests(event)]
    over = (True, "Kam ohne Ticket und wurde am Einlass hereingelassen. Telefon: Telefon 2")
    assert marked == [(False, ""), (False, ""), over, over]
    assert [x["replayed"] for x in send(door, event, *people)] == [True] * 4
    assert len(guests(event)) == 4
    check_invariants(event.id)


def test_the_door_lets_somebody_in_whom_the_server_put_on_the_list(door: Client, event: Event) -> None:
    *_others, third = people = [walk_in(event, name) for name in ("Amira", "Olena", "Brigitte")]
    assert send(door, event, *people)[2]["state"] == "waitlisted"
    [told] = send(door, event, {**third, "mode": "tell", "outcome": "admitted", "override": True})
    assert told["state"] == "confirmed"
    assert state_of(told["code"]) == (True, 1)
    assert guests(event)[2].registration.is_over
    scan = db.session.get_one(Scan, third["id"])
    assert (scan.override, scan.authorised, scan.mode, scan.outcome) == (True, False, ScanMode.TELL, Outcome.ADMITTED)
    check_invariants(event.id)


def test_who_was_sent_away_gives_the_place_back_whatever_came_first(door: Client, event: Event) -> None:
    asked, unheard = walk_in(event, "Amira"), walk_in(event, "Olena")
    code = send(door, event, asked)[0]["code"]
    away = {"mode": "tell", "outcome": "refused"}
    results = send(door, event, {**asked, **away}, {**unheard, **away})
    assert [(x["stored"], x["state"], x["reason"]) for x in results] == [(True, "refused", "sent_away")] * 2
    assert state_of(code) == (False, 0)
    assert [x.state for x in guests(event)] == [ParticipantState.CANCELLED]
    [late] = send(door, event, unheard)
    assert (late["stored"], late["state"]) == (False, "refused"), "the question came after the decision"
    assert len(guests(event)) == 1
    assert [x["replayed"] for x in send(door, event, {**asked, **away}, {**unheard, **away})] == [True, True]
    check_invariants(event.id)


def test_a_question_left_by_a_crash_registers_and_admits_nobody(door: Client, event: Event) -> None:
    [result] = send(door, event, walk_in(event, mode="tell", outcome="unknown"))
    assert (result["state"], result["stored"]) == ("confirmed", True)
    assert state_of(result["code"]) == (False, 0)


def test_late_after_the_end_who_is_inside_counts_and_who_asks_does_not(
    door: Client, event: Event, clock: time_machine.Traveller
) -> None:
    at = milliseconds(event.starts_at)
    clock.move_to(event.ends_at)
    clock.shift(3600)
    [inside] = send(door, event, walk_in(event, at=at, admitted=True))
    assert (inside["state"], state_of(inside["code"])) == ("confirmed", (True, 1))
    clock.move_to(event.ends_at)
    clock.shift(13 * 3600)
    sign_in(door, make_account(event.organiser))
    [asks] = send(door, event, walk_in(event))
    assert (asks["state"], asks["reason"], asks["stored"]) == ("refused", "door_closed", False)


@pytest.mark.parametrize(("changes", "reason"), [
    ({"given_name": "", "family_name": ""}, "no_name"), ({"given_name": " \t", "family_name": ""}, "no_name"),
    ({"given_name": "x" * 4000}, "malformed"), ({"organisation": "x" * 4000}, "malformed"),
    ({"category": 987654}, "wrong_category"), ({"category": "1"}, "malformed"), ({"category": True}, "malformed"),
    ({"id": "7"}, "malformed"), ({"at": -1}, "malformed"), ({"mode": "maybe"}, "malformed"),
    ({"email": 5}, "malformed"),
])  # fmt: skip
def test_bad_input_stores_nothing_and_hinders_nobody(
    door: Client, event: Event, changes: dict[str, Any], reason: str
) -> None:
    bad, good = send(door, event, walk_in(event, **changes), walk_in(event, "Olena"))
    assert (bad["stored"], bad["state"], bad["reason"]) == (False, "refused", reason)
    assert (good["stored"], good["state"]) == (True, "confirmed")
    assert [x.given_name for x in guests(event)] == ["Olena"]
    check_invariants(event.id)


def test_who_is_inside_comes_as_another_group_if_theirs_is_gone(door: Client, event: Event) -> None:
    [result] = send(door, event, walk_in(event, category=987654, admitted=True))
    assert result["state"] == "confirmed"
    assert guests(event)[0].category_id == event.categories[0].id


def test_an_id_of_the_log_stays_what_it_was(door: Client, event: Event) -> None:
    other = make_event(
        event.organiser, slug="anderswo", starts_at=event.starts_at, ends_at=event.ends_at, doors_at=None
    )
    given = walk_in(event)
    assert send(door, event, given)[0]["stored"]
    sign_in(door, make_account(event.organiser))
    [result] = send(door, other, {**given, "category": other.categories[-1].id})
    assert (result["stored"], result["reason"]) == (False, "malformed")
    assert guests(other) == []


@pytest.mark.parametrize(
    "body", [[], {"walk_ins": []}, {"sent_at": "now"}, {"device": 5}, {"device": None}, {"walk_ins": {}}]
)
def test_an_envelope_that_cannot_be_read_is_422(door: Client, event: Event, body: Any) -> None:
    given = {"device": PHONE, "sent_at": milliseconds(event.starts_at), "walk_ins": [walk_in(event)]}
    sent = {**given, **body} if isinstance(body, dict) else body
    assert door.post(f"/door/api/{event.slug}/walk-ins", json=sent).status_code == 422
    many = {**given, "walk_ins": [walk_in(event)] * 51}
    assert door.post(f"/door/api/{event.slug}/walk-ins", json=many).status_code == 413
    assert guests(event) == []


def test_who_may_not_hears_so(client: Client, event: Event) -> None:
    body = {"sent_at": milliseconds(event.starts_at), "walk_ins": [walk_in(event)]}
    address = f"/door/api/{event.slug}/walk-ins"
    assert client.post(address, json=body).status_code == 401
    sign_in(client, make_account(event.organiser, Role.VIEWER))
    assert client.post(address, json=body).status_code == 403
    sign_in(client, make_account(make_event(slug="anderswo").organiser))
    assert client.post(address, json=body).status_code == 404
    assert guests(event) == []


def test_practice_stores_nothing(door: Client, event: Event) -> None:
    [result] = send(door, event, walk_in(event), practice=True)
    assert (result["stored"], result["state"], result["scan"]["decision"]) == (True, "confirmed", "admit")
    assert (guests(event), count(Scan)) == ([], 0)


def test_the_page_without_script(page: Visitor, event: Event) -> None:
    sign_in(page.client, make_account(event.organiser, Role.DOOR, event_id=event.id))
    page.get(f"/door/{event.slug}/")
    page.click("Jemand ohne Ticket")
    category = str(event.categories[-1].id)
    page.submit(values={"given_name": "", "organisation": "Verein", "category": category}, status=422)
    assert "Bitte schreiben Sie den Namen." in page.page.text
    page.submit(values={"given_name": "x" * 4000, "category": category}, status=422)
    page.submit(values={"given_name": "Amira", "category": "987654"}, status=422)
    assert guests(event) == []
    page.submit(values={"given_name": "Amira", "category": category, "language": "ar"}, status=200)
    assert page.page.h1 == "Einlassen"
    [guest] = guests(event)
    assert (guest.given_name, guest.organisation, guest.language) == ("Amira", "Verein", "ar")
    for name in ("Olena", "Brigitte"):
        page.get(f"/door/{event.slug}/walk-in")
        page.submit(values={"given_name": name, "category": category}, status=200)
    assert page.page.h1 == "Prüfen"
    assert "steht jetzt auf der Warteliste" in page.page.text


def test_the_organiser_corrects_and_cancels_somebody_without_an_address(page: Visitor, event: Event) -> None:
    sign_in(page.client, make_account(event.organiser))
    send(page.client, event, walk_in(event), walk_in(event))
    first, second = guests(event)
    shown = page.get(f"/manage/events/{event.slug}/participants/{first.public_id}")
    assert "am Einlass eingetragen" in shown.text
    assert "E-Mail noch einmal schicken" not in shown.text
    with pytest.raises(NoAddress):
        resend(first.id)
    page.get(f"/manage/events/{event.slug}/participants/{first.public_id}/change")
    page.submit(values={"family_name": "Hadad"}, status=None)
    assert guests(event)[0].family_name == "Hadad"
    change(second.id, person(event, given_name="Amira", family_name="Hadad", email=""), Via.ORGANISER)
    cancel(first.id, Via.ORGANISER)
    assert count(Message) == 0
    check_invariants(event.id)
