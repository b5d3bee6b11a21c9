"""The organiser's pages of entrances: rules are checked, shown in words, and what was typed stays."""

from datetime import timedelta

import pytest

from eventapp.accounts.rules import Role
from eventapp.checkin.entrances.queries import rules_of
from eventapp.checkin.entrances.rules import CategoryAtEntrance, EntranceRules, ForeignCategory, ForeignItem, NameTaken
from eventapp.checkin.entrances.service import add_entrance, add_forum_doors, change_entrance
from eventapp.checkin.queries import list_entrances
from eventapp.core import clock as core_clock
from eventapp.core.localized import Localized
from eventapp.events.models import Event
from eventapp.events.rules import CategoryInput
from eventapp.events.service import add_category, remove_category
from tests.checkin.phones import ticket_of
from tests.make import forums, local, make_account, make_event, make_item, sign_in
from tests.pages import Visitor


@pytest.fixture
def owner(page: Visitor, event: Event) -> Visitor:
    sign_in(page.client, make_account(event.organiser))
    return page


def address(event: Event, public_id: str = "") -> str:
    return f"/manage/events/{event.slug}/entrances{'/' if public_id else ''}{public_id}"


def test_an_organiser_sets_all_rules(owner: Visitor, event: Event) -> None:
    door, forum, club = add_entrance(event.id, "Saal"), forums(event)[1], event.categories[1]
    day = event.starts_at.astimezone(event.tz).date().isoformat()
    owner.get(address(event, door.public_id))
    owner.submit(
        owner.page.form(containing="limit"),
        {
            "item_id": str(forum.id),
            "category_ids": [str(club.id)],
            "opens_at": f"{day}T10:45",
            "closes_at": f"{day}T13:00",
            "reentry": None,
            "limit": "30",
        },
    )
    [saved] = list_entrances(event.id)
    assert rules_of(saved) == EntranceRules(
        item_id=forum.id,
        category_ids=frozenset({club.id}),
        opens_at=local(event.starts_at, 10, 45),
        closes_at=local(event.starts_at, 13, 0),
        reentry=False,
        limit=30,
    )
    text = owner.page.text
    for words in ("Forum 2", "Verein", "10:45", "jedes Ticket einmal", "höchstens 30 Personen"):
        assert words in text
    shown = owner.get(address(event, door.public_id)).form(containing="limit").values
    assert (shown["opens_at"], shown["limit"], shown["item_id"]) == (f"{day}T10:45", "30", str(forum.id))


@pytest.mark.parametrize(("field", "typed", "words"), [
    ("limit", "0", "1 bis 100.000"),
    ("limit", "viele", ""),
    ("closes_at", "2026-01-01T08:00", "schließt, nachdem"),
    ("opens_at", "gestern", "Tag und Uhrzeit"),
    ("name", " ", "Namen"),
    ("name", "Nord", "schon"),
])  # fmt: skip
def test_what_is_wrong_is_said_at_the_field_and_nothing_is_stored(
    owner: Visitor, event: Event, field: str, typed: str, words: str
) -> None:
    add_entrance(event.id, "Nord")
    door = add_entrance(event.id, "Süd", EntranceRules(opens_at=event.starts_at, limit=7))
    before = rules_of(door)
    owner.get(address(event, door.public_id))
    owner.submit(owner.page.form(containing="limit"), {field: typed})
    assert owner.page.status in (409, 422)
    assert words in owner.page.text
    assert f'id="{field}-error"' in owner.page.html
    assert owner.page.form(containing="limit").values[field] == typed.strip()
    kept = list_entrances(event.id)[1]
    assert (kept.name, rules_of(kept)) == ("Süd", before)


def test_items_and_categories_of_others_are_refused(event: Event) -> None:
    other, door = make_event(slug="anderswo"), add_entrance(event.id, "Nord")
    panel = make_item(event, "Podium", 14, 15)
    for item_id in (forums(other)[0].id, panel.id):
        with pytest.raises(ForeignItem):
            change_entrance(event.id, door.public_id, "Nord", EntranceRules(item_id=item_id))
    with pytest.raises(ForeignCategory):
        add_entrance(event.id, "Süd", EntranceRules(category_ids=frozenset({other.categories[0].id})))
    with pytest.raises(NameTaken):
        add_entrance(event.id, "Nord")
    assert [one.name for one in list_entrances(event.id)] == ["Nord"]


def test_a_group_that_an_entrance_lets_in_stays(event: Event) -> None:
    press = add_category(event.id, CategoryInput(Localized(de="Presse")))
    door = add_entrance(event.id, "Presse", EntranceRules(category_ids=frozenset({press.id})))
    with pytest.raises(CategoryAtEntrance):
        remove_category(press.id)
    change_entrance(event.id, door.public_id, "Presse", EntranceRules())
    remove_category(press.id)


def test_each_forum_gets_a_door_once(owner: Visitor, event: Event) -> None:
    owner.get(address(event))
    owner.submit("forum-doors")
    assert "2 Türen" in owner.page.text
    doors = list_entrances(event.id)
    assert [one.name for one in doors] == ["Haupteingang", "Forum · Raum 1", "Forum · Raum 2"]
    assert [one.item_id for one in doors] == [None, *(item.id for item in forums(event))]
    assert add_forum_doors(event.id, "Haupteingang") == 0
    assert "forum-doors" not in owner.get(address(event)).html


def test_the_door_without_javascript_names_the_right_room(owner: Visitor, event: Event) -> None:
    first, second = forums(event)
    with core_clock.at(event.starts_at - timedelta(days=30)):
        code = ticket_of(event, item_ids=(second.id,)).code
    door = add_entrance(event.id, "Saal 1", EntranceRules(item_id=first.id))
    owner.get(f"/door/{event.slug}/?entrance={door.public_id}")
    owner.submit(owner.page.form("check", containing="code"), {"code": code})
    assert owner.page.h1 == "Prüfen"
    for words in ("anderen Eingang", "Richtiger Eingang", "Raum 2", "11:00"):
        assert words in owner.page.text


def test_the_main_door_stays_where_only_forums_have_doors(page: Visitor, event: Event) -> None:
    sign_in(page.client, make_account(event.organiser, Role.DOOR, event_id=event.id))
    add_entrance(event.id, "Saal 1", EntranceRules(item_id=forums(event)[0].id))
    text = page.get("/door/").text
    assert "Haupteingang" in text
    assert "Saal 1" in text
    assert "Saal 1" not in page.get(f"/door/{event.slug}/?entrance=nobody").text
