"""Change and tell: who is counted, who gets a mail, and what stands in it."""

from dataclasses import replace
from datetime import timedelta

import pytest
from flask import Flask

from eventapp.agenda.models import AgendaItem
from eventapp.agenda.queries import input_of_item, list_items, list_rooms
from eventapp.core.localized import Localized
from eventapp.editions.changes.queries import count_concerned, plan_event, plan_item
from eventapp.editions.changes.service import cancel_item, change_event, change_item, restore_item
from eventapp.editions.service import call_off, unpublish
from eventapp.events.models import Event
from eventapp.events.queries import input_of
from eventapp.events.rules import CategoryInUse, EndBeforeStart, HasRegistrations, NotADraft
from eventapp.events.service import delete, remove_category
from eventapp.outbox.models import Message
from eventapp.outbox.queries import list_messages
from eventapp.outbox.service import render
from eventapp.registration.service import cancel
from eventapp.registration.signup.rules import Person
from eventapp.registration.signup.service import sign_up
from tests.make import forums, make_event


@pytest.fixture
def event(app: Flask) -> Event:
    """An event with three confirmed guests, one of them in Forum 1 and reading Arabic, and one who cancelled."""
    event = make_event(seats=3)
    first = forums(event)[0]
    guest(event, "Amal", "ar", first)
    guest(event, "Ben")
    guest(event, "Cem")
    guest(event, "Dora")  # waits
    return event


def guest(event: Event, name: str, language: str = "de", *items: AgendaItem) -> int:
    """Sign somebody up and return the row id."""
    person = Person(
        name, f"{name.lower()}@example.org", event.categories[1].id, language, item_ids=tuple(i.id for i in items)
    )
    return sign_up(event.id, person).participant.id


def mails(kind: str) -> list[Message]:
    """Return the messages of a kind in the outbox."""
    return [message for message in list_messages() if message.kind == kind]


def test_confirmed_guests_are_counted_and_of_an_item_those_who_chose_it(event: Event) -> None:
    first, second = forums(event)
    assert (count_concerned(event), count_concerned(event, first), count_concerned(event, second)) == (3, 1, 0)


def test_a_new_place_is_planned_then_told_to_each_guest_once(event: Event) -> None:
    plan = plan_event(event, {"venue_name": "Zeche Zollverein"})
    assert (plan.guests, plan.is_told) == (3, True)
    assert plan.old.place.startswith("Ruhr Tech Kampus")
    assert plan.new.place.startswith("Zeche Zollverein")
    done = change_event(event.id, {"venue_name": "Zeche Zollverein"})
    assert done.told == 3
    assert {m.recipient for m in mails("editions.changed")} == {f"{n}@example.org" for n in ("amal", "ben", "cem")}
    assert {item.sequence for item in list_items(event.id)} == {1}
    assert change_event(event.id, {"venue_name": "Zeche Zollverein"}).told == 0
    assert len(mails("editions.changed")) == 3


def test_the_mail_says_what_was_and_what_is_in_the_guests_language(event: Event) -> None:
    later = {"starts_at": event.starts_at + timedelta(hours=1), "venue_city": "Bochum"}
    change_event(event.id, later)
    by_name = {message.recipient: render(message) for message in mails("editions.changed")}
    german = by_name["ben@example.org"]
    assert german.subject == "Neue Zeit, neuer Ort: Gemeinsam vor Ort"
    for words in ("10:30", "9:30", "Bochum", "Essen", "/de/my/"):
        assert words in german.text
    arabic = by_name["amal@example.org"]
    assert 'dir="rtl"' in arabic.html
    assert "/ar/my/" in arabic.text
    assert "Ben" in german.html


def test_what_is_no_move_is_told_to_nobody(event: Event) -> None:
    assert not plan_event(event, {"title": Localized(de="Anders")}).is_told
    assert change_event(event.id, {"title": Localized(de="Anders")}).told == 0
    assert change_event(event.id, {"venue_name": "Woanders"}, tell=False).told == 0
    assert not mails("editions.changed")


def test_a_plan_refuses_what_saving_refuses(event: Event) -> None:
    with pytest.raises(EndBeforeStart):
        plan_event(event, {"ends_at": event.starts_at})


def test_nobody_is_told_about_a_draft(app: Flask) -> None:
    draft = make_event(published=False)
    assert change_event(draft.id, {"venue_name": "Woanders"}).told == 0
    assert not plan_event(draft, {"venue_name": "Noch woanders"}).is_told


def test_the_programme_moves_along_when_the_day_changes(event: Event) -> None:
    given = input_of(event)
    before = [item.starts_at for item in list_items(event.id)]
    day = timedelta(days=1)
    moved = {"starts_at": given.starts_at + day, "ends_at": given.ends_at + day, "doors_at": None}
    change_event(event.id, moved, with_programme=True)
    assert [item.starts_at for item in list_items(event.id)] == [start + day for start in before]
    assert {item.sequence for item in list_items(event.id)} == {1}


def test_a_new_room_goes_to_those_who_chose_the_forum(event: Event) -> None:
    first = forums(event)[0]
    given = replace(input_of_item(first), room_id=list_rooms(event.id)[1].id)
    assert plan_item(first, given).guests == 1
    assert change_item(first.id, given).told == 1
    (message,) = mails("editions.changed")
    mail = render(message)
    assert (message.recipient, message.language) == ("amal@example.org", "ar")
    assert "Raum 1" in mail.text
    assert "Raum 2" in mail.text


def test_an_item_for_all_concerns_all(event: Event) -> None:
    first = forums(event)[1]
    change_item(first.id, replace(input_of_item(first), is_chosen=False, seats=None))
    later = replace(input_of_item(first), ends_at=first.ends_at + timedelta(minutes=10))
    assert change_item(first.id, later).told == 3


def test_a_cancelled_item_is_told_once_and_its_return_too(event: Event) -> None:
    first = forums(event)[0]
    assert (cancel_item(first.id), cancel_item(first.id)) == (1, 0)
    assert "Forum 1" in render(mails("editions.item_cancelled")[0]).subject
    moved = replace(input_of_item(first), ends_at=first.ends_at + timedelta(minutes=10))
    assert change_item(first.id, moved).told == 0
    assert (restore_item(first.id), restore_item(first.id)) == (1, 0)
    assert "Forum 1" in render(mails("editions.item_restored")[0]).text


def test_calling_off_tells_everybody_who_comes_or_waits_once(event: Event) -> None:
    assert call_off(event.id, Localized(de="Sturm", ar="عاصفة")) == 4
    assert call_off(event.id, Localized(de="Sturm")) == 0
    told = {message.recipient: render(message) for message in mails("editions.called_off")}
    assert set(told) == {f"{name}@example.org" for name in ("amal", "ben", "cem", "dora")}
    assert "Sturm" in told["ben@example.org"].text
    assert "عاصفة" in told["amal@example.org"].text


def test_an_event_with_guests_stays_public_and_cannot_be_deleted(app: Flask) -> None:
    event = make_event()
    somebody = guest(event, "Eva")
    with pytest.raises(HasRegistrations):
        unpublish(event.id)
    with pytest.raises(CategoryInUse):
        remove_category(event.categories[1].id)
    with pytest.raises(NotADraft):
        delete(event.id)
    cancel(somebody)
    unpublish(event.id)
    with pytest.raises(HasRegistrations):
        delete(event.id)
