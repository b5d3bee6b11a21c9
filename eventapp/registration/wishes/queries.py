"""Reads of wishes: those of a guest that are open, and the items that one can only wait for."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from eventapp.agenda.models import AgendaItem
from eventapp.capacity.queries import read_limits
from eventapp.capacity.rules import LimitKind, Ref
from eventapp.core import clock
from eventapp.core.db import db
from eventapp.registration.models import Participant, Wish
from eventapp.registration.rules import OPEN_WISH, ParticipantState
from eventapp.registration.waitlist.queries import list_waiting


@dataclass(frozen=True)
class OpenWish:
    """A wish as its guest sees it: offered `until` a time, or with so many people `before` them."""

    item: AgendaItem
    until: datetime | None
    before: int = 0


def list_open(guest: Participant) -> list[OpenWish]:
    """Return the open wishes of a guest by arrival; an offer whose time is over is none any more."""
    mine = select(Wish).where(Wish.participant_id == guest.id, Wish.state.in_(OPEN_WISH)).order_by(Wish.number)
    wishes = list(db.session.scalars(mine.options(joinedload(Wish.item).joinedload(AgendaItem.room))))
    if not wishes:
        return []
    queue = list_waiting(guest.event_id, read_limits(guest.event_id).keys())
    found = []
    for wish in wishes:
        if wish.offer_until is not None:
            found += [OpenWish(wish.item, wish.offer_until)] if wish.offer_until > clock.now() else []
            continue
        place = next(i for i, unit in enumerate(queue) if unit.wish_id == wish.id)
        ref = (LimitKind.ITEM, str(wish.item_id))
        found.append(OpenWish(wish.item, None, sum(len(unit.people) for unit in queue[:place] if ref in unit.need)))
    return found


def list_full(
    guest: Participant, items: Iterable[AgendaItem], places: Mapping[Ref, int | None]
) -> list[tuple[AgendaItem, bool]]:
    """Return the items that a confirmed guest can only wait for, and whether they do so already."""
    if guest.state is not ParticipantState.CONFIRMED:
        return []
    chosen = {choice.item_id for choice in guest.choices}
    full = [x for x in items if x.id not in chosen and places.get((LimitKind.ITEM, str(x.id))) == 0]
    if not full:
        return []
    mine = select(Wish.item_id).where(Wish.participant_id == guest.id, Wish.state.in_(OPEN_WISH))
    waits = set(db.session.scalars(mine))
    return [(item, item.id in waits) for item in full if not item.is_cancelled]
