"""Who fits: the decision about seats as pure functions over plain values, called by services under the event's lock."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum


class LimitKind(StrEnum):
    """What a limit belongs to; the key names the thing (empty for the event, else its id or folded name)."""

    EVENT = "event"
    CATEGORY = "category"
    ITEM = "item"
    CHOICE = "choice"
    ORGANISATION = "organisation"


Ref = tuple[LimitKind, str]
"""Names a limit within its event."""
Need = Mapping[Ref, int]
"""How many seats of each limit a unit needs; negative when it gives some back in the same move."""
WHOLE_EVENT: Ref = (LimitKind.EVENT, "")


@dataclass(frozen=True)
class Limit:
    """What a decision needs to know of a limit; `size` None means no limit.

    `reserved` counts the places that only this category may use now: nothing once their release date has come.
    """

    size: int | None
    taken: int
    over: int = 0
    reserved: int = 0

    @property
    def left(self) -> int | None:
        """Seats that can be given now; None when there is no limit."""
        return None if self.size is None else max(0, self.size - self.taken)

    @property
    def unused(self) -> int:
        """Places of the reserve that nobody has taken yet."""
        return max(0, self.reserved - self.taken)


@dataclass(frozen=True)
class Lack:
    """Why a unit does not fit: the limits that are full, and the categories for which the last places are kept.

    False when nothing holds the unit back.
    """

    full: tuple[Ref, ...] = ()
    kept_for: tuple[Ref, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.full or self.kept_for)

    @property
    def refs(self) -> tuple[Ref, ...]:
        """The limits at which somebody waits because of this: the event itself when places are kept for others."""
        return (*self.full, *((WHOLE_EVENT,) if self.kept_for else ()))


class Tally:
    """The counters of all limits in memory, while one decision after the other is made under the lock."""

    def __init__(self, limits: Mapping[Ref, Limit]) -> None:
        self._limits = dict(limits)

    def lack(self, needed: Need) -> Lack:
        """Tell what holds a unit back."""
        return lacking(needed, self._limits)

    def take(self, needed: Need) -> None:
        """Count the seats of a unit that was found to fit."""
        for ref, seats in needed.items():
            if ref in self._limits:
                limit = self._limits[ref]
                self._limits[ref] = replace(limit, taken=limit.taken + seats)

    @property
    def is_full(self) -> bool:
        """Whether the event as a whole has no seat left, so that nobody who waits for one can move."""
        whole = self._limits.get(WHOLE_EVENT)
        return whole is not None and whole.left == 0


def wanted(category_id: int, item_ids: Iterable[int], organisation_key: str = "") -> frozenset[Ref]:
    """Return the limits of which one participant needs a seat; those of answers are told by the questions."""
    refs = {WHOLE_EVENT, (LimitKind.CATEGORY, str(category_id))}
    refs |= {(LimitKind.ITEM, str(item_id)) for item_id in item_ids}
    if organisation_key:
        refs.add((LimitKind.ORGANISATION, organisation_key))
    return frozenset(refs)


def need(wishes: Iterable[frozenset[Ref]]) -> dict[Ref, int]:
    """Add up what the living participants of a unit want: seats per limit."""
    total: dict[Ref, int] = {}
    for wish in wishes:
        for ref in wish:
            total[ref] = total.get(ref, 0) + 1
    return total


def swap(old: frozenset[Ref], new: frozenset[Ref]) -> dict[Ref, int]:
    """Return what somebody needs who holds seats of `old` and would rather hold those of `new`."""
    return {**dict.fromkeys(new - old, 1), **dict.fromkeys(old - new, -1)}


def lacking(needed: Need, limits: Mapping[Ref, Limit]) -> Lack:
    """Tell what holds a unit back, in a fixed order.

    A limit holds back when `taken + need > size`. The places that categories have reserved hold back when the unit
    adds to what is held or kept in all and this exceeds the event: who uses a place of the own reserve adds nothing.
    """
    full = tuple(sorted(ref for ref, seats in needed.items() if seats > 0 and _exceeds(ref, seats, limits)))
    if WHOLE_EVENT in full:
        return Lack(full)
    return Lack(full, _kept_for(needed, limits))


def never_fits(needed: Need, limits: Mapping[Ref, Limit]) -> list[Ref]:
    """Return the limits that are too small for a unit even when nobody else came."""
    sizes = {ref: limits[ref].size for ref in needed if ref in limits}
    return sorted(ref for ref, size in sizes.items() if size is not None and needed[ref] > size)


def places(refs: Iterable[Ref], limits: Mapping[Ref, Limit]) -> int | None:
    """Return how many people who each need `refs` could be seated now, all limits and reserves counted; None: any."""
    names = set(refs)
    lefts = [left for ref in names if ref in limits and (left := limits[ref].left) is not None]
    whole = limits.get(WHOLE_EVENT)
    if WHOLE_EVENT in names and whole is not None and whole.size is not None:
        own = sum(limits[ref].unused for ref in names if ref[0] is LimitKind.CATEGORY and ref in limits)
        lefts.append(own + max(0, whole.size - held(limits)))
    return min(lefts, default=None)


def held(limits: Mapping[Ref, Limit]) -> int:
    """Return how many places of the event are taken or kept for the categories that reserved them."""
    return sum(max(x.taken, x.reserved) for (kind, _), x in limits.items() if kind is LimitKind.CATEGORY)


def over_after_resize(taken: int, size: int | None) -> int:
    """Return how many seats lie beyond the size once it is set to `size`."""
    return 0 if size is None else max(0, taken - size)


def _exceeds(ref: Ref, seats: int, limits: Mapping[Ref, Limit]) -> bool:
    limit = limits.get(ref)
    return limit is not None and limit.size is not None and limit.taken + seats > limit.size


def _kept_for(needed: Need, limits: Mapping[Ref, Limit]) -> tuple[Ref, ...]:
    whole = limits.get(WHOLE_EVENT)
    if whole is None or whole.size is None or not any(limit.reserved for limit in limits.values()):
        return ()
    tally = Tally(limits)
    tally.take(needed)
    before, after = held(limits), held(tally._limits)
    if after <= before or after <= whole.size:
        return ()
    return tuple(sorted(ref for ref, limit in tally._limits.items() if limit.unused))
