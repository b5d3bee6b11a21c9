"""What a public page tells, as pure decisions: where sign-up stands, places left, what runs side by side."""

from dataclasses import dataclass
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from eventapp.agenda.rules import ItemKind
from eventapp.editions.rules import Limit, Phase, access_sign, by_day, phase, places_left, timetable
from eventapp.events.rules import EventState
from eventapp.registration.rules import Window


@pytest.mark.parametrize(
    ("state", "window", "left", "expected"),
    [
        (EventState.PUBLISHED, Window.OPEN, 1, Phase.OPEN),
        (EventState.PUBLISHED, Window.OPEN, None, Phase.OPEN),
        (EventState.PUBLISHED, Window.OPEN, 0, Phase.FULL),
        (EventState.PUBLISHED, Window.NOT_YET, 0, Phase.NOT_YET),
        (EventState.PUBLISHED, Window.CLOSED, 5, Phase.CLOSED),
        (EventState.PUBLISHED, Window.OVER, 5, Phase.PAST),
        (EventState.DRAFT, Window.OPEN, 5, Phase.DRAFT),
        (EventState.CALLED_OFF, Window.OVER, 5, Phase.CALLED_OFF),
    ],
)
def test_a_page_says_where_the_event_stands(
    state: EventState, window: Window, left: int | None, expected: Phase
) -> None:
    assert phase(state, window, left) is expected


@pytest.mark.parametrize(
    ("event", "shown", "by_hand", "expected"),
    [
        (Limit(100, 53), [], [], 47),
        (Limit(100, 53), [Limit(10, 8), Limit(20, 19)], [], 3),
        (Limit(100, 99), [Limit(10, 0)], [], 1),
        (Limit(100, 53), [Limit(10, 10), Limit(None)], [], 47),
        (Limit(100, 0), [Limit(10, 10)], [], 0),
        (Limit(None), [Limit(5, 1)], [], 4),
        (Limit(None), [Limit(None)], [], None),
        (Limit(10, 4), [Limit(None)], [Limit(4, 1, reserved=4)], 3),
        (Limit(10, 9), [Limit(None)], [Limit(4, 0, reserved=4)], 0),
        (Limit(10, 12), [], [], 0),
    ],
)
def test_places_are_those_a_guest_could_have(
    event: Limit, shown: list[Limit], by_hand: list[Limit], expected: int | None
) -> None:
    assert places_left(event, shown, by_hand) == expected


@dataclass(frozen=True)
class Point:
    """An item of a programme."""

    name: str
    start: int
    end: int
    kind: ItemKind = ItemKind.FORUM
    day: int = 1

    @property
    def starts_at(self) -> datetime:
        """Start."""
        return datetime(2026, 6, self.day, self.start, tzinfo=UTC)

    @property
    def ends_at(self) -> datetime:
        """End."""
        return datetime(2026, 6, self.day, self.end, tzinfo=UTC)


def rows(*points: Point) -> list[str]:
    """Return the rows of the timetable as the names in them."""
    return ["+".join(item.name for item in row.items) for row in timetable(points)]


def test_what_overlaps_stands_side_by_side() -> None:
    assert rows(Point("a", 9, 11), Point("b", 9, 10), Point("c", 10, 11), Point("d", 11, 12)) == ["a+b+c", "d"]


def test_a_market_over_the_whole_day_does_not_swallow_it() -> None:
    market = Point("market", 9, 17, ItemKind.MARKET)
    assert rows(market, Point("a", 10, 11), Point("b", 10, 11), Point("c", 14, 15)) == ["market", "a+b", "c"]


def test_a_break_is_a_row_of_its_own() -> None:
    assert rows(Point("a", 10, 12), Point("pause", 11, 12, ItemKind.BREAK), Point("b", 12, 13)) == ["a", "pause", "b"]


def test_a_row_tells_from_when_to_when() -> None:
    (row,) = timetable([Point("a", 9, 11), Point("b", 10, 12)])
    assert (row.starts_at.hour, row.ends_at.hour, row.is_parallel) == (9, 12, True)


def test_days_are_those_of_the_place() -> None:
    points = [Point("late", 22, 23), Point("early", 4, 5, day=2)]
    assert len(by_day(timetable(points), ZoneInfo("UTC"))) == 2
    assert len(by_day(timetable(points), ZoneInfo("Europe/Berlin"))) == 1, "22:00 UTC is midnight there"


@pytest.mark.parametrize(
    ("line", "sign"),
    [
        ("Alle Räume sind ohne Stufen zu erreichen.", "wheelchair"),
        ("Alles wird in Deutsche Gebärdensprache gedolmetscht.", "sign"),
        ("Höranlage im Plenum.", "ear"),
        ("Mit Bus und Bahn gut zu erreichen. Parkplätze mit Rollstuhlzeichen.", "train"),
        ("كل القاعات بلا درجات", "wheelchair"),
        ("Fragen Sie uns.", "info"),
    ],
)
def test_a_sentence_on_access_gets_its_sign(line: str, sign: str) -> None:
    assert access_sign(line) == sign
