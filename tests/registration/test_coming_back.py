"""Corners of waiting and coming back that the stateful test or reading found wrong once."""

from collections.abc import Callable
from datetime import timedelta

import pytest
import time_machine
from flask import Flask
from sqlalchemy import select

from eventapp.capacity.rules import LimitKind
from eventapp.capacity.service import set_size
from eventapp.core import clock as now
from eventapp.core.db import db
from eventapp.core.localized import Localized
from eventapp.events.models import Event
from eventapp.events.rules import CategoryInput
from eventapp.events.service import add_category
from eventapp.events.service import change as configure
from eventapp.registration import refusals
from eventapp.registration.doctor.queries import list_faults
from eventapp.registration.models import Participant, Registration
from eventapp.registration.rules import ParticipantState
from eventapp.registration.service import cancel, change
from eventapp.registration.signup.batch import SignUp
from eventapp.registration.signup.rules import Contact, Outcome
from eventapp.registration.signup.service import sign_up, sign_up_group
from eventapp.registration.waitlist import service as waitlist
from eventapp.registration.waitlist.filling.service import settle_due
from eventapp.registration.wishes import service as wishes
from tests.make import forums, make_event
from tests.registration.people import arrive, check_invariants, person

Clock = time_machine.Traveller
CONTACT = Contact("Kontakt", "kontakt@example.org", "de")
_S = ParticipantState


def state(done: SignUp, which: int = 0) -> ParticipantState:
    """Return where one of these people stands now."""
    return db.session.get_one(Participant, done.people[which][0], populate_existing=True).state


def unit(done: SignUp) -> int:
    """Return the row id of the unit in which these people are now."""
    return done.participant.registration_id


def group(event: Event, *numbers: int) -> SignUp:
    """Sign a group up."""
    return sign_up_group(event.id, [person(event, number) for number in numbers], CONTACT)


def test_a_seat_left_by_a_swap_goes_to_who_waits_before_the_next_one_comes(app: Flask, clock: Clock) -> None:
    event = make_event(offer_hours=2, confirms_on_the_day=True)
    first, second = forums(event)
    for forum in (first, second):
        set_size(event.id, LimitKind.ITEM, str(forum.id), 1)
    keeps = arrive(event, 1, item_ids=(second.id,))
    leaves = arrive(event, 2, item_ids=(first.id,))
    offered = arrive(event, 3, item_ids=(first.id,))
    wishes.add(keeps.participant.id, first.id)
    waits = arrive(event, 4, item_ids=(second.id,))
    clock.move_to(event.starts_at - timedelta(hours=11))  # the evening before: an offer of an hour
    cancel(leaves.participant.id)
    assert state(offered) is _S.OFFERED
    clock.move_to(event.starts_at - timedelta(hours=1))  # it runs out on the day: the wish is fulfilled at once
    newcomer = arrive(event, 5, item_ids=(second.id,))
    assert (state(offered), state(waits), newcomer.outcome) == (_S.EXPIRED, _S.CONFIRMED, Outcome.WAITLISTED)
    check_invariants(event.id)


def test_who_comes_back_is_counted_for_their_organisation(app: Flask) -> None:
    event = make_event()
    gone = arrive(event, 1)
    cancel(gone.participant.id)
    configure(event.id, {"organisation_seats": 1})
    waitlist.restore([gone.participant.id])
    assert state(gone) is _S.CONFIRMED
    assert arrive(event, 2).outcome is Outcome.WAITLISTED
    check_invariants(event.id)


@pytest.mark.parametrize("late", [waitlist.accept, waitlist.confirm_address])
@pytest.mark.parametrize(("approves", "expected"), [(True, _S.TO_APPROVE), (False, _S.CONFIRMED)])
def test_an_address_confirmed_too_late_does_not_pass_by_the_approval(
    app: Flask, clock: Clock, late: Callable[[int], None], approves: bool, expected: ParticipantState
) -> None:
    event = make_event(confirms_address=True, address_minutes=60)
    label = Localized(de="Gäste")
    category_id = add_category(event.id, CategoryInput(label, needs_approval=approves)).id
    db.session.expire_all()
    guest = arrive(event, 1, category_id=category_id)
    clock.shift(timedelta(hours=2))
    settle_due()
    assert state(guest) is _S.EXPIRED
    late(unit(guest))
    if late is waitlist.accept:  # whoever opened the page has not shown that the address is theirs
        assert state(guest) is not _S.CONFIRMED
        waitlist.confirm_address(unit(guest))
    assert state(guest) is expected
    check_invariants(event.id)


def test_each_address_has_its_own_time(app: Flask, clock: Clock) -> None:
    event = make_event(confirms_address=True, address_minutes=60)
    guests = []
    for number in range(3):
        guests.append(arrive(event, number))
        clock.shift(timedelta(minutes=45))
        settle_due()
    assert [state(guest) for guest in guests] == [_S.EXPIRED, _S.EXPIRED, _S.UNCONFIRMED]
    clock.shift(timedelta(minutes=45))
    settle_due()
    assert state(guests[2]) is _S.EXPIRED


def test_one_link_confirms_the_address_of_all_parts_of_a_group(app: Flask) -> None:
    event = make_event(seats=2, confirms_address=True)
    arrive(event, 1)
    waiting = group(event, 2, 3)
    first = unit(waiting)
    waitlist.divide(first, [waiting.people[1][0]])
    waitlist.confirm_address(first)
    rows = db.session.scalars(select(Registration).where(Registration.number == 2))
    assert [row.hold_until for row in rows] == [None, None]
    assert [state(waiting, 0), state(waiting, 1)] == [_S.CONFIRMED, _S.WAITLISTED]
    check_invariants(event.id)


def test_a_guest_cannot_change_into_a_group_that_is_approved(app: Flask) -> None:
    event = make_event()
    guests = add_category(event.id, CategoryInput(Localized(de="Gäste"), needs_approval=True))
    guest = arrive(event, 1, category_id=event.categories[0].id)
    with pytest.raises(refusals.NeedsApproval):
        change(guest.participant.id, person(event, 1, category_id=guests.id))
    assert guest.participant.category_id != guests.id


def test_nobody_waits_for_what_can_never_be(app: Flask) -> None:
    event = make_event(seats=3)
    small = forums(event)[0]
    arrive(event, 1)
    waiting = group(event, 2, 3, 4)
    set_size(event.id, LimitKind.ITEM, str(small.id), 0)
    with pytest.raises(refusals.TooSmall):
        change(waiting.people[0][0], person(event, 2, item_ids=(small.id,)))
    set_size(event.id, LimitKind.EVENT, "", 2)
    change(waiting.people[0][0], person(event, 2, given_name="Anders"))  # what was too large before may stay
    for row_id, _ in waiting.people:
        cancel(row_id)
    with pytest.raises(refusals.TooSmall):
        waitlist.restore([row_id for row_id, _ in waiting.people])
    check_invariants(event.id)


def test_one_person_is_not_restored_twice(app: Flask) -> None:
    event = make_event()
    ids = []
    for _ in range(2):
        ids.append(arrive(event, 1).participant.id)
        cancel(ids[-1])
    with pytest.raises(refusals.SamePerson):
        waitlist.restore(ids)


def test_nobody_comes_back_after_the_end(app: Flask, clock: Clock) -> None:
    event = make_event(seats=1, offer_hours=48, confirms_on_the_day=False)
    gone, offered, waits = (arrive(event, n) for n in (1, 2, 3))
    cancel(gone.participant.id)
    assert state(offered) is _S.OFFERED
    clock.move_to(event.ends_at)
    with pytest.raises(refusals.Over):
        waitlist.accept(unit(offered))
    with pytest.raises(refusals.Over):
        waitlist.restore([gone.participant.id])
    settle_due()
    assert (state(offered), state(waits)) == (_S.EXPIRED, _S.WAITLISTED)
    assert list_faults(event.id) == []  # a place is free, but nobody moves up any more


def test_what_is_due_and_not_settled_yet_is_no_fault(app: Flask, clock: Clock) -> None:
    event = make_event(seats=1)
    free_at = now.now() + timedelta(days=1)
    add_category(event.id, CategoryInput(Localized(de="Gäste"), reserved=1, release_at=free_at))
    waits = arrive(event, 1, category_id=event.categories[0].id)
    assert waits.outcome is Outcome.WAITLISTED
    clock.shift(timedelta(days=1))
    assert list_faults(event.id) == []
    settle_due()
    assert state(waits) is _S.CONFIRMED
    check_invariants(event.id)


def test_the_form_that_was_sent_once_leads_to_who_came_back(app: Flask) -> None:
    event = make_event()
    guest = sign_up(event.id, person(event), idempotency_key="form")
    cancel(guest.participant.id)
    waitlist.restore([guest.participant.id])
    cancel(guest.participant.id)
    again = sign_up(event.id, person(event), idempotency_key="form")
    assert (again.outcome, again.people, again.unit) == (Outcome.REPEATED, guest.people, guest.unit)


def test_the_links_of_a_group_lead_to_those_who_came_back(app: Flask, clock: Clock) -> None:
    event = make_event(seats=2, offer_hours=48)
    first = group(event, 1, 2)
    waiting = group(event, 3, 4)
    for row_id, _ in first.people:
        cancel(row_id)
    cancel(waiting.people[0][0])
    old = unit(waiting)
    clock.shift(timedelta(days=3))
    waitlist.accept(old)
    waiting_now = db.session.get_one(Participant, waiting.people[1][0], populate_existing=True)
    assert (waiting_now.state, waiting_now.registration.public_id) == (_S.CONFIRMED, waiting.unit)
    check_invariants(event.id)


def test_whom_the_organiser_restores_is_not_asked_for_the_address(app: Flask) -> None:
    event = make_event(confirms_address=True)
    guest = arrive(event, 1)
    cancel(guest.participant.id)
    waitlist.restore([guest.participant.id])
    assert state(guest) is _S.CONFIRMED


def test_a_second_click_on_an_offer_that_had_run_out_changes_nothing(app: Flask, clock: Clock) -> None:
    event = make_event(seats=1, offer_hours=48)
    gone, offered = arrive(event, 1), arrive(event, 2)
    cancel(gone.participant.id)
    clock.shift(timedelta(days=3))
    old = unit(offered)
    waitlist.accept(old)
    waitlist.accept(old)  # by the row that both clicks had found
    assert state(offered) is _S.CONFIRMED
    check_invariants(event.id)
