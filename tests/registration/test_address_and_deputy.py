"""A guest's address is confirmed by a link in a mail, and a deputy takes over by the guest's own link."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from eventapp.core.db import db
from eventapp.registration.address.queries import address_token
from eventapp.registration.models import Participant
from eventapp.registration.queries import link_token
from eventapp.registration.rules import ParticipantState as S
from eventapp.registration.waitlist.filling.service import settle_due
from tests.make import make_event
from tests.pages import Visitor
from tests.registration.people import arrive, check_invariants
from tests.registration.test_waiting_pages import count_mails, my, state_of

pytestmark = pytest.mark.usefixtures("app")


def test_a_sign_up_with_an_open_address_leads_on_by_mail_only(page: Visitor) -> None:
    event = make_event(confirms_address=True, address_minutes=60)
    page.get(f"/de/{event.slug}/register")
    assert "Sie bekommen eine E-Mail mit einem Link." in page.text
    values = {"given_name": "Amira", "email": "amira@example.org", "category": str(event.categories[0].id)}
    page.submit("Jetzt anmelden", values)
    assert "Bestätigen Sie Ihre E-Mail-Adresse." in page.text
    assert "Montag, 15. Juni 2026, 11:00 Uhr" in page.text
    guest = db.session.scalars(select(Participant)).one()
    page.submit("E-Mail noch einmal schicken")
    assert count_mails() == 2
    token = address_token(guest.registration)
    page.get(f"/ar/address/{token}")
    assert state_of(guest) is S.UNCONFIRMED, "programs that look through mails open links"
    form = page.form("أكّد عنواني")
    page.submit(form)
    assert "تم تأكيد عنوان بريدك الإلكتروني." in page.text
    assert state_of(guest) is S.CONFIRMED
    mails = count_mails()
    page.submit(form, status=200)
    assert count_mails() == mails
    page.get(f"/de/address/{token}")
    assert page.h1 == "Ihre E-Mail-Adresse ist bestätigt"


def test_nobody_gets_round_the_confirmation_by_waiting(page: Visitor, clock: Any) -> None:
    event = make_event(confirms_address=True, address_minutes=60)
    guest = arrive(event).participant
    clock.shift(timedelta(hours=2))
    settle_due()
    page.get(my(guest))
    page.submit("Wieder anstellen")
    assert state_of(guest) is S.WAITLISTED
    assert "Bestätigen Sie Ihre E-Mail-Adresse" in page.text
    clock.shift(timedelta(hours=2))
    page.get(f"/de/address/{address_token(db.session.get_one(Participant, guest.id).registration)}")
    assert page.h1 == "Die Zeit zum Antworten ist abgelaufen"
    page.submit("Wieder anstellen")
    assert state_of(guest) is S.CONFIRMED
    check_invariants(event.id)


def test_links_for_another_purpose_or_tampered_with_open_nothing(page: Visitor) -> None:
    guest = arrive(make_event()).participant
    token = address_token(guest.registration)
    page.get(f"/de/address/{token}")
    for wrong in (link_token(guest), token[:-1] + ("A" if token[-1] != "A" else "B"), "x", "é.ü"):
        page.get(f"/de/address/{wrong}", status=404)
    page.get(f"/de/my/{token}", status=404)


def test_a_deputy_comes_and_the_old_link_says_so_without_naming_them(page: Visitor) -> None:
    event = make_event()
    guest = arrive(event).participant
    old = link_token(guest)
    page.get(my(guest))
    page.click("Vertretung schicken")
    assert "Datenschutzhinweise lesen" in page.text or "Datenschutz" in page.text
    form = page.form("Meinen Platz weitergeben")
    page.submit(form, {"given_name": "", "email": "zoe@"}, status=422)
    assert page.form("Meinen Platz weitergeben").values["email"] == "zoe@"
    page.submit(form, {"given_name": "Zoë", "family_name": "Neu", "email": "zoe@example.org"}, status=200)
    assert "Zoë Neu kommt an Ihrer Stelle." in page.text
    stranger = page.another()
    for part in ("", "/deputy", "/ticket", "/change", "/cancel"):
        stranger.get(f"/de/my/{old}{part}", status=410)
        assert "Jemand anderes kommt an Ihrer Stelle." in stranger.text
        assert "Zoë" not in stranger.html
    page.submit(form, {"given_name": "Zoë", "family_name": "Neu", "email": "zoe@example.org"}, status=410)
    db.session.expire_all()
    page.get(my(db.session.get_one(Participant, guest.id)))
    assert page.h1 == "Guten Tag, Zoë Neu"
    check_invariants(event.id)


def test_no_deputy_who_is_registered_already(page: Visitor) -> None:
    event = make_event()
    guest, _ = arrive(event, 1).participant, arrive(event, 2)
    page.get(f"{my(guest)}/deputy")
    values = {"given_name": "Gast 2", "family_name": "Muster", "email": "gast2@example.org"}
    page.submit("Meinen Platz weitergeben", values, status=409)
    assert "ist schon angemeldet" in page.text
    assert db.session.get_one(Participant, guest.id).given_name == "Gast 1"
