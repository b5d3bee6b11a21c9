"""What an entrance admits: its rules as an organiser says them, and what they make of a guest who comes; pure."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from flask_babel import lazy_gettext as _l

from eventapp.checkin.rules import Reason
from eventapp.core.refusal import Refusal

MOST_INSIDE = 100_000


class NameTaken(Refusal):
    """Another entrance of the event has this name."""

    code = "name_taken"
    message = _l("There is an entrance of this name already.")
    field = "name"


class EntranceUsed(Refusal):
    """Tickets were scanned there; the log keeps its entrances."""

    code = "entrance_used"
    message = _l("Tickets were scanned at this entrance, so it stays.")


class ForeignItem(Refusal):
    """An item of another event, or one that guests do not choose."""

    code, status, field = "foreign_item", 422, "item_id"
    message = _l("We could not find this forum.")


class ForeignCategory(Refusal):
    """A category of another event."""

    code, status, field = "foreign_category", 422, "category_ids"
    message = _l("We could not find this group.")


class CategoryAtEntrance(Refusal):
    """A category that some entrance lets in."""

    code, status = "category_at_entrance", 409
    message = _l("An entrance is set up for this group. Change the entrance first.")


class ClosesBeforeOpening(Refusal):
    """An entrance that is never open."""

    code, status, field = "closes_before_opening", 422, "closes_at"
    message = _l("The entrance closes after it opens.")


class WrongLimit(Refusal):
    """A room for nobody."""

    code, status, field = "wrong_limit", 422, "limit"
    message = _l("Please write a number from 1 to 100,000, or leave it empty.")


@dataclass(frozen=True)
class EntranceRules:
    """What an organiser says about an entrance besides its name; as it stands here it admits every guest.

    `item_id`: only who has a seat there. `category_ids`: only these, empty is all. `limit`: people inside from which
    on the door warns.
    """

    item_id: int | None = None
    category_ids: frozenset[int] = frozenset()
    opens_at: datetime | None = None
    closes_at: datetime | None = None
    reentry: bool = True
    limit: int | None = None


def check_rules(given: EntranceRules) -> None:
    """Raise the refusal that the rules of an entrance deserve, if any."""
    if given.opens_at is not None and given.closes_at is not None and given.closes_at <= given.opens_at:
        raise ClosesBeforeOpening
    if given.limit is not None and not 1 <= given.limit <= MOST_INSIDE:
        raise WrongLimit


@dataclass(frozen=True)
class Seat:
    """An item at which a guest has a seat."""

    item_id: int
    starts_at: datetime
    ends_at: datetime


@dataclass(frozen=True)
class Neighbour:
    """Another entrance of the house, to which a guest can be sent."""

    name: str
    category_ids: frozenset[int] = frozenset()


@dataclass(frozen=True)
class Doorway:
    """The entrance at which is scanned, as the scan path needs it; without an entrance it admits every guest.

    `slot` is when the item of a forum door takes place.
    """

    id: int | None = None
    rules: EntranceRules = EntranceRules()
    slot: tuple[datetime, datetime] | None = None
    neighbours: tuple[Neighbour, ...] = ()

    @property
    def zone(self) -> int | None:
        """What is counted here: the item of a forum door, None for the house."""
        return self.rules.item_id

    def refuses(self, category_id: int, seats: Iterable[Seat], at: datetime) -> Reason | None:
        """Say why a guest does not come in here by the entrance's own rules, if so: first when, then where."""
        if self.rules.opens_at is not None and at < self.rules.opens_at:
            return Reason.NOT_YET
        if self.rules.closes_at is not None and at > self.rules.closes_at:
            return Reason.OVER
        is_elsewhere = self.zone is not None and all(seat.item_id != self.zone for seat in seats)
        return Reason.OTHER_ENTRANCE if is_elsewhere or not self._takes(category_id) else None

    def chose_nothing(self, category_id: int, seats: Iterable[Seat]) -> bool:
        """Tell whether a guest who may come to this forum door chose nothing for the time of its item."""
        return self.zone is not None and self._takes(category_id) and not self._at_this_time(seats)

    def right_seats(self, seats: Iterable[Seat]) -> frozenset[int]:
        """Return the items to which a guest belongs who stands at the wrong forum: those of the same time."""
        return self._at_this_time(seats) - {self.zone} if self.zone is not None else frozenset()

    def right_doors(self, category_id: int) -> tuple[str, ...]:
        """Return the names of the entrances of the house that take a guest whose category this one does not."""
        if self._takes(category_id):
            return ()
        return tuple(one.name for one in self.neighbours if not one.category_ids or category_id in one.category_ids)

    def _takes(self, category_id: int) -> bool:
        return not self.rules.category_ids or category_id in self.rules.category_ids

    def _at_this_time(self, seats: Iterable[Seat]) -> frozenset[int]:
        if self.slot is None:
            return frozenset()
        starts_at, ends_at = self.slot
        return frozenset(seat.item_id for seat in seats if seat.starts_at < ends_at and starts_at < seat.ends_at)
