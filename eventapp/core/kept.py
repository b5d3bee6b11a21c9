"""What many people ask for at once, made once a second in each process and given from memory.

Public pages and calendars are sent from here: without a session a page is the same for everybody but for its nonce.
They may be twice `PAGE_SECONDS` old. Pages on which people decide something are never kept; what the sign-up form
offers is kept only to read what was sent (`signup.views`).
"""

import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, NamedTuple, TypeVar, cast

from flask import current_app, g, request, session

from eventapp.core import clock
from eventapp.core.db import is_writing, let_go

T = TypeVar("T")
_NONCE, _MOST = "\x00nonce\x00", 256


class _Made(NamedTuple):
    at: datetime
    what: Any


@dataclass
class _Kept:
    """What is kept for an address; whoever holds `lock` makes it."""

    lock: threading.Lock = field(default_factory=threading.Lock)
    made: _Made | None = None

    def within(self, age: timedelta) -> _Made | None:
        """Return it if it is there and its making began less than `age` ago."""
        made = self.made  # read once: others change it
        return made if made is not None and clock.now() < made.at + age else None


def kept_page(render: Callable[[], str]) -> str:
    """Return the page of this address from memory or from `render`; people with a session get their own."""
    if session:
        return render()
    text = kept(lambda: render().replace(g.csp_nonce, _NONCE))
    return text.replace(_NONCE, g.csp_nonce)


def kept(make: Callable[[], T]) -> T:
    """Return what belongs to this address from memory, or what `make` gives; a failure is never kept.

    One request makes it for all. The others get the one before, or wait where that is too old; when it failed, or takes
    very long, each makes its own.
    """
    age, path = timedelta(seconds=current_app.config["EVENTAPP"].page_seconds), request.full_path
    if not age or is_writing():
        return make()
    known: dict[str, _Kept] = current_app.extensions.setdefault("kept", {})
    if len(known) >= _MOST and path not in known:
        known.clear()
    found = known.setdefault(path, _Kept())
    made = found.within(age)
    if made is None and found.lock.acquire(blocking=False):
        try:
            made = found.within(age) or _make(found, make)
        except Exception:
            found.made = None
            if known.get(path) is found:
                del known[path]
            raise
        finally:
            found.lock.release()
    made = made or found.within(2 * age) or _wait(found, age)
    return cast(T, made.what) if made is not None else make()


def _make(found: _Kept, make: Callable[[], Any]) -> _Made:
    began = clock.now()
    found.made = _Made(began, make())
    return found.made


def _wait(found: _Kept, age: timedelta) -> _Made | None:
    """Wait for who makes it."""
    let_go()
    if found.lock.acquire(timeout=2 * age.total_seconds()):
        found.lock.release()
    return found.within(2 * age)
