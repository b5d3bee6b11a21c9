"""A confirmed guest waits for another item, is offered a seat beside the own one, and swaps by accepting.

`offer`, `expire` and `first_due` are called by the waiting list inside its turn; the others are acts of a guest.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime

from sqlalchemy import func, select

from eventapp.agenda.models import AgendaItem
from eventapp.capacity import service as capacity
from eventapp.capacity.rules import LimitKind, lacking
from eventapp.core.db import db, transaction
from eventapp.registration import refusals
from eventapp.registration.models import ItemChoice, Participant, Wish
from eventapp.registration.moves import check_running, note, tell
from eventapp.registration.queries import list_choosable, read_wishes
from eventapp.registration.rules import OPEN_WISH, WISH_MOVES, Choosable, ParticipantState, WishState, clashing
from eventapp.tickets import service as tickets


def add(participant_id: int, item_id: int) -> Wish:
    """Let a confirmed guest wait for an item that is full; raise a Refusal when there is nothing to wait for.

    A second wish for the same item is the first one.
    """
    with _turn_of(participant_id) as (act, guest):
        event = guest.registration.event
        check_running(event, act.now)
        if guest.state is not ParticipantState.CONFIRMED:
            raise refusals.NotRegistered
        if event.changes_until is not None and event.changes_until <= act.now:
            raise refusals.TooLate
        items = {item.id: item for item in list_choosable(act.event_id)}
        if item_id not in items or item_id in {choice.item_id for choice in guest.choices}:
            raise refusals.WrongItem
        known = find_open(participant_id, item_id)
        if known is not None:
            return known
        if not lacking({(LimitKind.ITEM, str(item_id)): 1}, act.states):
            raise refusals.NotFull
        wish = Wish(
            event_id=act.event_id,
            participant_id=participant_id,
            item_id=item_id,
            number=act.draw_number(),
            state=WishState.WAITING,
            created_at=act.now,
        )
        db.session.add(wish)
        note(guest, "wish.waiting", item=item_id)
        db.session.flush()
        return wish


def accept(wish_id: int) -> None:
    """Swap to the offered item; the old one goes to whoever is next. Raises NotOffered when it is not offered now."""
    with _turn_of_wish(wish_id) as (act, wish):
        if wish.state is WishState.FULFILLED:
            return
        check_running(wish.participant.registration.event, act.now)
        if wish.state is not WishState.OFFERED:
            raise refusals.NotOffered
        _fulfil(act, wish)


def withdraw(wish_id: int) -> None:
    """Stop waiting, or give the offered seat back. A second click changes nothing."""
    with _turn_of_wish(wish_id) as (act, wish):
        if wish.state in OPEN_WISH:
            _end(act, wish, WishState.WITHDRAWN)


def offer(act: capacity.Turn, wish_id: int, until: datetime | None) -> None:
    """Keep a seat of the item for the guest until then, beside the own one; None: swap at once."""
    wish = db.session.get_one(Wish, wish_id)
    if until is None:
        _fulfil(act, wish)
        return
    _move(wish, WishState.OFFERED)
    wish.offer_until = until
    _hold(act, wish.participant)
    act.due(until)
    note(wish.participant, "wish.offered", item=wish.item_id, until=until.isoformat())
    tell([wish.participant], "wish_offer", item=wish.item_id, until=until.isoformat())


def expire(act: capacity.Turn) -> None:
    """End the offers to confirmed guests whose time is over; the seats come free."""
    due = select(Wish).where(
        Wish.event_id == act.event_id, Wish.offer_until <= act.now, Wish.state == WishState.OFFERED
    )
    for wish in db.session.scalars(due.order_by(Wish.number)):
        _end(act, wish, WishState.EXPIRED)


def first_due(event_id: int) -> datetime | None:
    """Return when the next offer to a confirmed guest ends."""
    mine = Wish.event_id == event_id, Wish.state == WishState.OFFERED
    return db.session.scalar(select(func.min(Wish.offer_until)).where(*mine))


def find_open(participant_id: int, item_id: int) -> Wish | None:
    """Find the wish of a guest for an item that waits or is offered."""
    mine = Wish.participant_id == participant_id, Wish.item_id == item_id, Wish.state.in_(OPEN_WISH)
    return db.session.scalar(select(Wish).where(*mine))


def _fulfil(act: capacity.Turn, wish: Wish) -> None:
    """Put the wished item in the place of those at the same time."""
    _move(wish, WishState.FULFILLED)
    guest, item = wish.participant, db.session.get_one(AgendaItem, wish.item_id)
    kept = [choice for choice in guest.choices if clashing([_timed(choice.item), _timed(item)]) is None]
    guest.choices = [*kept, ItemChoice(item_id=item.id)]
    guest.changed_at = act.now
    _hold(act, guest)
    tickets.touch(guest.id)
    note(guest, "wish.fulfilled", item=item.id)
    tell([guest], "swapped", item=item.id)


def _end(act: capacity.Turn, wish: Wish, state: WishState) -> None:
    _move(wish, state)
    _hold(act, wish.participant)
    note(wish.participant, f"wish.{state.value}", item=wish.item_id)


def _move(wish: Wish, state: WishState) -> None:
    assert state in WISH_MOVES[wish.state], (wish.state, state)  # noqa: S101 - an error of ours
    wish.state, wish.offer_until = state, None


def _hold(act: capacity.Turn, guest: Participant) -> None:
    db.session.flush()
    if capacity.hold(act, read_wishes([guest], act.limits)):
        act.freed = True


def _timed(item: AgendaItem) -> Choosable:
    return Choosable(item.id, item.starts_at, item.ends_at)


@contextmanager
def _turn_of(participant_id: int) -> Iterator[tuple[capacity.Turn, Participant]]:
    with transaction() as session, capacity.turn(session.get_one(Participant, participant_id).event_id) as act:
        yield act, session.get_one(Participant, participant_id, populate_existing=True)


@contextmanager
def _turn_of_wish(wish_id: int) -> Iterator[tuple[capacity.Turn, Wish]]:
    with transaction() as session, capacity.turn(session.get_one(Wish, wish_id).event_id) as act:
        yield act, session.get_one(Wish, wish_id, populate_existing=True)
