"""The next edition has the same entrances."""

from datetime import date, timedelta

from eventapp.agenda.service import cancel_item
from eventapp.checkin.entrances.queries import rules_of
from eventapp.checkin.entrances.rules import EntranceRules
from eventapp.checkin.entrances.service import add_entrance
from eventapp.checkin.queries import list_entrances
from eventapp.core.localized import plain
from eventapp.editions.service import copy
from eventapp.events.models import Event
from tests.make import forums


def test_the_next_edition_has_the_same_entrances(event: Event) -> None:
    for name in ("Süd", "Nord"):
        add_entrance(event.id, name)
    new = copy(event.id, date(2027, 3, 28))
    assert [one.name for one in list_entrances(new.id)] == ["Süd", "Nord"]
    assert {one.public_id for one in list_entrances(new.id)}.isdisjoint({x.public_id for x in list_entrances(event.id)})


def test_rules_come_along_at_the_copied_items_and_times(event: Event) -> None:
    first, second = forums(event)
    cancel_item(first.id)
    company = event.categories[0]
    opens_at, closes_at = event.starts_at - timedelta(hours=1), event.ends_at
    rules = EntranceRules(second.id, frozenset({company.id}), opens_at, closes_at, reentry=False, limit=30)
    add_entrance(event.id, "Saal 2", rules)
    add_entrance(event.id, "Saal 1", EntranceRules(item_id=first.id))
    new = copy(event.id, date(2027, 3, 29))  # the clock went forward in between
    [door] = list_entrances(new.id)
    copied = rules_of(door)
    assert (door.name, copied.reentry, copied.limit) == ("Saal 2", False, 30)
    assert [item.id for item in forums(new) if plain(item.title) == "Forum 2"] == [copied.item_id]
    assert copied.category_ids == {new.categories[0].id}
    assert (copied.opens_at, copied.closes_at) == (new.starts_at - timedelta(hours=1), new.ends_at)
