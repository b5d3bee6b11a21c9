"""Where and when something takes place, as one tells it to guests: before and after a change. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any


@dataclass(frozen=True)
class Spot:
    """When and where an event or an item takes place; `place` in one line, empty when nothing is known."""

    starts_at: datetime
    ends_at: datetime
    zone: str
    place: str

    def as_facts(self) -> dict[str, str]:
        """Return it as plain values for the outbox."""
        return {
            "starts_at": self.starts_at.isoformat(),
            "ends_at": self.ends_at.isoformat(),
            "zone": self.zone,
            "place": self.place,
        }

    @classmethod
    def from_facts(cls, facts: Mapping[str, Any]) -> "Spot":
        """Read what `as_facts` wrote."""
        starts_at, ends_at = (datetime.fromisoformat(facts[name]) for name in ("starts_at", "ends_at"))
        return cls(starts_at, ends_at, facts["zone"], facts["place"])

    def same_time(self, other: "Spot") -> bool:
        """Tell whether both show the same day and times on the wall."""
        return (self.starts_at, self.ends_at, self.zone) == (other.starts_at, other.ends_at, other.zone)


@dataclass(frozen=True)
class Plan:
    """What a change would do: the spots before and after, and how many guests it concerns."""

    old: Spot
    new: Spot
    guests: int

    @property
    def is_told(self) -> bool:
        """Whether somebody has to be told."""
        return self.old != self.new and self.guests > 0
