"""The guest's pages: sign-up form, own page, change, cancel, links; what was typed stays, strangers see nothing."""

import pytest
from flask import Flask
from sqlalchemy import select

from eventapp.capacity.rules import LimitKind
from eventapp.capacity.service import set_size
from eventapp.core.db import db
from eventapp.events.rules import EventAction
from eventapp.events.service import move
from eventapp.outbox.models import Message
from eventapp.registration.models import Participant, Registration
from eventapp.registration.queries import link_token
from eventapp.registration.rules import ParticipantState
from tests.make import forums, make_event
from tests.pages import Client, Visitor
from tests.registration.people import arrive

GUEST = {"given_name": "Amira", "family_name": "Haddad", "email": "amira@example.org"}


def count_registrations() -> int:
    """Return how many registrations there are."""
    return len(list(db.session.scalars(select(Registration.id))))


def test_sign_up_leads_to_the_own_page_with_the_ticket(app: Flask, page: Visitor) -> None:
    event = make_event()
    forum = forums(event)[0]
    page.get(f"/de/{event.slug}/register")
    company = str(event.categories[0].id)
    page.submit("Jetzt anmelden", {**GUEST, "category": company, "items_1": str(forum.id)})
    assert page.h1 == "Guten Tag, Amira Haddad"
    assert "Sie sind angemeldet" in page.text
    guest = db.session.scalars(select(Participant)).one()
    assert (guest.state, guest.organisation_kind.value) == (ParticipantState.CONFIRMED, "company")
    assert guest.notice_id is not None
    page.click("Am Einlass zeigen")
    assert page.h1 == "Amira Haddad"


def test_a_second_click_shows_the_same_page_and_registers_nobody(app: Flask, page: Visitor) -> None:
    event = make_event()
    page.get(f"/ar/{event.slug}/register")
    category = str(event.categories[0].id)
    form = page.form("سجّل الآن")
    filled = {**GUEST, "category": category}
    page.submit(form, filled)
    first = page.url
    page.submit(form, filled)
    assert page.url == first
    assert count_registrations() == 1


def test_the_same_person_is_told_kindly_and_gets_no_link_on_the_page(app: Flask, page: Visitor) -> None:
    event = make_event()
    guest = arrive(event, given_name="Amira", family_name="Haddad", email="amira@example.org").participant
    page.get(f"/de/{event.slug}/register")
    page.submit("Jetzt anmelden", {**GUEST, "category": str(event.categories[0].id)})
    assert page.h1 == "Sie sind schon angemeldet"
    assert guest.public_id not in page.html


def test_errors_name_their_field_and_keep_what_was_typed(app: Flask, page: Visitor) -> None:
    event = make_event()
    page.get(f"/en/{event.slug}/register")
    page.submit("Sign up now", {"given_name": "Zoë <b>", "email": "zoe@", "family_name": "x" * 10_000}, status=422)
    assert "not a complete e-mail address" in page.text
    assert "at most 200 characters" in page.text
    assert page.form("Sign up now").values["given_name"] == "Zoë <b>"
    assert page.form("Sign up now").values["email"] == "zoe@"
    assert count_registrations() == 0
    assert list(db.session.scalars(select(Message))) == []


def test_closed_and_unknown_events(app: Flask, page: Visitor, client: Client) -> None:
    event = make_event()
    page.get(f"/de/{event.slug}/register")
    form = page.form("Jetzt anmelden")
    move(event.id, EventAction.CALL_OFF)
    page.submit(form, {**GUEST, "category": str(event.categories[0].id)}, status=409)
    assert "Diese Veranstaltung ist abgesagt." in page.text
    page.get(f"/de/{event.slug}/register")
    assert page.h1 == "Diese Veranstaltung ist abgesagt."
    assert client.get("/de/no-such-event/register").status_code == 404
    assert client.get(f"/xx/{event.slug}/register").status_code == 404
    assert count_registrations() == 0


def test_a_guest_changes_forum_and_cancels(app: Flask, page: Visitor) -> None:
    event = make_event()
    first, second = forums(event)
    guest = arrive(event, item_ids=(first.id,)).participant
    page.get(f"/de/my/{link_token(guest)}")
    page.click("Forum oder Angaben ändern")
    page.submit("Änderungen speichern", {"items_1": str(second.id), "organisation": "Neu e. V."})
    assert "Ihre Änderungen sind gespeichert." in page.text
    assert "Forum 2" in page.text
    page.click("Absagen")
    page.submit("Ja, ich sage ab", {})
    assert "Sie haben abgesagt." in page.text
    assert db.session.scalars(select(Participant.state)).one() is ParticipantState.CANCELLED


def test_a_full_forum_refuses_the_change_on_the_form(app: Flask, page: Visitor) -> None:
    event = make_event()
    first, second = forums(event)
    set_size(event.id, LimitKind.ITEM, str(second.id), 1)
    arrive(event, 1, item_ids=(second.id,))
    guest = arrive(event, 2, item_ids=(first.id,)).participant
    page.get(f"/de/my/{link_token(guest)}/change")
    page.submit("Änderungen speichern", {"items_1": str(second.id)}, status=409)
    assert "„Forum 2“ ist voll. Sie behalten Ihre bisherige Auswahl." in page.text


@pytest.mark.parametrize("part", ["", "/ticket", "/qr.svg", "/ticket.pdf", "/change", "/cancel"])
def test_a_link_that_was_tampered_with_opens_nothing(app: Flask, client: Client, part: str) -> None:
    guest = arrive(make_event()).participant
    token = link_token(guest)
    assert client.get(f"/de/my/{token}{part}").status_code == 200
    for wrong in (token[:-1] + ("A" if token[-1] != "A" else "B"), token.replace(".", ".1."), "x", "é.ü"):
        assert client.get(f"/de/my/{wrong}{part}").status_code == 404


def test_the_waiting_see_their_place_and_the_reason(app: Flask, page: Visitor) -> None:
    event = make_event(seats=1)
    arrive(event, 1)
    arrive(event, 2)
    guest = arrive(event, 3).participant
    page.get(f"/de/my/{link_token(guest)}")
    assert "Vor Ihnen steht 1 Person." in page.text
    assert "Die Veranstaltung ist voll." in page.text


def test_links_give_the_same_answer_for_known_and_unknown_addresses(app: Flask, page: Visitor) -> None:
    event = make_event()
    arrive(event, email="amira@example.org")
    answers = []
    for address in ("amira@example.org", "nobody@example.org"):
        page.get(f"/de/{event.slug}/link")
        page.submit("Link senden", {"email": address})
        answers.append(page.text)
    assert answers[0] == answers[1]


def test_the_language_of_mails_is_changed_on_the_own_page(app: Flask, page: Visitor) -> None:
    guest = arrive(make_event()).participant
    page.get(f"/de/my/{link_token(guest)}")
    page.submit("Sprache speichern", {"language": "ar"})
    assert page.url.endswith(f"/ar/my/{link_token(guest)}")
    assert db.session.get_one(Participant, guest.id).language == "ar"


def test_who_signs_somebody_up_again_and_again_sends_only_a_few_mails(app: Flask, page: Visitor) -> None:
    del app
    event = make_event()
    for _ in range(6):
        page.get(f"/de/{event.slug}/register")
        page.submit("Jetzt anmelden", {**GUEST, "category": str(event.categories[0].id)})
    assert page.h1 != "Guten Tag, Amira Haddad"
    assert len(list(db.session.scalars(select(Message.id)))) == 1 + 3
