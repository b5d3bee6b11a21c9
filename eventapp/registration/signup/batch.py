"""Decides about all arrivals of one turn of an event, one after the other, on counters in memory.

One person who signs up is a batch of one. What is decided is written in bulk by `signup.rows`.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace

from flask import current_app

from eventapp.agenda.models import AgendaItem
from eventapp.capacity import service as capacity
from eventapp.capacity.rules import Tally, need, never_fits, wanted
from eventapp.core import clock
from eventapp.core.db import db
from eventapp.core.limits import Tries
from eventapp.core.refusal import Refusal
from eventapp.core.search import fold_email
from eventapp.events.models import Event
from eventapp.events.rules import EventState
from eventapp.questions.answers.rules import Given, check_answers, wanted_choices
from eventapp.questions.queries import list_questions_now
from eventapp.registration import queries, refusals
from eventapp.registration.invitations.entries import Entries, Entry
from eventapp.registration.models import Participant
from eventapp.registration.moves import tell_again
from eventapp.registration.rules import (
    Choosable,
    ParticipantState,
    Window,
    clashing,
    organisation_key,
    window,
)
from eventapp.registration.signup.queries import get_terms
from eventapp.registration.signup.rows import Placed
from eventapp.registration.signup.rules import (
    PER_ADDRESS,
    PER_NETWORK,
    Arrival,
    Outcome,
    Person,
    Terms,
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


class Batch:
    """What is read once for all arrivals of a turn, and what was decided so far."""

    def __init__(self, act: capacity.Turn, arrivals: Sequence[Arrival]) -> None:
        self.act = act
        self.event = get_terms(act.event_id)
        self.categories = {category.id: category for category in self.event.categories}
        people = [person for arrival in arrivals for person in arrival.people]
        wished = any(person.item_ids for person in people)
        self.items = {item.id: item for item in queries.list_choosable(act.event_id)} if wished else {}
        self.questions = list_questions_now(act.event_id) if self.event.has_questions else []
        self.known_keys = queries.find_repeated(act.event_id, [a.key for a in arrivals if a.key])
        known = queries.list_living_ids(act.event_id, {fold_email(x.email) for x in people if x.email})
        self.living = {who: (row_id, public_id) for _, who, row_id, public_id in known}
        self.per_address = Counter(email for email, *_ in known)
        self.tries = Tries(  # counted per event: its lock parts those who count
            db.session(), f"sign-up|{act.event_id}", [arrival.network for arrival in arrivals],
            limit=current_app.config["EVENTAPP"].signups_per_network, per=PER_NETWORK, kind=refusals.TooManyFromHere,
        )  # fmt: skip
        keys = (organisation_key(person.organisation) for person in people)
        self.made = capacity.limit_organisations(act, keys, self.event.organisation_seats)
        self.limits = act.states
        self.tally = Tally(self.limits)
        self.entries = Entries(act, self.event, arrivals)
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
        check_open(self.event, arrival.via, is_invited=arrival.invitation_id is not None)
        if (same := self._same(arrival)) is not None:
            return same
        entry = self.entries.ask(arrival, self.categories)
        answers = []
        for row, person in enumerate(arrival.people):
            try:
                check_choice(self.event, self.items, person, arrival.via, kept_category=entry.category_id)
                answers.append(self._answers(person, arrival.via))
            except Refusal as refusal:
                refusal.row = row
                raise
        return self._place(arrival, entry, answers)

    def _answers(self, person: Person, via: Via) -> dict[int, Given]:
        """Return what a person answered, without what is not asked of them; raise the refusal that it deserves."""
        return check_answers(self.questions, person.answers or {}, person.category_id, is_complete=via is Via.FORM)

    def forget_refused(self) -> None:
        """Leave nothing of those who were refused: not even the name of their organisation."""
        people = [person for one in self.placed for person in one.arrival.people]
        came = {organisation_key(person.organisation) for person in people}
        capacity.forget_limits(self.act, [ref for ref in self.made if ref[1] not in came])

    def redeem(self) -> None:
        """Mark the invitations of what is written as used."""
        made = [(one.arrival.invitation_id, one.people[0]["registration_id"]) for one in self.placed]
        self.entries.write([(invitation_id, unit_id) for invitation_id, unit_id in made if invitation_id is not None])

    def _same(self, arrival: Arrival) -> "_Result | None":
        """Find somebody who is registered already; in a group that is refused, alone they are told by mail."""
        seen: set[str] = set()
        for row, person in enumerate(arrival.people):
            who = person.identity
            if arrival.contact is not None and (who in self.living or who in self.identities or who in seen):
                raise refusals.SamePerson(row=row)
            seen.add(who)
            if who in self.living:
                tell_again(db.session.get_one(Participant, self.living[who][0]), spare=True)
                return _Known((self.living[who],), Outcome.ALREADY)
            if who in self.identities:
                return _Made(self.identities[who][0], Outcome.ALREADY)
        return None

    def _place(self, arrival: Arrival, entry: Entry, answers: list[dict[int, Given]]) -> "_Made":
        wishes = [
            wanted(person.category_id, person.item_ids, organisation_key(person.organisation))
            | wanted_choices(self.questions, given)
            for person, given in zip(arrival.people, answers, strict=True)
        ]
        needed = need(wishes)
        if never_fits(needed, self.limits) and not arrival.over_note:
            raise refusals.TooSmall
        by_form = arrival.via is Via.FORM and not entry.is_trusted
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
        one = Placed(arrival, self.act.draw_number(), stands, wishes, is_over, answers)
        if stands.state in (ParticipantState.CONFIRMED, ParticipantState.UNCONFIRMED):
            self.tally.take(needed)
        self.placed.append(one)
        self.entries.use(entry)
        if arrival.key:
            self.keys[arrival.key] = one
        self.identities |= {person.identity: (one, row) for row, person in enumerate(arrival.people)}
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


def check_open(event: Event | Terms, via: Via = Via.FORM, *, is_invited: bool = False) -> None:
    """Raise a Refusal unless people can be signed up now.

    The organiser may at any time before the end, and who is invited while the event is public. The door judges by
    its own hours: it reports also who came in while it had no connection.
    """
    if via is Via.DOOR:
        return
    if event.state is EventState.CALLED_OFF:
        raise refusals.CalledOff
    now = clock.now()
    state = window(now, event.registration_opens_at, event.registration_closes_at, event.ends_at)
    if state is Window.OVER:
        raise refusals.Over
    if via is Via.ORGANISER:
        return
    if event.state is not EventState.PUBLISHED or (state is Window.CLOSED and not is_invited):
        raise refusals.Closed
    if not is_invited and state is Window.NOT_YET:
        raise refusals.NotOpenYet


def check_choice(
    event: Event | Terms,
    items: dict[int, AgendaItem],
    person: Person,
    via: Via,
    *,
    kept_category: int | None = None,
) -> None:
    """Raise a Refusal when name, category or items cannot be; `items` are those that this person may choose."""
    if not f"{person.given_name}{person.family_name}".strip():
        raise refusals.NoName
    allowed = {c.id for c in event.categories if c.is_open or via is not Via.FORM}
    if person.category_id not in allowed | {kept_category}:
        raise refusals.WrongCategory
    if not set(person.item_ids) <= set(items):
        raise refusals.WrongItem
    chosen = [Choosable(i, items[i].starts_at, items[i].ends_at) for i in dict.fromkeys(person.item_ids)]
    if (pair := clashing(chosen)) is not None:
        raise refusals.ItemsClash(first=items[pair[0].id].title, second=items[pair[1].id].title)


def told_apart(guest: Participant, person: Person) -> Person:
    """Return the person told apart from others who gave no address; raise SamePerson for who is registered already."""
    person = person if person.email else replace(person, apart=guest.public_id)
    same = queries.find_living(guest.event_id, person.identity)
    if same is not None and same.id != guest.id:
        raise refusals.SamePerson
    return person
