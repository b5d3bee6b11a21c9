"""The door of a forum in a real Chromium: the wrong room, nothing chosen, and a room that is full."""

from datetime import timedelta

import pytest
from playwright.sync_api import expect

from eventapp.accounts.rules import Role
from eventapp.checkin.entrances.rules import EntranceRules
from eventapp.checkin.entrances.service import add_entrance
from eventapp.core import clock
from tests.browser import PHONE, OpenTab, Site, accessibility, scrolls_sideways
from tests.checkin.phones import presence_of, ticket_of
from tests.journeys.doorway import enter, hand_scan, result, see
from tests.make import forums, make_account, make_event, make_organiser

pytestmark = pytest.mark.browser


@pytest.mark.parametrize(("language", "words"), [
    ("de", ("Prüfen", "Richtiger Eingang", "Einlassen", "2 von 1")),
    ("ar", ("تحقّق", "المدخل الصحيح", "دخول", "2 من 1")),
])  # fmt: skip
def test_a_forum_door_sends_on_warns_and_lets_people_decide(
    site: Site, open_tab: OpenTab, language: str, words: tuple[str, ...]
) -> None:
    look, right, admit, full = words
    now, organiser = clock.now(), make_organiser()
    event = make_event(organiser, starts_at=now, ends_at=now + timedelta(hours=3), doors_at=None)
    first, second = forums(event)
    seated, second_seated, elsewhere = (
        ticket_of(event, number, item_ids=(item.id,)).code for number, item in enumerate((first, first, second), 1)
    )
    add_entrance(event.id, "Saal 1", EntranceRules(item_id=first.id, limit=1))
    account = make_account(organiser, Role.DOOR, event_id=event.id)
    page = enter(open_tab(PHONE), account, entrance="Saal 1", language=language)
    hand_scan(page, elsewhere)
    result(page, look, right, "Raum 2")
    see(page, "look")
    assert accessibility(page) == []
    assert not scrolls_sideways(page)
    page.locator("#door-choices button").nth(1).click()
    hand_scan(page, seated)
    result(page, admit)
    see(page, "scan")
    hand_scan(page, second_seated)
    result(page, look)
    page.locator("#door-choices button").first.click()
    result(page, admit)
    see(page, "scan")
    expect(page.locator("[data-count=inside]")).to_have_text(full)
    expect(page.locator("[data-count=inside]")).to_have_class("is-full")
    assert [presence_of(code, first.id)[0] for code in (seated, second_seated, elsewhere)] == [True, True, False]
