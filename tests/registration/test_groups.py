"""The form for several people: rows come and go without script, what all share is told once, errors name the person."""

from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from eventapp.core import clock
from eventapp.core.db import db
from eventapp.core.localized import Localized
from eventapp.events.models import Event
from eventapp.events.rules import CategoryInput, EventAction, OrganisationKind
from eventapp.events.service import add_category, move, update_category
from eventapp.outbox.models import Message
from eventapp.registration.groups.rules import MOST_ROWS, next_number, row_numbers
from eventapp.registration.guard.service import SHOWN, shown_at
from eventapp.registration.models import Participant, Registration
from eventapp.registration.rules import MailsTo, ParticipantState
from tests.make import forums, make_event
from tests.pages import Client, Visitor
from tests.registration.people import arrive, check_invariants

CONTACT = {
    "given_name": "Sabine",
    "family_name": "Krüger",
    "email": "sabine@example.org",
    "organisation": "Brücke e. V.",
}
SEND, ADD = "Jetzt alle anmelden", "Person hinzufügen"


def opened(page: Visitor, event: Event) -> dict[str, Any]:
    """Open the form and return what the contact fills in within a minute."""
    page.get(f"/de/{event.slug}/register/group")
    shown = shown_at(clock.now() - timedelta(minutes=1))
    return {**CONTACT, "category": str(event.categories[0].id), SHOWN: shown}


def stored() -> list[Participant]:
    """Return all participants."""
    db.session.rollback()
    return list(db.session.scalars(select(Participant).order_by(Participant.id)))


def is_untouched() -> bool:
    """Tell whether nothing was stored and no mail written."""
    return not stored() and not list(db.session.scalars(select(Registration.id).union(select(Message.id))))


def test_rows_are_read_in_their_order_and_gaps_are_fine() -> None:
    names = [
        "p10_given_name",
        "p2_given_name",
        "p2_email",
        "pN_given_name",
        "p0_given_name",
        "px_given_name",
        "p99999_given_name",
    ]
    assert row_numbers(names) == [2, 10]
    assert next_number([2, 10]) == 11
    assert len(row_numbers(f"p{number}_given_name" for number in range(1, 500))) == MOST_ROWS


def test_a_group_is_registered_with_what_it_shares_and_what_differs(app: Flask, page: Visitor) -> None:
    event = make_event()
    first, second = forums(event)
    page.get(f"/de/{event.slug}/register")
    page.click("Mehrere Personen auf einmal anmelden")
    values = {**CONTACT, "category": str(event.categories[0].id), "comes_too": "y", "me_items_1": str(second.id),
              "p1_given_name": "Amira", "p1_family_name": "Haddad", "p1_items_1": str(first.id), "p1_language": "ar",
              "p2_given_name": "Олена", "p2_email": "olena@example.org", "p2_category": str(event.categories[1].id),
              "p2_kind": "migrant_association", "p2_organisation": "Дім", "p2_title": "Dr."}  # fmt: skip
    page.submit(values=values, press=SEND)
    assert page.h1 == "Ihre Gruppe"
    assert "3 Personen sind angemeldet." in page.text
    told = [(x.name, x.email, x.language, x.organisation, x.organisation_kind.value) for x in stored()]
    assert told == [
        ("Sabine Krüger", "sabine@example.org", "de", "Brücke e. V.", "company"),
        ("Amira Haddad", "sabine@example.org", "ar", "Brücke e. V.", "company"),
        ("Dr. Олена", "olena@example.org", "de", "Дім", "migrant_association"),
    ]
    assert [[choice.item_id for choice in x.choices] for x in stored()] == [[second.id], [first.id], []]
    unit = db.session.scalars(select(Registration)).one()
    assert (unit.contact_name, unit.mails_to, unit.is_group) == ("Sabine Krüger", MailsTo.CONTACT, True)
    assert all(x.notice_id is not None and x.state is ParticipantState.CONFIRMED for x in stored())
    check_invariants(event.id)


def test_rows_are_added_and_removed_without_script_and_nothing_is_lost(app: Flask, page: Visitor) -> None:
    event = make_event()
    values = {**opened(page, event), "p1_given_name": "Eins", "p2_given_name": "Zwei", "email": "falsch@"}
    page.submit(values=values, press=ADD, status=200)
    assert not page.errors
    form = page.form()
    assert {f"p{n}_given_name" for n in (1, 2, 3)} <= form.names
    assert [x.get("id") for x in page.all("input") if x.get("autofocus") is not None] == ["p3_given_name"]
    remove = next(x for x in form.buttons() if x.get("value") == "2")
    sent = {**form.values, "p3_given_name": "Drei", "remove": remove.get("value", "")}
    page.post(page.url, sent, status=200)
    form = page.form()
    assert "p2_given_name" not in form.names
    assert (form.values["p1_given_name"], form.values["p3_given_name"]) == ("Eins", "Drei")
    assert form.values["email"] == "falsch@"
    assert [x for x in page.text.split("Person ")[1:] if x.startswith("2")], "people are counted without gaps"
    page.submit(values={"email": "sabine@example.org", "p3_email": "drei@"}, press=SEND, status=422)
    assert any(error.startswith("Person 2, E-Mail-Adresse: ") for error in page.errors)
    assert is_untouched()


def test_the_enter_key_sends_the_form_and_removes_nobody(app: Flask, page: Visitor) -> None:
    event = make_event()
    opened(page, event)
    first = page.form().buttons()[0]
    assert first.get("name") is None


def test_twenty_in_one_go_and_the_next_is_refused_in_a_sentence(app: Flask, page: Visitor) -> None:
    event = make_event()
    values = opened(page, event)
    for number in range(3, 21):
        page.submit(values={**values, **({"p1_given_name": "Gast 1"} if number == 3 else {})}, press=ADD, status=200)
        assert f"p{number}_given_name" in page.form().names
    page.submit(press=ADD, status=422)
    assert page.errors == ["Sie können 1 bis 20 Personen auf einmal anmelden."]
    many = {f"p{n}_given_name": f"Gast {n}" for n in range(1, 21)}
    page.submit(values={**many, "comes_too": "y"}, press=SEND, status=422)
    assert page.errors == ["Sie können 1 bis 20 Personen auf einmal anmelden."]
    assert is_untouched()
    page.submit(values={"comes_too": None}, press=SEND, status=200)
    assert len(stored()) == 20
    assert len(page.all("li", css="ev-member")) == 20


def test_empty_rows_are_nobody_but_nobody_at_all_is_an_error(app: Flask, page: Visitor) -> None:
    event = make_event()
    values = opened(page, event)
    page.submit(values=values, press=SEND, status=422)
    assert page.errors == ["Person 1, Vorname: Schreiben Sie den Namen dieser Person."]
    page.submit(values={"p2_given_name": "Amira"}, press=SEND, status=200)
    assert [x.name for x in stored()] == ["Amira"]


def test_a_second_click_registers_nobody_again(app: Flask, page: Visitor) -> None:
    event = make_event()
    values = {**opened(page, event), "p1_given_name": "Amira"}
    form = page.form()
    page.submit(form, values, press=SEND)
    first = page.url
    page.submit(form, values, press=SEND)
    assert page.url == first
    assert len(stored()) == 1


def test_an_open_kind_is_asked_once_for_all_or_at_the_person(app: Flask, page: Visitor) -> None:
    event = make_event()
    values = {**opened(page, event), "p1_given_name": "Amira", "p2_given_name": "Samir"}
    page.submit(values={**values, "category": str(event.categories[1].id)}, press=SEND, status=422)
    assert page.errors == ["Art der Organisation: Wählen Sie die Art Ihrer Organisation aus."]
    mixed = {"category": str(event.categories[0].id), "p2_category": str(event.categories[1].id)}
    page.submit(values=mixed, press=SEND, status=422)
    assert page.errors == ["Person 2, Andere Art der Organisation: Wählen Sie die Art Ihrer Organisation aus."]
    page.submit(values={"p2_kind": "union"}, press=SEND, status=200)
    assert [x.organisation_kind for x in stored()] == [OrganisationKind.COMPANY, OrganisationKind.UNION]


def test_refusals_of_the_service_stand_at_the_person(app: Flask, page: Visitor) -> None:
    event = make_event()
    arrive(event, given_name="Amira", family_name="Haddad", email=CONTACT["email"])
    before = len(list(db.session.scalars(select(Message.id))))
    values = {**opened(page, event), "p1_given_name": "Samir", "p2_given_name": "Amira", "p2_family_name": "Haddad"}
    same = "Jemand mit diesem Namen und dieser E-Mail-Adresse ist schon angemeldet."
    page.submit(values=values, press=SEND, status=409)
    assert page.errors == [f"Person 2, Vorname: {same}"]
    assert page.form().values["p2_given_name"] == "Amira"
    page.submit(values={"p2_given_name": "SAMIR ", "p2_family_name": ""}, press=SEND, status=409)
    assert page.errors == [f"Person 2, Vorname: {same}"]
    assert len(stored()) == 1
    assert len(list(db.session.scalars(select(Message.id)))) == before


def test_a_category_that_closed_meanwhile_is_refused_at_the_person(app: Flask, page: Visitor) -> None:
    event = make_event()
    third = add_category(event.id, CategoryInput(Localized(de="Presse"), organisation_kind=OrganisationKind.PRESS))
    values = {**opened(page, event), "p1_given_name": "Samir", "p2_given_name": "Amira", "p2_category": str(third.id)}
    form = page.form()
    update_category(third.id, CategoryInput(Localized(de="Presse"), is_open=False))
    page.submit(form, values, press=SEND, status=422)
    assert [error.partition(":")[0] for error in page.errors] == ["Person 2, Andere Teilnahmegruppe"]
    assert is_untouched()


def test_a_full_event_lets_all_wait_together(app: Flask, page: Visitor) -> None:
    event = make_event(seats=2)
    arrive(event, 1)
    values = {**opened(page, event), "p1_given_name": "Amira", "p2_given_name": "Samir"}
    page.submit(values=values, press=SEND, status=200)
    assert "Sie stehen auf der Warteliste" in page.text
    assert [x.state.value for x in stored()] == ["confirmed", "waitlisted", "waitlisted"]
    page.get(f"/de/{event.slug}/register/group")
    too_many = {**opened(page, event), **{f"p{n}_given_name": f"Gast {n}" for n in (1, 2)}, "comes_too": "y"}
    page.submit(values=too_many, press=SEND, status=409)
    assert len(stored()) == 3


@pytest.mark.parametrize("sent", [
    {"p1_items_1": "999999"}, {"p1_language": "xx"}, {"p1_category": "x' OR 1=1"}, {"mails_to": "all"},
    {"p1_given_name": "x" * 500}, {"p1_email": "a@b@c"}, {"email": "\x00"}, {"me_items_1": "9", "comes_too": "y"},
    {"language": "'"}, {"p1_kind": "king"}, {"notice": "9" * 30}, {"key": "k" * 100},
])  # fmt: skip
def test_hostile_input_is_answered_on_the_form(app: Flask, page: Visitor, sent: dict[str, str]) -> None:
    event = make_event()
    values = {**opened(page, event), "p1_given_name": "<script>x</script>"}
    page.post(page.url, {**page.form().values, **values, **sent}, status=422)
    assert page.errors
    assert is_untouched()


def test_thousands_of_rows_end_in_a_sentence(app: Flask, page: Visitor, client: Client) -> None:
    event = make_event()
    values = opened(page, event)
    rows = {f"p{n}_given_name": f"Gast {n}" for n in range(1, 1500)}
    page.post(page.url, {**page.form().values, **values, **rows}, status=422)
    assert page.errors == ["Sie können 1 bis 20 Personen auf einmal anmelden."]
    page.post(page.url, {"remove": "9" * 40}, status=200)
    assert page.post(page.url, {"remove": "x", "p1_given_name": "A"}, status=200).form().values["p1_given_name"] == "A"
    assert client.get("/de/no-such-event/register/group").status_code == 404
    assert is_untouched()


def test_an_event_that_was_called_off_meanwhile_says_so(app: Flask, page: Visitor) -> None:
    event = make_event()
    values = {**opened(page, event), "p1_given_name": "Amira"}
    form = page.form()
    move(event.id, EventAction.CALL_OFF)
    before = len(list(db.session.scalars(select(Message.id))))
    page.submit(form, values, press=SEND, status=409)
    assert page.errors == ["Diese Veranstaltung ist abgesagt."]
    page.get(f"/de/{event.slug}/register/group")
    assert page.h1 == "Diese Veranstaltung ist abgesagt."
    assert not stored()
    assert len(list(db.session.scalars(select(Message.id)))) == before
