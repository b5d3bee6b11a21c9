"""Every page of the editors in a real browser, with long words: nothing for axe to find, nothing scrolls sideways."""

import os
from pathlib import Path

import pytest

from eventapp.agenda.people.service import add_speaker, set_people
from eventapp.agenda.rules import ItemKind, SpeakerInput, SpeakerRole
from eventapp.core.db import db
from eventapp.core.localized import Localized
from eventapp.registration.signup.rules import Person
from eventapp.registration.signup.service import sign_up
from tests.browser import DESK, PHONE, OpenTab, Site, Tab, accessibility, scrolls_sideways
from tests.editions.test_manage import addresses
from tests.make import PASSWORD, forums, make_account, make_event, make_item, make_organiser

pytestmark = pytest.mark.browser
LONG = "Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft"


def fill() -> list[str]:
    """Make an event with long words, a clash and a guest; return the addresses of its pages."""
    organiser = make_organiser(f"Stadt Essen, {LONG}")
    make_account(organiser, email="ada@example.org")
    event = make_event(organiser, title=Localized(de=f"Tag der {LONG}", ar="يوم المدينة"))
    first = forums(event)[0]
    clashing = make_item(event, LONG, 12, 14, kind=ItemKind.TALK, room_id=first.room_id)
    ben = add_speaker(event.id, SpeakerInput(f"Ben {LONG}", position=Localized(de=LONG)))
    for item in (first, clashing):
        set_people(item.id, [(ben.id, SpeakerRole.MODERATOR)])
    sign_up(event.id, Person("Amal", "amal@example.org", event.categories[1].id, "ar", item_ids=(first.id,)))
    draft = make_event(organiser, published=False, venue_name="", seats=None)
    found = [*addresses(event), f"/manage/events/{draft.slug}/publish"]
    db.session.rollback()
    return found


def enter(tab: Tab, language: str) -> None:
    """Sign in with the form, in a language."""
    page = tab.goto(f"/manage/sign-in?lang={language}")
    page.locator("#email").fill("ada@example.org")
    page.locator("#password").fill(PASSWORD)
    page.locator("main form button").click()
    page.wait_for_url("**/manage/")


def look(tab: Tab, name: str) -> list[str]:
    """Return everything that is wrong with the page that is shown; keep a picture when PICTURES names a folder."""
    if folder := os.environ.get("PICTURES"):
        tab.page.screenshot(path=Path(folder) / f"{name}.png", full_page=True)
    wrong = [f"{name}: {one}" for one in accessibility(tab.page)]
    return [*wrong, f"{name} scrolls sideways"] if scrolls_sideways(tab.page) else wrong


@pytest.mark.soak
@pytest.mark.parametrize(("width", "language"), [(PHONE, "ar"), (DESK, "de")])
def test_every_page_of_the_editors(site: Site, open_tab: OpenTab, width: int, language: str) -> None:
    urls = fill()
    tab = open_tab(width, language)
    enter(tab, language)
    wrong = []
    for url in urls:
        tab.goto(f"{url}?lang={language}")
        wrong += look(tab, f"{url.strip('/').replace('/', '-')}-{language}-{width}")
    assert not wrong, "\n".join(wrong)


def test_a_moved_event_is_confirmed_with_the_keyboard_alone(site: Site, open_tab: OpenTab) -> None:
    url = next(one for one in fill() if one.endswith("time-place"))
    tab = open_tab(PHONE)
    enter(tab, "de")
    page = tab.goto(f"{url}?lang=de")
    page.locator("#ends_at").fill("2020-01-01T10:00")
    page.locator("#venue_name").press("Enter")
    page.locator(".ev-errors a").first.focus()
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "ends_at"
    wrong = look(tab, "time-place-error")
    page = tab.goto(url)
    page.locator("#venue_name").fill("Zeche Zollverein")
    page.locator("#venue_name").press("Enter")
    page.wait_for_selector("button[value=tell]")
    wrong += look(tab, "time-place-confirm")
    page.locator("button[value=tell]").focus()
    page.keyboard.press("Enter")
    page.wait_for_selector(".ev-flash")
    assert "1 Gast wird per E-Mail benachrichtigt" in page.inner_text("main")
    assert not wrong, "\n".join(wrong)
