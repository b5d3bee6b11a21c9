"""The numbers of the day, in as many queries for 10 guests as for 10,000; the live page asks every ten seconds.

Who came and who is inside is read from the tickets, into which every scan was folded (exits, undone scans and double
admissions are in it); when and at which door, from the scans themselves.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, time

from sqlalchemy import case, distinct, func, select
from sqlalchemy.orm import joinedload

from eventapp.agenda.models import AgendaItem
from eventapp.checkin.conflicts.queries import count_open
from eventapp.checkin.live.rules import QUARTER, Life, life, quarters
from eventapp.checkin.models import Device, Entrance, Presence, Scan
from eventapp.checkin.queries import list_entrances, moved
from eventapp.checkin.rules import ScanKind
from eventapp.core.db import db
from eventapp.core.localized import Localized
from eventapp.events.models import Event
from eventapp.registration.models import ItemChoice, Participant
from eventapp.registration.rules import ParticipantState
from eventapp.tickets.models import Ticket


@dataclass(frozen=True)
class Group:
    """How many people of a group have a confirmed place, came at least once, and are in the house now."""

    label: Localized
    expected: int
    came: int
    inside: int
    note: str = ""
    room: int | None = None
    """How many are in the room of a forum now; None: nobody scans at its door."""


@dataclass(frozen=True)
class Door:
    """What went through an entrance; `name` is empty where no entrance was chosen."""

    name: str
    admitted: int
    left: int
    lately: int
    """Admitted within the last quarter of an hour."""
    is_forum: bool = False
    """The door of a room, behind the doors of the house."""


@dataclass(frozen=True)
class Phone:
    """A phone at the door and its last sign of life."""

    name: str
    entrance: str
    seen_at: datetime
    life: Life


@dataclass(frozen=True)
class Live:
    """Everything that the live page shows."""

    expected: int
    came: int
    inside: int
    awaited: int
    """Have a confirmed place and did not come yet."""
    doors: tuple[Door, ...]
    forums: tuple[Group, ...]
    categories: tuple[Group, ...]
    phones: tuple[Phone, ...]
    quarters: tuple[tuple[datetime, int], ...]
    """Admissions in each quarter of an hour of the day, from the first to the last that had one."""
    open_conflicts: int

    @property
    def lately(self) -> int:
        """Admitted into the house within the last quarter of an hour."""
        return sum(door.lately for door in self.doors if not door.is_forum)


def read_live(event: Event, now: datetime) -> Live:
    """Return the numbers of an event as they are at `now`."""
    expected, came, inside = _count_people(event.id)
    entrances = list_entrances(event.id)
    confirmed, every = ParticipantState.CONFIRMED, list(ParticipantState)
    return Live(
        expected=sum(number for (_c, state), number in expected.items() if state is confirmed),
        came=sum(came.values()),
        inside=sum(inside.values()),
        awaited=sum(n - came[key] for key, n in expected.items() if key[1] is confirmed),
        doors=_doors(event.id, entrances, now),
        forums=_forums(event.id, {one.item_id for one in entrances}),
        categories=tuple(
            Group(
                category.label,
                expected[category.id, confirmed],
                sum(came[category.id, state] for state in every),
                sum(inside[category.id, state] for state in every),
            )
            for category in event.categories
        ),
        phones=_phones(event.id, now),
        quarters=_quarters(event, now),
        open_conflicts=count_open(event.id),
    )


By = Counter[tuple[int, ParticipantState]]
_INSIDE = case((Ticket.inside.is_(True), Ticket.participant_id))


def _count_people(event_id: int) -> tuple[By, By, By]:
    """Count by category and state: all people, those who came, and those who are inside."""
    key = Participant.category_id, Participant.state
    known = (
        select(Participant.category_id, Participant.state, func.count())
        .where(Participant.event_id == event_id)
        .group_by(*key)
    )
    came = (
        select(
            Participant.category_id,
            Participant.state,
            func.count(distinct(Ticket.participant_id)),
            func.count(distinct(_INSIDE)),
        )
        .join(Participant, Participant.id == Ticket.participant_id)
        .where(Ticket.event_id == event_id, Ticket.entries > 0)
        .group_by(*key)
    )
    expected = Counter({(row[0], row[1]): row[2] for row in db.session.execute(known)})
    here, inside = By(), By()
    for category, state, number, still in db.session.execute(came):
        here[category, state], inside[category, state] = number, still
    return expected, here, inside


def _forums(event_id: int, with_door: set[int | None]) -> tuple[Group, ...]:
    """Return the items that guests choose: how many chose each, are in the house, and are in its room."""
    chosen = (
        select(ItemChoice.item_id, func.count())
        .join(ItemChoice.participant)
        .where(Participant.event_id == event_id, Participant.state == ParticipantState.CONFIRMED)
        .group_by(ItemChoice.item_id)
    )
    there = (
        select(ItemChoice.item_id, func.count(distinct(Ticket.participant_id)), func.count(distinct(_INSIDE)))
        .join(Ticket, Ticket.participant_id == ItemChoice.participant_id)
        .where(Ticket.event_id == event_id, Ticket.entries > 0)
        .group_by(ItemChoice.item_id)
    )
    rooms = (
        select(Presence.item_id, func.count())
        .join(AgendaItem, AgendaItem.id == Presence.item_id)
        .where(AgendaItem.event_id == event_id, Presence.inside.is_(True))
        .group_by(Presence.item_id)
    )
    items = (
        select(AgendaItem)
        .where(AgendaItem.event_id == event_id, AgendaItem.is_chosen, AgendaItem.is_cancelled.is_(False))
        .options(joinedload(AgendaItem.room))
        .order_by(AgendaItem.starts_at, AgendaItem.position, AgendaItem.id)
    )
    expected = Counter({row[0]: row[1] for row in db.session.execute(chosen)})
    came = {row[0]: (row[1], row[2]) for row in db.session.execute(there)}
    there_now = {row[0]: row[1] for row in db.session.execute(rooms)}
    return tuple(
        Group(
            item.title,
            expected[item.id],
            *came.get(item.id, (0, 0)),
            note=item.room.name if item.room else "",
            room=there_now.get(item.id, 0) if item.id in with_door else None,
        )
        for item in db.session.scalars(items)
    )


def _doors(event_id: int, entrances: Sequence[Entrance], now: datetime) -> tuple[Door, ...]:
    lately = func.sum(case((Scan.at > now - QUARTER, 1), else_=0))
    rows = (
        select(Scan.entrance_id, Scan.kind, func.count(), lately)
        .where(*moved(event_id), Scan.kind.in_([ScanKind.ENTRY, ScanKind.EXIT]))
        .group_by(Scan.entrance_id, Scan.kind)
    )
    found = {(row[0], row[1]): (row[2], row[3]) for row in db.session.execute(rows)}
    known: dict[int | None, tuple[str, bool]] = {one.id: (one.name, one.item_id is not None) for one in entrances}
    if not known or any(key is None for key, _kind in found):
        known[None] = ("", False)
    nothing = (0, 0)
    return tuple(
        Door(
            name,
            admitted=found.get((key, ScanKind.ENTRY), nothing)[0],
            left=found.get((key, ScanKind.EXIT), nothing)[0],
            lately=found.get((key, ScanKind.ENTRY), nothing)[1],
            is_forum=is_forum,
        )
        for key, (name, is_forum) in known.items()
    )


def _phones(event_id: int, now: datetime) -> tuple[Phone, ...]:
    wanted = (
        select(Device.name, Entrance.name, Device.seen_at)
        .outerjoin(Entrance, Entrance.id == Device.entrance_id)
        .where(Device.event_id == event_id)
        .order_by(Device.seen_at.desc(), Device.id)
    )
    return tuple(Phone(row[0], row[1] or "", row[2], life(row[2], now)) for row in db.session.execute(wanted))


def _quarters(event: Event, now: datetime) -> tuple[tuple[datetime, int], ...]:
    """Count the admissions into the house by quarters of an hour of the day; after the event, of its last day."""
    day = min(now, event.ends_at).astimezone(event.tz).date()
    into_the_house = Scan.kind == ScanKind.ENTRY, Scan.zone.is_(None)
    mine = *moved(event.id), *into_the_house, Scan.at >= datetime.combine(day, time(), event.tz)
    first, last = db.session.execute(select(func.min(Scan.at), func.max(Scan.at)).where(*mine)).one()
    starts = quarters(first, last) if first else []
    if not starts:
        return ()
    slot = case(*[(Scan.at < start + QUARTER, number) for number, start in enumerate(starts)]).label("slot")
    each = select(slot).where(*mine).subquery()
    counted = select(each.c.slot, func.count()).group_by(each.c.slot)
    found = {row[0]: row[1] for row in db.session.execute(counted)}
    return tuple((start, found.get(number, 0)) for number, start in enumerate(starts))
