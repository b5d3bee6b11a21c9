"""The event editor: sections save alone, refusals keep what was typed, nothing foreign can be reached."""

import io

import pytest
from flask import Flask

from eventapp.accounts.rules import Role
from eventapp.core.localized import Localized
from eventapp.events.models import Event
from eventapp.events.queries import find_event, find_moved_event, get_category
from eventapp.events.service import change
from tests.events.test_service import PNG
from tests.make import make_account, make_event, make_organiser, sign_in
from tests.pages import Visitor


@pytest.fixture
def event(app: Flask) -> Event:
    return make_event()


@pytest.fixture
def editor(event: Event, page: Visitor) -> Visitor:
    """The tab of an editor of the organiser."""
    sign_in(page.client, make_account(event.organiser, Role.EDITOR))
    return page


def url(event: Event, section: str) -> str:
    """Return the address of a section."""
    return f"/manage/events/{event.slug}/{section}"


def test_texts_in_other_languages_stay_when_one_is_saved(event: Event, editor: Visitor) -> None:
    change(event.id, {"title": Localized(de="Alt", en="Old", ar="قديم"), "languages": ("de", "en", "ar")})
    editor.get(url(event, "basics") + "?beside=ar")
    assert {"title-de", "title-ar"} <= editor.form().names
    assert "title-en" not in editor.form().names
    editor.submit(values={"title-de": "Neu", "title-ar": ""}, status=200)
    assert event.title == Localized(de="Neu", en="Old")
    assert "Text fehlt" in editor.text


def test_a_missing_title_keeps_everything_else(event: Event, editor: Visitor) -> None:
    editor.get(url(event, "basics"))
    editor.submit(values={"title-de": "", "title-en": "", "summary-de": "Neuer Satz"}, status=422)
    assert editor.title.startswith("Fehler: ")
    assert editor.form().values["summary-de"] == "Neuer Satz"
    assert event.title


def test_two_editors_are_told_and_nothing_is_lost(event: Event, editor: Visitor) -> None:
    editor.get(url(event, "basics"))
    change(event.id, {"summary": Localized(de="Von der Kollegin")})
    editor.submit(values={"summary-de": "Von mir"}, status=409)
    assert "Jemand anderes hat dies geändert" in editor.errors[0]
    assert editor.form().values["summary-de"] == "Von mir"
    assert event.summary == Localized(de="Von der Kollegin")
    editor.submit(status=200)
    assert event.summary == Localized(de="Von mir")


@pytest.mark.parametrize("text", ["x" * 10_000, "<script>alert(1)</script>", "نص\u202eتجربة", "a\x00b"])
def test_hostile_titles_are_refused_or_shown_as_text(event: Event, editor: Visitor, text: str) -> None:
    editor.get(url(event, "basics"))
    editor.submit(values={"title-de": text})
    assert editor.status in (200, 422)
    assert "\x00" not in event.title["de"]
    assert len(event.title["de"]) <= 200
    editor.get(url(event, "publish"))


def test_unknown_languages_are_dropped_or_refused(event: Event, editor: Visitor) -> None:
    editor.get(url(event, "basics"))
    editor.client.post(url(event, "basics"), data={**editor.form().values, "title-xx": "?"})
    assert "xx" not in event.title
    editor.get(url(event, "languages"))
    editor.post(url(event, "languages"), {"languages": ["xx"], "seen": ""}, status=422)
    assert event.languages == ["de", "en", "ar"]
    editor.get(url(event, "languages"))
    editor.submit(values={"languages": ["uk", "ar"]}, status=200)
    assert sorted(event.languages) == ["ar", "de", "uk"]


def test_the_address_changes_and_the_old_one_leads_on(event: Event, editor: Visitor) -> None:
    for wrong, words in (("manage", "braucht die Website selbst"), ("Ä!", "3 bis 60"), ("", "Bitte füllen")):
        editor.get(url(event, "address"))
        assert words in editor.submit(values={"slug": wrong}, status=422).errors[0]
    other = make_event(event.organiser, slug="schon-da")
    assert "hatte diese Adresse" in editor.submit(values={"slug": other.slug}, status=409).errors[0]
    editor.submit(values={"slug": "neue-adresse"}, status=200)
    assert editor.url.startswith("/manage/events/neue-adresse/address")
    assert "gemeinsam-vor-ort" in editor.text
    assert find_moved_event("gemeinsam-vor-ort") is not None


def test_places_and_categories(event: Event, editor: Visitor) -> None:
    editor.get(url(event, "categories"))
    for wrong in ("-1", "viele", "1e9", "9" * 5000):
        assert editor.submit(values={"seats": wrong}, status=422).errors
    editor.submit(values={"seats": ""}, status=200)
    editor.click("Teilnahmegruppe hinzufügen")
    editor.submit(values={"label-de": "Presse", "seats": "5", "organisation_kind": "press"}, status=200)
    assert [row[0] for row in editor.rows()] == ["Unternehmen", "Verein", "Presse"]
    editor.click("Presse")
    editor.submit("Speichern", {"label-de": "Medien", "is_open": None}, status=200)
    assert not get_category(event.id, "presse").is_open
    editor.click("Medien")
    editor.submit("remove", status=200)
    assert len(editor.rows()) == 2


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "kein Bild"),
        (PNG[:20] + b"<script>alert(1)</script>", "kein Bild"),
        (b"x" * 300_000, "kein Bild"),
    ],
)
def test_what_is_no_picture_is_refused(event: Event, editor: Visitor, data: bytes, words: str) -> None:
    editor.get(url(event, "picture"))
    editor.post(url(event, "picture"), {"picture": (io.BytesIO(data), "bild.png")}, status=422)
    assert words in editor.errors[0]
    assert event.picture_id is None


def test_a_picture_is_shown_and_taken_away(event: Event, editor: Visitor) -> None:
    editor.get(url(event, "picture"))
    editor.post(url(event, "picture"), {"picture": (io.BytesIO(PNG), "bild.png")}, status=200)
    assert event.picture_id is not None
    editor.submit(values={"remove": "y"}, status=200)
    assert event.picture_id is None


def test_categories_of_another_event_are_not_there(event: Event, editor: Visitor) -> None:
    other = make_event(make_organiser("Andere", slug="andere"))
    editor.get(url(other, "basics"), status=404)
    editor.get(url(event, "categories/gibt-es-nicht/edit"), status=404)
    assert find_event(other.slug) is not None
