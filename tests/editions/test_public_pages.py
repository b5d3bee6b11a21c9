"""The public pages of an event through all its states, in every language, with hostile content."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine

from eventapp.agenda.people.service import add_partner, add_speaker, set_people
from eventapp.agenda.queries import input_of_item
from eventapp.agenda.rules import ItemKind, PartnerInput, SpeakerInput, SpeakerRole
from eventapp.agenda.service import cancel_item, update_item
from eventapp.capacity.rules import LimitKind
from eventapp.capacity.service import set_size
from eventapp.core import clock
from eventapp.core.localized import Localized
from eventapp.editions.service import PREVIEW_LIVES, preview_token
from eventapp.events.models import Event
from eventapp.events.queries import get_event_by_id
from eventapp.events.rules import EventAction
from eventapp.events.service import change, move, renew_preview
from eventapp.registration.signup.service import sign_up
from tests.make import forums, make_event, make_item
from tests.pages import Client, Visitor
from tests.registration.people import person

HOSTILE = "<script>alert(1)</script> & \"'> \u202egnp"


def fill_event(event: Event, guests: int) -> None:
    """Sign up so many guests."""
    for number in range(guests):
        sign_up(event.id, person(event, email=f"guest{number}@example.org"))


def test_the_page_says_what_when_where_and_how_many_places(page: Visitor) -> None:
    event = make_event(slug="tag")
    page.get("/de/tag/")
    assert page.h1 == "Gemeinsam vor Ort"
    assert page.title.startswith("Gemeinsam vor Ort – ")
    assert "Freitag, 14. August 2026, 9:30 bis 16:30 Uhr" in page.text
    assert "Einlass ab 8:45 Uhr" in page.text
    assert "Ruhr Tech Kampus, Essen" in page.text
    assert "noch 100 Plätze" in page.text
    assert page.link("Anmelden") == "/de/tag/register"
    fill_event(event, 1)
    assert "noch 99 Plätze" in page.get("/de/tag/").text


@pytest.mark.parametrize(
    ("language", "heading", "button", "told"),
    [
        ("de", "Gemeinsam vor Ort", "Anmelden", "Freitag, 14. August 2026, 9:30 bis 16:30 Uhr"),
        ("en", "Together on site", "Sign up", "Friday, 14 August 2026, 9:30 to 16:30"),
        ("ar", "Gemeinsam vor Ort", "التسجيل", "من 9:30 إلى 16:30"),
    ],
)
def test_every_language_has_the_page(page: Visitor, language: str, heading: str, button: str, told: str) -> None:
    make_event(slug="tag")
    page.get(f"/{language}/tag/")
    assert (page.language, page.h1) == (language, heading)
    assert told in page.text
    assert page.link(button) == f"/{language}/tag/register"


def test_what_is_not_translated_is_marked_as_german(page: Visitor) -> None:
    make_event(slug="tag")
    page.get("/ar/tag/")
    (heading,) = page.all("h1")
    assert [(x.get("lang"), x.get("dir"), x.text) for x in heading] == [("de", "ltr", "Gemeinsam vor Ort")]
    page.get("/en/tag/")
    assert not list(page.all("h1")[0]), "the English title needs no mark"


def test_unknown_languages_and_events_are_not_found(client: Client) -> None:
    make_event(slug="tag")
    for path in ("/xx/tag/", "/de/nothing/", "/nothing", "/de/tag/people/nobody", "/nothing.ics", "/de-DE/tag/"):
        assert client.get(path).status_code == 404, path


def test_a_draft_is_seen_by_its_link_only(page: Visitor, client: Client, clock: time_machine.Traveller) -> None:
    event = make_event(slug="tag", published=False)
    for path in ("/de/tag/", "/tag", "/de/tag/agenda", "/tag.ics", "/de/tag/calendar"):
        assert client.get(path).status_code == 404
    token = preview_token(event)
    page.get(f"/de/preview/{token}/")
    assert "Diese Veranstaltung ist noch nicht veröffentlicht." in page.text
    assert page.h1 == "Gemeinsam vor Ort"
    assert page.link("Ganzes Programm") == f"/de/preview/{token}/agenda"
    assert page.response.headers["Referrer-Policy"] == "no-referrer"
    assert "noindex" in page.html
    page.click("Ganzes Programm")
    renew_preview(event.id)
    assert client.get(f"/de/preview/{token}/").status_code == 404
    assert client.get(f"/de/preview/{token[:-1]}x/").status_code == 404
    assert client.get("/de/preview/nonsense/").status_code == 404
    token = preview_token(get_event_by_id(event.id))
    assert client.get(f"/de/preview/{token}/").status_code == 200
    clock.shift(PREVIEW_LIVES + timedelta(seconds=1))
    assert client.get(f"/de/preview/{token}/").status_code == 404


def test_before_sign_up_opens_the_page_says_when(page: Visitor) -> None:
    make_event(slug="tag", registration_opens_at=datetime(2026, 7, 1, 7, 0, tzinfo=UTC))
    page.get("/de/tag/")
    assert "Anmeldung ab Mittwoch, 1. Juli 2026, 9:00 Uhr" in page.text
    assert not [url for _, url in page.links if url.endswith("/register")]


def test_after_sign_up_closed_there_is_no_button(page: Visitor, clock: time_machine.Traveller) -> None:
    make_event(slug="tag", registration_closes_at=datetime(2026, 7, 1, 7, 0, tzinfo=UTC))
    assert "Anmeldung bis Mittwoch, 1. Juli 2026, 9:00 Uhr" in page.get("/de/tag/").text
    clock.move_to(datetime(2026, 7, 1, 7, 0, tzinfo=UTC))
    page.get("/de/tag/")
    assert "Die Anmeldung ist geschlossen" in page.text
    assert not [url for _, url in page.links if url.endswith("/register")]


def test_a_full_event_offers_the_waiting_list(page: Visitor) -> None:
    event = make_event(slug="tag", seats=1)
    fill_event(event, 1)
    page.get("/de/tag/")
    assert "Ausgebucht – Warteliste" in page.text
    assert page.link("Auf die Warteliste") == "/de/tag/register"


def test_categories_hold_fewer_than_the_event(page: Visitor) -> None:
    event = make_event(slug="tag")
    for category, size in zip(event.categories, (2, 1), strict=True):
        set_size(event.id, LimitKind.CATEGORY, str(category.id), size)
    assert "noch 3 Plätze" in page.get("/de/tag/").text


def test_a_past_event_says_so(page: Visitor, clock: time_machine.Traveller) -> None:
    event = make_event(slug="tag")
    clock.move_to(event.ends_at)
    page.get("/de/tag/")
    assert "Diese Veranstaltung ist vorbei" in page.text
    assert "Plätze" not in page.text


def test_a_called_off_event_stays_and_says_why(page: Visitor) -> None:
    event = make_event(slug="tag")
    move(event.id, EventAction.CALL_OFF, Localized(de="Das Haus hat kein Wasser."))
    page.get("/de/tag/")
    assert "Diese Veranstaltung ist abgesagt" in page.text
    assert "Das Haus hat kein Wasser." in page.text
    assert not [url for _, url in page.links if url.endswith("/register")]
    assert "EventCancelled" in page.html


def test_an_example_is_marked(page: Visitor) -> None:
    make_event(slug="tag", is_example=True)
    page.get("/de/tag/")
    assert "Diese Veranstaltung findet nicht statt." in page.text
    assert 'name="robots" content="noindex"' in page.html
    assert "/de/tag/" not in page.client.get("/sitemap.xml").text


def test_forums_stand_side_by_side_with_their_places(page: Visitor) -> None:
    event = make_event(slug="tag", seats=25)
    first, second = forums(event)
    update_item(first.id, replace(input_of_item(first), seats=7))
    page.get("/de/tag/")
    (row,) = page.all("li", css="is-wide")
    assert "Zwei Foren zur gleichen Zeit" in "".join(row.itertext())
    states = ["".join(x.itertext()) for x in page.all("span", css="ev-state", within=row)]
    assert states == ["noch 7 Plätze", "25 Plätze frei"], "no more than the event has"
    cancel_item(second.id)
    page.get("/de/tag/")
    assert "Fällt aus" in page.text


def test_panels_show_their_people_moderator_first(page: Visitor) -> None:
    event = make_event(slug="tag")
    panel = make_item(event, "Wege in den Arbeitsmarkt", 14, 15, kind=ItemKind.PANEL)
    page.get("/de/tag/")
    assert "Wird noch bekannt gegeben" in page.text
    ada = add_speaker(event.id, SpeakerInput("Dr. Ada Ähre", Localized(de="Vorstand"), "DGB NRW"))
    bo = add_speaker(event.id, SpeakerInput("Bo Müller", organisation="Stadt Essen"))
    set_people(panel.id, [(ada.id, SpeakerRole.PANELIST), (bo.id, SpeakerRole.MODERATOR)])
    page.get("/de/tag/")
    names = ["".join(x.itertext()) for x in page.all("p", css="ev-person__name")]
    assert names == ["Bo Müller", "Dr. Ada Ähre"]
    page.click("Dr. Ada Ähre")
    assert page.url == "/de/tag/people/dr-ada-aehre"
    assert "Vorstand, DGB NRW" in page.text
    page.click("Wege in den Arbeitsmarkt")
    assert page.h1 == "Programm"


def test_hostile_content_is_text(page: Visitor) -> None:
    texts = Localized(de=HOSTILE)
    names = ("title", "series", "summary", "audience", "cost", "spoken", "venue_notes", "access_summary")
    given: dict[str, Any] = dict.fromkeys(names, texts)
    event = make_event(slug="tag", **given, description=texts, venue_name=HOSTILE)
    panel = make_item(event, HOSTILE, 14, 15, kind=ItemKind.PANEL, description=texts)
    speaker = add_speaker(event.id, SpeakerInput(HOSTILE, texts, HOSTILE, about=texts))
    set_people(panel.id, [(speaker.id, SpeakerRole.MODERATOR)])
    add_partner(event.id, PartnerInput(HOSTILE, website='https://example.org/?a=1&b="2'))
    for path in ("", "agenda", f"people/{speaker.slug}", "calendar"):
        for language in ("de", "ar"):
            page.get(f"/{language}/tag/{path}")
            assert "<script>alert" not in page.html
            assert "alert(1)" in page.text or path == "calendar"


def test_an_event_of_two_days_abroad_names_days_and_zone(page: Visitor) -> None:
    starts = datetime(2026, 9, 1, 7, 0, tzinfo=UTC)
    event = make_event(
        slug="tag", zone="Europe/Kyiv", starts_at=starts, ends_at=starts + timedelta(days=1, hours=8), doors_at=None
    )
    make_item(event, "Später", 10, 11, kind=ItemKind.TALK)
    page.get("/de/tag/")
    assert "Dienstag, 1. September 2026, 10:00 Uhr bis Mittwoch, 2. September 2026, 18:00 Uhr" in page.text
    assert "Ortszeit: Kyiv" in page.text


def test_seats_are_not_told_when_nobody_can_sign_up(page: Visitor) -> None:
    event = make_event(slug="tag", registration_opens_at=clock.now() + timedelta(days=1))
    assert forums(event)
    assert "Plätze" not in page.get("/de/tag/").text


def test_a_moved_event_is_found_at_its_old_addresses(client: Client) -> None:
    event = make_event(slug="alt")
    change(event.id, {"slug": "neu"})
    item = forums(event)[0].slug
    moved = ("/{}", "/de/{}/", "/ar/{}/agenda", "/de/{}/calendar", "/{}.ics?lang=ar", f"/{{}}/{item}.ics")
    for path in moved:
        answer = client.get(path.format("alt"))
        assert (answer.status_code, answer.location) == (308, path.format("neu"))
    move(event.id, EventAction.UNPUBLISH)
    assert client.get("/de/alt/").status_code == 404, "what is not public does not tell where it went"
