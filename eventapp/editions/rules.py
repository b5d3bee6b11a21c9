"""What a public page tells about an event: where sign-up stands, how many places are left, what runs side by side.

Pure: the queries give the numbers, the templates show the answers.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from itertools import groupby
from typing import Any, Generic, Protocol, TypeVar
from zoneinfo import ZoneInfo

from eventapp.agenda.rules import ItemKind
from eventapp.core.search import fold
from eventapp.events.rules import EventState
from eventapp.registration.rules import Window


class Phase(StrEnum):
    """Where an event stands for somebody who would like to come."""

    DRAFT = "draft"
    NOT_YET = "not_yet"
    OPEN = "open"
    FULL = "full"
    """Open, but only for the waiting list."""
    CLOSED = "closed"
    PAST = "past"
    CALLED_OFF = "called_off"


@dataclass(frozen=True)
class Limit:
    """What is known of a limit: its size (None: none), the seats taken, and those kept for the people it is for."""

    size: int | None
    taken: int = 0
    reserved: int = 0

    @property
    def left(self) -> int | None:
        """Seats that are free; None when there is no limit."""
        return None if self.size is None else max(0, self.size - self.taken)


NO_LIMIT = Limit(None)


_PHASES = {Window.NOT_YET: Phase.NOT_YET, Window.OPEN: Phase.OPEN, Window.CLOSED: Phase.CLOSED, Window.OVER: Phase.PAST}


def phase(state: EventState, window: Window, left: int | None) -> Phase:
    """Say where an event stands, from its state, whether guests can sign up now, and the places left."""
    if state is EventState.CALLED_OFF:
        return Phase.CALLED_OFF
    if state is EventState.DRAFT:
        return Phase.DRAFT
    return Phase.FULL if window is Window.OPEN and left == 0 else _PHASES[window]


def smallest(*numbers: int | None) -> int | None:
    """Return the smallest of the numbers that are limits at all."""
    return min((number for number in numbers if number is not None), default=None)


def places_left(event: Limit, open_to_all: Sequence[Limit], by_hand: Iterable[Limit] = ()) -> int | None:
    """Return how many guests could still come: the event's free seats, but no more than their categories give.

    `open_to_all` are the categories that guests choose themselves, `by_hand` the others: what is kept for those is
    not there for anybody else.
    """
    kept = sum(max(0, limit.reserved - limit.taken) for limit in by_hand)
    whole = None if event.left is None else max(0, event.left - kept)
    lefts = [limit.left for limit in open_to_all]
    if not lefts:
        return whole
    given = None if None in lefts else sum(left for left in lefts if left is not None)
    return smallest(whole, given)


class Timed(Protocol):
    """What the timetable needs of an agenda item; a database column is one of these only to readers, not to types."""

    @property
    def kind(self) -> Any:
        """An `ItemKind`."""

    @property
    def starts_at(self) -> Any:
        """An aware datetime."""

    @property
    def ends_at(self) -> Any:
        """An aware datetime."""


Item = TypeVar("Item", bound=Timed)
SIDE_BY_SIDE = frozenset({ItemKind.FORUM, ItemKind.WORKSHOP, ItemKind.TALK, ItemKind.PANEL})
"""Kinds between which a guest chooses when they overlap; breaks and markets frame the day instead."""


@dataclass(frozen=True)
class Row(Generic[Item]):
    """One row of the timetable: one item, or several that run side by side."""

    items: tuple[Item, ...]

    @property
    def starts_at(self) -> datetime:
        """When the first begins."""
        first: datetime = min(item.starts_at for item in self.items)
        return first

    @property
    def ends_at(self) -> datetime:
        """When the last ends."""
        last: datetime = max(item.ends_at for item in self.items)
        return last

    @property
    def is_parallel(self) -> bool:
        """Whether there is something to choose between."""
        return len(self.items) > 1


def timetable(items: Iterable[Item]) -> Iterator[Row[Item]]:
    """Yield the rows of the programme in order of time; items in the organiser's order stay so within a row."""
    waiting: list[Row[Item]] = []
    ordered = sorted(items, key=lambda item: item.starts_at)
    for item in ordered:
        last = waiting[-1] if waiting else None
        if last is not None and item.kind in SIDE_BY_SIDE and item.starts_at < last.ends_at:
            waiting[-1] = Row((*last.items, item))
        elif item.kind in SIDE_BY_SIDE:
            waiting.append(Row((item,)))
    frames = [Row((item,)) for item in ordered if item.kind not in SIDE_BY_SIDE]
    yield from sorted([*waiting, *frames], key=lambda row: row.starts_at)


def by_day(rows: Iterable[Row[Item]], tz: ZoneInfo) -> list[tuple[datetime, list[Row[Item]]]]:
    """Part the rows by the day of the place; each day comes with the moment of its first row."""
    days = [list(group) for _, group in groupby(rows, lambda row: row.starts_at.astimezone(tz).date())]
    return [(day[0].starts_at, day) for day in days]


_SIGNS: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("sign", ("gebardensprach", "sign language", "لغه الاشاره")),
    ("ear", ("horanlage", "induktion", "hearing", "سمع")),
    ("quiet", ("ruheraum", "ruhe", "quiet", "هادي")),
    ("child", ("kinder", "child", "اطفال")),
    ("train", ("bus", "bahn", "haltestelle", "train", "station", "حافله", "قطار")),
    ("wheelchair", ("stufe", "rollstuhl", "aufzug", "barriere", "step", "wheelchair", "lift", "درج", "كرسي")),
    ("languages", ("dolmetsch", "interpret", "ترجمه")),
)


def access_sign(line: str) -> str:
    """Choose the picture beside a sentence on accessibility; only decoration, the sentence says it."""
    words = fold(line)
    return next((sign for sign, stems in _SIGNS if any(stem in words for stem in stems)), "info")
