"""The organiser's waiting list: order and reasons in words, acts by hand, who is over a limit."""

from dataclasses import replace
from datetime import timedelta

import pytest
from flask import Flask

from eventapp.accounts.rules import Role
from eventapp.capacity.rules import LimitKind
from eventapp.capacity.service import set_size
from eventapp.core.db import db
from eventapp.events.models import Event
from eventapp.events.queries import input_of_category
from eventapp.events.service import change, update_category
from eventapp.registration.models import Participant
from eventapp.registration.rules import ParticipantState
from eventapp.registration.service import cancel
from eventapp.registration.signup.rules import Contact
from eventapp.registration.signup.service import sign_up_group
from eventapp.registration.wishes.service import add
from tests.make import forums, make_account, make_event, make_organiser, sign_in
from tests.pages import Visitor
from tests.registration.people import arrive, check_invariants, person

S = ParticipantState


@pytest.fixture
def event(app: Flask) -> Event:
    """Two places, offers of 48 hours."""
    return make_event(seats=2, offer_hours=48)


@pytest.fixture
def editor(event: Event, page: Visitor) -> Visitor:
    """The tab of an editor."""
    sign_in(page.client, make_account(event.organiser, Role.EDITOR))
    return page


def url(event: Event, rest: str = "waitlist") -> str:
    return f"/manage/events/{event.slug}/{rest}"


def state(row_id: int) -> ParticipantState:
    db.session.expire_all()
    return db.session.get_one(Participant, row_id).state


def test_nobody_waits(event: Event, editor: Visitor) -> None:
    assert "Niemand wartet" in editor.get(url(event)).text


def test_the_list_stands_in_order_with_every_reason(event: Event, editor: Visitor) -> None:
    company, club = event.categories
    update_category(company.id, replace(input_of_category(company), reserved=1))
    arrive(event, 1)
    arrive(event, 2)
    contact = Contact("Frau Weiß", "weiss@example.org", "de")
    sign_up_group(event.id, [person(event, 4), person(event, 5)], contact)
    rows = editor.get(url(event)).rows()
    assert [row[0] for row in rows] == ["2", "3"]
    assert "Die letzten freien Plätze sind für „Unternehmen“ freigehalten." in rows[0][2]
    assert "Gruppe mit 2 Personen, angemeldet von Frau Weiß" in rows[1][1]
    assert "Die Veranstaltung ist voll." in rows[1][2]
    assert "3 Personen warten." in editor.text
    assert club.label["de"] in rows[0][3]


def test_a_full_forum_and_a_release_date_are_named(event: Event, editor: Visitor) -> None:
    company = event.categories[0]
    release = event.starts_at - timedelta(days=3)
    update_category(company.id, replace(input_of_category(company), reserved=1, release_at=release))
    first = forums(event)[0]
    set_size(event.id, LimitKind.ITEM, str(first.id), 1)
    arrive(event, 1, item_ids=(first.id,))
    arrive(event, 2, item_ids=(first.id,))
    reasons = editor.get(url(event)).rows()[0][2]
    assert "„Forum 1“ ist voll." in reasons
    assert "freigehalten" in reasons
    assert "bis 11.08.26" in reasons


def test_who_is_moved_ahead_comes_first_and_needs_a_note(event: Event, editor: Visitor) -> None:
    guests = [arrive(event, number) for number in range(1, 5)]
    editor.get(url(event))
    editor.click("Muster, Gast 4")
    editor.submit("act", {"reason": "  "}, press="Vorziehen", status=422)
    assert "Schreiben Sie, warum." in editor.errors[0]
    editor.submit("act", {"reason": "Grußwort"}, press="Vorziehen", status=200)
    assert [row[0] for row in editor.rows()] == ["4", "3"]
    assert "vorgezogenGrußwort" in editor.rows()[0][1]
    cancel(guests[0].people[0][0])
    assert state(guests[3].people[0][0]) is S.OFFERED
    check_invariants(event.id)


def test_who_is_let_in_is_marked_everywhere(event: Event, editor: Visitor) -> None:
    guests = [arrive(event, number) for number in range(1, 4)]
    editor.get(url(event))
    editor.click("Muster, Gast 3")
    editor.submit("act", {"reason": "Ministerin bringt sie mit"}, press="hereinlassen", status=200)
    assert state(guests[2].people[0][0]) is S.CONFIRMED
    assert "über der Grenze" in editor.get(url(event, "participants")).text
    editor.click("Muster, Gast 3")
    assert "Über die Grenze hereingelassen: Ministerin bringt sie mit" in editor.text
    shown = editor.get(url(event, "over"))
    assert shown.rows()[0][:2] == ["3", "Muster, Gast 3"]
    assert "bewusst: Ministerin bringt sie mit" in shown.text
    check_invariants(event.id)


def test_an_offer_is_accepted_or_taken_back_for_the_guest(event: Event, editor: Visitor) -> None:
    guests = [arrive(event, number) for number in range(1, 6)]
    for guest in guests[:2]:
        cancel(guest.people[0][0])
    assert [row[0] for row in editor.get(url(event)).rows(1)] == ["3", "4"]
    editor.click("Muster, Gast 3")
    editor.submit("act", {}, press="annehmen", status=200)
    assert state(guests[2].people[0][0]) is S.CONFIRMED
    editor.click("Muster, Gast 4")
    editor.submit("act", {}, press="zurücknehmen", status=200)
    assert state(guests[3].people[0][0]) is S.CANCELLED
    assert state(guests[4].people[0][0]) is S.OFFERED
    check_invariants(event.id)


def test_an_offer_that_ran_out_meanwhile_says_so(event: Event, editor: Visitor, clock: object) -> None:
    change(event.id, {"offer_hours": 5})
    guests = [arrive(event, number) for number in range(1, 5)]
    cancel(guests[0].people[0][0])
    editor.get(url(event))
    editor.click("Muster, Gast 3")
    clock.shift(timedelta(hours=6))  # type: ignore[attr-defined]
    editor.submit("act", {}, press="annehmen", status=200)
    assert "Das Angebot war abgelaufen." in editor.text
    assert state(guests[3].people[0][0]) is S.OFFERED


def test_who_was_seated_meanwhile_is_not_let_in_twice(event: Event, editor: Visitor) -> None:
    guests = [arrive(event, number) for number in range(1, 4)]
    editor.get(url(event))
    editor.click("Muster, Gast 3")
    cancel(guests[0].people[0][0])
    editor.submit("act", {"reason": "wichtig"}, press="hereinlassen", status=409)
    assert "wartet nicht mehr" in editor.errors[0]
    assert state(guests[2].people[0][0]) is S.OFFERED


def test_a_whole_group_is_cancelled_after_a_question(event: Event, editor: Visitor) -> None:
    arrive(event, 1)
    contact = Contact("Frau Weiß", "weiss@example.org", "de")
    done = sign_up_group(event.id, [person(event, 4), person(event, 5)], contact)
    editor.get(url(event))
    editor.click("Gruppe mit 2 Personen")
    editor.click("Diese Anmeldung absagen")
    editor.submit("Anmeldung absagen", {}, status=200)
    assert {state(row_id) for row_id, _ in done.people} == {S.CANCELLED}


def test_wishes_of_confirmed_guests_stand_in_the_list(app: Flask, page: Visitor) -> None:
    event = make_event(offer_hours=48)
    sign_in(page.client, make_account(event.organiser, Role.EDITOR))
    first, second = forums(event)
    set_size(event.id, LimitKind.ITEM, str(second.id), 1)
    sitting = arrive(event, 1, item_ids=(second.id,))
    guest = arrive(event, 2, item_ids=(first.id,))
    add(guest.people[0][0], second.id)
    row = page.get(url(event)).rows()[0]
    assert [row[0], row[1], row[3]] == [
        "3",
        "Muster, Gast 2hat einen Platz, wünscht sich ein anderes Forum",
        "Forum 2hat: Forum 1",
    ]
    cancel(sitting.people[0][0])
    page.get(url(event))
    page.submit("Für den Gast annehmen", {}, status=200)
    assert "Getauscht." in page.text
    check_invariants(event.id)


def test_lowering_the_size_shows_the_last_who_came(event: Event, editor: Visitor) -> None:
    arrive(event, 1)
    arrive(event, 2)
    editor.get(url(event, "categories"))
    editor.submit("categories", {"seats": "1"}, status=200)
    assert "1 Person liegt über der neuen Grenze und behält ihren Platz." in editor.text
    assert editor.click("Ansehen, wer über der Grenze liegt").rows()[0][1] == "Muster, Gast 2"
    check_invariants(event.id)


def test_viewers_see_and_do_not_act(event: Event, page: Visitor) -> None:
    for number in range(1, 4):
        arrive(event, number)
    sign_in(page.client, make_account(event.organiser, Role.VIEWER))
    page.get(url(event))
    shown = page.click("Muster, Gast 3")
    assert not shown.all("form")
    page.post(shown.url + "/act", {"act": "let_in", "reason": "x"}, status=403)


def test_registrations_of_other_events_are_not_there(event: Event, editor: Visitor) -> None:
    other = make_event(make_organiser("Andere"), slug="anderswo")
    guest = arrive(other, 1).participant
    editor.get(url(event, f"waitlist/{guest.registration.public_id}"), status=404)
    mine = make_event(event.organiser, slug="noch-eins")
    editor.get(url(mine, f"waitlist/{guest.registration.public_id}"), status=404)
