"""Reads of the waiting list: its units in their order, and the place of one of them with the reason."""

from collections.abc import Collection, Iterable
from typing import Any

from sqlalchemy import select

from eventapp.agenda.models import AgendaItem
from eventapp.capacity.queries import read_limits
from eventapp.capacity.rules import LimitKind, Ref, lacking, need
from eventapp.core.db import db
from eventapp.registration.models import Participant, Registration, Wish
from eventapp.registration.queries import read_wishes
from eventapp.registration.rules import HOLDS_A_SEAT, ParticipantState, WishState
from eventapp.registration.waitlist.rules import Place, Waiting, place, waiting_for


def list_waiting(event_id: int, limits: Collection[Ref]) -> list[Waiting]:
    """Return the units of an event that wait, in their order; `limits` are the names of all that can be full."""
    return sorted([*_registrations(event_id, limits), *_wishes(event_id)], key=lambda unit: unit.order)


def find_place(participant: Participant) -> Place:
    """Return where a waiting participant's unit stands and what holds it back."""
    limits = read_limits(participant.event_id)
    queue = list_waiting(participant.event_id, limits)
    mine = next((x for x in queue if x.wish_id is None and participant.id in x.people), None)
    if mine is None:
        return place([], participant.registration_id, lacking({}, limits))
    return place(queue, mine.registration_id, lacking(mine.need, limits))


def describe(event_id: int, items: Iterable[AgendaItem], guest: Participant | None = None) -> dict[str, Any]:
    """Return what a form tells about places: limits, who waits, the items, and what the guest holds already."""
    limits = read_limits(event_id)
    queue = list_waiting(event_id, limits) if any(limit.left == 0 for limit in limits.values()) else []
    holds = guest is not None and guest.state in HOLDS_A_SEAT
    return {
        "limits": limits,
        "ahead": {ref: waiting_for(queue, ref) for ref in limits},
        "items": {str(item.id): item for item in items},
        "held": read_wishes([guest], limits)[guest.id] if guest is not None and holds else frozenset(),
    }


def _registrations(event_id: int, limits: Collection[Ref]) -> list[Waiting]:
    rows = (
        select(Participant, Registration.number, Registration.part, Registration.ahead, Registration.hold_until)
        .join(Participant.registration)
        .where(Participant.event_id == event_id, Participant.state == ParticipantState.WAITLISTED)
        .order_by(Participant.id)
        .execution_options(populate_existing=True)
    )
    units: dict[int, list[Any]] = {}
    for row in db.session.execute(rows):
        units.setdefault(row[0].registration_id, []).append(row)
    wishes = read_wishes([row[0] for unit in units.values() for row in unit], limits)
    return [
        Waiting(
            registration_id=unit_id,
            number=unit[0].number,
            part=unit[0].part,
            ahead=unit[0].ahead,
            people=tuple(row[0].id for row in unit),
            need=need(wishes[row[0].id] for row in unit),
            is_eligible=unit[0].hold_until is None,
        )
        for unit_id, unit in units.items()
    ]


def _wishes(event_id: int) -> list[Waiting]:
    rows = (
        select(Wish.id, Wish.number, Wish.item_id, Wish.participant_id, Participant.registration_id)
        .join(Participant, Participant.id == Wish.participant_id)
        .where(Wish.event_id == event_id, Wish.state == WishState.WAITING)
    )
    return [
        Waiting(unit_id, number, 0, 0, (who,), {(LimitKind.ITEM, str(item_id)): 1}, wish_id=wish_id)
        for wish_id, number, item_id, who, unit_id in db.session.execute(rows)
    ]
