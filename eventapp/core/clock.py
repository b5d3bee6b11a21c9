"""The one source of "now", so that tests can move it and no naive time slips in."""

import contextlib
from collections.abc import Iterator
from contextvars import ContextVar
from datetime import UTC, datetime

_told: ContextVar[datetime | None] = ContextVar("told", default=None)


def now() -> datetime:
    """Return the current moment, aware, in UTC, without microseconds (databases and calendars agree on seconds)."""
    return (_told.get() or datetime.now(UTC)).replace(microsecond=0)


@contextlib.contextmanager
def at(moment: datetime) -> Iterator[None]:
    """Let services act as if it were `moment`: for loading a story that happened, such as the demo's."""
    token = _told.set(moment.astimezone(UTC))
    try:
        yield
    finally:
        _told.reset(token)


def is_told() -> bool:
    """Tell whether `at` says what time it is in this thread."""
    return _told.get() is not None


def moment() -> datetime:
    """Return the current moment with its microseconds, to compare with the clocks of phones."""
    return _told.get() or datetime.now(UTC)
