"""The public pages in a real Chromium: every language, phone and desk, light and dark, with awkward content."""

import pytest

from eventapp.agenda.people.service import add_partner, add_speaker, set_people
from eventapp.agenda.rules import ItemKind, PartnerInput, SpeakerInput, SpeakerRole
from eventapp.agenda.service import cancel_item
from eventapp.core.localized import Localized
from eventapp.editions.service import preview_token
from eventapp.events.models import Event
from eventapp.events.rules import EventAction
from eventapp.events.service import move
from tests.browser import DESK, PHONE, OpenTab, Site, accessibility, scrolls_sideways
from tests.make import forums, make_event, make_item, make_organiser

pytestmark = pytest.mark.browser
LONG = "Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft"


@pytest.fixture
def paths(site: Site) -> list[str]:
    """Make events in several states and return the paths of all public pages about them."""
    with site.app.app_context():
        organiser = make_organiser("Ministerium für Kinder, Jugend, Familie, Gleichstellung, Flucht und Integration")
        event = make_event(organiser, slug="tag", description=Localized(de="**Alles.**\n\n- Eins\n- Zwei"))
        fill(event)
        make_event(organiser, slug="lang", title=Localized(de=LONG), venue_name=LONG, zone="Europe/Kyiv", seats=0)
        make_event(organiser, slug="bald", is_example=True)
        gone = make_event(organiser, slug="aus")
        move(gone.id, EventAction.CALL_OFF, Localized(de="Kein Wasser."))
        token = preview_token(make_event(organiser, slug="entwurf", published=False))
    pages = ("tag/", "tag/agenda", "tag/people/ada", "tag/calendar", "lang/", "bald/", "aus/", f"preview/{token}/")
    return ["", "?past=1", "calendar", *pages]


def fill(event: Event) -> None:
    """Give the event a panel, a cancelled forum and a partner."""
    panel = make_item(event, LONG, 14, 15, kind=ItemKind.PANEL, room="Plenum", description=Localized(de="*Was* fehlt?"))
    ada = add_speaker(
        event.id, SpeakerInput("Ada", Localized(de="Vorstand"), "DGB NRW", about=Localized(de="Über sie."))
    )
    set_people(panel.id, [(ada.id, SpeakerRole.PANELIST)])
    make_item(event, "Pause", 13, 14, kind=ItemKind.BREAK)
    cancel_item(forums(event)[0].id)
    add_partner(event.id, PartnerInput("Verein Brücke", website="https://example.org"))


@pytest.mark.parametrize(
    ("language", "width", "dark"), [("de", PHONE, True), ("en", DESK, False), ("ar", PHONE, False)]
)
def test_every_public_page_is_accessible_and_fits(
    open_tab: OpenTab, paths: list[str], language: str, width: int, dark: bool
) -> None:
    tab = open_tab(width, language, dark=dark)
    for path in paths:
        page = tab.goto(f"/{language}/{path}")
        assert accessibility(page) == [], path
        assert not scrolls_sideways(page), path


def test_the_first_screen_of_a_phone_has_the_button(open_tab: OpenTab, paths: list[str]) -> None:
    assert paths
    page = open_tab(PHONE).goto("/de/tag/")
    box = page.get_by_role("link", name="Anmelden").first.bounding_box()
    assert box is not None
    assert box["y"] + box["height"] < 740
    assert box["height"] >= 44


def test_telling_others_copies_the_address(open_tab: OpenTab, paths: list[str], site: Site) -> None:
    assert paths
    tab = open_tab(permissions=["clipboard-read", "clipboard-write"])
    page = tab.goto("/de/tag/")
    page.evaluate("navigator.share = undefined")
    page.get_by_role("link", name="Weitersagen").click()
    page.get_by_text("Adresse kopiert").wait_for()
    assert page.evaluate("navigator.clipboard.readText()") == f"{site.url}/de/tag/"


def test_the_footer_of_a_short_page_stands_at_the_bottom_of_the_screen(open_tab: OpenTab) -> None:
    tab = open_tab(DESK, "de")
    for path in ("/de/", "/manage/sign-in"):
        page = tab.goto(path)
        end = page.evaluate("document.querySelector('.ev-footer').getBoundingClientRect().bottom - innerHeight")
        assert abs(end) < 1, path
        assert page.evaluate("document.documentElement.scrollHeight <= innerHeight"), path
