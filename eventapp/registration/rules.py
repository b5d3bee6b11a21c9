"""States of a participant and their moves; who is the same person; which wishes go together. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from itertools import combinations

from eventapp.core.search import fold, fold_email


class ParticipantState(StrEnum):
    """Where a participant stands; each is explained in docs/states.md."""

    CONFIRMED = "confirmed"
    WAITLISTED = "waitlisted"
    CANCELLED = "cancelled"


class Action(StrEnum):
    """What can happen to a participant."""

    CONFIRM = "confirm"
    CANCEL = "cancel"


MOVES: dict[ParticipantState, dict[Action, ParticipantState]] = {
    ParticipantState.CONFIRMED: {Action.CANCEL: ParticipantState.CANCELLED},
    ParticipantState.WAITLISTED: {
        Action.CONFIRM: ParticipantState.CONFIRMED,
        Action.CANCEL: ParticipantState.CANCELLED,
    },
    ParticipantState.CANCELLED: {},
}
HOLDS_A_SEAT = frozenset({ParticipantState.CONFIRMED})
LINK_LIVES = timedelta(days=180)
"""How long a guest's link opens after the event: as long as contact data may stay."""
LIVING = frozenset({ParticipantState.CONFIRMED, ParticipantState.WAITLISTED})


class Window(StrEnum):
    """Whether guests can sign up now."""

    NOT_YET = "not_yet"
    OPEN = "open"
    CLOSED = "closed"
    OVER = "over"


def window(now: datetime, opens: datetime | None, closes: datetime | None, ends: datetime) -> Window:
    """Tell whether guests can sign up at `now`; without times it is open until the event ends."""
    if now >= ends:
        return Window.OVER
    if opens is not None and now < opens:
        return Window.NOT_YET
    return Window.CLOSED if closes is not None and now >= closes else Window.OPEN


@dataclass(frozen=True)
class Choosable:
    """An agenda item that guests choose: its id and time."""

    id: int
    starts_at: datetime
    ends_at: datetime


def clashing(items: Iterable[Choosable]) -> tuple[Choosable, Choosable] | None:
    """Return two of the items that run at the same time, None when all go together."""
    for first, second in combinations(items, 2):
        if first.starts_at < second.ends_at and second.starts_at < first.ends_at:
            return first, second
    return None


def slots(items: Iterable[Choosable]) -> list[list[Choosable]]:
    """Part items, ordered by time, into groups such that items of different groups never run at the same time."""
    groups: list[list[Choosable]] = []
    for item in sorted(items, key=lambda x: x.starts_at):
        if groups and item.starts_at < max(x.ends_at for x in groups[-1]):
            groups[-1].append(item)
        else:
            groups.append([item])
    return groups


def overlaps(group: Iterable[Choosable]) -> bool:
    """Tell whether every two items of a group run at the same time, so that only one of them can be chosen."""
    items = list(group)
    return max(x.starts_at for x in items) < min(x.ends_at for x in items)


def identity(email: str, given_name: str, family_name: str) -> str:
    """Return what makes two registrations the same person: folded e-mail and folded whole name.

    A shared mailbox with another name is another person.
    """
    return f"{fold_email(email)}|{fold(f'{given_name} {family_name}') or given_name}"[:500]


def search_text(*parts: str) -> str:
    """Return the folded text in which a participant is searched."""
    return " ".join(fold(part) for part in parts if part)[:1000]


def sort_key(given_name: str, family_name: str) -> str:
    """Return the folded key by which lists of names are sorted, family name first."""
    return fold(f"{family_name} {given_name}")[:300]
