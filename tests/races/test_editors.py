"""Organisers and guests at once: nobody is overwritten, everybody is told, and no seat gets lost.

Seen to fail on Postgres when calling off and hiding do not lock the queue: a guest who signs up meanwhile is not told,
or stands in an event that nobody sees.
"""

from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import func, select

from eventapp.agenda.people.service import add_partner, update_partner
from eventapp.agenda.queries import input_of_partner, input_of_room
from eventapp.agenda.rules import PartnerInput, RoomInput
from eventapp.agenda.service import add_room, remove_room, update_room
from eventapp.capacity.rules import LimitKind
from eventapp.capacity.service import set_size
from eventapp.checkin.entrances.service import add_entrance
from eventapp.core.changes import Seen, fingerprint
from eventapp.core.db import db
from eventapp.core.localized import Localized
from eventapp.editions.service import call_off, copy, publish, unpublish
from eventapp.events.models import Event
from eventapp.events.queries import input_of_category
from eventapp.events.rules import CategoryInput, EventState
from eventapp.events.service import delete, update_category
from eventapp.outbox.models import Message
from eventapp.registration.models import Participant
from eventapp.registration.rules import LIVING
from eventapp.registration.service import cancel, change
from eventapp.registration.signup.rules import Person
from eventapp.registration.signup.service import sign_up
from tests.make import forums, make_event
from tests.races.test_accounts import at_once
from tests.registration.people import arrive, check_invariants, person
from tests.soak import amount

pytestmark = pytest.mark.race
WHY = Localized(de="Der Saal ist gesperrt.")
ROUNDS = amount(3, 30)
Act = Callable[[], object]


def guests(event: Event, first: int, many: int) -> list[Act]:
    """Return sign-ups that can be done at the same moment."""
    people = [person(event, number) for number in range(first, first + many)]
    return [lambda one=one, key=event.id: sign_up(key, one) for one in people]  # type: ignore[misc]


def count_living(event_id: int) -> int:
    """Return how many people are coming or waiting."""
    mine = Participant.event_id == event_id, Participant.state.in_(LIVING)
    return db.session.scalar(select(func.count(Participant.id)).where(*mine)) or 0


@pytest.mark.parametrize("number", range(ROUNDS))
def test_who_signs_up_while_an_event_is_called_off_is_told_or_refused(real_app: Flask, number: int) -> None:
    del number
    event_id = (event := make_event()).id
    acts = [*guests(event, 1, 5), *[lambda: call_off(event_id, WHY)] * 2, *guests(event, 6, 5)]
    outcomes = at_once(real_app, acts)
    assert outcomes["done"] + outcomes["called_off"] == len(acts)
    told = list(db.session.scalars(select(Message.about).where(Message.kind == "editions.called_off")))
    assert len(told) == len(set(told)) == count_living(event_id)
    check_invariants(event_id)


@pytest.mark.parametrize("number", range(ROUNDS))
def test_an_event_with_a_guest_is_never_hidden(real_app: Flask, number: int) -> None:
    del number
    event_id = (event := make_event()).id
    at_once(real_app, [*guests(event, 1, 3), lambda: unpublish(event_id)])
    state = db.session.get_one(Event, event_id).state
    assert (state is EventState.DRAFT) is (count_living(event_id) == 0)


def test_a_draft_is_published_or_deleted(real_app: Flask) -> None:
    for _ in range(ROUNDS):
        event_id = make_event(published=False).id
        outcomes = at_once(real_app, [lambda: publish(event_id), lambda: delete(event_id)] * 2)  # noqa: B023
        assert outcomes["done"] >= 1
        assert set(outcomes) <= {"done", "not_found", "not_a_draft", "not_ready"}


@pytest.mark.parametrize("what", ["room", "partner", "category"])
def test_of_two_editors_one_is_told_of_the_other(real_app: Flask, what: str) -> None:
    event = make_event()
    acts = {"room": _rooms, "partner": _partners, "category": _categories}[what](event)
    assert at_once(real_app, acts) == {"done": 1, "changed_meanwhile": len(acts) - 1}


def _rooms(event: Event) -> list[Act]:
    room = add_room(event.id, RoomInput("Saal"))
    key, seen = room.id, Seen(("seats",), fingerprint(input_of_room(room), ("seats",)))
    return [lambda n=n: update_room(key, RoomInput("Saal", seats=n), seen) for n in range(10, 14)]  # type: ignore[misc]


def _partners(event: Event) -> list[Act]:
    partner = add_partner(event.id, PartnerInput("IHK"))
    key, seen = partner.id, Seen(("website",), fingerprint(input_of_partner(partner), ("website",)))
    sites = [PartnerInput("IHK", website=f"https://{n}.example.org") for n in range(4)]
    return [lambda one=one: update_partner(key, one, seen) for one in sites]  # type: ignore[misc]


def _categories(event: Event) -> list[Act]:
    given = input_of_category(event.categories[0])
    key, seen = event.categories[0].id, Seen(("seats",), fingerprint(given, ("seats",)))
    sizes = [CategoryInput(given.label, seats=n) for n in range(50, 54)]
    return [lambda one=one: update_category(key, one, seen) for one in sizes]  # type: ignore[misc]


def test_two_who_add_or_remove_the_same_hear_of_each_other(real_app: Flask) -> None:
    event_id = make_event().id
    room_id = add_room(event_id, RoomInput("Saal")).id
    assert at_once(real_app, [lambda: add_entrance(event_id, "Nord")] * 4) == {"done": 1, "name_taken": 3}
    assert at_once(real_app, [lambda: add_room(event_id, RoomInput("Foyer"))] * 4) == {
        "done": 1,
        "room_name_taken": 3,
    }
    assert at_once(real_app, [lambda: remove_room(room_id)] * 3) == {"done": 1, "not_found": 2}


def test_copies_at_once_have_addresses_of_their_own(real_app: Flask) -> None:
    event = make_event()
    event_id, day = event.id, (event.starts_at + timedelta(days=365)).date()
    assert at_once(real_app, [lambda: copy(event_id, day)] * 4) == {"done": 4}
    slugs = list(db.session.scalars(select(Event.slug)))
    assert len(slugs) == len(set(slugs)) == 5


def test_swaps_cancels_and_new_sizes_at_once_lose_no_seat(real_app: Flask) -> None:
    event = make_event(seats=20)
    event_id, (first, second) = event.id, (item.id for item in forums(event))
    for item_id in (first, second):
        set_size(event_id, LimitKind.ITEM, str(item_id), 4)
    chosen = [(number, first if number % 2 else second) for number in range(1, 9)]
    people = [(arrive(event, number, item_ids=(item,)).participant.id, number, item) for number, item in chosen]
    others = {first: second, second: first}
    acts: list[Act] = [_swap(key, person(event, number, item_ids=(others[item],))) for key, number, item in people]
    acts += [_leave(people[0][0]), _leave(people[0][0]), _leave(people[1][0])]
    acts += [lambda n=n: set_size(event_id, LimitKind.EVENT, "", n) for n in (5, 20)]  # type: ignore[misc]
    outcomes = at_once(real_app, [*acts, *guests(event, 20, 4)])
    assert set(outcomes) <= {"done", "item_full", "not_registered"}
    check_invariants(event_id)


def _swap(participant_id: int, given: Person) -> Act:
    return lambda: change(participant_id, given)


def _leave(participant_id: int) -> Act:
    return lambda: cancel(participant_id)
