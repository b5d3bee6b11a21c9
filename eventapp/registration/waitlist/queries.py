"""Reads of the waiting list: its units in their order, and the place of one of them with the reason."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select

from eventapp.agenda.models import AgendaItem
from eventapp.capacity.queries import list_limits, read_limits
from eventapp.capacity.rules import WHOLE_EVENT, Limit, LimitKind, Ref, lacking, need, places
from eventapp.core import clock
from eventapp.core.db import db
from eventapp.core.localized import Localized
from eventapp.registration.models import Participant, Registration, Wish
from eventapp.registration.queries import apart, list_choosable, name_limits, read_wishes
from eventapp.registration.rules import HOLDS_A_SEAT, ParticipantState, WishState
from eventapp.registration.waitlist.rules import Place, Waiting, place


def list_waiting(event_id: int, limits: Collection[Ref]) -> list[Waiting]:
    """Return the units of an event that wait, in their order; `limits` are the names of all that can be full."""
    return sorted([*_registrations(event_id, limits), *_wishes(event_id)], key=lambda unit: unit.order)


def find_place(participant: Participant) -> Place:
    """Return where a waiting participant's unit stands and what holds it back."""
    return _place(participant, read_limits(participant.event_id))


@dataclass(frozen=True)
class Outlook:
    """What somebody who waits is told, in names: people before them, what is full, for whom the last places are kept.

    `full` are kinds of limits with their titles, `kept` labels of groups with the release of what is kept for them;
    `instead` are items at the same time as a full one that would have a place for this guest now.
    """

    before: int
    full: tuple[tuple[LimitKind, Localized | None], ...]
    kept: tuple[tuple[Localized | None, datetime | None], ...]
    instead: tuple[AgendaItem, ...]


def find_outlook(guest: Participant) -> Outlook:
    """Return what a guest who waits is told."""
    rows, now = list_limits(guest.event_id), clock.now()
    limits = {ref: limit.state_at(now) for ref, limit in rows.items()}
    place = _place(guest, limits)
    full, kept = place.lack.full, place.lack.kept_for
    titles = name_limits(guest.event_id, (*full, *kept))
    return Outlook(
        place.before,
        tuple((ref[0], title) for ref, title in zip(full, titles, strict=False)),
        tuple((title, rows[ref].release_at) for ref, title in zip(kept, titles[len(full) :], strict=True)),
        tuple(_instead(guest, limits, full)),
    )


def describe(
    event_id: int, items: Iterable[AgendaItem], guest: Participant | None = None, category_ids: Iterable[int] = ()
) -> dict[str, Any]:
    """Return what a form tells about places: of each group and item those that this guest could have, and who waits.

    `category_ids` are the groups that can be chosen; none: all. A guest who is known brings their own. `held` are the
    limits of which the guest holds a seat already.
    """
    limits, shown = read_limits(event_id), list(items)
    holds = guest is not None and guest.state in HOLDS_A_SEAT
    mine = read_wishes([guest], limits)[guest.id] if guest is not None else frozenset()
    open_keys = {str(row_id) for row_id in category_ids}
    groups = [ref for ref in limits if ref[0] is LimitKind.CATEGORY and (not open_keys or ref[1] in open_keys)]
    basis = [_besides_items(mine)] if guest is not None else [frozenset({WHOLE_EVENT, ref}) for ref in groups]
    needs = {(LimitKind.ITEM, str(item.id)): [refs - mine if holds else refs for refs in basis] for item in shown}
    needs |= {ref: [frozenset({WHOLE_EVENT})] for ref in groups}
    ways = {ref: [refs | {ref} for refs in among] for ref, among in needs.items()}
    free = {ref: _most(among, limits) for ref, among in ways.items()}
    queue = list_waiting(event_id, limits) if 0 in free.values() else []
    return {
        "limits": limits,
        "places": free,
        "ahead": {ref: _ahead(queue, among, limits) for ref, among in ways.items()},
        "items": {str(item.id): item for item in shown},
        "held": mine if holds else frozenset(),
    }


def _place(participant: Participant, limits: Mapping[Ref, Limit]) -> Place:
    queue = list_waiting(participant.event_id, limits.keys())
    mine = next((x for x in queue if x.wish_id is None and participant.id in x.people), None)
    if mine is None:
        return place([], participant.registration_id, lacking({}, limits))
    return place(queue, mine.registration_id, lacking(mine.need, limits))


def _instead(guest: Participant, limits: Mapping[Ref, Limit], full: Collection[Ref]) -> Iterator[AgendaItem]:
    """Find the items that a guest who waits alone could have at once instead of a full one at the same time."""
    chosen = [choice.item for choice in guest.choices]
    lost = [item for item in chosen if (LimitKind.ITEM, str(item.id)) in full]
    if not lost or guest.registration.is_group or guest.registration.hold_until is not None:
        return
    basis = _besides_items(read_wishes([guest], limits)[guest.id])
    for item in list_choosable(guest.event_id):
        kept = apart(chosen, item)
        if item in chosen or not any(one not in kept for one in lost):
            continue
        refs = basis | {(LimitKind.ITEM, str(one.id)) for one in (*kept, item)} & set(limits)
        if not lacking(need([refs]), limits):
            yield item


def _besides_items(refs: Iterable[Ref]) -> frozenset[Ref]:
    return frozenset(ref for ref in refs if ref[0] is not LimitKind.ITEM)


def _most(ways: Iterable[frozenset[Ref]], limits: Mapping[Ref, Limit]) -> int | None:
    """Return the places in the best of several ways to need them; None: as many as one likes."""
    found = [places(refs, limits) for refs in ways]
    return None if None in found else max((each for each in found if each is not None), default=0)


def _ahead(queue: Collection[Waiting], ways: Iterable[frozenset[Ref]], limits: Mapping[Ref, Limit]) -> int:
    """Count the people who wait for what would hold a newcomer back, in the best of several ways."""
    lacks = [set(lacking(need([refs]), limits).refs) for refs in ways]
    return min((sum(len(unit.people) for unit in queue if lack & set(unit.need)) for lack in lacks), default=0)


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
