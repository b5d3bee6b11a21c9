"""The pages of the door and of its set-up, as people use them: also without JavaScript."""

from datetime import timedelta

import pytest
import time_machine

from eventapp.accounts.rules import Role
from eventapp.checkin.entrances.service import add_entrance
from eventapp.core import clock as core_clock
from eventapp.events.models import Event
from eventapp.tickets.rules import Practice, grouped, practice_code
from tests.checkin.phones import Phone, state_of, ticket_of
from tests.make import make_account, make_event, sign_in
from tests.pages import Form, Visitor


@pytest.fixture
def staff(page: Visitor, event: Event) -> Visitor:
    sign_in(page.client, make_account(event.organiser, Role.DOOR, event_id=event.id))
    return page


@pytest.fixture
def owner(page: Visitor, event: Event) -> Visitor:
    sign_in(page.client, make_account(event.organiser))
    return page


def code_of(event: Event, number: int = 1) -> str:
    with core_clock.at(event.starts_at - timedelta(days=30)):
        return ticket_of(event, number).code


def test_the_door_offers_only_the_events_of_this_person(staff: Visitor, event: Event) -> None:
    other = make_event(slug="anderswo")
    for name in ("Nord", "Süd"):
        add_entrance(event.id, name)
    html = staff.get("/door/").html
    assert "Nord" in html
    assert f"/door/{event.slug}/" in html
    assert other.slug not in html


def test_the_door_works_before_anybody_named_an_entrance(staff: Visitor, event: Event) -> None:
    assert "Haupteingang" in staff.get("/door/").text
    staff.submit(staff.page.form(containing="entrance"))
    assert "Haupteingang" in staff.page.html


def test_an_event_that_is_over_is_not_offered(staff: Visitor, event: Event, clock: time_machine.Traveller) -> None:
    clock.move_to(event.ends_at + timedelta(hours=13))
    assert event.slug not in staff.get("/door/").html


def test_nobody_gets_to_the_door_without_signing_in(page: Visitor, event: Event) -> None:
    assert event.slug not in page.get("/door/").html
    page.get(f"/door/{event.slug}/")
    assert "/sign-in" in page.trail[-1]


@pytest.mark.parametrize("language", ["de", "en", "ar"])
def test_a_code_typed_without_javascript(staff: Visitor, event: Event, language: str) -> None:
    code, words = code_of(event), {"de": "Einlassen", "en": "Admit", "ar": "دخول"}
    staff.get(f"/door/{event.slug}/?lang={language}")
    staff.submit(staff.page.form("check", containing="code"), {"code": grouped(code).lower()})
    assert staff.page.h1 == words[language]
    assert "Gast 1 Muster" in staff.page.text
    assert state_of(code) == (True, 1)
    staff.get(f"/door/{event.slug}/")
    staff.submit(staff.page.form("check", containing="code"), {"code": code})
    assert staff.page.h1 != words[language]


def test_a_guest_found_by_name_without_javascript(staff: Visitor, event: Event) -> None:
    code = code_of(event)
    page = staff.get(f"/door/{event.slug}/?q=muster")
    assert "Gast 1 Muster" in page.text
    found = [form for form in _forms(staff) if form.buttons() and form.buttons()[0].get("value") == code]
    staff.submit(found[0], press="Gast 1 Muster")
    assert state_of(code) == (True, 1)


def test_practice_shows_a_code_for_each_answer(staff: Visitor, event: Event) -> None:
    text = staff.get(f"/door/{event.slug}/practice").text
    for meaning in Practice:
        assert grouped(practice_code(meaning)) in text


def test_an_organiser_names_the_entrances(owner: Visitor, event: Event) -> None:
    address = f"/manage/events/{event.slug}/entrances"
    assert owner.get(address).form("entrances").values["name"] == "Haupteingang"
    owner.submit("entrances", {"name": "Nord"})
    owner.submit("entrances", {"name": "Nord"})
    assert owner.page.status == 409
    assert "schon" in owner.page.text
    owner.submit("entrances", {"name": " "})
    assert owner.page.status == 422
    owner.get(address)
    owner.click("Nord")
    owner.submit(owner.page.form(containing="name"), {"name": "Haus A"})
    assert "Haus A" in owner.page.text
    owner.click("Haus A")
    owner.submit("remove")
    assert "Haus A" not in owner.page.text


def test_an_entrance_where_somebody_came_in_stays(owner: Visitor, event: Event) -> None:
    entrance = add_entrance(event.id, "Nord")
    owner.get(f"/door/{event.slug}/?entrance={entrance.public_id}")
    owner.submit(owner.page.form("check", containing="code"), {"code": code_of(event)})
    owner.get(f"/manage/events/{event.slug}/entrances/{entrance.public_id}")
    owner.submit("remove")
    assert owner.page.status == 409
    assert "Nord" in owner.page.text


def test_the_log_shows_what_happened_and_who_came_in_twice(owner: Visitor, event: Event) -> None:
    address = f"/manage/events/{event.slug}/door-log"
    assert "Noch nichts" in owner.get(address).text
    code = code_of(event)
    for name, minute in (("Telefon 1", 1), ("Telefon 2", 2)):
        Phone(event, name).tell(code, minute)
    shown = owner.get(address).text
    assert "Telefon 1" in shown
    assert "Einlass: eingelassen" in shown
    only = owner.click("Nur doppelt").text
    assert "Telefon 2" in only
    assert "Telefon 1" not in only


def test_the_log_marks_who_decided_against_the_answer_without_permission(owner: Visitor, event: Event) -> None:
    Phone(event).tell(code_of(event), 1, override=True)
    assert "entgegen der Antwort, ohne Erlaubnis" in owner.get(f"/manage/events/{event.slug}/door-log").text


@pytest.mark.parametrize("path", ["entrances", "devices", "devices/new", "door-log"])
def test_door_people_do_not_see_the_set_up(staff: Visitor, event: Event, path: str) -> None:
    staff.get(f"/manage/events/{event.slug}/{path}", status=403)


def _forms(visitor: Visitor) -> list[Form]:
    return [Form(element, visitor.page.url) for element in visitor.page.root.iter("form")]
