"""Approvals: what they told, one and many at once, a look before, two colleagues, reasons, changes to review."""

from dataclasses import replace
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from eventapp.accounts.rules import Role
from eventapp.core.db import db
from eventapp.events.models import Event
from eventapp.events.queries import input_of_category
from eventapp.events.service import change as change_event
from eventapp.events.service import update_category
from eventapp.outbox.models import Message
from eventapp.registration.approval.service import decide_all
from eventapp.registration.models import Participant
from eventapp.registration.rules import ParticipantState
from eventapp.registration.service import change
from tests.make import make_account, make_event, make_organiser, sign_in
from tests.pages import Visitor
from tests.registration.people import arrive, check_invariants, person

S = ParticipantState


@pytest.fixture
def event(app: Flask) -> Event:
    """Two places; the second category needs approval."""
    event = make_event(seats=2)
    update_category(event.categories[1].id, replace(input_of_category(event.categories[1]), needs_approval=True))
    return event


@pytest.fixture
def editor(event: Event, page: Visitor) -> Visitor:
    """The tab of an editor."""
    sign_in(page.client, make_account(event.organiser, Role.EDITOR))
    return page


def url(event: Event) -> str:
    return f"/manage/events/{event.slug}/approvals"


def states() -> list[ParticipantState]:
    db.session.expire_all()
    return list(db.session.scalars(select(Participant.state).order_by(Participant.id)))


def kinds(email: str) -> list[str]:
    return list(db.session.scalars(select(Message.kind).where(Message.recipient == email).order_by(Message.id)))


def all_of(page: Visitor) -> list[Any]:
    return [x.get("value") for x in page.all("input") if x.get("name") == "who"]


def test_nothing_to_decide(event: Event, editor: Visitor) -> None:
    assert "Nichts zu entscheiden" in editor.get(url(event)).text


def test_all_are_selected_looked_at_and_approved(event: Event, editor: Visitor) -> None:
    for number in range(1, 4):
        arrive(event, number, organisation=f"Verein {number}")
    editor.get(url(event))
    assert "Verein 2" in editor.text
    editor.submit("decide", {}, press="Alle auswählen", status=200)
    assert sum(x.get("checked") is not None for x in editor.all("input")) == 3
    editor.submit("decide", {"who": all_of(editor)}, press="Ausgewählte zulassen", status=200)
    assert "2 Anmeldungen bekommen einen Platz" in editor.text
    assert "1 Anmeldung kommt auf die Warteliste" in editor.text
    assert "Die Veranstaltung ist voll." in editor.text
    assert states() == [S.TO_APPROVE] * 3
    editor.submit("decide", {"who": all_of(editor)}, press="Zulassen", status=200)
    assert "3 Anmeldungen sind zugelassen." in editor.text
    assert states() == [S.CONFIRMED, S.CONFIRMED, S.WAITLISTED]
    assert kinds("gast1@example.org")[-1] == "registration.ticket"
    assert kinds("gast3@example.org")[-1] == "registration.waitlisted"
    check_invariants(event.id)


def test_one_is_declined_with_a_reason_that_is_mailed(event: Event, editor: Visitor) -> None:
    first = arrive(event, 1)
    arrive(event, 2)
    editor.get(url(event))
    editor.post(url(event) + "/decide", {"act": f"decline:{first.unit}"}, status=200)
    assert "1 Anmeldung wird abgelehnt" in editor.text
    assert "Gast 2" not in editor.text
    editor.submit("decide", {"reason": "Leider nur für Fachkräfte."}, press="Ablehnen", status=200)
    assert states() == [S.DECLINED, S.TO_APPROVE]
    mail = db.session.scalars(select(Message).where(Message.kind == "registration.declined")).one()
    assert mail.facts["reason"] == "Leider nur für Fachkräfte."
    editor.get(f"/manage/events/{event.slug}/participants/{first.participant.public_id}")
    assert "Abgelehnt. Begründung: Leider nur für Fachkräfte." in editor.text


def test_nothing_selected_is_told_and_changes_nothing(event: Event, editor: Visitor) -> None:
    arrive(event, 1)
    editor.get(url(event))
    editor.submit("decide", {}, press="Ausgewählte zulassen", status=422)
    assert "Bitte wählen Sie mindestens eine Anmeldung." in editor.errors[0]
    assert editor.title.startswith("Fehler:")
    editor.post(url(event) + "/decide", {"act": "nonsense", "who": ["x"], "seen": "1"}, status=422)
    assert states() == [S.TO_APPROVE]


def test_a_reason_that_is_too_long_keeps_everything(event: Event, editor: Visitor) -> None:
    arrive(event, 1)
    editor.get(url(event))
    editor.submit("decide", {"who": all_of(editor)}, press="Ausgewählte ablehnen", status=200)
    editor.submit("decide", {"reason": "x" * 1001}, press="Ablehnen", status=422)
    assert len(editor.form("decide").values["reason"]) == 1001
    assert states() == [S.TO_APPROVE]


def test_the_second_of_two_colleagues_is_told_what_was_decided_before(event: Event, editor: Visitor) -> None:
    units = [arrive(event, number).unit for number in range(1, 4)]
    editor.get(url(event))
    editor.submit("decide", {"who": units}, press="Ausgewählte ablehnen", status=200)
    decide_all(event.id, units[:2], is_approved=True)
    editor.submit("decide", {"who": units}, press="Ablehnen", status=200)
    assert "1 Anmeldung ist abgelehnt." in editor.text
    assert "Über 2 Anmeldungen war schon entschieden." in editor.text
    assert states() == [S.CONFIRMED, S.CONFIRMED, S.DECLINED]
    editor.get(f"/manage/events/{event.slug}/participants/new")
    editor.post(url(event) + "/decide", {"act": "approve", "who": units}, status=200)
    assert "Über 3 Anmeldungen war schon entschieden." in editor.text


def test_a_change_is_shown_and_may_take_the_place_back(event: Event, editor: Visitor) -> None:
    change_event(event.id, {"reviews_changes": True})
    done = arrive(event, 1, organisation="Verein Brücke")
    decide_all(event.id, [done.unit], is_approved=True)
    change(done.people[0][0], person(event, 1, organisation="Zigaretten AG"))
    editor.get(url(event))
    assert "nach der Zulassung geändert" in editor.text
    assert "Zigaretten AG (vorher: Verein Brücke)" in editor.text
    editor.post(url(event) + "/decide", {"act": f"decline:{done.unit}"}, status=200)
    assert "1 geänderte Anmeldung verliert den Platz" in editor.text
    editor.submit("decide", {"reason": "Passt nicht"}, press="Ablehnen", status=200)
    assert states() == [S.DECLINED]
    check_invariants(event.id)


def test_a_change_that_is_fine_is_not_told(event: Event, editor: Visitor) -> None:
    change_event(event.id, {"reviews_changes": True})
    done = arrive(event, 1)
    decide_all(event.id, [done.unit], is_approved=True)
    change(done.people[0][0], person(event, 1, organisation="Neu"))
    before = kinds("gast1@example.org")
    editor.get(url(event))
    editor.post(url(event) + "/decide", {"act": f"approve:{done.unit}"}, status=200)
    editor.submit("decide", {}, press="Zulassen", status=200)
    assert "Nichts zu entscheiden" in editor.text
    assert (states(), kinds("gast1@example.org")) == ([S.CONFIRMED], before)


def test_who_has_not_confirmed_the_address_gets_no_other_mail(event: Event, editor: Visitor) -> None:
    change_event(event.id, {"confirms_address": True})
    first, second = arrive(event, 1), arrive(event, 2)
    decide_all(event.id, [first.unit], is_approved=True)
    decide_all(event.id, [second.unit], is_approved=False, reason="nein")
    assert states() == [S.WAITLISTED, S.DECLINED]
    assert kinds("gast1@example.org") == kinds("gast2@example.org") == ["registration.address"]
    editor.get(f"/manage/events/{event.slug}/waitlist")
    assert "Die E-Mail-Adresse ist noch nicht bestätigt." in editor.text


def test_ids_of_other_events_are_left_alone(event: Event, editor: Visitor) -> None:
    other = make_event(make_organiser("Andere"), slug="anderswo")
    update_category(other.categories[1].id, replace(input_of_category(other.categories[1]), needs_approval=True))
    foreign = arrive(other, 1)
    editor.get(f"/manage/events/{event.slug}/participants/new")
    editor.post(url(event) + "/decide", {"act": "approve", "who": [foreign.unit], "seen": "1"}, status=200)
    assert states() == [S.TO_APPROVE]


def test_viewers_see_and_do_not_decide(event: Event, page: Visitor) -> None:
    done = arrive(event, 1)
    sign_in(page.client, make_account(event.organiser, Role.VIEWER))
    shown = page.get(url(event))
    assert "Gast 1" in shown.text
    assert not shown.all("button", within=next(shown.root.iter("main")))
    page.post(url(event) + "/decide", {"act": "approve", "who": [done.unit], "seen": "1"}, status=403)
