"""Pairs of acts that may meet: how each is prepared, which answers are allowed, and what must be true afterwards."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from sqlalchemy import func, select

from eventapp.accounts.models import Organiser
from eventapp.capacity.rules import LimitKind
from eventapp.capacity.service import reserve, set_size, turn
from eventapp.core import clock
from eventapp.core.db import db
from eventapp.core.localized import Localized
from eventapp.events.models import Event
from eventapp.events.rules import CategoryInput
from eventapp.events.service import add_category
from eventapp.registration.approval import service as approval
from eventapp.registration.deputy.service import send_deputy
from eventapp.registration.models import Participant, Registration
from eventapp.registration.rules import HOLDS_A_SEAT
from eventapp.registration.service import cancel, cancel_unit, change
from eventapp.registration.signup.batch import SignUp
from eventapp.registration.signup.rules import Contact
from eventapp.registration.signup.service import sign_up, sign_up_group
from eventapp.registration.waitlist import service as waitlist
from eventapp.registration.wishes import service as wishes
from eventapp.tickets.models import Ticket, TicketState
from tests.make import forums, make_event
from tests.registration.people import arrive, person

DONE = "done"
Act = Callable[[], Any]
Answers = set[tuple[str, ...]]
BOTH: Answers = {(DONE, DONE)}


@dataclass
class Pair:
    """Acts for one moment. `allowed` answers in the order of the acts; `check` is called afterwards."""

    event_id: int
    acts: tuple[Act, ...]
    allowed: Answers
    check: Callable[[], None]
    moment: datetime


def accept_and_expire(organiser: Organiser) -> Pair:
    event, (gone, offered, waits) = _event(organiser, 3, seats=1)
    cancel(_id(gone))
    late = clock.now() + timedelta(days=3)
    acts = partial(waitlist.accept, _unit(offered)), partial(settle, event.id)
    return Pair(event.id, acts, BOTH, lambda: _are(offered="waitlisted", waits="offered", of=(offered, waits)), late)


def cancel_and_offer(organiser: Organiser) -> Pair:
    event, (gone, first, second) = _event(organiser, 3, seats=1)
    acts = partial(cancel, _id(gone)), partial(cancel, _id(first))
    return _pair(event, acts, BOTH, lambda: _are(gone="cancelled", first="cancelled", second="offered",
                                                 of=(gone, first, second)))  # fmt: skip


def two_deputies(organiser: Organiser) -> Pair:
    event, (guest,) = _event(organiser, 1, seats=1)
    acts = tuple(partial(_deputy, _id(guest), person(event, number)) for number in (8, 9))

    def check() -> None:
        assert guest.participant.email in ("gast8@example.org", "gast9@example.org")
        states = select(Ticket.state).where(Ticket.participant_id == _id(guest)).order_by(Ticket.id)
        assert list(db.session.scalars(states)) == [TicketState.REVOKED, TicketState.REVOKED, TicketState.VALID]

    return _pair(event, acts, BOTH, check)


def approve_and_cancel(organiser: Organiser) -> Pair:
    event, guest = _to_approve(organiser)
    acts = partial(approval.approve, _unit(guest)), partial(cancel, _id(guest))
    return _pair(event, acts, BOTH | {("not_to_approve", DONE)}, lambda: _are(guest="cancelled", of=(guest,)))


def approve_and_decline(organiser: Organiser) -> Pair:
    event, guest = _to_approve(organiser)
    acts = partial(approval.approve, _unit(guest)), partial(approval.decline, _unit(guest), "voll")
    allowed: Answers = {(DONE, "not_to_approve"), ("not_to_approve", DONE)}
    return _pair(event, acts, allowed, lambda: _are(guest=("confirmed", "declined"), of=(guest,)))


def size_in_a_rush(organiser: Organiser) -> Pair:
    event, _ = _event(organiser, 0, seats=2)
    rush: list[Act] = [partial(sign_up, event.id, person(event, number)) for number in range(6)]
    return _pair(event, (*rush, partial(_size, event.id, 4)), set(), lambda: _holders(event, 4))


def release_in_a_rush(organiser: Organiser) -> Pair:
    event, _ = _event(organiser, 0, seats=4)
    key = str(event.categories[0].id)
    reserve(event.id, key, 3, None)
    rush: list[Act] = [partial(sign_up, event.id, person(event, number)) for number in range(6)]
    return _pair(event, (*rush, partial(reserve, event.id, key, 0, None)), set(), lambda: _holders(event, 4))


def accept_twice(organiser: Organiser) -> Pair:
    event, (gone, offered) = _event(organiser, 2, seats=1)
    cancel(_id(gone))
    acts = (partial(waitlist.accept, _unit(offered)),) * 2
    return _pair(event, acts, BOTH, lambda: _are(offered="confirmed", of=(offered,)))


def accept_twice_too_late(organiser: Organiser) -> Pair:
    event, (gone, offered) = _event(organiser, 2, seats=1)
    cancel(_id(gone))
    acts = (partial(waitlist.accept, _unit(offered)),) * 2
    late = clock.now() + timedelta(days=3)
    return Pair(event.id, acts, BOTH, lambda: _are(offered="confirmed", of=(offered,)), late)


def decline_and_accept(organiser: Organiser) -> Pair:
    event, (gone, offered) = _event(organiser, 2, seats=1)
    cancel(_id(gone))
    acts = partial(waitlist.decline, _unit(offered)), partial(waitlist.accept, _unit(offered))
    allowed: Answers = {(DONE, "not_offered"), ("not_offered", DONE)}
    return _pair(event, acts, allowed, lambda: _are(offered=("confirmed", "cancelled"), of=(offered,)))


def confirm_address_and_expire(organiser: Organiser) -> Pair:
    event, (guest,) = _event(organiser, 1, seats=1, confirms_address=True, address_minutes=60)
    acts = partial(waitlist.confirm_address, _unit(guest)), partial(settle, event.id)
    late = clock.now() + timedelta(hours=2)
    return Pair(event.id, acts, BOTH, lambda: _are(guest="confirmed", of=(guest,)), late)


def restore_and_sign_up(organiser: Organiser) -> Pair:
    event, (guest,) = _event(organiser, 1, seats=1)
    cancel(_id(guest))
    acts = partial(waitlist.restore, [_id(guest)]), partial(sign_up, event.id, person(event, 0))
    return _pair(event, acts, {(DONE, "already"), ("same_person", "confirmed")}, lambda: _holders(event, 1))


def two_moves_ahead(organiser: Organiser) -> Pair:
    event, (_, first, second) = _event(organiser, 3, seats=1)
    acts = tuple(partial(waitlist.move_ahead, _unit(guest), "Podium") for guest in (first, second))

    def check() -> None:
        assert sorted(guest.participant.registration.ahead for guest in (first, second)) == [1, 2]

    return _pair(event, acts, BOTH, check)


def divide_and_offer(organiser: Organiser) -> Pair:
    event, (gone, _) = _event(organiser, 2, seats=2)
    group = _group(event, 2)
    acts = partial(waitlist.divide, _unit(group), [group.people[1][0]]), partial(cancel, _id(gone))
    return _pair(event, acts, BOTH, lambda: _holders(event, 2))


def divide_and_cancel_unit(organiser: Organiser) -> Pair:
    event, _ = _event(organiser, 3, seats=3)
    group = _group(event, 3)
    unit = _unit(group)
    acts = partial(waitlist.divide, unit, [group.people[0][0]]), partial(cancel_unit, unit)

    def check() -> None:
        rows = select(Participant.id, Participant.state).where(Participant.registration_id == unit)
        states = {row_id: state.value for row_id, state in db.session.execute(rows)}
        assert len(states) in (2, 3)
        assert set(states.values()) == {"cancelled"}
        away = db.session.get_one(Participant, group.people[0][0])
        assert away.registration_id == unit or away.state.value == "waitlisted"

    return _pair(event, acts, BOTH | {("cannot_divide", DONE)}, check)


def wish_and_change(organiser: Organiser) -> Pair:
    event, _ = _event(organiser, 0, seats=5)
    first, second = forums(event)
    set_size(event.id, LimitKind.ITEM, str(first.id), 1)
    leaves, guest = arrive(event, 0, item_ids=(first.id,)), arrive(event, 1, item_ids=(second.id,))
    wish = wishes.add(_id(guest), first.id)
    cancel(_id(leaves))
    acts = partial(wishes.accept, wish.id), partial(_change, _id(guest), person(event, 1))

    def check() -> None:
        assert [choice.item_id for choice in guest.participant.choices] in ([], [first.id])

    return _pair(event, acts, BOTH, check)


def cancel_unit_and_one(organiser: Organiser) -> Pair:
    event, _ = _event(organiser, 0, seats=3)
    group = _group(event, 3)
    acts = partial(cancel_unit, _unit(group)), partial(cancel, group.people[1][0])
    return _pair(event, acts, BOTH, lambda: _holders(event, 0))


PAIRS: tuple[Callable[[Organiser], Pair], ...] = (
    accept_and_expire, cancel_and_offer, two_deputies, approve_and_cancel, approve_and_decline, size_in_a_rush,
    release_in_a_rush, accept_twice, accept_twice_too_late, decline_and_accept, confirm_address_and_expire,
    restore_and_sign_up, two_moves_ahead, divide_and_offer, divide_and_cancel_unit, wish_and_change,
    cancel_unit_and_one,
)  # fmt: skip


def settle(event_id: int) -> None:
    """Do what the periodic job does for one event."""
    with turn(event_id):
        pass


def _event(organiser: Organiser, guests: int, **settings: Any) -> tuple[Event, list[SignUp]]:
    event = make_event(organiser, **{"offer_hours": 48, **settings})
    return event, [arrive(event, number) for number in range(guests)]


def _to_approve(organiser: Organiser) -> tuple[Event, SignUp]:
    event, _ = _event(organiser, 0, seats=1)
    kind = add_category(event.id, CategoryInput(Localized(de="Gäste"), needs_approval=True))
    db.session.expire_all()
    return event, arrive(event, 0, category_id=kind.id)


def _group(event: Event, size: int) -> SignUp:
    people = [person(event, number) for number in range(10, 10 + size)]
    return sign_up_group(event.id, people, Contact("Kontakt", "kontakt@example.org", "de"))


def _pair(event: Event, acts: tuple[Act, ...], allowed: Answers, check: Callable[[], None]) -> Pair:
    return Pair(event.id, acts, allowed, check, clock.now())


def _deputy(row_id: int, given: Any) -> None:
    send_deputy(row_id, given)


def _change(row_id: int, given: Any) -> None:
    change(row_id, given)


def _size(event_id: int, size: int) -> None:
    set_size(event_id, LimitKind.EVENT, "", size)


def _id(done: SignUp) -> int:
    return done.people[0][0]


def _unit(done: SignUp) -> int:
    found = select(Registration.id).join(Registration.participants).where(Participant.id == _id(done))
    return db.session.scalars(found).one()


def _are(*, of: tuple[SignUp, ...], **expected: str | tuple[str, ...]) -> None:
    for done, (name, states) in zip(of, expected.items(), strict=True):
        assert done.participant.state.value in ((states,) if isinstance(states, str) else states), name


def _holders(event: Event, seats: int) -> None:
    mine = Participant.event_id == event.id, Participant.state.in_(HOLDS_A_SEAT)
    assert db.session.scalar(select(func.count()).select_from(Participant).where(*mine)) == seats
