"""The waiting list as the organiser sees it: who waits and why, offers that stand, and who is over a limit."""

from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload, selectinload
from sqlalchemy.orm.strategy_options import _AbstractLoad

from eventapp.agenda.models import AgendaItem
from eventapp.capacity.models import Seat, SeatLimit
from eventapp.capacity.queries import list_limits
from eventapp.capacity.rules import Lack, lacking
from eventapp.core import clock
from eventapp.core.db import db
from eventapp.core.refusal import NotFound
from eventapp.events.models import Category, Event
from eventapp.registration.models import ItemChoice, Participant, Registration, Wish
from eventapp.registration.rules import OPEN_WISH, WishState
from eventapp.registration.waitlist.listing.reasons import Told, explain_unit, tell_from
from eventapp.registration.waitlist.queries import list_waiting


@dataclass(frozen=True)
class Line:
    """A unit that waits, with its people and in words why it does not have a place yet."""

    unit: Registration
    people: tuple[Participant, ...]
    reasons: tuple[str, ...]
    wish: Wish | None = None

    @property
    def wants(self) -> list[AgendaItem]:
        """The items that its people chose, each once."""
        return list({choice.item_id: choice.item for person in self.people for choice in person.choices}.values())

    @property
    def categories(self) -> list[Category]:
        """The categories of its people, each once."""
        return list({person.category_id: person.category for person in self.people}.values())


@dataclass(frozen=True)
class Waitlist:
    """Everything on the organiser's waiting list, in order; offers by their deadline."""

    lines: tuple[Line, ...]
    offers: tuple[Registration, ...]
    wish_offers: tuple[Wish, ...]

    @property
    def people(self) -> int:
        """How many people wait who have no place yet."""
        return sum(len(line.people) for line in self.lines if line.wish is None)


@dataclass(frozen=True)
class Over:
    """A limit with more seats taken than it has, and the last who got one."""

    name: str
    limit: SeatLimit
    people: tuple[Participant, ...]


def read_waitlist(event: Event) -> Waitlist:
    """Return the whole waiting list of an event."""
    limits = list_limits(event.id)
    now = clock.now()
    states = {ref: limit.state_at(now) for ref, limit in limits.items()}
    queue = list_waiting(event.id, limits)
    units = {unit.id: unit for unit in _units({x.registration_id for x in queue if x.wish_id is None})}
    wishes = {wish.id: wish for wish in _wishes(event.id)}
    told = tell_from(event, limits)
    lines = []
    for waiting in queue:
        wish = wishes.get(waiting.wish_id) if waiting.wish_id is not None else None
        unit = wish.participant.registration if wish is not None else units[waiting.registration_id]
        people = tuple(person for person in unit.participants if person.id in waiting.people) if wish is None else ()
        lack = lacking(waiting.need, states)
        lines.append(Line(unit, people, tuple(explain_unit(lack, unit, people, told)), wish))
    offered = sorted((w for w in wishes.values() if w.state is WishState.OFFERED), key=lambda w: w.number)
    return Waitlist(tuple(lines), tuple(list_offers(event.id)), tuple(offered))


def list_offers(event_id: int) -> list[Registration]:
    """Return the units to which a place is offered, the first deadline first."""
    mine = Registration.event_id == event_id, Registration.offer_until.is_not(None)
    found = select(Registration).where(*mine).order_by(Registration.offer_until, Registration.number)
    return list(db.session.scalars(found.options(_with_people())))


def get_unit(event_id: int, public_id: str) -> Registration:
    """Return a registration of this event with its people; raise NotFound."""
    mine = Registration.event_id == event_id, Registration.public_id == public_id
    found = db.session.scalar(select(Registration).where(*mine).options(_with_people()))
    if found is None:
        raise NotFound
    return found


def get_wish(event_id: int, wish_id: int) -> Wish:
    """Return the wish of a confirmed guest of this event; raise NotFound."""
    wish = db.session.get(Wish, wish_id)
    if wish is None or wish.event_id != event_id:
        raise NotFound
    return wish


def reasons_of(event: Event, unit: Registration) -> list[str]:
    """Return in words why a waiting unit has no place yet."""
    limits = list_limits(event.id)
    now = clock.now()
    states = {ref: limit.state_at(now) for ref, limit in limits.items()}
    mine = next((x for x in list_waiting(event.id, limits) if x.wish_id is None and x.registration_id == unit.id), None)
    lack = lacking(mine.need, states) if mine is not None else Lack()
    return explain_unit(lack, unit, unit.living, tell_from(event, limits))


def list_over(event: Event) -> list[Over]:
    """Return the limits that are exceeded, each with as many people as are too many: the last by number."""
    limits = list_limits(event.id)
    over = {limit.id: limit for limit in limits.values() if limit.over}
    place = func.row_number().over(
        partition_by=Seat.limit_id,
        order_by=(Registration.number.desc(), Registration.part.desc(), Participant.id.desc()),
    )
    ranked = (
        select(Seat.limit_id, Seat.participant_id, place.label("place"))
        .join(Participant, Participant.id == Seat.participant_id)
        .join(Participant.registration)
        .where(Seat.limit_id.in_(over))
        .subquery()
    )
    found = (
        select(ranked.c.limit_id, Participant)
        .join(Participant, Participant.id == ranked.c.participant_id)
        .join(SeatLimit, SeatLimit.id == ranked.c.limit_id)
        .where(ranked.c.place <= SeatLimit.over)
        .order_by(ranked.c.limit_id, ranked.c.place)
        .options(joinedload(Participant.registration), joinedload(Participant.category))
    )
    people: dict[int, list[Participant]] = {limit_id: [] for limit_id in over}
    for row in db.session.execute(found):
        people[row[0]].append(row[1])
    told = tell_from(event, limits)
    return [Over(_name(limit, people[limit.id], told), limit, tuple(people[limit.id])) for limit in over.values()]


def _name(limit: SeatLimit, people: Iterable[Participant], told: Told) -> str:
    names = [person.organisation for person in people if person.organisation_key == limit.key]
    return told.name(limit.ref, names[0] if names else "")


def _units(ids: Iterable[int]) -> list[Registration]:
    return list(db.session.scalars(select(Registration).where(Registration.id.in_(ids)).options(_with_people())))


def _wishes(event_id: int) -> list[Wish]:
    guest = joinedload(Wish.participant)
    found = (
        select(Wish)
        .where(Wish.event_id == event_id, Wish.state.in_(OPEN_WISH))
        .options(
            guest.joinedload(Participant.registration),
            guest.selectinload(Participant.choices).joinedload(ItemChoice.item),
            joinedload(Wish.item),
        )
    )
    return list(db.session.scalars(found))


def _with_people() -> _AbstractLoad:
    people = selectinload(Registration.participants)
    return people.options(
        joinedload(Participant.category), selectinload(Participant.choices).joinedload(ItemChoice.item)
    )
