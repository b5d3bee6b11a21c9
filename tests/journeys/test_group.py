"""A counsellor registers five people with two languages and one address, with script and without."""

import re

import pytest
from playwright.sync_api import Page, expect

from eventapp.core.db import db
from eventapp.events.models import Event
from eventapp.registration.models import Participant
from tests.browser import DESK, PHONE, OpenTab, Site, accessibility, scrolls_sideways, take_a_minute
from tests.make import forums, make_event

pytestmark = pytest.mark.browser

NAMES = [("Amira", "ar"), ("Олена", ""), ("Mehmet", ""), ("يوسف", "ar")]
"""Who comes with the contact, and the language if it is not the contact's."""


@pytest.mark.parametrize(("language", "has_script"), [("de", True), ("ar", False)], ids=["de-script", "ar-plain"])
def test_five_people_behind_one_address(site: Site, open_tab: OpenTab, language: str, *, has_script: bool) -> None:
    del site
    event = make_event()
    forum = forums(event)[0].id
    tab = open_tab(PHONE, language, java_script_enabled=has_script)
    page = tab.goto(f"/{language}/{event.slug}/register")
    page.locator("main a[href$='/register/group']").click()
    looks_well(page, has_script=has_script)
    contact = {"given_name": "Sabine", "family_name": "Krüger", "email": "sabine@example.org"}
    for name, value in contact.items():
        page.locator(f"[name={name}]").fill(value)
    page.locator("label[for=category-0]").click()
    page.locator("[name=comes_too]").check()
    page.locator("[name=me_items_1]").select_option(str(forum))
    add_people(page, forum)
    assert page.locator("[name=family_name]").input_value() == "Krüger", "nothing is lost when a person is added"
    looks_well(page, has_script=has_script)
    take_a_minute(page)
    page.locator("main form .ev-cta button").click()
    expect(page.locator("li.ev-member")).to_have_count(5)
    looks_well(page, has_script=has_script)
    assert {person.language for person in stored(event)} == {"de", "ar"} if language == "de" else {"ar"}
    assert {person.email for person in stored(event)} == {"sabine@example.org"}
    all_tickets_open(page)


def add_people(page: Page, forum: int) -> None:
    """Fill in a row for each person; a row too many is removed again, and numbers stay without gaps."""
    page.locator("[name=remove]").nth(1).click()
    expect(page.locator("form .ev-member")).to_have_count(1)
    for place, (name, language) in enumerate(NAMES):
        if place:
            page.locator("[name=add]").click()
        expect(page.locator("form .ev-member")).to_have_count(place + 1)
        row = page.locator("form .ev-member").nth(place)
        row.locator("[name$=_given_name]").fill(name)
        if language:
            row.locator("[name$=_language]").select_option(language)
        row.locator("select[name$=_items_1]").select_option(str(forum))
    numbers = [re.sub(r"\D", "", words) for words in page.locator("form .ev-member h3").all_inner_texts()]
    assert numbers == ["1", "2", "3", "4"]


def all_tickets_open(page: Page) -> None:
    """Reach every ticket from the page of the group, and all of them in one file."""
    here = page.url
    links = [str(x.get_attribute("href")) for x in page.locator("li.ev-member a[href*='/my/']").all()]
    assert len(set(links)) == 5
    file = page.request.get(page.locator("a[href$='/tickets.pdf']").evaluate("it => it.href"))
    assert file.body().startswith(b"%PDF")
    codes = set()
    for link in links:
        page.goto(here)
        page.locator(f"a[href='{link}']").click()
        assert page.locator("img[src$='/qr.svg']").evaluate("it => it.decode().then(() => it.naturalWidth > 0)")
        codes.add(page.locator(".ev-code").first.inner_text())
    assert len(codes) == 5


def test_the_new_row_has_the_cursor_and_the_last_row_stays(site: Site, open_tab: OpenTab) -> None:
    del site
    event = make_event()
    for has_script in (True, False):
        page = open_tab(DESK, java_script_enabled=has_script).goto(f"/de/{event.slug}/register/group")
        page.locator("[name=add]").click()
        expect(page.locator("[name=p3_given_name]")).to_be_focused()
        for _ in range(4):
            page.locator("[name=remove]").first.click()
        expect(page.locator("form .ev-member")).to_have_count(1)
        expect(page.locator("form .ev-member h3")).to_have_text("Person 1")


def looks_well(page: Page, *, has_script: bool) -> None:
    """Find nothing wrong with the page that is shown; axe needs script."""
    if has_script:
        assert not scrolls_sideways(page)
        assert accessibility(page) == []


def stored(event: Event) -> list[Participant]:
    """Return the participants of an event as they are stored now."""
    db.session.rollback()
    return list(db.session.query(Participant).filter_by(event_id=event.id))
