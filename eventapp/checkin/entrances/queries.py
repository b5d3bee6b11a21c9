"""Reads of entrances: the one at which is scanned with its neighbours, people inside, who is expected, counts."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import joinedload

from eventapp.agenda.models import AgendaItem
from eventapp.capacity.models import Seat as HeldSeat
from eventapp.capacity.models import SeatLimit
from eventapp.capacity.rules import LimitKind
from eventapp.checkin.entrances.rules import Doorway, EntranceRules, Neighbour
from eventapp.checkin.envelope import item_label
from eventapp.checkin.models import Entrance, Presence, Scan
from eventapp.checkin.queries import moved
from eventapp.checkin.rules import ScanKind
from eventapp.core.db import db
from eventapp.core.localized import plain
from eventapp.registration.models import Participant
from eventapp.registration.rules import ParticipantState
from eventapp.tickets.models import Ticket


@dataclass(frozen=True)
class Counts:
    """How many are inside, came in, and may come in here; of the house, or at one entrance and behind it.

    `limit`: from so many inside on the door warns.
    """

    inside: int
    admitted: int
    expected: int
    limit: int | None = None


def rules_of(entrance: Entrance) -> EntranceRules:
    """Return what an organiser has said about an entrance."""
    return EntranceRules(
        item_id=entrance.item_id,
        category_ids=frozenset(entrance.category_ids),
        opens_at=entrance.opens_at,
        closes_at=entrance.closes_at,
        reentry=entrance.reentry,
        limit=entrance.limit,
    )


def list_forums(event_id: int) -> list[AgendaItem]:
    """Return the items that guests choose, in the order of the day, with their rooms: each may have a door."""
    wanted = select(AgendaItem).where(AgendaItem.event_id == event_id, AgendaItem.is_chosen.is_(True))
    in_order = wanted.order_by(AgendaItem.starts_at, AgendaItem.position, AgendaItem.id)
    return list(db.session.scalars(in_order.options(joinedload(AgendaItem.room))))


def name_forums(event_id: int) -> dict[int, str]:
    """Return what the items that guests choose are called when an organiser sets up their doors."""
    return {one.id: f"{item_label(one.kind, one.position)}: {plain(one.title)}" for one in list_forums(event_id)}


def read_doorway(event_id: int, public_id: str | None, otherwise: int | None = None) -> Doorway:
    """Return the entrance with this name in addresses as plain values, in one query; one that is gone admits all.

    `otherwise` is the row of the entrance that stands in for one that is not named or gone.
    """
    if not public_id and otherwise is None:
        return Doorway()
    wanted = (
        select(Entrance, AgendaItem.starts_at, AgendaItem.ends_at)
        .outerjoin(AgendaItem, AgendaItem.id == Entrance.item_id)
        .where(Entrance.event_id == event_id)
        .order_by(Entrance.position, Entrance.id)
    )
    rows = db.session.execute(wanted).all()
    named = [row for row in rows if row[0].public_id == public_id] or [row for row in rows if row[0].id == otherwise]
    if not named:
        return Doorway()
    here, starts_at, ends_at = named[0]
    neighbours = tuple(
        Neighbour(one.name, frozenset(one.category_ids))
        for one, *_ in rows
        if one.item_id is None and one.id != here.id
    )
    return Doorway(here.id, rules_of(here), (starts_at, ends_at) if here.item_id else None, neighbours)


def count_inside(event_id: int, zone: int | None) -> int:
    """Return how many are inside the house or, with a zone, at that item."""
    return db.session.scalar(select(_inside(event_id, zone))) or 0


def count_door(event_id: int, entrance: Entrance | None) -> Counts:
    """Count by indexes; a counter row would be a lock that every scan waits for. No entrance: the whole house."""
    rules = rules_of(entrance) if entrance is not None else EntranceRules()
    here = Scan.zone.is_(None) if entrance is None else Scan.entrance_id == entrance.id
    admitted = select(func.count()).where(*moved(event_id), Scan.kind == ScanKind.ENTRY, here).scalar_subquery()
    expected = select(func.count()).where(*_expected(event_id, rules)).scalar_subquery()
    row = db.session.execute(select(_inside(event_id, rules.item_id), admitted, expected)).one()
    return Counts(inside=row[0], admitted=row[1], expected=row[2], limit=rules.limit)


def _inside(event_id: int, zone: int | None) -> Any:
    if zone is None:
        return select(func.count()).where(Ticket.event_id == event_id, Ticket.inside.is_(True)).scalar_subquery()
    return select(func.count()).where(Presence.item_id == zone, Presence.inside.is_(True)).scalar_subquery()


def _expected(event_id: int, rules: EntranceRules) -> list[ColumnElement[bool]]:
    who: list[ColumnElement[bool]] = [
        Participant.event_id == event_id,
        Participant.state == ParticipantState.CONFIRMED,
    ]
    if rules.category_ids:
        who.append(Participant.category_id.in_(rules.category_ids))
    if rules.item_id is not None:
        limit = (SeatLimit.event_id == event_id, SeatLimit.kind == LimitKind.ITEM, SeatLimit.key == str(rules.item_id))
        has_seat = select(HeldSeat.limit_id).join(SeatLimit, SeatLimit.id == HeldSeat.limit_id).where(*limit)
        who.append(has_seat.where(HeldSeat.participant_id == Participant.id).exists())
    return who
