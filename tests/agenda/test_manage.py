"""The agenda editor: timetable, clashes in words, people on items, change and tell, foreign ids."""

from dataclasses import replace

import pytest
from flask import Flask

from eventapp.accounts.rules import Role
from eventapp.agenda.people.service import add_speaker, set_people
from eventapp.agenda.queries import get_item, input_of_item, list_items, list_rooms, list_speakers
from eventapp.agenda.rules import ItemKind, RoomInput, SpeakerInput, SpeakerRole
from eventapp.agenda.service import add_room, update_item
from eventapp.core.localized import Localized
from eventapp.events.models import Event
from eventapp.outbox.queries import list_messages
from eventapp.registration.signup.rules import Person
from eventapp.registration.signup.service import sign_up
from tests.make import forums, make_account, make_event, make_item, make_organiser, sign_in
from tests.pages import Visitor


@pytest.fixture
def event(app: Flask) -> Event:
    return make_event()


@pytest.fixture
def editor(event: Event, page: Visitor) -> Visitor:
    """The tab of an editor of the organiser."""
    sign_in(page.client, make_account(event.organiser, Role.EDITOR))
    return page


def url(event: Event, rest: str = "") -> str:
    """Return an address of the agenda editor."""
    return f"/manage/events/{event.slug}/{rest}"


def guest(event: Event) -> None:
    """Register somebody for Forum 1."""
    person = Person("Amal", "amal@example.org", event.categories[1].id, "de", item_ids=(forums(event)[0].id,))
    sign_up(event.id, person)


def test_parallel_items_stand_in_their_rooms_and_others_span_all(event: Event, editor: Visitor) -> None:
    make_item(event, "Begrüßung", 10, 11, room="Plenum", kind=ItemKind.WELCOME)
    make_item(event, "Pause", 13, 14, kind=ItemKind.BREAK)
    shown = editor.get(url(event, "agenda"))
    cells = {" ".join(cell.get("class", "").split()[1:]) for cell in shown.all("li", css="ev-tt__cell")}
    assert cells == {"ev-tt__item--all r-0 q-12", "c1 r-12 q-24", "c2 r-12 q-24", "ev-tt__item--all r-36 q-12"}
    assert "Überschneidung" not in shown.text


def test_clashes_are_told_in_words_on_the_page_and_on_the_item(event: Event, editor: Visitor) -> None:
    first, second = forums(event)
    ada = add_speaker(event.id, SpeakerInput("Ada Öz"))
    for item in (first, second):
        set_people(item.id, [(ada.id, SpeakerRole.SPEAKER)])
    update_item(second.id, replace(input_of_item(second), room_id=first.room_id))
    for address in ("agenda", f"agenda/items/{first.slug}"):
        shown = editor.get(url(event, address))
        assert "1 Überschneidung" in shown.text
        assert "Raum 1 ist doppelt belegt: „Forum 2“ beginnt um 11:00 Uhr, „Forum 1“ endet um 13:00 Uhr." in shown.text
        assert "Ada Öz: zur selben Zeit in „Forum 1“ und „Forum 2“." in shown.text


def test_an_item_is_added_with_its_mistakes_told_first(event: Event, editor: Visitor) -> None:
    editor.get(url(event, "agenda/new"))
    typed = {"title-de": "Podium", "kind": "panel", "starts_at": "2026-08-14T14:00", "ends_at": "2026-08-14T13:00"}
    refused = editor.submit("Hinzufügen", typed, status=422)
    assert "Das Ende muss nach dem Anfang liegen." in refused.errors[0]
    assert refused.form("Hinzufügen").values["title-de"] == "Podium"
    for wrong in ("2026-03-29T02:30", "29.3.2026", "9999-99-99T99:99", "2026-02-30T10:00"):
        assert editor.submit("Hinzufügen", {"ends_at": wrong}, status=422).errors
    assert "wird die Uhr vorgestellt" in editor.submit("Hinzufügen", {"starts_at": "2026-03-29T02:30"}, status=422).text
    editor.submit("Hinzufügen", {"starts_at": "2026-08-14T14:00", "ends_at": "2026-08-14T15:15"}, status=200)
    assert get_item(event.id, "podium").kind is ItemKind.PANEL


def test_what_is_no_choice_is_refused(event: Event, editor: Visitor) -> None:
    other = make_event(make_organiser("Andere", slug="andere"))
    foreign = add_room(other.id, RoomInput("Fremd")).id
    slug = forums(event)[0].slug
    for name, wrong in (("room_id", str(foreign)), ("room_id", "x"), ("kind", "party"), ("seats", "-4")):
        form = editor.get(url(event, f"agenda/items/{slug}")).form(containing="starts_at")
        editor.post(form.action, {**form.values, name: wrong}, status=422)
        assert editor.errors


def test_people_are_put_on_an_item_and_taken_off(event: Event, editor: Visitor) -> None:
    ada, ben = (add_speaker(event.id, SpeakerInput(name)) for name in ("Ada", "Ben"))
    stranger = add_speaker(make_event(event.organiser).id, SpeakerInput("Fremd"))
    slug = forums(event)[0].slug
    editor.get(url(event, f"agenda/items/{slug}"))
    editor.submit("people", {"add": str(ada.id), "add_role": "panelist"}, status=200)
    editor.submit("people", {"add": str(ben.id), "add_role": "moderator"}, status=200)
    assert [p.speaker.name for p in get_item(event.id, slug).people] == ["Ben", "Ada"]
    editor.submit("people", {"role-ben": ""}, status=200)
    for wrong in (
        {"add": str(stranger.id), "add_role": "speaker"},
        {"add": "x"},
        {"add": str(ben.id), "add_role": "x"},
    ):
        editor.post(url(event, f"agenda/items/{slug}/people"), wrong)
        assert "Diese Person haben wir nicht gefunden." in editor.text
    assert [p.speaker.name for p in get_item(event.id, slug).people] == ["Ada"]


def test_a_new_room_is_confirmed_before_it_is_told(event: Event, editor: Visitor) -> None:
    guest(event)
    first = forums(event)[0]
    second_room = list_rooms(event.id)[1].id
    form = editor.get(url(event, f"agenda/items/{first.slug}")).form(containing="starts_at")
    editor.submit(form, {"room_id": str(second_room), "title-de": "Forum Eins"}, status=200)
    assert editor.h1 == "1 Gast benachrichtigen?"
    assert "Raum 1" in editor.text
    assert "Raum 2" in editor.text
    assert get_item(event.id, first.slug).room_id != second_room
    back = editor.submit(press="Zurück zum Formular", status=200)
    assert back.form(containing="starts_at").values["title-de"] == "Forum Eins"
    editor.submit(back.form(containing="starts_at"), status=200)
    editor.submit(press="Ändern und 1 Gast benachrichtigen", status=200)
    assert "1 Gast wird per E-Mail benachrichtigt." in editor.text
    assert get_item(event.id, first.slug).room_id == second_room
    assert [m.kind for m in list_messages() if m.kind.startswith("editions")] == ["editions.changed"]


def test_a_change_can_stay_unsaid(event: Event, editor: Visitor) -> None:
    guest(event)
    first = forums(event)[0]
    form = editor.get(url(event, f"agenda/items/{first.slug}")).form(containing="starts_at")
    editor.submit(form, {"room_id": str(list_rooms(event.id)[1].id)}, status=200)
    editor.submit(press="Nur ändern", status=200)
    assert not [m for m in list_messages() if m.kind.startswith("editions")]


def test_an_item_is_cancelled_and_comes_back(event: Event, editor: Visitor) -> None:
    guest(event)
    slug = forums(event)[0].slug
    editor.get(url(event, f"agenda/items/{slug}"))
    assert "1 Gast ist betroffen" in editor.click("absagen").text
    editor.submit(status=200)
    assert get_item(event.id, slug).is_cancelled
    editor.click("Doch stattfinden")
    editor.submit(status=200)
    assert not get_item(event.id, slug).is_cancelled
    editor.post(url(event, f"agenda/items/{slug}/remove"), {})
    assert "Sagen Sie ihn ab" in editor.text


def test_time_and_place_are_confirmed_with_the_programme(event: Event, editor: Visitor) -> None:
    guest(event)
    editor.get(url(event, "time-place"))
    values = {"starts_at": "2026-08-20T10:00", "ends_at": "2026-08-20T17:00", "doors_at": "2026-08-20T09:00"}
    editor.submit(values={**values, "ends_at": "2026-08-20T09:00"}, status=422)
    assert "Das Ende muss nach dem Anfang liegen." in editor.errors[0]
    editor.submit(values=values, status=200)
    assert editor.h1 == "1 Gast benachrichtigen?"
    editor.submit(press="Ändern und 1 Gast", status=200)
    assert {item.starts_at.day for item in list_items(event.id)} == {20}
    editor.submit(values={"doors_at": "2026-08-20T11:00"}, status=422)
    assert "Der Einlass muss vor dem Beginn" in editor.errors[0]
    editor.submit(values={"doors_at": "", "latitude": "51,45", "longitude": "7.01"}, status=200)
    assert event.latitude == pytest.approx(51.45)


def test_a_second_editor_is_told_about_the_first(event: Event, editor: Visitor) -> None:
    first = forums(event)[0]
    form = editor.get(url(event, f"agenda/items/{first.slug}")).form(containing="starts_at")
    update_item(first.id, replace(input_of_item(first), title=Localized(de="Von Ada")))
    editor.submit(form, {"title-de": "Von Ben"}, status=409)
    assert editor.form(containing="starts_at").values["title-de"] == "Von Ben"
    editor.submit(editor.form(containing="starts_at"), status=200)
    assert get_item(event.id, first.slug).title == Localized(de="Von Ben")


def test_rooms_people_and_partners_are_kept(event: Event, editor: Visitor) -> None:
    editor.get(url(event, "rooms"))
    editor.submit("Hinzufügen", {"name": "Raum 1"}, status=409)
    editor.submit("Hinzufügen", {"name": "Foyer", "seats": "200"}, status=200)
    editor.click("Foyer")
    editor.submit("remove", status=200)
    editor.click("Raum 1")
    editor.submit("remove", status=200)
    assert "Verlegen Sie sie zuerst" in editor.text
    editor.get(url(event, "people/new"))
    editor.submit(values={"name": "Ada <b>Öz</b>", "position-de": "Vorstand", "organisation_kind": "union"}, status=200)
    assert [s.name for s in list_speakers(event.id)] == ["Ada <b>Öz</b>"]
    editor.click("Ada")
    editor.submit("remove", status=200)
    editor.get(url(event, "partners/new"))
    assert editor.submit(values={"name": "Böse", "website": "javascript:alert(1)"}, status=422).errors
    editor.submit(values={"website": "https://example.org"}, status=200)
    editor.click("Böse")
    editor.submit("remove", status=200)
    assert "Noch kein Partner" in editor.text


def test_what_belongs_to_another_event_is_not_there(event: Event, editor: Visitor) -> None:
    other = make_event(event.organiser)
    room, person = list_rooms(other.id)[0].id, add_speaker(other.id, SpeakerInput("Fremd")).slug
    make_item(other, "Nur dort", 14, 15)
    for rest in (f"rooms/{room}", f"people/{person}/edit", "agenda/items/nur-dort", "partners/1"):
        editor.get(url(event, rest), status=404)
    for rest in (f"rooms/{room}/remove", f"people/{person}/remove", "agenda/items/nur-dort/remove",
                 "agenda/items/nur-dort/people", "agenda/items/nur-dort/cancel"):  # fmt: skip
        editor.get(url(event, "rooms"))
        editor.post(url(event, rest), {}, status=404)
    assert len(list_items(other.id)) == 3
