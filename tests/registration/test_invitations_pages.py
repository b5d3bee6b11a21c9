"""The invited guest's pages and mails, and the organiser's list: what they show, and what they refuse in words."""

from datetime import timedelta

import pytest
import time_machine
from flask import Flask
from sqlalchemy import select

from eventapp.accounts.rules import Role
from eventapp.core import signing
from eventapp.core.db import db
from eventapp.core.localized import Localized
from eventapp.events import service as events
from eventapp.events.rules import CategoryInput, EventAction
from eventapp.outbox.models import Message
from eventapp.outbox.service import render
from eventapp.registration.invitations import service
from eventapp.registration.invitations.models import Invitation
from eventapp.registration.invitations.rules import InvitationState
from eventapp.registration.models import Participant
from eventapp.registration.queries import link_token as guest_token
from eventapp.registration.rules import ParticipantState
from eventapp.registration.signup.service import sign_up
from tests.make import make_account, sign_in
from tests.pages import Visitor
from tests.registration.inviting import NADIA, accept, count, invite_nadia, link, mails, make_inviting
from tests.registration.people import person


def test_the_form_is_filled_in_and_one_click_is_enough(app: Flask, page: Visitor) -> None:
    event, press = make_inviting()
    invitation = invite_nadia(event, press, title="Dr.", organisation="Ruhr-Blatt", language="ar")
    page.get(link(invitation))
    assert page.h1 == "Ihre Einladung"
    assert "Ihre Gruppe: Presse." in page.text
    form = page.form("Jetzt anmelden")
    typed = {name: form.values[name] for name in ("title", "given_name", "family_name", "email", "organisation")}
    assert typed == {"title": "Dr.", "organisation": "Ruhr-Blatt", **NADIA}
    assert form.values["language"] == "ar"
    assert "category" not in form.names
    page.submit(form, status=200)
    assert "Sie sind angemeldet" in page.text
    guest = db.session.scalars(select(Participant)).one()
    assert (guest.state, guest.category_id) == (ParticipantState.CONFIRMED, press.id)
    assert (guest.organisation_kind.value, guest.notice_id is not None) == ("press", True)
    page.submit(form, status=200)
    assert "Sie sind angemeldet" in page.text, "the second click of a double click"
    page.get(link(invitation), status=410)
    assert "Mit dieser Einladung hat sich schon jemand angemeldet" in page.text
    assert page.page.link("Link noch einmal")
    assert count() == 1


def test_the_kind_is_asked_when_the_group_leaves_it_open(app: Flask, page: Visitor) -> None:
    event, _press = make_inviting()
    invitation = invite_nadia(event, event.categories[1])
    page.get(link(invitation))
    page.submit("Jetzt anmelden", {"kind": ""}, status=422)
    assert "Wählen Sie" in page.errors[0]
    assert count() == 0
    page.submit("Jetzt anmelden", {"kind": "association"}, status=200)
    assert db.session.scalars(select(Participant)).one().organisation_kind.value == "association"


def test_a_form_with_faults_keeps_what_was_typed_and_the_invitation(app: Flask, page: Visitor) -> None:
    event, press = make_inviting()
    invitation = invite_nadia(event, press)
    page.get(link(invitation))
    page.submit("Jetzt anmelden", {"given_name": "\x00", "email": "nichts", "family_name": "Neu"}, status=422)
    assert page.form("Jetzt anmelden").values["family_name"] == "Neu"
    assert count() == 0
    assert db.session.get_one(Invitation, invitation.id).state is InvitationState.OPEN


def test_a_full_event_says_so_plainly(app: Flask, page: Visitor) -> None:
    event, press = make_inviting(seats=1)
    sign_up(event.id, person(event, 1, category_id=event.categories[0].id))
    page.get(link(invite_nadia(event, press)))
    page.submit("Jetzt anmelden", status=200)
    assert "Ihre Einladung ist eingelöst. Im Moment sind alle Plätze vergeben" in page.text


def test_declining_is_asked_once_and_thanked_for(app: Flask, page: Visitor) -> None:
    event, press = make_inviting()
    invitation = invite_nadia(event, press)
    page.get(link(invitation, "ar"))
    page.click("لا أستطيع الحضور")
    assert page.page.language == "ar"
    page.submit("رفض الدعوة", status=200)
    assert page.h1 == "شكرًا على ردك"
    assert db.session.get_one(Invitation, invitation.id).state is InvitationState.DECLINED
    page.get(link(invitation))
    assert page.h1 == "Danke für Ihre Antwort"
    assert "Jetzt anmelden" not in page.text


@pytest.mark.parametrize("language", ["de", "ar", "en"])
def test_tokens_that_are_not_ours_open_nothing(app: Flask, page: Visitor, language: str) -> None:
    event, press = make_inviting()
    invitation = invite_nadia(event, press)
    token = link(invitation, language).rsplit("/", 1)[1]
    guest = sign_up(event.id, person(event, 1, category_id=event.categories[0].id)).participant
    foreign = invite_nadia(*make_inviting(slug="anderes"))
    mixed = f"{invitation.public_id}.{link(foreign).rsplit('.', 1)[1]}"
    old = signing.make("invitation", invitation.public_id, 7)
    forged = token[:-1] + ("x" if token[-1] != "x" else "y")
    for wrong in (forged, token + "x", mixed, old, guest_token(guest), "x", "%00", invitation.public_id):
        page.get(f"/{language}/invitation/{wrong}", status=404)
        assert page.page.language == language
        page.get(f"/{language}/invitation/{wrong}/decline", status=404)
    assert db.session.get_one(Invitation, invitation.id).state is InvitationState.OPEN


def test_what_has_ended_says_why_and_stores_nothing(app: Flask, page: Visitor, clock: time_machine.Traveller) -> None:
    event, press = make_inviting()
    withdrawn, expired = invite_nadia(event, press), invite_nadia(event, press, given_name="Ruth")
    off_event, off_press = make_inviting(slug="abgesagt")
    off = invite_nadia(off_event, off_press)
    page.get(link(expired))
    form = page.form("Jetzt anmelden")
    service.withdraw(withdrawn.public_id, event.id)
    events.move(off_event.id, EventAction.CALL_OFF, Localized(de="Sturm"))
    page.get(link(withdrawn), status=410)
    assert "zurückgezogen" in page.text
    page.get(link(withdrawn, "ar"), status=410)
    assert "سحبت الجهة المنظمة هذه الدعوة." in page.text
    page.get(link(off), status=409)
    assert "abgesagt" in page.text
    clock.move_to(event.starts_at)
    page.get(link(expired), status=410)
    assert "abgelaufen" in page.text
    page.get(f"/de/{event.slug}/link")
    typed = {name: value for name, value in form.values.items() if name != "csrf_token"}
    page.post(link(expired), typed, status=410)
    clock.move_to(event.ends_at + timedelta(minutes=1))
    page.get(link(expired), status=409)
    assert count() == 0


@pytest.mark.parametrize(
    ("language", "subject", "said"),
    [
        ("de", "Einladung: Gemeinsam vor Ort", ("Sie sind eingeladen.", "Guten Tag, Nadia Sommer,")),
        ("ar", "دعوة: ", ("أنت مدعو.", "للتسجيل أو الاعتذار:")),
    ],
)
def test_the_mails_speak_the_guests_language(
    app: Flask, clock: time_machine.Traveller, language: str, subject: str, said: tuple[str, str]
) -> None:
    event, press = make_inviting()
    invitation = invite_nadia(event, press, language=language, words="Wir freuen uns.\n<b>Bis bald</b>")
    clock.shift(timedelta(days=1))
    service.remind(invitation.public_id, event.id)
    first, reminder = (render(message) for message in db.session.scalars(select(Message).order_by(Message.id)))
    assert first.subject.startswith(subject)
    assert reminder.subject != first.subject
    for part in (*said, "Wir freuen uns.\n<b>Bis bald</b>", link(invitation, language)):
        assert part in first.text, part
    assert "&lt;b&gt;Bis bald&lt;/b&gt;" in first.html
    assert link(invitation, language) in reminder.html
    assert "Sie haben noch nicht geantwortet." in reminder.text, "in German too"
    assert (first.reply_to, first.sender_name) == ("kontakt@example.org", "Ministerium")


def test_the_organiser_sees_states_and_the_person_who_came(
    app: Flask, page: Visitor, clock: time_machine.Traveller
) -> None:
    event, press = make_inviting()
    sign_in(page.client, make_account(event.organiser, Role.EDITOR))
    page.get(f"/manage/events/{event.slug}/invitations")
    assert "Noch niemand ist eingeladen" in page.text
    page.click("Jemanden einladen")
    page.submit("Einladung senden", {"email": "kein"}, status=422)
    values = {**NADIA, "category": str(press.id), "words": "Bitte kommen Sie."}
    page.submit("Einladung senden", values, status=200)
    assert mails() == ["nadia@example.org"]
    page.click("Jemanden einladen")
    page.submit("Einladung senden", values, status=409)
    assert "Diese Person hat schon eine offene Einladung." in page.errors[0]
    redeemed = db.session.scalars(select(Invitation)).one()
    accept(redeemed)
    short = invite_nadia(event, press, email="b@example.org", expires_at=event.starts_at - timedelta(days=30))
    invite_nadia(event, press, email="c@example.org")
    clock.move_to(event.starts_at - timedelta(days=29))
    sign_in(page.client, make_account(event.organiser, Role.EDITOR))
    page.get(f"/manage/events/{event.slug}/invitations")
    states = [row[2].split()[0] for row in page.page.rows()]
    assert states == ["offen", "abgelaufen", "eingelöst"]
    page.get(f"/manage/events/{event.slug}/invitations?state=expired")
    assert len(page.page.rows()) == 1
    page.get(f"/manage/events/{event.slug}/invitations?state=nonsense")
    page.click("zur Person")
    assert page.h1 == "Nadia Sommer"
    page.get(f"/manage/events/{event.slug}/invitations/{short.public_id}")
    past = (event.starts_at - timedelta(days=40)).strftime("%Y-%m-%dT%H:%M")
    page.submit("Noch einmal senden", {"expires_at": past}, status=422)
    page.submit("Noch einmal senden", {"expires_at": ""}, status=200)
    assert "Der alte Link" in page.text
    page.submit("/withdraw", status=200)
    assert "zurückgezogen" in page.text


def test_reminders_to_all_are_counted_before_they_go(app: Flask, page: Visitor, clock: time_machine.Traveller) -> None:
    event, press = make_inviting()
    sign_in(page.client, make_account(event.organiser, Role.EDITOR))
    one, other = (invite_nadia(event, press, email=f"{name}@example.org") for name in "ab")
    address = f"/manage/events/{event.slug}/invitations/remind"
    page.get(address)
    assert "Jetzt ist niemand zu erinnern" in page.text
    clock.shift(timedelta(days=1, minutes=1))
    sign_in(page.client, make_account(event.organiser, Role.EDITOR))
    page.get(f"/manage/events/{event.slug}/invitations/{one.public_id}")
    page.submit("Erinnern", status=200)
    page.post(f"/manage/events/{event.slug}/invitations/{one.public_id}/remind", {})
    assert "in den letzten 24 Stunden" in page.text
    page.get(address)
    assert "1 Person bekommt eine Erinnerung." in page.text
    page.submit("Erinnerungen senden", status=200)
    assert mails("registration.invitation_reminder") == [one.email, other.email]


def test_a_viewer_sees_and_changes_nothing(app: Flask, page: Visitor) -> None:
    event, press = make_inviting()
    invitation = invite_nadia(event, press)
    sign_in(page.client, make_account(event.organiser, Role.VIEWER))
    page.get(f"/manage/events/{event.slug}/invitations/{invitation.public_id}")
    assert link(invitation) not in page.page.html
    page.post(f"/manage/events/{event.slug}/invitations/{invitation.public_id}/withdraw", {}, status=403)
    assert db.session.get_one(Invitation, invitation.id).state is InvitationState.OPEN


def test_a_group_with_invitations_is_not_removed_on_the_page(app: Flask, page: Visitor) -> None:
    event, press = make_inviting()
    invite_nadia(event, press)
    sign_in(page.client, make_account(event.organiser, Role.OWNER))
    page.get(f"/manage/events/{event.slug}/categories/{press.code}/edit")
    page.submit("/remove", status=200)
    assert "offene Einladungen oder Zugangscodes" in page.text
    events.update_category(press.id, CategoryInput(press.label, is_open=True))
    assert count(Invitation) == 1
