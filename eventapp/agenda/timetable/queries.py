"""The editor's timetable: one grid a day, rooms side by side, and the clashes in words. Built for templates.

Pages carry no inline style, so places are numbers for classes: `row` is five-minute steps after the first full hour
shown, `length` steps long, `column` the place of the room; see static/css/components/timetable-grid.css.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from zoneinfo import ZoneInfo

from flask_babel import gettext as _

from eventapp.agenda.models import AgendaItem, Room
from eventapp.agenda.queries import list_clashes, list_items, list_rooms
from eventapp.agenda.rules import Clash, ItemKind, is_outside
from eventapp.core import i18n
from eventapp.core.localized import plain
from eventapp.events.models import Event

STEP = 5
_MOST_COLUMNS, _MOST_STEPS = 24, 288
_QUIET = frozenset({ItemKind.BREAK, ItemKind.MARKET})


@dataclass(frozen=True)
class Cell:
    """An item in the grid; `column` 0 spans all rooms."""

    item: AgendaItem
    row: int
    length: int
    column: int
    is_over: bool
    is_clash: bool
    is_quiet: bool


@dataclass(frozen=True)
class Hour:
    """A line with its time."""

    row: int
    moment: datetime


@dataclass(frozen=True)
class Grid:
    """One day: its columns (a room, or None for items without one), lines and cells."""

    begins: datetime
    """First full hour, on the wall of the place."""
    columns: Sequence[Room | None]
    hours: Sequence[Hour]
    cells: Sequence[Cell]


@dataclass(frozen=True)
class AgendaPage:
    """What the agenda editor shows."""

    grids: Sequence[Grid]
    items: Sequence[AgendaItem]
    rooms: Sequence[Room]
    clashes: Sequence[str]
    """Every clash as a sentence."""
    own: Sequence[str]
    """Those of the item that is being edited."""
    outside: Sequence[AgendaItem]
    """Items that are not on the days of the event."""
    lacking: int
    """How many texts are missing in the event's languages."""


def agenda_page(event: Event, current: AgendaItem | None = None) -> AgendaPage:
    """Build what the agenda editor shows, with `current` as the item that is being edited."""
    items = list_items(event.id)
    found = list_clashes(items)
    by_id = {item.id: item for item in items}
    told = [(clash, _sentence(clash, by_id, event.zone)) for clash in found]
    own = [words for clash, words in told if current is not None and current.id in (clash.first, clash.second)]
    span = (event.starts_at, event.ends_at, event.zone)
    texts = [text for item in items for text in (item.title, item.description) if text]
    return AgendaPage(
        grids=grids(items, found, event.zone),
        items=items,
        rooms=list_rooms(event.id),
        clashes=[words for _clash, words in told],
        own=own,
        outside=[item for item in items if is_outside(item.starts_at, item.ends_at, *span)],
        lacking=sum(len(text.missing(event.languages)) for text in texts),
    )


def grids(items: Iterable[AgendaItem], found: Sequence[Clash], zone: str) -> list[Grid]:
    """Return one grid per day of the zone."""
    days = groupby(items, lambda item: _local(item.starts_at, zone).date())
    clashing = {item_id for clash in found for item_id in (clash.first, clash.second)}
    late = {clash.second for clash in found if clash.room_id is not None}
    return [_grid(list(day), clashing, late, zone) for _date, day in days]


def _grid(items: list[AgendaItem], clashing: set[int], late: set[int], zone: str) -> Grid:
    first = min(_local(item.starts_at, zone) for item in items).replace(minute=0)
    placed = [item for item in items if item.room_id is not None or item.kind not in _QUIET]
    parallel = [item for item in placed if any(_meet(item, other) for other in placed if other is not item)]
    rooms = {item.room_id: item.room for item in parallel}
    columns = sorted(rooms.values(), key=_in_order)
    place = {room.id if room else None: min(n, _MOST_COLUMNS) for n, room in enumerate(columns, 1)}
    cells = []
    for item in items:
        row = _steps(first, _local(item.starts_at, zone))
        length = max(1, _steps(_local(item.starts_at, zone), _local(item.ends_at, zone)))
        cells.append(
            Cell(
                item=item,
                row=min(row, _MOST_STEPS - 1),
                length=min(length, _MOST_STEPS),
                column=place[item.room_id] if item in parallel else 0,
                is_over=item.id in late,
                is_clash=item.id in clashing,
                is_quiet=item.kind in _QUIET,
            )
        )
    last = max(cell.row + cell.length for cell in cells)
    lines = range(0, min(last, _MOST_STEPS), 60 // STEP)
    hours = [Hour(row, first.replace(hour=(first.hour + row * STEP // 60) % 24)) for row in lines]
    return Grid(first, columns[:_MOST_COLUMNS], hours, cells)


def _sentence(clash: Clash, items: dict[int, AgendaItem], zone: str) -> str:
    first, second = items[clash.first], items[clash.second]
    facts = {
        "first": plain(first.title),
        "second": plain(second.title),
        "end": i18n.clock(first.ends_at, zone),
        "begin": i18n.clock(second.starts_at, zone),
    }
    words = []
    if clash.room_id is not None and first.room is not None:
        words.append(
            _("%(room)s is needed twice: “%(second)s” begins at %(begin)s, “%(first)s” ends at %(end)s.",
              room=first.room.name, **facts)
        )  # fmt: skip
    names = [each.speaker.name for each in first.people if each.speaker_id in clash.speaker_ids]
    if names:
        words.append(_("%(names)s: at the same time in “%(first)s” and “%(second)s”.", names=", ".join(names), **facts))
    return " ".join(words)


def _in_order(room: Room | None) -> tuple[bool, int, int]:
    return (False, room.position, room.id) if room is not None else (True, 0, 0)


def _meet(first: AgendaItem, second: AgendaItem) -> bool:
    return first.starts_at < second.ends_at and second.starts_at < first.ends_at


def _local(moment: datetime, zone: str) -> datetime:
    return moment.astimezone(ZoneInfo(zone)).replace(tzinfo=None)


def _steps(first: datetime, second: datetime) -> int:
    return round((second - first).total_seconds() / 60 / STEP)
