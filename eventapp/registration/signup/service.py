"""Sign-up of one person, a group, or many at once; there is no other way in.

Who does not fit waits; that is no error. `signup.batch` decides.
"""

from collections.abc import Callable, Sequence
from functools import partial

from eventapp.capacity import service as capacity
from eventapp.core import audit
from eventapp.core.combining import combine
from eventapp.core.db import db
from eventapp.core.refusal import Refusal
from eventapp.registration import refusals
from eventapp.registration.signup.batch import Batch, SignUp
from eventapp.registration.signup.rows import write
from eventapp.registration.signup.rules import (
    GROUP_SIZE,
    Arrival,
    Contact,
    Person,
    Via,
)


def sign_up(
    event_id: int,
    person: Person,
    *,
    idempotency_key: str | None = None,
    notice_id: int | None = None,
    via: Via = Via.FORM,
    over_note: str = "",
    code: str = "",
    network: str = "",
) -> SignUp:
    """Register a person: confirmed when every seat they need is free, else at the end of the waiting list.

    Raises a Refusal (`registration.refusals`) when registration is not open or the choice cannot be. With `over_note`
    an organiser lets them in beyond what is full, and says why.
    """
    by = audit.actor.get()
    arrival = Arrival(
        (person,), via, idempotency_key, notice_id, over_note=over_note, code=code, by=by, network=network
    )
    return arrive(event_id, arrival)


def sign_up_group(
    event_id: int,
    people: Sequence[Person],
    contact: Contact,
    *,
    idempotency_key: str | None = None,
    notice_id: int | None = None,
    via: Via = Via.FORM,
    network: str = "",
) -> SignUp:
    """Register up to GROUP_SIZE people as one unit: all get a place, or all wait together.

    A refusal says by its `row` (counted from 0) whom it concerns.
    """
    if not 1 <= len(people) <= GROUP_SIZE:
        raise refusals.GroupSize(most=GROUP_SIZE)
    by = audit.actor.get()
    return arrive(event_id, Arrival(tuple(people), via, idempotency_key, notice_id, contact, by=by, network=network))


def arrive(event_id: int, arrival: Arrival) -> SignUp:
    """Sign one unit up, a guest's together with those that come at the same moment; raise the Refusal it deserves."""
    if arrival.via is Via.FORM:
        done = combine("sign-up", event_id, arrival, partial(arrive_together, event_id))
    else:
        (done,) = arrive_all(event_id, [arrival])
    if isinstance(done, Refusal):
        raise done
    return done


def arrive_all(event_id: int, arrivals: Sequence[Arrival]) -> list[SignUp | Refusal]:
    """Sign several units up in one transaction, in their order; a refused one leaves nothing and hinders no other."""
    return arrive_together(event_id, lambda: arrivals)


def arrive_together(event_id: int, take: Callable[[], Sequence[Arrival]]) -> list[SignUp | Refusal]:
    """Do so with those whom `take` gives once it is the event's turn."""
    with capacity.turn(event_id) as act:
        arrivals = take()
        batch = Batch(act, arrivals)
        found = [batch.take(arrival) for arrival in arrivals]
        batch.forget_refused()
        for one in batch.placed:
            if one.standing.hold_until is not None:
                act.due(one.standing.hold_until)
        write(db.session(), act, batch.event.organiser_id, batch.placed, batch.tries.counted)
        batch.redeem()
        return [done if isinstance(done, Refusal) else done() for done in found]
