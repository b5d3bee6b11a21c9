"""Everything that can be done with the seats of an event, in any order, against the reference model.

Each step is one act through the services and the same in `acts.House`. Afterwards everybody must stand where the model
says, exactly the mails of the moves must have been written, the doctor must find no fault, and what the doctor cannot
know must hold: nobody waits because of a reserve that is for them, nobody was passed over by a later one with the same
need. `test_planted_faults` shows that it fails when it should.
"""

from copy import deepcopy
from datetime import timedelta

import pytest
from flask import Flask
from hypothesis import strategies as st
from sqlalchemy import select

from eventapp.capacity import service as capacity
from eventapp.capacity.rules import LimitKind
from eventapp.core.db import db
from eventapp.events import service as events
from eventapp.registration import service
from eventapp.registration.approval import service as approval
from eventapp.registration.deputy.service import send_deputy
from eventapp.registration.models import Registration, Wish
from eventapp.registration.waitlist import service as waitlist
from eventapp.registration.waitlist.filling.service import settle_due
from eventapp.registration.wishes import service as wishes
from tests import soak
from tests.registration.model import ENDED, EVENT
from tests.registration.steps import Acting, act, play
from tests.registration.table import SIZES, Asks, one

PARTS, EVENTS = soak.amount(2, 20), soak.amount(15, 20)
PICK = st.integers(0, 30)
ORGANISATIONS = st.sampled_from(["", "x", "y"])
CATEGORIES = st.sampled_from([0, 0, 1, 1, 2])
ASKS = st.tuples(CATEGORIES, ORGANISATIONS, st.sampled_from([(), (0,), (1,), (2,), (0, 2), (1, 2)]))


class Seats(Acting):
    """The acts."""

    @act(weight=7, asks=ASKS)
    def sign_up(self, asks: Asks) -> None:
        self.arrive([self.asked(asks, self.email())])

    @act(weight=5, asks=st.lists(ASKS, min_size=2, max_size=5), is_each=st.booleans())
    def sign_up_group(self, asks: list[Asks], is_each: bool) -> None:
        self.arrive([self.asked(one, self.email()) for one in asks], contact=self.email(), is_each=is_each)

    @act(asks=ASKS, pick=PICK, when=lambda self: self.guests(ended=True))
    def sign_up_again(self, asks: Asks, pick: int) -> None:
        """Somebody who had left signs up anew."""
        gone = self.house.guest(one(self.guests(ended=True), pick)).email
        if all(guest.email != gone or guest.state in ENDED for guest in self.house.guests()):
            self.arrive([self.asked(asks, gone)])

    @act(asks=ASKS)
    def let_in_by_hand(self, asks: Asks) -> None:
        """The organiser enters somebody beyond what is full."""
        self.arrive([self.asked(asks, self.email())], over=True)

    @act(weight=4, pick=PICK, when=lambda self: self.guests())
    def cancel(self, pick: int) -> None:
        row_id = one(self.guests(), pick)
        self.both(lambda: _none(service.cancel(row_id)), lambda house: house.cancel([row_id]))

    @act(weight=2, pick=PICK, when=lambda self: self.waiting_groups())
    def cancel_one_of_a_waiting_group(self, pick: int) -> None:
        units = self.waiting_groups()
        row_id = one(one(units, pick).people, pick).id
        self.both(lambda: _none(service.cancel(row_id)), lambda house: house.cancel([row_id]))

    @act(pick=PICK, when=lambda self: self.guests())
    def cancel_unit(self, pick: int) -> None:
        unit = self.house.unit_of(self.house.guest(one(self.guests(), pick)))
        people = [guest.id for guest in unit.people]
        self.both(lambda: service.cancel_unit(self.row(unit.key)), lambda house: house.cancel(people))

    @act(weight=3, pick=PICK, when=lambda self: self.units("offered"))
    def accept(self, pick: int) -> None:
        key = one(self.units("offered"), pick)
        self.both(lambda: waitlist.accept(self.row(key)), lambda house: house.accept(key))

    @act(pick=PICK, when=lambda self: self.units("expired"))
    def accept_too_late(self, pick: int) -> None:
        key = one(self.units("expired"), pick)
        self.both(lambda: waitlist.accept(self.row(key)), lambda house: house.accept(key))

    @act(pick=PICK, when=lambda self: self.house.units)
    def accept_anything(self, pick: int) -> None:
        key = one(self.house.units, pick).key
        self.both(lambda: waitlist.accept(self.row(key)), lambda house: house.accept(key))

    @act(pick=PICK, when=lambda self: self.units("offered"))
    def decline(self, pick: int) -> None:
        key = one(self.units("offered"), pick)
        self.both(lambda: waitlist.decline(self.row(key)), lambda house: house.decline_offer(key))

    @act(weight=3, pick=PICK, when=lambda self: any(unit.hold_until for unit in self.house.units))
    def confirm_address(self, pick: int) -> None:
        key = one([unit for unit in self.house.units if unit.hold_until], pick).key
        self.both(lambda: waitlist.confirm_address(self.row(key)), lambda house: house.confirm_address(key))

    @act(weight=3, pick=PICK, asks=ASKS, when=lambda self: self.guests())
    def change(self, pick: int, asks: Asks) -> None:
        row_id = one(self.guests(), pick)
        new = self.asked(asks, self.house.guest(row_id).email, row_id)
        self.both(lambda: _none(service.change(row_id, self.person(new))), lambda house: house.change(new))

    @act(weight=3, pick=PICK, item=st.integers(0, 2), when=lambda self: self.guests())
    def change_item(self, pick: int, item: int) -> None:
        """Ask for one item and leave the rest."""
        guest = deepcopy(self.house.guest(one(self.guests(), pick)))
        guest.items = {list(self.house.items)[item]}
        self.both(lambda: _none(service.change(guest.id, self.person(guest))), lambda house: house.change(guest))

    @act(pick=PICK, organisation=ORGANISATIONS, when=lambda self: self.guests())
    def send_deputy(self, pick: int, organisation: str) -> None:
        guest = deepcopy(self.house.guest(one(self.guests(), pick)))
        guest.email, guest.organisation = self.email(), organisation
        self.both(lambda: _none(send_deputy(guest.id, self.person(guest))), lambda house: house.deputy(guest))

    @act(
        weight=3,
        pick=PICK,
        is_approved=st.booleans(),
        when=lambda self: self.undecided(),
    )
    def decide(self, pick: int, is_approved: bool) -> None:
        key = one(self.undecided(), pick).key
        if is_approved:
            self.both(lambda: approval.approve(self.row(key)), lambda house: house.approve(key))
        else:
            self.both(lambda: approval.decline(self.row(key), "voll"), lambda house: house.decline(key))

    @act(is_approved=st.booleans(), others=st.lists(PICK, max_size=2), when=lambda self: self.units("to_approve"))
    def decide_all(self, is_approved: bool, others: list[int]) -> None:
        keys = {*self.units("to_approve"), *(one(self.house.units, pick).key for pick in others)}
        rows = [self.row(key) for key in keys]
        names = [row.public_id for row in db.session.scalars(select(Registration).where(Registration.id.in_(rows)))]
        self.both(
            lambda: approval.decide_all(self.event_id, names, is_approved=is_approved)[0],
            lambda house: house.decide_all(keys, is_approved=is_approved),
        )

    @act(weight=2, picks=st.lists(PICK, min_size=1, max_size=3), when=lambda self: self.guests(ended=True))
    def restore(self, picks: list[int]) -> None:
        ids = list(dict.fromkeys(one(self.guests(ended=True), pick) for pick in picks))
        self.both(lambda: waitlist.restore(ids), lambda house: house.restore(ids))

    @act(pick=PICK, when=lambda self: self.units("waitlisted"))
    def move_ahead(self, pick: int) -> None:
        key = one(self.units("waitlisted"), pick)
        self.both(lambda: waitlist.move_ahead(self.row(key), "Podium"), lambda house: house.move_ahead(key))

    @act(pick=PICK, when=lambda self: self.units("waitlisted"))
    def let_in(self, pick: int) -> None:
        key = one(self.units("waitlisted"), pick)
        self.both(lambda: waitlist.let_in(self.row(key), "Presse"), lambda house: house.let_in(key))
        self.let_in_now = key

    @act(
        weight=2,
        pick=PICK,
        chosen=st.sets(st.integers(0, 4), min_size=1, max_size=4),
        when=lambda self: self.waiting_groups(),
    )
    def divide(self, pick: int, chosen: set[int]) -> None:
        unit = one(self.waiting_groups(), pick)
        ids = [guest.id for n, guest in enumerate(unit.people) if n in chosen]
        self.both(lambda: waitlist.divide(self.row(unit.key), ids), lambda house: house.divide(unit.key, ids))

    @act(weight=3, pick=PICK, item=st.integers(0, 2), when=lambda self: self.guests("confirmed"))
    def wish(self, pick: int, item: int) -> None:
        row_id, item_id = one(self.guests("confirmed"), pick), list(self.house.items)[item]
        self.both(lambda: _none(wishes.add(row_id, item_id)), lambda house: house.wish(row_id, item_id))

    @act(weight=3, pick=PICK, is_accepted=st.booleans(), when=lambda self: self.house.wishes)
    def answer_wish(self, pick: int, is_accepted: bool) -> None:
        offered = [wish for wish in self.house.wishes if wish.state == "offered"]
        number = one(offered or self.house.wishes, pick).number
        mine = Wish.event_id == self.event_id, Wish.number == number
        row_id = db.session.scalars(select(Wish.id).where(*mine)).one()
        if is_accepted:
            self.both(lambda: wishes.accept(row_id), lambda house: house.accept_wish(number))
        else:
            self.both(lambda: wishes.withdraw(row_id), lambda house: house.withdraw_wish(number))

    @act(size=SIZES)
    def resize_event(self, size: int | None) -> None:
        self.both(
            lambda: _none(capacity.set_size(self.event_id, LimitKind.EVENT, "", size)),
            lambda house: house.resize(EVENT, size),
        )

    @act(pick=st.integers(0, 2), size=SIZES)
    def resize_category(self, pick: int, size: int | None) -> None:
        key = list(self.house.categories)[pick]
        self.both(
            lambda: _none(capacity.set_size(self.event_id, LimitKind.CATEGORY, str(key), size)),
            lambda house: house.resize(("category", key), size),
        )

    @act(pick=st.integers(0, 2), size=SIZES)
    def resize_item(self, pick: int, size: int | None) -> None:
        key = list(self.house.items)[pick]
        self.both(
            lambda: _none(capacity.set_size(self.event_id, LimitKind.ITEM, str(key), size)),
            lambda house: house.resize(("item", key), size),
        )

    @act(size=st.sampled_from([1, 2, 3, None]))
    def resize_organisations(self, size: int | None) -> None:
        if size == self.house.organisation_size:
            return  # the editor sees that nothing changes and does not ask the waiting list
        self.both(
            lambda: _none(events.change(self.event_id, {"organisation_seats": size})),
            lambda house: house.resize(("organisation", ""), size),
        )

    @act(pick=st.integers(0, 2), places=st.sampled_from([0, 1, 2, 3, 4]), days=st.sampled_from([None, 0, 1, 30]))
    def reserve(self, pick: int, places: int, days: int | None) -> None:
        key = list(self.house.categories)[pick]
        release = self.house.now + timedelta(days=days) if days is not None else None
        self.both(
            lambda: capacity.reserve(self.event_id, str(key), places, release),
            lambda house: house.keep(key, places, release),
        )

    @act(weight=2, hours=st.sampled_from([1, 1, 3, 20, 50, 300]))
    def wait(self, hours: int) -> None:
        """Time passes; nobody acts yet."""
        self.go(self.house.now + timedelta(hours=hours))

    @act(hours=st.sampled_from([1, 20, 50]))
    def wait_and_settle(self, hours: int) -> None:
        """Time passes, and the periodic job comes."""
        self.go(self.house.now + timedelta(hours=hours))
        self.both(lambda: _none(settle_due()), lambda house: house.settle())

    @act(
        hour=st.sampled_from([-30, -1, 1, 9.75]),
        when=lambda self: self.house.ends - self.house.now < timedelta(days=40),
    )
    def the_day_comes(self, hour: float) -> None:
        self.go(max(self.house.now, self.house.day + timedelta(hours=hour)))


def _none(_result: object) -> None:
    """Drop what a service returns, where the model says nothing about it."""


@pytest.mark.hypothesis
@pytest.mark.long
@pytest.mark.parametrize("part", range(PARTS))
def test_any_order_of_acts_keeps_the_promises(app: Flask, part: int) -> None:
    play(Seats, part, EVENTS, shrinks=True)
