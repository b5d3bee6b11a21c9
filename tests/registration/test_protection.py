"""Robots and floods: nothing of theirs is stored, people keep what they typed, and what is kept decides nothing."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import timedelta

import pytest
import time_machine
from flask import Flask
from sqlalchemy import select

from eventapp.agenda.service import cancel_item
from eventapp.core import clock as clocks
from eventapp.core.db import db
from eventapp.core.limits import Attempt
from eventapp.events.models import Event
from eventapp.events.queries import input_of_category
from eventapp.events.rules import EventAction
from eventapp.events.service import add_category, move, update_category
from eventapp.outbox.models import Message
from eventapp.registration import refusals
from eventapp.registration.guard.service import SHOWN, TRAP, shown_at
from eventapp.registration.models import Registration
from eventapp.registration.signup.rules import PER_ADDRESS, Contact, Via
from eventapp.registration.signup.service import sign_up, sign_up_group
from tests.make import forums, make_event
from tests.pages import Client, Visitor
from tests.registration.people import arrive, person

GUEST = {"given_name": "Amira", "family_name": "Haddad", "email": "amira@example.org"}


def count_registrations() -> int:
    return len(list(db.session.scalars(select(Registration.id))))


def guest_of(event: Event, **changes: str) -> Mapping[str, str]:
    return {**GUEST, "category": str(event.categories[0].id), **changes}


def test_what_fills_in_the_trap_is_refused_and_leaves_nothing(app: Flask, page: Visitor) -> None:
    event = make_event()
    page.get(f"/en/{event.slug}/register")
    page.submit("Sign up now", {**guest_of(event), TRAP: "https://example.org"}, status=422)
    assert page.errors == ["This form could not be accepted. Please write to the organiser if you want to sign up."]
    assert page.form("Sign up now").values["email"] == "amira@example.org"
    assert count_registrations() == 0
    assert list(db.session.scalars(select(Message))) == []


def test_who_was_too_fast_keeps_the_form_and_sends_it_again(
    app: Flask, page: Visitor, clock: time_machine.Traveller
) -> None:
    event = make_event()
    page.get(f"/en/{event.slug}/register")
    page.submit("Sign up now", {**guest_of(event), SHOWN: shown_at(clocks.moment())}, status=422)
    assert page.errors == ["That was very fast. Please look at your details again and send the form once more."]
    assert count_registrations() == 0
    again = page.form("Sign up now").values
    assert again["given_name"] == "Amira"
    clock.shift(timedelta(seconds=3))
    page.submit("Sign up now", {SHOWN: again[SHOWN]})
    assert "Amira Haddad" in page.h1
    assert count_registrations() == 1


def test_the_form_for_several_people_has_the_same_guard(app: Flask, page: Visitor) -> None:
    event = make_event()
    page.get(f"/en/{event.slug}/register/group")
    contact = {"given_name": "Brigitte", "family_name": "Lang", "email": "brigitte@example.org"}
    values = {**contact, "category": str(event.categories[0].id), "p1_given_name": "Samir", "p2_given_name": "Yara"}
    page.submit("Register all now", {**values, TRAP: "https://example.org"}, status=422)
    assert page.errors == ["This form could not be accepted. Please write to the organiser if you want to sign up."]
    page.submit("Register all now", {TRAP: "", SHOWN: shown_at(clocks.moment())}, status=422)
    assert page.errors == ["That was very fast. Please look at your details again and send the form once more."]
    assert count_registrations() == 0
    page.submit("Register all now")
    assert count_registrations() == 1


@pytest.mark.parametrize("value", ["x", "zz.mac", "1970.", "1." + "a" * 27, "é.é"])
def test_a_time_that_we_did_not_write_is_no_time(app: Flask, page: Visitor, value: str) -> None:
    event = make_event()
    page.get(f"/en/{event.slug}/register")
    page.submit("Sign up now", {**guest_of(event), SHOWN: value}, status=422)
    assert page.form("Sign up now").values[SHOWN] != value
    assert count_registrations() == 0


def test_a_mailbox_may_be_shared_but_not_without_end(app: Flask) -> None:
    event = make_event()
    for number in range(PER_ADDRESS):
        arrive(event, number, email="Office@Example.org")
    with pytest.raises(refusals.AddressFull):
        arrive(event, 99, email="office@example.org")
    contact = Contact("Office", "office@example.org", "de")
    with pytest.raises(refusals.AddressFull):
        sign_up_group(event.id, [person(event, 98, email="office@example.org")], contact)
    sign_up(event.id, person(event, 99, email="office@example.org"), via=Via.ORGANISER)
    assert arrive(make_event(slug="other"), 99, email="office@example.org").outcome.value == "confirmed"


def test_one_network_waits_after_many_sign_ups_and_others_do_not(
    app: Flask, client: Client, page: Visitor, clock: time_machine.Traveller
) -> None:
    app.config["EVENTAPP"] = replace(app.config["EVENTAPP"], signups_per_network=3)
    event = make_event()
    try:
        for number in range(3):
            sign_up(event.id, person(event, number), network="127.0.0.1")
        with pytest.raises(refusals.TooManyFromHere):
            sign_up(event.id, person(event, 3), network="127.0.0.1")
        sign_up(event.id, person(event, 0), network="127.0.0.1")  # is registered already: nothing new is counted
        sign_up(event.id, person(event, 4), network="192.0.2.1")
        arrive(event, 5)
        page.get(f"/en/{event.slug}/register")
        page.submit("Sign up now", guest_of(event), status=429)
        assert "Very many people have just signed up from your network." in page.text
        assert page.form("Sign up now").values["email"] == "amira@example.org"
        assert 500 < int(page.response.headers["Retry-After"]) <= 601
        assert count_registrations() == 5
        clock.shift(timedelta(minutes=10, seconds=1))
        page.submit("Sign up now", {})
        assert count_registrations() == 6
    finally:
        app.config["EVENTAPP"] = replace(app.config["EVENTAPP"], signups_per_network=60)
    assert not [row for row in db.session.scalars(select(Attempt)) if "127.0.0.1" in row.key]


@pytest.fixture
def keeping(app: Flask) -> Iterator[Flask]:
    """Keep what may be kept for a second, as a real site does."""
    usual = app.config["EVENTAPP"]
    app.config["EVENTAPP"] = replace(usual, page_seconds=1)
    yield app
    app.config["EVENTAPP"] = usual
    app.extensions["kept"].clear()


def warmed(page: Visitor, event: Event) -> None:
    """Let somebody sign up, so that all that is kept is kept now, and show the form again."""
    page.get(f"/en/{event.slug}/register")
    page.submit("Sign up now", guest_of(event, email="first@example.org", items_1=str(forums(event)[0].id)))
    page.get(f"/en/{event.slug}/register")


def test_an_event_that_was_called_off_a_moment_ago_takes_nobody(keeping: Flask, page: Visitor) -> None:
    event = make_event()
    warmed(page, event)
    move(event.id, EventAction.CALL_OFF)
    page.submit("Sign up now", guest_of(event), status=409)
    assert page.errors == ["This event has been called off."]
    assert count_registrations() == 1


def test_a_group_that_was_closed_a_moment_ago_takes_nobody(keeping: Flask, page: Visitor) -> None:
    event = make_event()
    warmed(page, event)
    first = event.categories[0]
    given = guest_of(event)
    update_category(first.id, replace(input_of_category(first), is_open=False))
    page.submit("Sign up now", given, status=422)
    assert page.errors == ["Which group do you belong to?: Please choose one of the groups."]
    assert count_registrations() == 1


def test_an_item_that_was_cancelled_a_moment_ago_takes_nobody(keeping: Flask, page: Visitor) -> None:
    event = make_event()
    warmed(page, event)
    forum = forums(event)[0]
    given = guest_of(event, items_1=str(forum.id))
    cancel_item(forum.id)
    page.submit("Sign up now", given, status=422)
    assert any("cannot be chosen any more" in text for text in page.errors)
    assert count_registrations() == 1


def test_a_group_that_was_opened_a_moment_ago_takes_people(keeping: Flask, page: Visitor) -> None:
    event = make_event()
    warmed(page, event)
    category = add_category(event.id, replace(input_of_category(event.categories[0]), code="new"))
    page.get(f"/en/{event.slug}/register")
    page.submit("Sign up now", {**GUEST, "category": str(category.id)})
    assert count_registrations() == 2
