"""What needs the organiser on the desk, who is counted as coming, and who is told about changes."""

from dataclasses import replace
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from eventapp.core.db import db
from eventapp.core.localized import Localized
from eventapp.editions.changes.queries import count_concerned, count_told
from eventapp.editions.changes.service import change_event
from eventapp.editions.service import call_off
from eventapp.events.models import Event
from eventapp.events.queries import input_of_category
from eventapp.events.service import change, update_category
from eventapp.outbox.models import Message
from eventapp.outbox.service import render
from eventapp.registration.service import cancel
from eventapp.registration.signup.rules import Via
from eventapp.registration.signup.service import sign_up
from tests.make import make_account, make_event, sign_in
from tests.pages import Visitor
from tests.registration.people import arrive, person


@pytest.fixture
def event(app: Flask, page: Visitor) -> Event:
    """Three places, offers of 48 hours; the owner is signed in."""
    event = make_event(seats=3, offer_hours=48)
    sign_in(page.client, make_account(event.organiser))
    return event


def offered(event: Event) -> None:
    """Let three come, two wait, and one of the three cancel: 2 confirmed, 1 offered, 1 waits."""
    guests = [arrive(event, number) for number in range(1, 6)]
    cancel(guests[0].people[0][0])


def mails(kind: str) -> list[Message]:
    return list(db.session.scalars(select(Message).where(Message.kind == kind).order_by(Message.id)))


def test_the_desk_parts_who_comes_from_what_is_held(event: Event, page: Visitor) -> None:
    offered(event)
    shown = page.get(f"/manage/events/{event.slug}/")
    assert "2 von 3 Plätzen vergeben" in shown.text
    assert "für Antwort frei 1" in shown.text
    assert "noch frei 0" in shown.text
    assert {row[0]: row[2] for row in shown.rows(0)}["Verein"] == "2 + 1"
    assert "1 angebotener Platz ohne Antwort" in shown.text


def test_each_decision_leads_to_its_page(event: Event, page: Visitor) -> None:
    company = event.categories[0]
    update_category(company.id, replace(input_of_category(company), needs_approval=True))
    arrive(event, 1, category_id=company.id)
    change(event.id, {"confirms_address": True})
    arrive(event, 2)
    for number in (3, 4):
        sign_up(event.id, person(event, number), via=Via.ORGANISER)
    sign_up(event.id, person(event, 5), via=Via.ORGANISER, over_note="Ehrengast")
    links: dict[str, Any] = dict(page.get(f"/manage/events/{event.slug}/").links)
    assert links["1 Anmeldung zuzulassen"].endswith("/approvals")
    assert links["1 Adresse nicht bestätigt"].endswith("participants?state=unconfirmed")
    assert any("über einer Grenze" in words and href.endswith("/over") for words, href in links.items())
    assert "Braucht Sie 3" in page.text


def test_who_is_offered_a_place_is_told_of_a_change_without_a_ticket(event: Event) -> None:
    offered(event)
    assert count_concerned(event) == 3
    change_event(event.id, {"venue_name": "Zeche Zollverein"})
    texts = {mail.recipient: render(mail).text for mail in mails("editions.changed")}
    assert set(texts) == {"gast2@example.org", "gast3@example.org", "gast4@example.org"}
    assert "Ihr Ticket gilt weiter" in texts["gast2@example.org"]
    assert "Ihr Ticket gilt weiter" not in texts["gast4@example.org"]
    assert "der für Sie freigehalten ist" in texts["gast4@example.org"]


def test_unconfirmed_addresses_hear_nothing_of_a_call_off(event: Event, page: Visitor) -> None:
    arrive(event, 1)
    change(event.id, {"confirms_address": True})
    arrive(event, 2)
    assert count_told(event.id) == 1
    assert "1 Person ist angemeldet oder wartet" in page.get(f"/manage/events/{event.slug}/call-off").text
    call_off(event.id, Localized(de="Sturm"))
    assert [mail.recipient for mail in mails("editions.called_off")] == ["gast1@example.org"]


def test_an_unconfirmed_address_that_is_cancelled_gets_no_mail(event: Event) -> None:
    change(event.id, {"confirms_address": True})
    done = arrive(event, 1)
    cancel(done.people[0][0], Via.ORGANISER)
    assert [mail.kind for mail in db.session.scalars(select(Message))] == ["registration.address"]


def test_the_paper_list_marks_what_is_only_held(event: Event, page: Visitor) -> None:
    offered(event)
    shown = page.get(f"/door/{event.slug}/paper")
    assert "2 Gäste" in shown.text
    assert "1 Platz für eine Antwort freigehalten" in shown.text
    assert "Muster, Gast 4Platz angeboten" in shown.text


def test_the_door_finds_people_in_every_state(event: Event, page: Visitor) -> None:
    offered(event)
    change(event.id, {"confirms_address": True})
    arrive(event, 6)
    text = page.get(f"/door/{event.slug}/?q=muster").text
    for words in ("erwartet", "hat auf das Platzangebot noch nicht geantwortet", "auf der Warteliste"):
        assert words in text
