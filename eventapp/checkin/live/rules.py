"""Quarters of an hour for the chart of arrivals, and what a phone's last sign of life means; pure."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from enum import StrEnum

QUARTER = timedelta(minutes=15)
_AWAKE = timedelta(minutes=2)
_ASLEEP = timedelta(minutes=10)


class Life(StrEnum):
    """What the last sign of life of a phone means; the names are those of states on pages."""

    AWAKE = "ok"
    """It reported within two minutes."""
    QUIET = "few"
    """It may scan offline, or nobody comes."""
    SILENT = "off"
    """It has said nothing for ten minutes."""


def life(seen_at: datetime, now: datetime) -> Life:
    """Return what it means that a phone was heard last at `seen_at`."""
    silence = now - seen_at
    return Life.AWAKE if silence <= _AWAKE else Life.QUIET if silence <= _ASLEEP else Life.SILENT


def quarter(moment: datetime) -> datetime:
    """Return the start of the quarter of an hour in which a moment lies."""
    return moment.replace(minute=moment.minute // 15 * 15, second=0, microsecond=0)


def quarters(first: datetime, last: datetime) -> Sequence[datetime]:
    """Return the starts of all quarters of an hour from that of `first` to that of `last`."""
    start = quarter(first)
    return [start + QUARTER * number for number in range((quarter(last) - start) // QUARTER + 1)]
