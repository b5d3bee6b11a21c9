"""Settles what has fallen due and fills free places, inside every turn of an event (`capacity.service.turn`).

The application hands both functions to `capacity`, which stands above and knows no waiting list.
"""

from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import InstrumentedAttribute

from eventapp.capacity import service as capacity
from eventapp.capacity.models import EventQueue
from eventapp.core import clock
from eventapp.core.db import db
from eventapp.events.models import Event
from eventapp.registration.models import Participant, Registration
from eventapp.registration.moves import move, tell
from eventapp.registration.rules import Action, ParticipantState, is_running
from eventapp.registration.waitlist.queries import list_waiting
from eventapp.registration.waitlist.rules import Offers, Waiting
from eventapp.registration.wishes import service as wishes

_S = ParticipantState
_UNANSWERED = frozenset({_S.UNCONFIRMED, _S.WAITLISTED, _S.TO_APPROVE})


def settle(act: capacity.Turn) -> None:
    """End offers and unconfirmed addresses whose time is over, and give what they held to whoever is next.

    Reserves past their release date need no step of their own: they count for nothing from then on.
    """
    for unit in _overdue(act, Registration.offer_until, frozenset({_S.OFFERED})):
        people = [person for person in unit.participants if person.state is _S.OFFERED]
        move(people, Action.EXPIRE, act)
        if is_running(unit.event.state, unit.event.ends_at, act.now):
            tell(people, "expired")
        unit.offer_until = None
    for unit in _overdue(
        act, Registration.hold_until, _UNANSWERED
    ):  # it keeps its moment: this address was never confirmed
        move([person for person in unit.participants if person.state in _UNANSWERED], Action.EXPIRE, act)
    wishes.expire(act)
    fill(act)
    act.queue.settle_at = _next_due(act)


def settle_due() -> int:
    """Settle every event in which something has fallen due; return how many. A periodic job."""
    due = select(EventQueue.event_id).where(EventQueue.settle_at <= clock.now()).order_by(EventQueue.event_id)
    event_ids = list(db.session.scalars(due))
    for event_id in event_ids:
        with capacity.turn(event_id):
            pass  # every turn begins by settling
    return len(event_ids)


def fill(act: capacity.Turn) -> None:
    """Offer a place to every unit that waits and fits, in order, or confirm it at once as the event is set.

    Who does not fit is passed over. One pass is enough, as taking seats never makes another unit fit, unless somebody
    swapped to the item that they wished for and left a seat: then another pass follows.
    """
    event = db.session.get_one(Event, act.event_id)
    act.freed = is_running(event.state, event.ends_at, act.now)
    while act.freed:
        act.freed = False
        _pass(act, event)


def _pass(act: capacity.Turn, event: Event) -> None:
    tally, until = act.tally(), offers_of(event).until(act.now)
    for unit in list_waiting(act.event_id, act.limits):
        if not unit.is_eligible or tally.lack(unit.need):
            continue
        tally.take(unit.need)
        if unit.wish_id is not None:
            wishes.offer(act, unit.wish_id, until)
        else:
            _seat(act, unit, None if unit.registration_id in act.at_once else until)


def offers_of(event: Event) -> Offers:
    """Return how an event offers places."""
    return Offers(event.offer_hours, event.confirms_on_the_day, event.starts_at, event.ends_at, event.zone)


def _seat(act: capacity.Turn, unit: Waiting, until: datetime | None) -> None:
    people = [db.session.get_one(Participant, row_id) for row_id in unit.people]
    if until is None:
        move(people, Action.CONFIRM, act)
        tell(people, "ticket", why="moved_up")
        return
    move(people, Action.OFFER, act, until=until.isoformat())
    people[0].registration.offer_until = until
    act.due(until)
    tell(people, "offer", until=until.isoformat())


def _overdue(
    act: capacity.Turn, moment: InstrumentedAttribute[datetime | None], states: frozenset[ParticipantState]
) -> list[Registration]:
    late = moment <= act.now, Registration.participants.any(Participant.state.in_(states))
    due = select(Registration).where(Registration.event_id == act.event_id, *late)
    return list(db.session.scalars(due.order_by(Registration.number, Registration.part)))


def _next_due(act: capacity.Turn) -> datetime | None:
    mine = Registration.event_id == act.event_id
    firsts = [
        db.session.scalar(select(func.min(moment)).where(mine, moment > act.now))
        for moment in (Registration.offer_until, Registration.hold_until)
    ]
    releases = [limit.release_at for limit in act.limits.values() if limit.reserved]
    moments = [*firsts, wishes.first_due(act.event_id), *releases]
    return min((moment for moment in moments if moment is not None and moment > act.now), default=None)
