"""Sign-up: any number of arrivals in one turn of the event, each decided after the one before, all written in bulk.

One person who signs up is a batch of one: there is no other way in. Who does not fit waits; that is no error.
"""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from flask import current_app
from sqlalchemy.orm import joinedload

from eventapp.agenda.models import AgendaItem
from eventapp.capacity import service as capacity
from eventapp.capacity.rules import Tally, need, never_fits, wanted
from eventapp.core import audit, clock
from eventapp.core.db import db
from eventapp.core.limits import Tries
from eventapp.core.refusal import Refusal
from eventapp.core.search import fold_email
from eventapp.events.models import Event
from eventapp.events.rules import EventState
from eventapp.registration import queries, refusals
from eventapp.registration.combining.service import combine
from eventapp.registration.models import Participant
from eventapp.registration.moves import tell_again
from eventapp.registration.rules import (
    Choosable,
    ParticipantState,
    Window,
    clashing,
    identity,
    organisation_key,
    window,
)
from eventapp.registration.signup.rows import Placed, write
from eventapp.registration.signup.rules import (
    GROUP_SIZE,
    PER_ADDRESS,
    PER_NETWORK,
    Arrival,
    Contact,
    Outcome,
    Person,
    Via,
    standing,
)


@dataclass(frozen=True)
class SignUp:
    """What came of a sign-up: its people, by row id and public id, in the order in which they were told."""

    outcome: Outcome
    people: tuple[tuple[int, str], ...]
    unit: str = ""
    """Public id of the registration."""

    @property
    def participant(self) -> Participant:
        """The first of the people, as stored now."""
        return db.session.get_one(Participant, self.people[0][0])


def sign_up(
    event_id: int,
    person: Person,
    *,
    idempotency_key: str | None = None,
    notice_id: int | None = None,
    via: Via = Via.FORM,
    over_note: str = "",
    network: str = "",
) -> SignUp:
    """Register a person: confirmed when every seat they need is free, else at the end of the waiting list.

    Raises a Refusal (`registration.refusals`) when registration is not open or the choice cannot be. With `over_note`
    an organiser lets them in beyond what is full, and says why.
    """
    by = audit.actor.get()
    arrival = Arrival((person,), via, idempotency_key, notice_id, over_note=over_note, by=by, network=network)
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
    is_guest = arrival.via is Via.FORM
    done = combine(event_id, arrival, arrive_together) if is_guest else arrive_all(event_id, [arrival])[0]
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
        batch = _Batch(act, arrivals)
        found = [batch.take(arrival) for arrival in arrivals]
        write(db.session(), act, batch.event.organiser_id, batch.placed)
        for one in batch.placed:
            if one.standing.hold_until is not None:
                act.due(one.standing.hold_until)
        return [done if isinstance(done, Refusal) else done() for done in found]


class _Batch:
    """What is read once for all arrivals of a turn, and what was decided so far."""

    def __init__(self, act: capacity.Turn, arrivals: Sequence[Arrival]) -> None:
        self.act = act
        categories = joinedload(Event.categories)
        self.event = db.session.get_one(Event, act.event_id, options=[categories], populate_existing=True)
        self.categories = {category.id: category for category in self.event.categories}
        people = [person for arrival in arrivals for person in arrival.people]
        wished = any(person.item_ids for person in people)
        self.items = {item.id: item for item in queries.list_choosable(act.event_id)} if wished else {}
        self.known_keys = queries.find_repeated(act.event_id, [a.key for a in arrivals if a.key])
        known = queries.list_living_ids(act.event_id, {fold_email(person.email) for person in people})
        self.living = {who: (row_id, public_id) for _, who, row_id, public_id in known}
        self.per_address = Counter(email for email, *_ in known)
        most, too_many = current_app.config["EVENTAPP"].signups_per_network, refusals.TooManyFromHere
        name, networks = f"sign-up|{act.event_id}", [arrival.network for arrival in arrivals]
        self.tries = Tries(db.session(), name, networks, limit=most, per=PER_NETWORK, kind=too_many)
        keys = (organisation_key(person.organisation) for person in people)
        capacity.limit_organisations(act, keys, self.event.organisation_seats)
        self.limits = act.states
        self.tally = Tally(self.limits)
        self.placed: list[Placed] = []
        self.keys: dict[str, Placed] = {}
        self.identities: dict[str, tuple[Placed, int]] = {}

    def take(self, arrival: Arrival) -> "_Result":
        """Decide about one arrival."""
        try:
            return self._take(arrival)
        except Refusal as refusal:
            return refusal

    def _take(self, arrival: Arrival) -> "_Result":
        if arrival.key and (first := self.keys.get(arrival.key)):
            return _Made(first, Outcome.REPEATED)
        if arrival.key and (known := self.known_keys.get(arrival.key)):
            return _Known(known[1], Outcome.REPEATED, known[0])
        check_open(self.event, arrival.via)
        if (same := self._same(arrival)) is not None:
            return same
        for row, person in enumerate(arrival.people):
            try:
                check_choice(self.event, self.items, person, arrival.via)
            except Refusal as refusal:
                refusal.row = row
                raise
        return self._place(arrival)

    def _same(self, arrival: Arrival) -> "_Result | None":
        """Find somebody who is registered already; in a group that is refused, alone they are told by mail."""
        seen: set[str] = set()
        for row, person in enumerate(arrival.people):
            who = _identity(person)
            if arrival.contact is not None and (who in self.living or who in self.identities or who in seen):
                raise refusals.SamePerson(row=row)
            seen.add(who)
            if who in self.living:
                tell_again(db.session.get_one(Participant, self.living[who][0]), spare=True)
                return _Known((self.living[who],), Outcome.ALREADY)
            if who in self.identities:
                return _Made(self.identities[who][0], Outcome.ALREADY)
        return None

    def _place(self, arrival: Arrival) -> "_Made":
        wishes = [
            wanted(person.category_id, person.item_ids, organisation_key(person.organisation))
            for person in arrival.people
        ]
        needed = need(wishes)
        if never_fits(needed, self.limits) and not arrival.over_note:
            raise refusals.TooSmall
        by_form = arrival.via is Via.FORM
        if by_form:
            self._spare(arrival)
        fits = not self.tally.lack(needed)
        is_over = bool(arrival.over_note) and not fits
        stands = standing(
            self.act.now,
            fits=fits,
            is_over=is_over,
            needs_approval=by_form and any(self.categories[p.category_id].needs_approval for p in arrival.people),
            address_minutes=self.event.address_minutes if by_form and self.event.confirms_address else None,
        )
        one = Placed(arrival, self.act.draw_number(), stands, wishes, is_over)
        if stands.state in (ParticipantState.CONFIRMED, ParticipantState.UNCONFIRMED):
            self.tally.take(needed)
        self.placed.append(one)
        if arrival.key:
            self.keys[arrival.key] = one
        self.identities |= {_identity(person): (one, row) for row, person in enumerate(arrival.people)}
        return _Made(one, Outcome(stands.state.value))

    def _spare(self, arrival: Arrival) -> None:
        """Refuse what no ordinary guest does: one address for very many people, very many people from one network."""
        addresses = Counter(fold_email(person.email) for person in arrival.people)
        if any(self.per_address[email] + count > PER_ADDRESS for email, count in addresses.items()):
            raise refusals.AddressFull
        self.tries.hit(arrival.network)
        self.per_address += addresses


@dataclass(frozen=True)
class _Made:
    """A unit of this batch; called after it is written it gives the answer."""

    placed: Placed
    outcome: Outcome

    def __call__(self) -> SignUp:
        people = tuple((row["id"], row["public_id"]) for row in self.placed.people)
        return SignUp(self.outcome, people, self.placed.unit)


@dataclass(frozen=True)
class _Known:
    """People who were registered before."""

    people: tuple[tuple[int, str], ...]
    outcome: Outcome
    unit: str = ""

    def __call__(self) -> SignUp:
        return SignUp(self.outcome, self.people, self.unit)


_Result = _Made | _Known | Refusal


def check_open(event: Event, via: Via = Via.FORM) -> None:
    """Raise a Refusal unless people can be signed up now; the organiser may at any time before the end."""
    if event.state is EventState.CALLED_OFF:
        raise refusals.CalledOff
    now = clock.now()
    state = window(now, event.registration_opens_at, event.registration_closes_at, event.ends_at)
    if state is Window.OVER:
        raise refusals.Over
    if via is Via.ORGANISER:
        return
    if event.state is not EventState.PUBLISHED or state is Window.CLOSED:
        raise refusals.Closed
    if state is Window.NOT_YET:
        raise refusals.NotOpenYet


def check_choice(
    event: Event,
    items: dict[int, AgendaItem],
    person: Person,
    via: Via,
    *,
    kept_category: int | None = None,
) -> None:
    """Raise a Refusal when name, category or items cannot be; `items` are those that this person may choose."""
    if not f"{person.given_name}{person.family_name}".strip():
        raise refusals.NoName
    allowed = {c.id for c in event.categories if c.is_open or via is Via.ORGANISER}
    if person.category_id not in allowed | {kept_category}:
        raise refusals.WrongCategory
    if not set(person.item_ids) <= set(items):
        raise refusals.WrongItem
    chosen = [Choosable(i, items[i].starts_at, items[i].ends_at) for i in dict.fromkeys(person.item_ids)]
    if (pair := clashing(chosen)) is not None:
        raise refusals.ItemsClash(first=items[pair[0].id].title, second=items[pair[1].id].title)


def _identity(person: Person) -> str:
    return identity(person.email, person.given_name, person.family_name)
