"""From the waiting list to a ticket in a real Chromium and over a real mail server, in German and in Arabic on a phone.

A guest signs up when all is full; somebody cancels; the offer arrives by mail; its link leads to the page where the
guest says yes.
"""

import re
from collections.abc import Iterator
from dataclasses import replace
from email.message import EmailMessage

import pytest
from playwright.sync_api import Page, expect

from eventapp.core.db import db
from eventapp.outbox.service import deliver_due
from eventapp.registration.service import cancel
from tests import sink
from tests.browser import PHONE, OpenTab, Site, accessibility, scrolls_sideways, take_a_minute
from tests.journeys import planning
from tests.make import forums, make_event
from tests.registration.people import arrive
from tests.sink import Sink

pytestmark = pytest.mark.browser
ADDRESS = "amal@example.org"
WORDS = {
    "de": ("Warteliste", "Ein Platz ist für Sie frei", "Ja, ich komme", "Der Platz gehört Ihnen."),
    "ar": ("قائمة الانتظار", "يوجد مكان لك", "نعم، سأحضر", "المكان لك."),
}


@pytest.fixture
def post(site: Site) -> Iterator[Sink]:
    """A mail server to which the site delivers."""
    with sink.listening() as server:
        site.app.config["EVENTAPP"] = replace(site.app.config["EVENTAPP"], smtp_url=server.url)
        yield server


@pytest.mark.parametrize("language", ["de", "ar"])
def test_an_offer_by_mail_is_accepted(open_tab: OpenTab, post: Sink, language: str) -> None:
    event = make_event(offer_hours=48, seats=1)
    slug, first = event.slug, arrive(event, 1, item_ids=(forums(event)[0].id,)).participant.id
    waiting, free, yes, done = WORDS[language]
    page = open_tab(PHONE, language).goto(f"/{language}/{slug}/register")
    planning.fill(page, "main form.ev-form", {"given_name": "Amal", "family_name": "Haddad", "email": ADDRESS})
    page.locator("[name=category]").first.check(force=True)
    take_a_minute(page)
    page.locator("main form.ev-form button[type=submit]").click()
    expect(page.locator(".ev-lead")).to_contain_text(waiting)
    looks_right(page)
    cancel(first)
    mail = deliver(post, free)
    page.goto(link_in(mail))
    expect(page.get_by_text(free).first).to_be_visible()
    looks_right(page)
    page.locator("summary").filter(has_text={"de": "Nein", "ar": "لا"}[language]).first.click()
    looks_right(page)
    page.get_by_role("button", name=yes).click()
    expect(page.get_by_text(done)).to_be_visible()
    assert page.locator("img[src$='/qr.svg']").evaluate("it => it.decode().then(() => it.naturalWidth > 0)")
    looks_right(page)
    assert str(deliver(post, "", count=2)["Subject"])


def deliver(post: Sink, subject: str, count: int = 1) -> EmailMessage:
    """Let the worker deliver what is due; return the last mail to the guest, whose subject says `subject`."""
    db.session.rollback()  # what others wrote since is read anew
    while deliver_due():
        pass
    mine = [mail for mail in post.mails if mail["To"] == ADDRESS]
    assert len(mine) > count
    assert subject in str(mine[-1]["Subject"])
    return mine[-1]


def link_in(mail: EmailMessage) -> str:
    """Return the one main link of a mail: the guest's page in the language of the reader."""
    body = mail.get_body(("plain",))
    assert body is not None
    return str(re.findall(r"http\S+/my/\S+", body.get_content())[0])


def looks_right(page: Page) -> None:
    """Assert that the page that is shown is accessible and fits the phone."""
    assert accessibility(page) == []
    assert not scrolls_sideways(page)
