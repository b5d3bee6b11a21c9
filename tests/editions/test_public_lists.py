"""Coming and past events, the choice of the language, and what search engines read."""

from datetime import timedelta
from xml.etree import ElementTree

import pytest
import time_machine

from eventapp.core.localized import Localized
from eventapp.events.rules import EventAction
from eventapp.events.service import move
from tests.make import later, make_event, make_organiser
from tests.pages import Client, Visitor


def titles(page: Visitor) -> list[str]:
    """Return the events of a list, in its order."""
    return ["".join(x.itertext()) for x in page.all("h2")]


def test_coming_events_nearest_first_drafts_hidden(page: Visitor) -> None:
    ministry = make_organiser("Ministerium")
    make_event(ministry, title=Localized(de="Zweiter"), **later(10))
    make_event(make_organiser("Stadt Kamen"), title=Localized(de="Erster"))
    make_event(ministry, title=Localized(de="Entwurf"), published=False)
    gone = make_event(ministry, title=Localized(de="Abgesagt"), **later(20))
    move(gone.id, EventAction.CALL_OFF)
    page.get("/de/")
    assert titles(page) == ["Erster", "Zweiter", "Abgesagt"]
    assert "Stadt Kamen" in page.text
    assert "noch 100 Plätze" in page.text


def test_past_events_last_first(page: Visitor, clock: time_machine.Traveller) -> None:
    for number in (1, 2):
        event = make_event(title=Localized(de=f"Tag {number}"), **later(number))
    clock.move_to(event.ends_at + timedelta(days=1))
    assert "Zurzeit ist keine Veranstaltung geplant" in page.get("/de/").text
    page.click("Vergangene Veranstaltungen")
    assert titles(page) == ["Tag 2", "Tag 1"]


@pytest.mark.parametrize("language", ["de", "en", "ar"])
def test_empty_lists_say_what_to_do(page: Visitor, language: str) -> None:
    page.get(f"/{language}/")
    assert page.link({"de": "Kalender abonnieren", "en": "Subscribe", "ar": "الاشتراك"}[language])
    assert page.get(f"/{language}/?past=1").h1
    assert page.get(f"/{language}/?page=nonsense").status == 200
    assert page.get(f"/{language}/?page=99").status == 200


@pytest.mark.parametrize(
    ("asks", "gets"),
    [
        ("ar;q=0.9, en;q=0.3", "ar"),
        ("en-GB,en", "en"),
        ("fr, it", "de"),
        ("", "de"),
        ("x" * 500, "de"),
        ("ar-EG", "ar"),
    ],
)
def test_the_browser_says_the_language(client: Client, asks: str, gets: str) -> None:
    make_event(slug="tag")
    for path, there in (("/", f"/{gets}/"), ("/tag", f"/{gets}/tag/")):
        answer = client.get(path, headers={"Accept-Language": asks})
        assert (answer.status_code, answer.location) == (302, there)
        assert "Accept-Language" in answer.headers["Vary"]


def test_a_language_alone_leads_to_its_list(client: Client) -> None:
    assert client.get("/ar").location.endswith("/ar/")


def test_machines_find_all_languages(client: Client) -> None:
    make_event(slug="tag")
    site = ElementTree.fromstring(client.get("/sitemap.xml").data)  # noqa: S314 - our own text
    places = [x.text for x in site.iter("{http://www.sitemaps.org/schemas/sitemap/0.9}loc")]
    assert "http://127.0.0.1:8000/ar/tag/" in places
    assert "http://127.0.0.1:8000/sitemap.xml" in client.get("/robots.txt").text
    page = client.get("/de/tag/").text
    assert '<link rel="alternate" hreflang="ar" href="http://127.0.0.1:8000/ar/tag/">' in page
    assert '<link rel="alternate" hreflang="x-default" href="http://127.0.0.1:8000/tag">' in page
    assert '<meta property="og:title" content="Gemeinsam vor Ort">' in page
    assert '"startDate": "2026-08-14T09:30:00+02:00"' in page
    assert client.get("/favicon.ico").status_code == 302
