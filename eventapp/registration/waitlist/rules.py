"""The order of the waiting list, how long an offer stands, and what the waiting are told. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from eventapp.capacity.rules import Lack, Need, Ref

SHORTEST = timedelta(hours=1)
"""No offer is shorter: somebody must have a chance to read it."""


@dataclass(frozen=True)
class Waiting:
    """A unit that waits: a registration, or the wish of a confirmed guest for another item.

    `people` are the row ids of its participants, `need` the seats that it lacks. Without `is_eligible` (the address is
    not confirmed) it keeps its place and is passed over.
    """

    registration_id: int
    number: int
    part: int
    ahead: int
    people: tuple[int, ...]
    need: Need
    is_eligible: bool = True
    wish_id: int | None = None

    @property
    def order(self) -> tuple[int, int, int]:
        """Sorts the list: moved ahead by hand first, then by arrival."""
        return (-self.ahead, self.number, self.part)


@dataclass(frozen=True)
class Place:
    """Place of a unit in the order: people before it who need what it lacks, and what it lacks."""

    before: int
    lack: Lack

    @property
    def lacks(self) -> tuple[Ref, ...]:
        """The limits that hold the unit back."""
        return self.lack.refs


@dataclass(frozen=True)
class Offers:
    """How an event offers places; times in UTC. `hours` None: who is next gets the place at once."""

    hours: int | None
    confirms_on_the_day: bool
    starts_at: datetime
    ends_at: datetime
    zone: str

    def until(self, now: datetime) -> datetime | None:
        """Return until when an offer made now stands; None when the place is given without asking.

        As the day comes near an offer gets shorter: at most a third of the time until the day begins, at least an
        hour. On the day itself there is no deadline but the event's own: its begin, then its end.
        """
        if self.hours is None:
            return None
        local = self.starts_at.astimezone(ZoneInfo(self.zone))
        day = local.replace(hour=0, minute=0, second=0, microsecond=0).astimezone(now.tzinfo)
        if now < day:
            return now + max(SHORTEST, min(timedelta(hours=self.hours), (day - now) / 3))
        if self.confirms_on_the_day:
            return None
        return self.starts_at if now < self.starts_at else self.ends_at


def place(queue: Sequence[Waiting], registration_id: int, lack: Lack) -> Place:
    """Count who stands before a unit and needs one of the limits that hold it back; `queue` is in order."""
    before, names = 0, set(lack.refs)
    for unit in queue:
        if unit.registration_id == registration_id and unit.wish_id is None:
            break
        if names & set(unit.need):
            before += len(unit.people)
    return Place(before, lack)
