"""The programme: rooms, items, people and partners; what calendars and limits follow."""

from dataclasses import replace
from datetime import timedelta

import pytest
from flask import Flask

from eventapp.agenda import rules
from eventapp.agenda.people.service import (
    add_partner,
    add_speaker,
    remove_partner,
    remove_speaker,
    set_people,
    update_partner,
    update_speaker,
)
from eventapp.agenda.queries import (
    gaps,
    get_item,
    input_of_item,
    input_of_partner,
    input_of_room,
    input_of_speaker,
    list_clashes,
    list_items,
    list_partners,
    list_rooms,
    list_speakers,
)
from eventapp.agenda.rules import ItemKind, PartnerInput, RoomInput, SpeakerInput, SpeakerRole
from eventapp.agenda.service import (
    add_item,
    add_room,
    cancel_item,
    follow_event,
    move_items,
    remove_item,
    remove_room,
    restore_item,
    update_item,
    update_room,
)
from eventapp.capacity.queries import list_limits
from eventapp.capacity.rules import LimitKind
from eventapp.core.changes import ChangedMeanwhile, Seen, fingerprint
from eventapp.core.localized import Localized
from eventapp.core.refusal import NotFound
from eventapp.events.models import Event
from eventapp.events.rules import WrongSeats
from tests.make import forums, make_event, make_item


@pytest.fixture
def event(app: Flask) -> Event:
    return make_event()


def test_a_chosen_item_has_a_limit_and_loses_it(event: Event) -> None:
    item = forums(event)[0]
    ref = (LimitKind.ITEM, str(item.id))
    assert list_limits(event.id)[ref].size == 20
    update_item(item.id, replace(input_of_item(item), seats=None))
    assert list_limits(event.id)[ref].size is None
    update_item(item.id, replace(input_of_item(item), is_chosen=False, seats=12))
    assert ref not in list_limits(event.id)
    assert input_of_item(item).seats is None


def test_what_an_item_cannot_be(event: Event) -> None:
    good = input_of_item(forums(event)[0])
    for wrong, refusal in (
        (replace(good, title=Localized()), rules.ItemTitleMissing),
        (replace(good, ends_at=good.starts_at), rules.ItemEndBeforeStart),
        (replace(good, ends_at=good.starts_at + timedelta(days=2)), rules.ItemTooLong),
        (replace(good, room_id=4711), rules.ForeignRoom),
        (replace(good, seats=-1), WrongSeats),
    ):
        with pytest.raises(refusal):
            add_item(event.id, wrong)
    assert len(list_items(event.id)) == 2


def test_a_room_of_another_event_is_foreign(event: Event) -> None:
    other = add_room(make_event(event.organiser).id, RoomInput("Saal"))
    with pytest.raises(rules.ForeignRoom):
        update_item(forums(event)[0].id, replace(input_of_item(forums(event)[0]), room_id=other.id))


def test_sequence_follows_time_room_and_state_only(event: Event) -> None:
    item = forums(event)[0]
    room = add_room(event.id, RoomInput("Foyer"))
    given = input_of_item(item)
    later = replace(given, starts_at=given.starts_at + timedelta(minutes=15), room_id=room.id)
    assert update_item(item.id, later).moves
    assert item.sequence == 1
    assert not update_item(item.id, replace(later, title=Localized(de="Anders"))).moves
    assert item.sequence == 1
    assert cancel_item(item.id)
    assert not cancel_item(item.id)
    assert item.sequence == 2
    assert restore_item(item.id)
    assert not restore_item(item.id)
    assert item.sequence == 3


def test_all_items_follow_the_event(event: Event) -> None:
    starts = [item.starts_at for item in list_items(event.id)]
    follow_event(event.id)
    assert [item.sequence for item in list_items(event.id)] == [1, 1]
    move_items(event.id, timedelta(days=2))
    assert [item.sequence for item in list_items(event.id)] == [2, 2]
    assert [item.starts_at for item in list_items(event.id)] == [start + timedelta(days=2) for start in starts]


def test_every_change_of_the_programme_raises_the_events_version(event: Event) -> None:
    version = event.version
    speaker = add_speaker(event.id, SpeakerInput("Ada"))
    set_people(forums(event)[0].id, [(speaker.id, SpeakerRole.SPEAKER)])
    set_people(forums(event)[0].id, [(speaker.id, SpeakerRole.SPEAKER)])
    partner = add_partner(event.id, PartnerInput("Kammer"))
    remove_partner(partner.id)
    assert event.version == version + 4


def test_an_item_that_guests_saw_is_cancelled_not_removed(event: Event) -> None:
    with pytest.raises(rules.ItemIsPublic):
        remove_item(forums(event)[0].id)
    draft = make_event(event.organiser, published=False)
    remove_item(forums(draft)[0].id)
    assert len(list_items(draft.id)) == 1


def test_two_editors_of_one_item(event: Event) -> None:
    item = forums(event)[0]
    given = input_of_item(item)
    seen = Seen((), fingerprint(given))
    update_item(item.id, replace(given, title=Localized(de="Von Ada")), seen)
    with pytest.raises(ChangedMeanwhile):
        update_item(item.id, replace(given, title=Localized(de="Von Ben")), seen)
    assert item.title == Localized(de="Von Ada")


def test_addresses_of_items_are_their_own_and_stay(event: Event) -> None:
    again = make_item(event, "Forum 1", 14, 15)
    strange = make_item(event, "محادثة", 15, 16, kind=ItemKind.TALK)
    assert (again.slug, strange.slug) == ("forum-1-2", "talk")
    update_item(again.id, replace(input_of_item(again), title=Localized(de="Ganz anders")))
    assert get_item(event.id, "forum-1-2").id == again.id
    with pytest.raises(NotFound):
        get_item(make_event(event.organiser).id, "forum-1-2")


def test_rooms_have_one_name_each_and_are_kept_while_used(event: Event) -> None:
    room = list_rooms(event.id)[0]
    with pytest.raises(rules.RoomNameTaken):
        add_room(event.id, RoomInput("Raum 1"))
    with pytest.raises(rules.RoomNameMissing):
        add_room(event.id, RoomInput(""))
    with pytest.raises(rules.RoomInUse):
        remove_room(room.id)
    update_room(room.id, replace(input_of_room(room), name="Raum Ruhr", seats=80))
    assert forums(event)[0].sequence == 1
    assert forums(event)[1].sequence == 0
    spare = add_room(event.id, RoomInput("Foyer"))
    remove_room(spare.id)
    assert [r.name for r in list_rooms(event.id)] == ["Raum Ruhr", "Raum 2"]


def test_moderators_come_first_whatever_was_sent(event: Event) -> None:
    names = ["Paula", "Maria", "Willi"]
    paula, maria, willi = (add_speaker(event.id, SpeakerInput(name)) for name in names)
    item = forums(event)[0]
    set_people(
        item.id,
        [(paula.id, SpeakerRole.PANELIST), (maria.id, SpeakerRole.MODERATOR), (willi.id, SpeakerRole.WELCOME)],
    )
    assert [p.speaker.name for p in get_item(event.id, item.slug).people] == ["Maria", "Willi", "Paula"]
    with pytest.raises(rules.PersonTwice):
        set_people(item.id, [(paula.id, SpeakerRole.PANELIST), (paula.id, SpeakerRole.MODERATOR)])
    stranger = add_speaker(make_event(event.organiser).id, SpeakerInput("Fremd"))
    with pytest.raises(rules.ForeignSpeaker):
        set_people(item.id, [(stranger.id, SpeakerRole.SPEAKER)])
    remove_speaker(maria.id)
    assert [p.speaker.name for p in get_item(event.id, item.slug).people] == ["Willi", "Paula"]


def test_clashes_of_rooms_and_people_are_found_and_cancelled_items_do_not_count(event: Event) -> None:
    first, second = forums(event)
    update_item(second.id, replace(input_of_item(second), room_id=first.room_id))
    ada = add_speaker(event.id, SpeakerInput("Ada"))
    for item in (first, second):
        set_people(item.id, [(ada.id, SpeakerRole.SPEAKER)])
    (clash,) = list_clashes(list_items(event.id))
    assert (clash.room_id, clash.speaker_ids) == (first.room_id, frozenset({ada.id}))
    assert "clash" in gaps(event)
    cancel_item(second.id)
    assert "clash" not in gaps(event)


def test_an_item_on_another_day_is_told(event: Event) -> None:
    assert "outside" not in gaps(event)
    move_items(event.id, timedelta(days=-1))
    assert "outside" in gaps(event)


def test_speakers_and_partners_are_written_and_read_back(event: Event) -> None:
    ada = add_speaker(event.id, SpeakerInput("Dr. Ada Öz", position=Localized(de="Vorstand"), organisation="DGB"))
    assert ada.slug == "dr-ada-oez"
    update_speaker(ada.id, replace(input_of_speaker(ada), about=Localized(de="Kurz")))
    assert list_speakers(event.id)[0].about == Localized(de="Kurz")
    assert ada.role == Localized(de="Vorstand")
    with pytest.raises(rules.SpeakerNameMissing):
        add_speaker(event.id, SpeakerInput(""))
    for website in ("javascript:alert(1)", "example.org", "https://"):
        with pytest.raises(rules.WrongWebsite):
            add_partner(event.id, PartnerInput("Böse", website=website))
    with pytest.raises(rules.PartnerNameMissing):
        add_partner(event.id, PartnerInput(""))
    partner = add_partner(event.id, PartnerInput("Kammer", website="https://example.org/"))
    update_partner(partner.id, replace(input_of_partner(partner), name="Handwerkskammer"))
    assert [p.name for p in list_partners(event.id)] == ["Handwerkskammer"]
