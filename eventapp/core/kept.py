"""Public pages and calendars that many people ask for at once: made once a second in each process, sent from memory.

Without a session a page is the same for everybody but for its nonce. What is shown may be `PAGE_SECONDS` old; pages on
which people decide something (sign-up) are never kept. Views of `editions` and `calendar` call this.
"""

import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, TypeVar, cast

from flask import current_app, g, request, session

from eventapp.core import clock
from eventapp.core.db import db

T = TypeVar("T")
_NONCE, _MOST = "\x00nonce\x00", 256


@dataclass
class _Kept:
    """What is kept for an address; whoever holds `lock` makes it."""

    lock: threading.Lock = field(default_factory=threading.Lock)
    made: datetime | None = None
    what: Any = None

    def is_younger(self, age: timedelta) -> bool:
        """Tell whether it is there, and was made less than `age` ago."""
        return self.made is not None and clock.now() < self.made + age


def kept_page(render: Callable[[], str]) -> str:
    """Return the page of this address from memory or from `render`; people with a session get their own."""
    if session:
        return render()
    text = kept(lambda: render().replace(g.csp_nonce, _NONCE))
    return text.replace(_NONCE, g.csp_nonce)


def kept(make: Callable[[], T]) -> T:
    """Return what belongs to this address from memory, or what `make` gives; a failure is never kept.

    One request makes it for all: while it does, the others get the one before, or wait where that is too old.
    """
    age = timedelta(seconds=current_app.config["EVENTAPP"].page_seconds)
    if not age:
        return make()
    known: dict[str, _Kept] = current_app.extensions.setdefault("kept", {})
    if len(known) >= _MOST and request.full_path not in known:
        known.clear()
    found = known.setdefault(request.full_path, _Kept())
    if found.is_younger(age):
        return cast(T, found.what)
    if not found.lock.acquire(blocking=False):
        if found.is_younger(2 * age):
            return cast(T, found.what)
        db.session.rollback()  # who waits keeps no connection: who makes it needs one
        found.lock.acquire()
    try:
        if not found.is_younger(age):
            found.what, found.made = make(), clock.now()
        return cast(T, found.what)
    except Exception:
        found.made = None
        raise
    finally:
        found.lock.release()
