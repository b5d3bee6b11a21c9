"""Who fits: the decision about seats as pure functions over plain values, called by services under the event's lock."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum


class LimitKind(StrEnum):
    """What a limit belongs to; the key names the thing (empty for the event, else its id)."""

    EVENT = "event"
    CATEGORY = "category"
    ITEM = "item"
    CHOICE = "choice"
    ORGANISATION = "organisation"


Ref = tuple[LimitKind, str]
"""Names a limit within its event."""
WHOLE_EVENT: Ref = (LimitKind.EVENT, "")


@dataclass(frozen=True)
class Limit:
    """What a decision needs to know of a limit; `size` None means no limit."""

    size: int | None
    taken: int
    over: int = 0

    @property
    def left(self) -> int | None:
        """Seats that can be given now; None when there is no limit."""
        return None if self.size is None else max(0, self.size - self.taken)


def wanted(category_id: int, item_ids: Iterable[int]) -> frozenset[Ref]:
    """Return the limits of which one participant needs a seat."""
    items = {(LimitKind.ITEM, str(item_id)) for item_id in item_ids}
    return frozenset({WHOLE_EVENT, (LimitKind.CATEGORY, str(category_id))} | items)


def need(wishes: Iterable[frozenset[Ref]]) -> dict[Ref, int]:
    """Add up what the living participants of a unit want: seats per limit."""
    total: dict[Ref, int] = {}
    for wish in wishes:
        for ref in wish:
            total[ref] = total.get(ref, 0) + 1
    return total


def blockers(needed: Mapping[Ref, int], limits: Mapping[Ref, Limit]) -> list[Ref]:
    """Return the limits that hold a unit back, in a fixed order; empty means that it fits."""
    return sorted(
        ref for ref, seats in needed.items() if (left := _left(limits, ref)) is not None and seats > left and seats > 0
    )


def never_fits(needed: Mapping[Ref, int], limits: Mapping[Ref, Limit]) -> list[Ref]:
    """Return the limits that are too small for a unit even when nobody else came."""
    sizes = {ref: limits[ref].size for ref in needed if ref in limits}
    return sorted(ref for ref, size in sizes.items() if size is not None and needed[ref] > size)


def over_after_resize(taken: int, size: int | None) -> int:
    """Return how many seats lie beyond the size once it is set to `size`."""
    return 0 if size is None else max(0, taken - size)


def _left(limits: Mapping[Ref, Limit], ref: Ref) -> int | None:
    return limits[ref].left if ref in limits else None
