"""Writes the answer to a scan from what was decided, in the language of the person at the door.

Outside the transaction: nobody waits for words, and scans of several phones may have been taken together.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from sqlalchemy import Row

from eventapp.checkin.entrances.rules import Doorway
from eventapp.checkin.envelope import Forum, Notice, Result, first_of, forum_of, guest_of
from eventapp.checkin.rules import Decision, Folded, Outcome, Reason
from eventapp.checkin.scans.deciding import Place, Shown, seats_of


@dataclass(frozen=True)
class Answered:
    """A scan that is in the log: its row, and what its answer tells."""

    now: Mapping[str, Any]
    replayed: bool = False
    own: Shown | None = None
    """The ticket; None: there is none of this event."""
    folded: Folded = field(default_factory=Folded)
    forums: Sequence[Row[Any]] = ()
    """Where a guest is welcome who was let in."""
    first: Row[Any] | None = None
    """The admission by which the guest was inside already."""

    @property
    def is_conflict(self) -> bool:
        """Whether the guest was inside already and was let in once more."""
        return self.now["id"] in self.folded.conflicts


def result_of(answered: Answered, place: Place) -> Result:
    """Return the answer in the words of the person at the door."""
    now, own = answered.now, answered.own
    answer = Result(now["id"], now["decision"], now["reason"], now["outcome"], replayed=answered.replayed)
    if own is None:
        return answer
    is_welcome = answer.reason is Reason.OK
    answer = replace(
        answer,
        conflict=answered.is_conflict,
        ticket=guest_of(own.ticket, answered.folded.entries, *((answered.forums, place.notes) if is_welcome else ())),
        first=first_of(answered.first),
    )
    return _sent_on(answer, place.doorway, own) if answer.reason is Reason.OTHER_ENTRANCE else answer


def not_stored(item_id: str | None) -> Result:
    """Return the answer to a scan that cannot be read or whose id stands for another one."""
    return Result(item_id, Decision.DENY, Reason.MALFORMED, Outcome.UNKNOWN, stored=False)


def _sent_on(answer: Result, doorway: Doorway, own: Shown) -> Result:
    """Add where a guest belongs who stands at the wrong entrance, or that they chose nothing for this time."""
    items, category_id = doorway.right_seats(seats_of(own)), own.ticket.category_id
    doors = doorway.right_doors(category_id)
    right = (*(forum_of(row) for row in own.seats if row.item_id in items), *(Forum(name) for name in doors))
    notice = None
    if doorway.chose_nothing(category_id, seats_of(own)):
        notice = Notice.CHOSE_NOTHING_FULL if own.is_full else Notice.CHOSE_NOTHING
    return replace(answer, right=right, notice=notice)
