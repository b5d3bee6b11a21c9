"""Public pages and calendars that many people ask for at once: made once a second in each process, sent from memory.

Without a session a page is the same for everybody but for its nonce. What is shown may be `PAGE_SECONDS` old; pages on
which people decide something (sign-up) are never kept. Views of `editions` and `calendar` call this.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, TypeVar

from flask import current_app, g, request, session

from eventapp.core import clock

T = TypeVar("T")
_NONCE, _MOST = "\x00nonce\x00", 256


@dataclass
class _Kept:
    what: Any
    made: datetime
    due: datetime
    """When the next request makes it anew."""


def kept_page(render: Callable[[], str]) -> str:
    """Return the page of this address from memory or from `render`; people with a session get their own."""
    if session:
        return render()
    text = kept(lambda: render().replace(g.csp_nonce, _NONCE))
    return text.replace(_NONCE, g.csp_nonce)


def kept(make: Callable[[], T]) -> T:
    """Return what belongs to this address from memory, or what `make` gives; a failure is never kept."""
    age = timedelta(seconds=current_app.config["EVENTAPP"].page_seconds)
    if not age:
        return make()
    known: dict[str, _Kept] = current_app.extensions.setdefault("kept", {})
    key, now = request.full_path, clock.now()
    found = known.get(key)
    if found is not None and now < found.due:
        what: T = found.what
        return what
    if found is not None and now < found.made + 2 * age:
        found.due = now + age  # while this request makes it anew, the others still get the one before
    try:
        what = make()
    except Exception:
        known.pop(key, None)
        raise
    if len(known) >= _MOST:
        known.clear()
    now = clock.now()
    known[key] = _Kept(what, now, now + age)
    return what
