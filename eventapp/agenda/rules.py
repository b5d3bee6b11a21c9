"""Kinds of agenda items and roles on them; clashes of rooms and people, as pure functions."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from itertools import combinations


class ItemKind(StrEnum):
    """Kind of an agenda item."""

    WELCOME = "welcome"
    TALK = "talk"
    PANEL = "panel"
    FORUM = "forum"
    WORKSHOP = "workshop"
    BREAK = "break"
    MARKET = "market"


class SpeakerRole(StrEnum):
    """Role of a speaker on an item, in the order in which they are shown."""

    MODERATOR = "moderator"
    WELCOME = "welcome"
    SPEAKER = "speaker"
    PANELIST = "panelist"


ROLE_ORDER = {role: place for place, role in enumerate(SpeakerRole)}


@dataclass(frozen=True)
class Slot:
    """What clashes are worked out from: an item's time, room and people."""

    item_id: int
    starts_at: datetime
    ends_at: datetime
    room_id: int | None
    speaker_ids: frozenset[int]


@dataclass(frozen=True)
class Clash:
    """Two items at the same time need the same room or the same person."""

    first: int
    second: int
    room_id: int | None
    speaker_ids: frozenset[int]


def overlap(first: Slot, second: Slot) -> bool:
    """Tell whether two items run at the same time; one may begin when the other ends."""
    return first.starts_at < second.ends_at and second.starts_at < first.ends_at


def clashes(slots: Iterable[Slot]) -> Iterator[Clash]:
    """Yield every pair of items that clash, with the room and the people they share."""
    for first, second in combinations(sorted(slots, key=lambda s: (s.starts_at, s.item_id)), 2):
        if not overlap(first, second):
            continue
        room = first.room_id if first.room_id == second.room_id else None
        people = first.speaker_ids & second.speaker_ids
        if room is not None or people:
            yield Clash(first.item_id, second.item_id, room, people)
