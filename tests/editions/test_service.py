"""The next edition as a copy, the checklist, publishing, calling off."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from flask import Flask

from eventapp.agenda.people.service import add_partner, add_speaker, set_people
from eventapp.agenda.queries import input_of_item, list_items, list_partners, list_rooms, list_speakers
from eventapp.agenda.rules import PartnerInput, SpeakerInput, SpeakerRole
from eventapp.agenda.service import cancel_item, update_item
from eventapp.capacity.queries import list_limits
from eventapp.capacity.rules import WHOLE_EVENT, LimitKind
from eventapp.core import clock
from eventapp.core.localized import Localized
from eventapp.editions.checklist import find_gaps
from eventapp.editions.service import NotReady, ReasonMissing, SameDay, call_off, copy, publish, unpublish
from eventapp.events.models import Event
from eventapp.events.queries import input_of, input_of_category
from eventapp.events.rules import EventAction, EventState, MoveNotPossible
from eventapp.events.service import change, move, update_category
from tests.make import forums, make_event, make_organiser


@pytest.fixture
def event(app: Flask) -> Event:
    """The Saturday before the clocks go forward, 9:30 to 16:30 in winter time."""
    day = datetime(2027, 3, 27, tzinfo=UTC)
    return make_event(
        starts_at=day.replace(hour=8, minute=30),
        ends_at=day.replace(hour=15, minute=30),
        doors_at=day.replace(hour=7, minute=45),
        registration_opens_at=day - timedelta(days=60),
        registration_closes_at=day - timedelta(days=2),
    )


def test_a_copy_keeps_the_times_on_the_wall_over_summer_time(event: Event) -> None:
    new = copy(event.id, date(2027, 3, 28))
    day = datetime(2027, 3, 28, tzinfo=UTC)
    assert new.starts_at == day.replace(hour=7, minute=30)
    assert new.ends_at == day.replace(hour=14, minute=30)
    assert new.doors_at == day.replace(hour=6, minute=45)
    assert [item.starts_at for item in list_items(new.id)] == [day.replace(hour=9)] * 2
    assert [item.starts_at for item in list_items(event.id)] == [day.replace(day=27, hour=10)] * 2
    assert new.registration_opens_at == datetime(2027, 1, 27, tzinfo=UTC)


def test_a_copy_takes_everything_but_state_address_and_calendar_identity(event: Event) -> None:
    first, second = forums(event)
    ada = add_speaker(event.id, SpeakerInput("Ada", position=Localized(de="Vorstand")))
    set_people(first.id, [(ada.id, SpeakerRole.MODERATOR)])
    add_partner(event.id, PartnerInput("Kammer", website="https://example.org"))
    cancel_item(second.id)
    new = copy(event.id, date(2028, 3, 25), Localized(de="Zweite Ausgabe"))
    assert (new.state, new.title.pick("de").text, new.slug) == (EventState.DRAFT, "Zweite Ausgabe", "zweite-ausgabe")
    assert new.uid != event.uid
    assert new.sequence == 0
    assert [c.code for c in new.categories] == [c.code for c in event.categories]
    assert [r.name for r in list_rooms(new.id)] == ["Raum 1", "Raum 2"]
    (item,) = list_items(new.id)
    assert item.uid != first.uid
    assert item.room is not None
    assert item.room.event_id == new.id
    assert [(p.speaker.name, p.role) for p in item.people] == [("Ada", SpeakerRole.MODERATOR)]
    assert item.people[0].speaker.event_id == new.id
    assert [s.name for s in list_speakers(new.id)] == ["Ada"]
    assert [p.name for p in list_partners(new.id)] == ["Kammer"]
    limits = list_limits(new.id)
    assert limits[WHOLE_EVENT].size == 100
    assert sorted(limit.size or 0 for (kind, _), limit in limits.items() if kind is not LimitKind.EVENT) == [0, 20, 60]


def test_a_copy_needs_another_day(event: Event) -> None:
    with pytest.raises(SameDay):
        copy(event.id, date(2027, 3, 27))


def test_publishing_waits_for_what_must_be_there(app: Flask) -> None:
    event = make_event(make_organiser(notices=False), published=False, venue_name="")
    for category in event.categories:
        update_category(category.id, replace(input_of_category(category), is_open=False))
    change(event.id, {"registration_closes_at": clock.now() - timedelta(days=1)})
    required = {gap.code for gap in find_gaps(event, clock.now()) if gap.is_required}
    assert required == {"legal-notice", "privacy", "accessibility", "venue", "category", "window"}
    assert all(str(gap.sentence) for gap in find_gaps(event, clock.now()))
    with pytest.raises(NotReady):
        publish(event.id)
    assert event.state is EventState.DRAFT


def test_an_event_that_is_over_is_not_published(event: Event) -> None:
    move(event.id, EventAction.UNPUBLISH)
    gaps = find_gaps(event, event.ends_at)
    assert "past" in {gap.code for gap in gaps if gap.is_required}


def test_publish_and_unpublish(event: Event) -> None:
    sequence = event.sequence
    assert unpublish(event.id).state is EventState.DRAFT
    assert unpublish(event.id).sequence == sequence + 1
    assert publish(event.id).state is EventState.PUBLISHED
    assert publish(event.id).sequence == sequence + 2


def test_what_is_only_wished_for_hinders_nobody(event: Event) -> None:
    move(event.id, EventAction.UNPUBLISH)
    first, second = forums(event)
    update_item(second.id, replace(input_of_item(second), room_id=first.room_id))
    change(event.id, {"summary": Localized()})
    wished = {gap.code for gap in find_gaps(event, clock.now()) if not gap.is_required}
    assert wished >= {"summary", "access", "clash", "texts"}
    assert publish(event.id).state is EventState.PUBLISHED


def test_calling_off_needs_a_reason_and_happens_once(event: Event) -> None:
    with pytest.raises(ReasonMissing):
        call_off(event.id, Localized())
    sequence = event.sequence
    assert call_off(event.id, Localized(de="Sturm")) == 0
    assert call_off(event.id, Localized(de="Anderer Grund")) == 0
    assert event.state is EventState.CALLED_OFF
    assert event.called_off_reason == Localized(de="Sturm")
    assert event.sequence == sequence + 1
    assert {item.sequence for item in list_items(event.id)} == {1}
    draft = make_event(event.organiser, published=False)
    with pytest.raises(MoveNotPossible):
        call_off(draft.id, Localized(de="Sturm"))
    assert input_of(draft).title == Localized(de="Gemeinsam vor Ort", en="Together on site")
