"""The one source of "now", so that tests can move it and no naive time slips in."""

from datetime import UTC, datetime


def now() -> datetime:
    """Return the current moment, aware, in UTC, without microseconds (databases and calendars agree on seconds)."""
    return datetime.now(UTC).replace(microsecond=0)
