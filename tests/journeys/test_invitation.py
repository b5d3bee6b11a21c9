"""From the invitation to the door: an invited guest signs up, sends a deputy, and only the deputy's code opens it.

In German and in Arabic, on a phone, with axe on each page of the guest and of the organiser.
"""

from datetime import timedelta

import pytest
from playwright.sync_api import Page, expect

from eventapp.accounts.rules import Role
from eventapp.checkin.entrances.service import add_entrance
from eventapp.checkin.models import Scan
from eventapp.checkin.rules import Outcome, Reason
from eventapp.core import clock
from eventapp.core.db import db
from eventapp.registration.deputy.service import send_deputy
from eventapp.registration.invitations.models import Invitation
from eventapp.registration.models import Participant
from eventapp.tickets.service import find_living
from tests.browser import DESK, PHONE, OpenTab, Site, accessibility, scrolls_sideways
from tests.journeys.doorway import enter, hand_scan, result
from tests.make import make_account, make_organiser, session_cookie
from tests.registration.inviting import invite_nadia, link, make_inviting
from tests.registration.people import person

pytestmark = pytest.mark.browser

WORDS = {
    "de": ("Ihre Einladung", "Jetzt anmelden", "Sie sind angemeldet.", "Mit dieser Einladung hat sich schon jemand"),
    "ar": ("دعوتك", "سجّل الآن", "تم تسجيلك.", "سبق أن سجّل شخص بهذه الدعوة."),
}


def fine(page: Page) -> None:
    """Expect a page without faults that axe finds and without scrolling sideways."""
    assert accessibility(page) == []
    assert not scrolls_sideways(page)


def code_of(participant_id: int) -> str:
    """Return the code of somebody's ticket, as stored now."""
    db.session.rollback()
    ticket = find_living(participant_id)
    assert ticket is not None
    return ticket.code


@pytest.mark.parametrize("language", ["de", "ar"])
def test_from_the_invitation_to_the_door(site: Site, open_tab: OpenTab, language: str) -> None:
    title, sign_up, done, used = WORDS[language]
    organiser, now = make_organiser(), clock.now()
    times = {"starts_at": now + timedelta(minutes=5), "ends_at": now + timedelta(hours=3), "doors_at": None}
    event, press = make_inviting(organiser=organiser, **times)
    add_entrance(event.id, "Nord")
    account = make_account(organiser, Role.DOOR, event_id=event.id)
    invitation = invite_nadia(event, press, language=language)
    address, invitation_id, event_id = link(invitation, language), invitation.id, event.id
    deputy = person(event, 9, given_name="Ruth", family_name="Winter", category_id=press.id)

    page = open_tab(PHONE, language).goto(address)
    expect(page.locator("h1")).to_have_text(title)
    fine(page)
    page.get_by_role("button", name=sign_up).click()
    expect(page.get_by_text(done)).to_be_visible()
    db.session.rollback()
    registration_id = db.session.get_one(Invitation, invitation_id).registration_id
    guest = db.session.query(Participant).filter_by(registration_id=registration_id).one()
    guest_id, old = guest.id, code_of(guest.id)
    page.goto(site.url + address)
    expect(page.get_by_text(used)).to_be_visible()
    fine(page)

    send_deputy(guest_id, deputy)
    new = code_of(guest_id)
    door = enter(open_tab(PHONE), account)
    hand_scan(door, old)
    result(door, "Stopp")
    hand_scan(door, new)
    result(door, "Einlassen", "Ruth Winter")
    expect(door.locator("[data-count=inside]")).to_have_text("1")
    db.session.rollback()
    scans = db.session.query(Scan).filter_by(event_id=event_id).order_by(Scan.received_at).all()
    assert [(x.reason, x.outcome) for x in scans] == [
        (Reason.REVOKED, Outcome.REFUSED),
        (Reason.OK, Outcome.ADMITTED),
    ]


@pytest.mark.parametrize("language", ["de", "ar"])
def test_a_list_from_the_file_to_the_outbox(site: Site, open_tab: OpenTab, language: str) -> None:
    organiser = make_organiser()
    event, _press = make_inviting(organiser=organiser)
    slug = event.slug
    owner = make_account(organiser, Role.OWNER, language=language)
    tab = open_tab(DESK, language)
    tab.page.context.add_cookies([session_cookie(site.app, site.url, owner)])
    page = tab.goto(f"/manage/events/{slug}/invitations/import")
    rows = b"E-Mail;Vorname;Gruppe\nada@example.org;Ada;Presse\nkaputt;Ben;Presse\n"
    page.locator("[name=file]").set_input_files({"name": "liste.csv", "mimeType": "text/csv", "buffer": rows})
    page.locator("main button[type=submit]").click()
    expect(page.locator("table").first).to_contain_text("kaputt")
    for width in (PHONE, DESK):
        page.set_viewport_size({"width": width, "height": 800})
        fine(page)
    page.locator("main form button[type=submit]").click()
    expect(page.locator("main tbody tr")).to_have_count(1)
    expect(page.locator("main tbody")).to_contain_text("ada@example.org")
    fine(page)
