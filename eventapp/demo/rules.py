"""When the people of the demo act: sign-ups over the weeks, arrivals at the door. Pure; the same every time."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from random import Random
from zoneinfo import ZoneInfo

ZONE = ZoneInfo("Europe/Berlin")
_SEED = 4122025
_WEEKEND = 0.25


@dataclass(frozen=True)
class Arrival:
    """Somebody at the door: number of the ticket, moment, and what happens."""

    ticket: int
    at: datetime
    what: str = "entry"
    """entry, again (shown a second time) or undo (taken back: the wrong person was let in)"""


def on(day: date, clock: str) -> datetime:
    """Return the moment of a time on the wall ("09:30") on a day, in UTC."""
    return datetime.combine(day, time.fromisoformat(clock), ZONE).astimezone(UTC)


def sign_ups(first: datetime, last: datetime, number: int) -> list[datetime]:
    """Spread `number` sign-ups: a rush at the opening, a bump at the reminder, a rise at the end, quiet weekends."""
    random = Random(_SEED)  # noqa: S311 - a story, no secret
    days = [(first + timedelta(days=n)).astimezone(ZONE).date() for n in range((last - first).days + 2)]
    weights = [_weight(day, n, len(days)) for n, day in enumerate(days)]
    moments: list[datetime] = []
    while len(moments) < number:
        day = random.choices(days, weights)[0]
        moment = on(day, "00:00") + timedelta(seconds=random.triangular(7 * 3600, 22.5 * 3600, 10.5 * 3600))
        if first <= moment < last:
            moments.append(moment.replace(microsecond=0))
    return sorted(moments)


def _weight(day: date, number: int, total: int) -> float:
    opening = 3 * math.exp(-number / 4)
    reminder = 1.5 if abs(number - total // 2) <= 1 else 0.0
    end = 2.5 * math.exp((number - total) / 5)
    return (0.6 + opening + reminder + end) * (_WEEKEND if day.weekday() >= 5 else 1.0)


def arrivals(day: date, tickets: int) -> list[Arrival]:
    """Let most of `tickets` people come: a queue from the opening of the doors on, some later, one in twelve never.

    Every twentieth shows the ticket a second time; once somebody is let in by mistake, taken back and let in later.
    """
    random = Random(_SEED)  # noqa: S311 - a story, no secret
    found: list[Arrival] = []
    opening, noon = on(day, "08:45"), on(day, "13:50")
    for ticket in range(tickets):
        if random.random() < 1 / 12:
            continue
        queue = timedelta(seconds=random.triangular(0, 55 * 60, 25 * 60))
        late = timedelta(seconds=random.uniform(55 * 60, (noon - opening).total_seconds()))
        at = opening + (queue if random.random() < 0.85 else late)
        found.append(Arrival(ticket, at))
        if random.random() < 1 / 20:
            found.append(Arrival(ticket, at + timedelta(minutes=random.uniform(4, 90)), "again"))
    return sorted(_with_mistake(found), key=lambda arrival: arrival.at)


def _with_mistake(found: Sequence[Arrival]) -> list[Arrival]:
    first = found[len(found) // 2]
    undo = Arrival(first.ticket, first.at + timedelta(seconds=25), "undo")
    later = Arrival(first.ticket, first.at + timedelta(minutes=12))
    others = [arrival for arrival in found if arrival.ticket != first.ticket]
    return [*others, first, undo, later]


def coming_day(today: date) -> date:
    """Return the Thursday on which the coming edition takes place, five to nine weeks away, not over the holidays."""
    day = _next_weekday(today + timedelta(days=35), 3)
    while (day.month, day.day) >= (12, 18) or (day.month, day.day) <= (1, 6):
        day += timedelta(days=7)
    return day


def workshop_day(today: date) -> date:
    """Return the Saturday of the association's afternoon, two to three weeks away."""
    return _next_weekday(today + timedelta(days=14), 5)


def _next_weekday(day: date, weekday: int) -> date:
    return day + timedelta(days=(weekday - day.weekday()) % 7)
