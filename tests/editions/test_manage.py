"""The organiser's pages of an event: every one opens, for those who may, in every language of the interface."""

from collections.abc import Iterator

import pytest
from flask import Flask

from eventapp.accounts.rules import Role
from eventapp.agenda.people.service import add_partner, add_speaker
from eventapp.agenda.queries import list_rooms
from eventapp.agenda.rules import PartnerInput, SpeakerInput
from eventapp.core.i18n import LANGUAGES
from eventapp.events.models import Event
from eventapp.events.queries import find_event
from eventapp.events.rules import EventAction, EventState
from eventapp.events.service import move
from tests.make import forums, make_account, make_event, make_organiser, sign_in
from tests.pages import Visitor


def addresses(event: Event) -> Iterator[str]:
    """Yield the addresses of all pages of the editors for an event with one person and one partner."""
    ada, partner = add_speaker(event.id, SpeakerInput("Ada Öz")), add_partner(event.id, PartnerInput("Kammer"))
    base = f"/manage/events/{event.slug}"
    item = f"{base}/agenda/items/{forums(event)[0].slug}"
    for name in ("basics", "time-place", "categories", "languages", "picture", "address", "publish", "copy",
                 "call-off", "delete", "agenda", "rooms", "people", "partners", "agenda/new", "people/new",
                 "partners/new", "categories/new", "categories/unternehmen/edit"):  # fmt: skip
        yield f"{base}/{name}"
    yield from (item, f"{item}/cancel", f"{item}/restore")
    yield f"{base}/rooms/{list_rooms(event.id)[0].id}"
    yield f"{base}/people/{ada.slug}/edit"
    yield f"{base}/partners/{partner.id}"
    yield f"/manage/organisers/{event.organiser.slug}/events/new"


@pytest.fixture
def event(app: Flask) -> Event:
    return make_event()


@pytest.fixture
def editor(event: Event, page: Visitor) -> Visitor:
    """The tab of an editor of the organiser."""
    sign_in(page.client, make_account(event.organiser, Role.EDITOR))
    return page


@pytest.mark.parametrize("language", [language.key for language in LANGUAGES])
def test_every_page_opens_in_every_language(event: Event, page: Visitor, language: str) -> None:
    account = make_account(event.organiser, language=language)
    urls = list(addresses(event))
    sign_in(page.client, account)
    for url in urls:
        assert page.get(url).language == language


def test_a_stranger_sees_nothing_and_a_viewer_changes_nothing(event: Event, page: Visitor) -> None:
    urls = list(addresses(event))
    viewer = make_account(event.organiser, Role.VIEWER)
    sign_in(page.client, make_account(make_organiser("Andere", slug="andere")))
    for url in urls:
        page.get(url, status=404)
    sign_in(page.client, viewer)
    may = ("/publish", "/agenda", "/people", "/partners")
    for url in urls:
        page.get(url, status=200 if url.endswith(may) else 403)


def test_a_new_event_begins_with_title_and_day(event: Event, editor: Visitor) -> None:
    editor.get(f"/manage/organisers/{event.organiser.slug}/events/new")
    typed = {"title-de": "Neuer Tag", "starts_at": "2026-12-04T09:30", "ends_at": "2026-12-04T09:00"}
    refused = editor.submit(values=typed, status=422)
    assert "Das Ende muss nach dem Anfang liegen." in refused.errors[0]
    assert refused.form().values["title-de"] == "Neuer Tag"
    made = editor.submit(values={"ends_at": "2026-12-04T16:30"}, status=200)
    assert made.h1 == "Grundlagen"
    found = find_event("neuer-tag")
    assert found is not None
    assert found.starts_at.hour == 8  # 9:30 in winter is 8:30 UTC


def test_the_checklist_leads_to_what_is_missing_then_publishes(page: Visitor, app: Flask) -> None:
    event = make_event(published=False, venue_name="")
    sign_in(page.client, make_account(event.organiser))
    base = f"/manage/events/{event.slug}"
    assert "Jetzt veröffentlichen" not in page.get(f"{base}/publish").text
    page.post(f"{base}/publish", {})
    assert "kann noch nicht veröffentlicht werden" in page.text
    page.click("Veranstaltungsort und Stadt fehlen")
    page.submit(values={"venue_name": "Zeche Zollverein"}, status=200)
    page.get(f"{base}/publish")
    page.submit("Jetzt veröffentlichen")
    assert "Die Veranstaltung ist jetzt öffentlich." in page.text
    assert find_event(event.slug).state is EventState.PUBLISHED  # type: ignore[union-attr]


def test_a_copy_is_made_for_another_day(event: Event, editor: Visitor) -> None:
    url = f"/manage/events/{event.slug}/copy"
    editor.get(url)
    assert "anderen Tag" in editor.submit().errors[0]
    for wrong in ("", "9999-12-31", "0001-01-01", "morgen"):
        assert editor.submit(values={"day": wrong}, status=422).errors
    editor.submit(values={"day": "2027-03-28", "title-de": "Zweite"}, status=200)
    assert find_event("zweite") is not None


def test_calling_off_asks_for_a_reason_and_says_how_many(event: Event, editor: Visitor) -> None:
    editor.get(f"/manage/events/{event.slug}/call-off")
    assert "Warum fällt sie aus?" in editor.submit(status=422).errors[0]
    editor.submit(values={"reason-de": "Sturm <script>alert(1)</script>"}, status=200)
    assert "Abgesagt. 0 Gäste" in editor.text
    assert find_event(event.slug).state is EventState.CALLED_OFF  # type: ignore[union-attr]
    editor.post(f"/manage/events/{event.slug}/unpublish", {})
    assert "geht in diesem Zustand" in editor.text


def test_a_draft_is_deleted_after_a_question_and_a_public_event_is_not(event: Event, editor: Visitor) -> None:
    url = f"/manage/events/{event.slug}/delete"
    editor.get(url)
    editor.submit("Entwurf löschen")
    assert "Nur ein Entwurf" in editor.text
    move(event.id, EventAction.UNPUBLISH)
    editor.get(url)
    editor.client.post(url, data={"csrf_token": editor.form().values["csrf_token"]})
    assert find_event("gemeinsam-vor-ort") is None
