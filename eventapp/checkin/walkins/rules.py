"""Somebody without a ticket as the door reports them, and what came of it; pure."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from eventapp.checkin.rules import Outcome, ScanMode


class WalkInState(StrEnum):
    """What came of a walk-in."""

    CONFIRMED = "confirmed"
    WAITLISTED = "waitlisted"
    REFUSED = "refused"


@dataclass(frozen=True)
class WalkIn:
    """A person without a ticket. The phone made the id: the same id is the same person, however often it comes.

    `mode` and `outcome` are those of a scan: who asks is let in when there is a place; who tells has let them in
    already (admitted), has sent them away (refused), or does not know any more (unknown).
    """

    id: str
    at: datetime
    given_name: str
    family_name: str
    email: str
    organisation: str
    category_id: int
    language: str
    mode: ScanMode
    outcome: Outcome
    override: bool = False
    """Whether the door decided against the server's answer."""

    @property
    def is_inside(self) -> bool:
        """Whether the door has let this person in already."""
        return self.mode is ScanMode.TELL and self.outcome is Outcome.ADMITTED

    @property
    def is_gone(self) -> bool:
        """Whether the door has sent this person away."""
        return self.mode is ScanMode.TELL and self.outcome is Outcome.REFUSED
