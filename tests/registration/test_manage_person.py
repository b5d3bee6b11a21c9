"""One registration by hand: entered when full, changed, deputy, restored, group, and what happened in plain words."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from eventapp.accounts.rules import Role
from eventapp.core.audit import AuditEntry
from eventapp.core.db import db
from eventapp.core.i18n import LANGUAGES, speaking
from eventapp.core.localized import Localized
from eventapp.events.models import Event
from eventapp.events.queries import input_of_category
from eventapp.events.service import change as change_event
from eventapp.events.service import update_category
from eventapp.outbox.models import Message
from eventapp.registration.desk.history import sentence
from eventapp.registration.models import Participant
from eventapp.registration.queries import link_token
from eventapp.registration.rules import ParticipantState
from eventapp.registration.service import cancel
from eventapp.registration.signup.rules import Contact
from eventapp.registration.signup.service import sign_up_group
from tests.make import forums, make_account, make_event, sign_in
from tests.pages import Visitor
from tests.registration.people import arrive, check_invariants, person

S = ParticipantState
ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def event(app: Flask) -> Event:
    return make_event(seats=2)


@pytest.fixture
def editor(event: Event, page: Visitor) -> Visitor:
    """The tab of an editor."""
    sign_in(page.client, make_account(event.organiser, Role.EDITOR))
    return page


def url(event: Event, rest: str) -> str:
    return f"/manage/events/{event.slug}/participants/{rest}"


def new(event: Event, **changes: Any) -> dict[str, Any]:
    category = str(event.categories[0].id)
    return {"given_name": "Max", "family_name": "Neu", "email": "max@example.org", "category": category, **changes}


def people() -> list[tuple[str, ParticipantState]]:
    db.session.expire_all()
    return [(row[0], row[1]) for row in db.session.execute(
        select(Participant.given_name, Participant.state).order_by(Participant.id))]  # fmt: skip


def test_when_full_the_form_says_why_and_the_person_waits(event: Event, editor: Visitor) -> None:
    arrive(event, 1), arrive(event, 2)
    editor.get(url(event, "new"))
    editor.submit(values=new(event), status=409)
    assert "Die Veranstaltung ist voll." in editor.text
    assert editor.form().values["given_name"] == "Max"
    assert len(people()) == 2
    editor.submit(status=200)
    assert people()[-1] == ("Max", S.WAITLISTED)


def test_a_place_over_the_limit_needs_a_reason(event: Event, editor: Visitor) -> None:
    arrive(event, 1), arrive(event, 2)
    editor.get(url(event, "new"))
    editor.submit(values=new(event), status=409)
    editor.submit(values={"over": "y"}, status=422)
    assert "Schreiben Sie, warum." in editor.errors[0]
    editor.submit(values={"over": "y", "over_note": "Ehrengast"}, status=200)
    assert people()[-1] == ("Max", S.CONFIRMED)
    assert "über der Grenze" in editor.text
    assert "Über die Grenze angemeldet: Ehrengast" in editor.text
    check_invariants(event.id)


def test_over_without_having_been_asked_is_no_way_in(event: Event, editor: Visitor) -> None:
    arrive(event, 1), arrive(event, 2)
    editor.get(url(event, "new"))
    editor.post(url(event, "new"), {**editor.form().values, **new(event), "over": "y", "over_note": "x"}, status=409)
    assert len(people()) == 2


def test_the_limit_of_an_organisation_is_named(event: Event, editor: Visitor) -> None:
    change_event(event.id, {"organisation_seats": 1})
    arrive(event, 1, organisation="Stadt Essen")
    editor.get(url(event, "new"))
    editor.submit(values=new(event, organisation="STADT ESSEN"), status=409)
    assert "Aus „STADT ESSEN“ sind genug Personen angemeldet." in editor.text


def test_everything_can_be_changed_and_a_new_address_gets_the_ticket(event: Event, editor: Visitor) -> None:
    guest = arrive(event, 1).participant
    token = link_token(guest)
    editor.get(url(event, guest.public_id))
    editor.click("Ändern")
    values = new(event, email="richtig@example.org", items_1=str(forums(event)[1].id))
    editor.submit(values=values, status=200)
    assert editor.h1 == "Max Neu"
    assert "E-Mail-Adresse: richtig@example.org (vorher: gast1@example.org)" in editor.text
    assert "Gruppe: Unternehmen (vorher: Verein)" in editor.text
    sent = db.session.scalars(select(Message).where(Message.recipient == "richtig@example.org")).one()
    assert sent.kind == "registration.ticket"
    editor.another().get(f"/de/my/{token}", status=410)
    check_invariants(event.id)


def test_a_change_to_what_is_full_is_refused_at_its_field(event: Event, editor: Visitor) -> None:
    company = event.categories[0]
    update_category(company.id, replace(input_of_category(company), seats=1))
    arrive(event, 1, category_id=company.id)
    guest = arrive(event, 2).participant
    editor.get(url(event, f"{guest.public_id}/change"))
    editor.submit(values={"category": str(company.id), "organisation": "Neu GmbH"}, status=409)
    assert "In dieser Gruppe ist kein Platz mehr frei." in editor.errors[0]
    assert editor.form().values["organisation"] == "Neu GmbH"
    assert db.session.get_one(Participant, guest.id).organisation == "Verein Brücke"


def test_a_deputy_takes_the_seats_and_both_are_told(event: Event, editor: Visitor) -> None:
    guest = arrive(event, 1, item_ids=(forums(event)[0].id,)).participant
    editor.get(url(event, guest.public_id))
    editor.click("Vertretung")
    assert editor.form().values["given_name"] == ""
    editor.submit(values={"given_name": "Dora", "family_name": "Ersatz", "email": "dora@example.org"}, status=200)
    assert editor.h1 == "Dora Ersatz"
    assert "Dora Ersatz kommt anstelle von Gast 1 Muster." in editor.text
    assert "Forum 1" in editor.text
    recipients = set(db.session.scalars(select(Message.recipient)))
    assert recipients == {"gast1@example.org", "dora@example.org"}
    check_invariants(event.id)


def test_who_cancelled_is_registered_again(event: Event, editor: Visitor) -> None:
    guest = arrive(event, 1).participant
    cancel(guest.id)
    editor.get(url(event, guest.public_id))
    editor.submit("Wieder anmelden", {}, status=200)
    assert "Wieder angemeldet. Das Ticket" in editor.text
    cancel(guest.id)
    arrive(event, 2), arrive(event, 3)
    editor.get(url(event, guest.public_id))
    editor.submit("Wieder anmelden", {}, status=200)
    assert "Wieder angemeldet, am Ende der Warteliste." in editor.text
    editor.post(url(event, f"{guest.public_id}/restore"), {}, status=200)
    assert people()[0] == ("Gast 1", S.WAITLISTED)


def test_nobody_is_restored_after_the_end(event: Event, editor: Visitor, clock: Any) -> None:
    guest = arrive(event, 1).participant
    cancel(guest.id)
    clock.move_to(event.ends_at + timedelta(hours=1))
    sign_in(editor.client, make_account(event.organiser, Role.EDITOR))
    editor.get(url(event, guest.public_id))
    editor.submit("Wieder anmelden", {}, status=200)
    assert people() == [("Gast 1", S.CANCELLED)]


def test_a_group_is_shown_with_links_to_the_others(event: Event, editor: Visitor) -> None:
    contact = Contact("Frau Weiß", "weiss@example.org", "de")
    sign_up_group(event.id, [person(event, 1), person(event, 2)], contact)
    editor.get(f"/manage/events/{event.slug}/participants")
    assert "Gruppe von Frau Weiß" in editor.text
    editor.click("Gast 1")
    assert "Angemeldet von Frau Weiß mit 1 weiteren Person" in editor.text
    assert editor.click("Gast 2").h1 == "Gast 2 Muster"


def test_states_are_filters(event: Event, editor: Visitor) -> None:
    change_event(event.id, {"confirms_address": True})
    arrive(event, 1)
    shown = editor.get(f"/manage/events/{event.slug}/participants")
    editor.click("Adresse nicht bestätigt")
    assert [row[0] for row in shown.rows()] == [row[0] for row in editor.rows()] == ["Muster, Gast 1"]


FACTS: dict[str, Any] = {
    "old": "offered", "new": "Neu", "reason": "Grund", "until": "2026-06-16T10:00:00+00:00", "item": 7, "number": 3,
    "language": "ar", "via": "form", "over_note": "",
}  # fmt: skip


@pytest.mark.parametrize("language", [language.key for language in LANGUAGES])
def test_every_action_that_code_records_is_a_sentence(app: Flask, language: str) -> None:
    titles = {7: Localized(de="Forum 7")}
    with app.test_request_context(), speaking(language):
        said = {action: sentence(AuditEntry(action=action, facts=FACTS), titles=titles) for action in actions()}
    assert len(said) > 15
    for action, words in said.items():
        assert words != action, action
        assert "%(" not in words, action


def actions() -> set[str]:
    """Return every action about a participant that the code of registration names, and those made of states."""
    found = {f"registration.{state.value}" for state in ParticipantState}
    for path in (ROOT / "eventapp" / "registration").rglob("service.py"):
        for part in path.read_text().split("note(")[1:]:
            words = part.split('"')
            if len(words) > 1 and words[1].partition(".")[0] in ("registration", "wish") and "{" not in words[1]:
                found.add(words[1])
    return found | {"wish.expired", "wish.withdrawn"}


SAID: list[tuple[str, dict[str, Any], str]] = [
    ("registration.confirmed", {"number": 1, "via": "form"}, "Angemeldet und bestätigt."),
    ("registration.confirmed", {"old": "offered", "why": "accepted"}, "Hat den angebotenen Platz angenommen."),
    ("registration.confirmed", {"old": "waitlisted"}, "Ein Platz wurde frei: von der Warteliste nachgerückt."),
    ("registration.waitlisted", {"old": "to_approve"}, "Zugelassen."),
    ("registration.waitlisted", {"old": "expired", "number": 9},
     "Steht wieder auf der Liste, am Ende, mit Nummer 9."),
    ("registration.expired", {"old": "unconfirmed"}, "Hat die E-Mail-Adresse nicht rechtzeitig bestätigt."),
    ("registration.cancelled", {"why": "offer_declined"}, "Hat den angebotenen Platz zurückgegeben."),
    ("registration.offered", {"until": "2026-06-16T10:00:00+00:00"}, "Platz angeboten, bis 16.06.26, 12:00."),
    ("something.else", {}, "something.else"),
]  # fmt: skip


@pytest.mark.parametrize(("action", "facts", "words"), SAID)
def test_the_facts_choose_the_sentence(app: Flask, action: str, facts: dict[str, Any], words: str) -> None:
    with app.test_request_context(), speaking("de"):
        assert sentence(AuditEntry(action=action, facts=facts), "Europe/Berlin") == words


@pytest.mark.parametrize("rest", ["change", "deputy", "cancel"])
def test_viewers_and_strangers_change_nobody(event: Event, page: Visitor, rest: str) -> None:
    guest = arrive(event, 1).participant
    sign_in(page.client, make_account(event.organiser, Role.VIEWER))
    page.get(url(event, f"{guest.public_id}/{rest}"), status=403)
    other = make_event(slug="anderswo")
    sign_in(page.client, make_account(other.organiser, Role.OWNER))
    page.get(url(event, f"{guest.public_id}/{rest}"), status=404)
    page.get(url(other, f"{guest.public_id}/{rest}"), status=404)
