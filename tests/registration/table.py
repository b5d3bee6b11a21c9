"""A table at which the services and the reference model play the same event; `test_stateful` makes the moves."""

from collections import Counter
from collections.abc import Callable
from copy import deepcopy
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant
from sqlalchemy import select

from eventapp.capacity.models import SeatLimit
from eventapp.capacity.rules import LimitKind
from eventapp.core import clock
from eventapp.core.db import db
from eventapp.core.localized import Localized
from eventapp.core.refusal import Refusal
from eventapp.events import service as events
from eventapp.events.rules import CategoryInput, EventAction
from eventapp.outbox.models import Message
from eventapp.registration.doctor.queries import list_faults
from eventapp.registration.models import ItemChoice, Participant, Registration, Wish
from eventapp.registration.rules import MailsTo
from eventapp.registration.signup.batch import SignUp
from eventapp.registration.signup.rules import Arrival, Contact, Person, Via
from eventapp.registration.signup.service import arrive_all
from eventapp.tickets.models import Ticket, TicketState
from tests.make import event_input, make_item
from tests.registration.acts import House
from tests.registration.model import ENDED, EVENT, Category, Guest, Key, Refused, Unit

FULL = frozenset({"item_full", "category_full", "organisation_full"})
SIZES = st.sampled_from([2, 3, 4, 5, 6, 8, 1, 0, None])
EVENTS = st.fixed_dictionaries(
    {
        "size": st.sampled_from([2, 3, 4, 5, 6, 8, 8, None]),
        "sizes": st.tuples(SIZES, st.sampled_from([3, 4, None]), st.sampled_from([2, 4, None])),
        "items": st.tuples(*[st.sampled_from([1, 2, 2, 3, 4, None])] * 3),
        "kept": st.sampled_from([0, 1, 2, 3]),
        "release": st.sampled_from([None, 1, 20, 58]),
        "organisation": st.sampled_from([None, None, 2, 3]),
        "hours": st.sampled_from([None, 2, 48, 48]),
        "on_the_day": st.booleans(),
        "address": st.sampled_from([None, None, None, 90]),
        "approves": st.booleans(),
        "reviews": st.booleans(),
    }
)
Asks = tuple[int, str, tuple[int, ...]]
"""Category, organisation and items, by their place in the event."""


class Table(RuleBasedStateMachine):
    """One event, from its beginning to its end."""

    house: House
    event_id = 0
    organiser_id = 0

    @initialize(given=EVENTS)
    def make(self, given: dict[str, Any]) -> None:
        """Make an event with three categories (one with a reserve, one with approval) and three items."""
        event = events.create(
            self.organiser_id,
            event_input(
                seats=given["size"],
                organisation_seats=given["organisation"],
                offer_hours=given["hours"],
                confirms_on_the_day=given["on_the_day"],
                confirms_address=given["address"] is not None,
                address_minutes=given["address"] or 120,
                reviews_changes=given["reviews"],
            ),
        )
        slots = ((11, 13), (11, 13), (14, 15))
        items = {
            make_item(event, f"Forum {hours[0]}", *hours, is_chosen=True, seats=size).id: size
            for hours, size in zip(slots, given["items"], strict=True)
        }
        categories = self._categories(event.id, given)
        events.move(event.id, EventAction.PUBLISH)
        day = event.starts_at.astimezone(ZoneInfo(event.zone)).replace(hour=0, minute=0).astimezone(UTC)
        self.event_id, self.people, self.last_mail = event.id, 0, 0
        self.house = House(
            now=clock.now(),
            day=day,
            starts=event.starts_at,
            ends=event.ends_at,
            size=given["size"],
            categories=categories,
            items=items,
            slots=dict(zip(items, (0, 0, 1), strict=True)),
            organisation_size=given["organisation"],
            offer_hours=given["hours"],
            confirms_on_the_day=given["on_the_day"],
            address_minutes=given["address"],
            reviews_changes=given["reviews"],
        )
        self.before = self.house
        self.let_in_now: Key | None = None

    def _categories(self, event_id: int, given: dict[str, Any]) -> dict[int, Category]:
        sizes, days = given["sizes"], given["release"]
        release = clock.now() + timedelta(days=days) if days is not None else None
        kept = min(given["kept"], given["size"] or 0, 3 if sizes[1] is None else sizes[1])
        kinds = [Category(sizes[0]), Category(sizes[1], kept, release)]
        kinds.append(Category(sizes[2], needs_approval=given["approves"]))
        found = {}
        for number, kind in enumerate(kinds):
            label, places = Localized(de=f"Gruppe {number}"), (kind.size, kind.reserved, kind.release)
            row = events.add_category(event_id, CategoryInput(label, *places, needs_approval=kind.needs_approval))
            found[row.id] = kind
        return found

    def both(self, real: Callable[[], Any], ideal: Callable[[House], Any], *, settles: bool = False) -> Any:
        """Let the services and the model do the same; both do it or both refuse it.

        A refusal takes all back, but in a batch of sign-ups (`settles`): there what has fallen due stays settled.
        """
        twin, refused = deepcopy(self.house), ""
        self.before, self.let_in_now = self.house, None
        try:
            expected = ideal(twin)
        except Refused as reason:
            refused = str(reason)
            twin = deepcopy(self.house)
            if settles:
                twin.settle()
        self.house = twin
        db.session.rollback()
        try:
            with clock.at(self.house.now):
                found = real()
        except Refusal as refusal:
            code = "full" if refusal.code in FULL else refusal.code
            assert code == refused, (code, refused)
            return None
        assert not refused, f"not refused: {refused}"
        return expected if expected is not None else found

    def row(self, key: Key) -> int:
        """Return the row id of a unit."""
        mine = Registration.event_id == self.event_id, Registration.number == key[0], Registration.part == key[1]
        return db.session.scalars(select(Registration.id).where(*mine)).one()

    def asked(self, asks: Asks, email: str, row_id: int = 0) -> Guest:
        category, organisation, items = asks
        keys, rows = list(self.house.categories), list(self.house.items)
        return Guest(row_id, email, keys[category], organisation, {rows[item] for item in items})

    def person(self, guest: Guest) -> Person:
        return Person("Gast", guest.email, guest.category, "de", "Muster", organisation=guest.organisation,
                      item_ids=tuple(sorted(guest.items)))  # fmt: skip

    def email(self) -> str:
        self.people += 1
        return f"gast{self.people}@example.org"

    def guests(self, *states: str, ended: bool = False) -> list[int]:
        return [x.id for x in self.house.guests() if (x.state in states if states else (x.state in ENDED) is ended)]

    def units(self, *states: str) -> list[Key]:
        return [unit.key for unit in self.house.units if unit.those(*states)]

    def undecided(self) -> list[Unit]:
        return [unit for unit in self.house.units if unit.in_review or unit.those("to_approve")]

    def waiting_groups(self) -> list[Unit]:
        return [unit for unit in self.house.units if len(unit.those("waitlisted")) > 1]

    def arrive(self, guests: list[Guest], *, contact: str = "", is_each: bool = True, over: bool = False) -> None:
        arrival = Arrival(
            tuple(self.person(guest) for guest in guests),
            via=Via.ORGANISER if over else Via.FORM,
            contact=Contact("Kontakt", contact, "de", MailsTo.EACH if is_each else MailsTo.CONTACT)
            if contact
            else None,
            over_note="Ehrengast" if over else "",
        )
        made: list[SignUp] = []

        def real() -> None:
            (done,) = arrive_all(self.event_id, [arrival])
            if isinstance(done, Refusal):
                raise done
            made.append(done)

        state = self.both(
            real,
            lambda house: house.arrive(deepcopy(guests), contact=contact, is_each=is_each, over=over),
            settles=True,
        )
        if made:
            assert made[0].outcome.value == state
            for guest, (row_id, _) in zip(self.house.units[-1].people, made[0].people, strict=True):
                guest.id = row_id

    def go(self, moment: datetime) -> None:
        self.before = self.house = replace(self.house, now=moment.replace(microsecond=0))

    @invariant()
    def all_is_well(self) -> None:
        if not hasattr(self, "house"):
            return  # the event is not made yet
        db.session.rollback()
        self.everybody_stands_where_the_model_says()
        self.seats_are_counted()
        self.each_move_is_told_once()
        with clock.at(self.house.now):
            assert list_faults(self.event_id) == []
        self.nobody_waits_because_of_a_reserve_that_is_for_them()
        self.no_later_one_with_the_same_need_was_served_first()

    def everybody_stands_where_the_model_says(self) -> None:
        rows = db.session.execute(
            select(Participant.id, Participant.state, Participant.category_id, Participant.organisation_key,
                   Registration.number, Registration.part, Registration.ahead, Registration.offer_until,
                   Registration.hold_until, Registration.review_since)
            .join(Participant.registration).where(Participant.event_id == self.event_id)
        )  # fmt: skip
        real = {row.id: (row.state.value, row.category_id, row.organisation_key, row.number, row.part, row.ahead,
                         row.offer_until if row.state.value == "offered" else None, row.hold_until,
                         row.review_since is not None) for row in rows}  # fmt: skip
        ideal = {
            guest.id: (guest.state, guest.category, guest.organisation, unit.number, unit.part, unit.ahead,
                       unit.offer_until if guest.state == "offered" else None, unit.hold_until, unit.in_review)
            for unit in self.house.units for guest in unit.people
        }  # fmt: skip
        assert real == ideal, {key: (real.get(key), ideal.get(key)) for key in real | ideal
                               if real.get(key) != ideal.get(key)}  # fmt: skip
        found = select(Wish.number, Wish.state, Wish.offer_until).where(Wish.event_id == self.event_id)
        assert {n: (state.value, until) for n, state, until in db.session.execute(found)} == {
            wish.number: (wish.state, wish.until if wish.state == "offered" else None) for wish in self.house.wishes
        }

    def seats_are_counted(self) -> None:
        taken = self.house.taken()
        chosen: dict[int, set[int]] = {}
        of_event = select(ItemChoice.participant_id, ItemChoice.item_id).join(ItemChoice.participant)
        for who, item in db.session.execute(of_event.where(Participant.event_id == self.event_id)):
            chosen.setdefault(who, set()).add(item)
        assert chosen == {guest.id: guest.items for guest in self.house.guests() if guest.items}
        for limit in db.session.scalars(select(SeatLimit).where(SeatLimit.event_id == self.event_id)):
            kind, key = limit.ref
            ref = (kind.value, key if kind in (LimitKind.EVENT, LimitKind.ORGANISATION) else int(key))
            if kind is LimitKind.ORGANISATION and self.house.organisation_size is None:
                continue
            size = self.house.size_of(ref)
            assert (limit.size, limit.taken) == (size, taken[ref]), ref
            assert limit.over == (0 if size is None else max(0, taken[ref] - size)), ref
        valid = select(Ticket.participant_id).where(Ticket.event_id == self.event_id, Ticket.state == TicketState.VALID)
        assert sorted(db.session.scalars(valid)) == sorted(self.guests("confirmed"))

    def each_move_is_told_once(self) -> None:
        new = select(Message).where(Message.event_id == self.event_id, Message.id > self.last_mail)
        found = []
        for message in db.session.scalars(new.order_by(Message.id)):
            self.last_mail = message.id
            kind = message.kind.removeprefix("registration.")
            found.append((f"group {message.facts['what']}" if kind == "group" else kind, message.recipient))
        assert Counter(found) == Counter(self.house.mails)
        self.house.mails = []

    def nobody_waits_because_of_a_reserve_that_is_for_them(self) -> None:
        house = self.house
        if house.now >= house.ends or house.now != self.before.now or house.size is None:
            return
        taken = house.taken()
        for unit in house.units:
            (category, *others) = {guest.category for guest in unit.those("waitlisted")} or {0}
            if not category or others or unit.hold_until:
                continue
            need = house.need(unit.those("waitlisted"))
            own = min(house.size - taken[EVENT], house.reserve(category) - taken["category", category])
            if len(unit.those("waitlisted")) <= own and not house.full(need):
                assert self.is_overdue(), f"number {unit.number} waits for a place that is kept for it"

    def no_later_one_with_the_same_need_was_served_first(self) -> None:
        waited = {unit.key: unit for unit in self.before.units if unit.those("waitlisted") and not unit.hold_until}
        now = {unit.key: unit for unit in self.house.units}
        same = [key for key, unit in waited.items()
                if self.before.need_of(unit) == self.house.need(now[key].living)]  # fmt: skip
        served = [key for key in same if now[key].those("offered", "confirmed") and key != self.let_in_now]
        for key in served:
            for other in same:
                if now[other].those("waitlisted") and now[other].ahead == now[key].ahead and other < key:
                    assert self.before.need_of(waited[key]) != self.before.need_of(waited[other]), (other, key)

    def is_overdue(self) -> bool:
        """Tell whether time has freed something that nobody has acted on yet."""
        (twin := deepcopy(self.house)).settle()
        return bool(twin.units != self.house.units)


def one(things: Any, pick: int) -> Any:
    """Pick one of several, by any number."""
    return things[pick % len(things)]
