"""The numbers of the desk: a handful of queries, as many for 10 guests as for 10,000."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from itertools import pairwise
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import case, func, select
from sqlalchemy.orm import joinedload

from eventapp.accounts.models import Membership, Organiser
from eventapp.accounts.rules import Permission, Role, may
from eventapp.agenda.models import AgendaItem
from eventapp.capacity.queries import list_limits_of, read_limits
from eventapp.capacity.rules import WHOLE_EVENT, Limit, LimitKind, places
from eventapp.core.db import db
from eventapp.core.localized import Localized, plain
from eventapp.core.search import fold
from eventapp.events.models import Event
from eventapp.events.rules import OrganisationKind
from eventapp.registration.approval.queries import count_undecided
from eventapp.registration.models import ItemChoice, Participant
from eventapp.registration.rules import LIVING, ParticipantState

DAYS = 30
_NO_LIMIT = Limit(None, 0)


@dataclass(frozen=True)
class Row:
    """One line of a table with bars: seats taken, the limit (None: no limit) and how many come and wait.

    `left`: seats that somebody could have now, also by the size of the event and what is kept for others (None: any);
    `reserved`: places of the event that are kept for it.
    """

    key: str
    label: Localized | str
    taken: int
    size: int | None
    left: int | None
    coming: int = 0
    waiting: int = 0
    note: str = ""
    reserved: int = 0

    @property
    def held(self) -> int:
        """Seats that are kept for an answer: an offer, or an address to be confirmed."""
        return max(0, self.taken - self.coming)


@dataclass(frozen=True)
class Desk:
    """Everything that the desk of an event shows in numbers."""

    confirmed: int
    held: int
    size: int | None
    taken: int
    waiting: int
    cancelled: int
    new: int
    categories: tuple[Row, ...]
    kinds: tuple[tuple[OrganisationKind, int], ...]
    items: tuple[Row, ...]
    undecided: int
    decisions: "Decisions"
    days: tuple[tuple[date, int], ...]

    @property
    def first_day(self) -> date:
        """First day of the chart."""
        return self.days[0][0]

    @property
    def last_day(self) -> date:
        """Last day of the chart: today, or the day of the event."""
        return self.days[-1][0]

    @property
    def left(self) -> int | None:
        """Seats that are free in the whole event."""
        return None if self.size is None else max(0, self.size - self.taken)


@dataclass(frozen=True)
class Decisions:
    """What waits for somebody: registrations to approve, changes to look at, offers, addresses, seats over a limit."""

    to_approve: int
    to_review: int
    offers: int
    unconfirmed: int
    over: int

    @property
    def kinds(self) -> int:
        """How many kinds of things wait."""
        return sum(number > 0 for number in (self.to_approve, self.to_review, self.offers, self.unconfirmed, self.over))


@dataclass(frozen=True)
class Place:
    """An organiser, the roles of a person for the whole of it, the events they may see, and all their roles there."""

    organiser: Organiser
    whole: frozenset[Role]
    events: tuple[Event, ...]
    roles: frozenset[Role]

    @property
    def may_edit(self) -> bool:
        """Whether the person may make events here."""
        return may(self.whole, Permission.EDIT_EVENT)

    def may_see(self) -> bool:
        """Whether the person may open the desk of events here."""
        return may(self.roles, Permission.SEE_EVENT)


def read_desk(event: Event, items: Sequence[AgendaItem], now: datetime) -> Desk:
    """Return the numbers of an event; `items` are its agenda items, `now` says where the days end."""
    limits = read_limits(event.id)
    counts = _count_by_category(event.id)
    categories = tuple(
        Row(
            str(c.id),
            c.label,
            limit.taken,
            limit.size,
            places([WHOLE_EVENT, (LimitKind.CATEGORY, str(c.id))], limits),
            coming=counts[c.id, ParticipantState.CONFIRMED],
            waiting=counts[c.id, ParticipantState.WAITLISTED],
            reserved=limit.reserved,
        )
        for c in event.categories
        for limit in [limits.get((LimitKind.CATEGORY, str(c.id)), _NO_LIMIT)]
    )
    states: Counter[ParticipantState] = Counter()
    for (_category, state), number in counts.items():
        states[state] += number
    days = _count_days(event, now)
    whole = limits.get(WHOLE_EVENT, _NO_LIMIT)
    return Desk(
        confirmed=states[ParticipantState.CONFIRMED],
        held=states[ParticipantState.OFFERED] + states[ParticipantState.UNCONFIRMED],
        size=whole.size,
        taken=whole.taken,
        waiting=states[ParticipantState.WAITLISTED],
        cancelled=states[ParticipantState.CANCELLED],
        new=days[-1][1],
        categories=categories,
        kinds=_count_kinds(event.id),
        items=_items(event.id, [item for item in items if item.is_chosen], limits),
        undecided=_count_undecided(event.id),
        decisions=_read_decisions(event.id, states, sum(limit.over for limit in limits.values())),
        days=days,
    )


def count_seats(events: Sequence[Event]) -> dict[int, Limit]:
    """Return seats taken and size of several events, in one query."""
    found = list_limits_of(event.id for event in events)
    return {event_id: limits.get(WHOLE_EVENT, _NO_LIMIT) for event_id, limits in found.items()}


def list_places(account_id: int) -> list[Place]:
    """Return the organisers that a person works for, each with the events that they may see."""
    memberships = db.session.scalars(
        select(Membership).where(Membership.account_id == account_id).options(joinedload(Membership.organiser))
    )
    roles: dict[int, dict[int | None, Role]] = {}
    organisers: dict[int, Organiser] = {}
    for one in memberships:
        organisers[one.organiser_id] = one.organiser
        roles.setdefault(one.organiser_id, {})[one.event_id] = one.role
    found = (
        select(Event)
        .where(Event.organiser_id.in_(roles))
        .options(joinedload(Event.organiser))
        .order_by(Event.starts_at.desc(), Event.id)
    )
    events = list(db.session.scalars(found))
    return [
        Place(
            organiser,
            frozenset({roles[key][None]} if None in roles[key] else ()),
            tuple(e for e in events if e.organiser_id == key and (None in roles[key] or e.id in roles[key])),
            frozenset(roles[key].values()),
        )
        for key, organiser in sorted(organisers.items(), key=lambda pair: fold(plain(pair[1].name)))
    ]


def _items(event_id: int, items: Sequence[AgendaItem], limits: dict[tuple[LimitKind, str], Limit]) -> tuple[Row, ...]:
    rows = (
        select(ItemChoice.item_id, Participant.state, func.count())
        .join(ItemChoice.participant)
        .where(Participant.event_id == event_id)
        .group_by(ItemChoice.item_id, Participant.state)
    )
    counts = Counter({(row[0], row[1]): row[2] for row in db.session.execute(rows)})
    return tuple(
        Row(
            item.slug,
            item.title,
            limit.taken,
            limit.size,
            limit.left,
            coming=counts[item.id, ParticipantState.CONFIRMED],
            waiting=counts[item.id, ParticipantState.WAITLISTED],
            note=item.room.name if item.room else "",
        )
        for item in items
        for limit in [limits.get((LimitKind.ITEM, str(item.id)), _NO_LIMIT)]
    )


def _count_by_category(event_id: int) -> Counter[tuple[int, ParticipantState]]:
    rows = (
        select(Participant.category_id, Participant.state, func.count())
        .where(Participant.event_id == event_id)
        .group_by(Participant.category_id, Participant.state)
    )
    return Counter({(row[0], row[1]): row[2] for row in db.session.execute(rows)})


def _read_decisions(event_id: int, states: Counter[ParticipantState], over: int) -> Decisions:
    to_approve, to_review = count_undecided(event_id)
    return Decisions(
        to_approve=to_approve,
        to_review=to_review,
        offers=states[ParticipantState.OFFERED],
        unconfirmed=states[ParticipantState.UNCONFIRMED],
        over=over,
    )


def _count_kinds(event_id: int) -> tuple[tuple[OrganisationKind, int], ...]:
    rows = (
        select(Participant.organisation_kind, func.count())
        .where(Participant.event_id == event_id, Participant.state == ParticipantState.CONFIRMED)
        .group_by(Participant.organisation_kind)
        .order_by(func.count().desc(), Participant.organisation_kind)
    )
    return tuple((row[0], row[1]) for row in db.session.execute(rows))


def _count_undecided(event_id: int) -> int:
    """Count the confirmed who have not chosen any item."""
    none = ~select(ItemChoice.participant_id).where(ItemChoice.participant_id == Participant.id).exists()
    mine = Participant.event_id == event_id, Participant.state == ParticipantState.CONFIRMED
    return db.session.scalar(select(func.count()).select_from(Participant).where(*mine, none)) or 0


def _count_days(event: Event, now: datetime) -> tuple[tuple[date, int], ...]:
    """Count the sign-ups of the last days of the event's own zone, in one query; the last entry is today."""
    zone = ZoneInfo(event.zone)
    last = min(now, event.ends_at).astimezone(zone).date()
    days = [last - timedelta(days=back) for back in range(DAYS - 1, -1, -1)]
    starts = [datetime.combine(day, time(), zone) for day in [*days, last + timedelta(days=1)]]
    sums = [
        func.sum(case(((Participant.created_at >= start) & (Participant.created_at < end), 1), else_=0))
        for start, end in pairwise(starts)
    ]
    mine = Participant.event_id == event.id, Participant.state.in_(LIVING), Participant.created_at >= starts[0]
    numbers: list[Any] = [*db.session.execute(select(*sums).where(*mine)).one()]
    return tuple((day, number or 0) for day, number in zip(days, numbers, strict=True))
