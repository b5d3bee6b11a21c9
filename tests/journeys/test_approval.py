"""An organiser approves in bulk in a real browser, in German and Arabic: select, look, do; every page clean by axe."""

from dataclasses import replace

import pytest
from sqlalchemy import select

from eventapp.accounts.rules import Role
from eventapp.core.db import db
from eventapp.events.models import Event
from eventapp.events.queries import input_of_category
from eventapp.events.service import update_category
from eventapp.registration.models import Participant
from eventapp.registration.rules import ParticipantState
from tests.browser import PHONE, OpenTab, Site, Tab, accessibility, scrolls_sideways
from tests.make import make_account, make_event, session_cookie
from tests.registration.people import arrive

pytestmark = pytest.mark.browser

WORDS = {
    "de": ("2 Anmeldungen bekommen einen Platz", "Die Veranstaltung ist voll.", "3 Anmeldungen sind zugelassen."),
    "ar": ("تسجيلان يحصلان على مكان", "الفعالية مكتملة.", "تمت الموافقة على 3 تسجيلات."),
}


def looked_at(tab: Tab) -> None:
    """Assert that the page that is shown is clean and fits on a phone."""
    assert accessibility(tab.page) == []
    assert not scrolls_sideways(tab.page)


def waiting_event() -> Event:
    """Return an event of two places with three people to approve."""
    event = make_event(seats=2)
    category = event.categories[1]
    update_category(category.id, replace(input_of_category(category), needs_approval=True))
    for number in (1, 2, 3):
        arrive(event, number)
    return event


@pytest.mark.parametrize("language", ["de", "ar"])
def test_three_are_approved_in_one_go(site: Site, open_tab: OpenTab, language: str) -> None:
    event, tab = waiting_event(), open_tab(PHONE, language)
    account = make_account(event.organiser, Role.EDITOR, language=language)
    tab.page.context.add_cookies([session_cookie(site.app, site.url, account)])
    placed, full, done = WORDS[language]
    page = tab.goto(f"/manage/events/{event.slug}/")
    page.locator("a[href$='/approvals']").first.click()
    looked_at(tab)
    page.locator("button[name=select]").click()
    assert page.locator("input[name=who]:checked").count() == 3
    page.locator("button[name=act][value=approve]").click()
    main = page.locator("main")
    assert placed in main.inner_text()
    assert full in main.inner_text()
    looked_at(tab)
    page.locator("button[name=act]").click()
    assert done in main.inner_text()
    looked_at(tab)
    page.locator("a[href$='/waitlist']").first.click()
    looked_at(tab)
    db.session.rollback()
    confirmed = select(Participant).where(Participant.state == ParticipantState.CONFIRMED)
    assert len(list(db.session.scalars(confirmed))) == 2
