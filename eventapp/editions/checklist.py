"""The checklist before an event goes public: what must be there, what should be there, and where to put it right.

Each feature tells its own gaps by a code; here they become sentences with a link.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from flask_babel import lazy_gettext as _l

from eventapp.agenda import queries as agenda
from eventapp.events import queries as events
from eventapp.events.models import Event
from eventapp.notices import queries as notices
from eventapp.notices.models import NoticeKind

_BASICS, _TIME_PLACE, _CATEGORIES = "events.manage.basics", "editions.changes.time_place", "events.manage.categories"
_AGENDA = "agenda.manage.agenda"
_REQUIRED: dict[str, tuple[Any, str]] = {
    "title": (_l("The event has no title."), _BASICS),
    "venue": (_l("The venue and its city are not given."), _TIME_PLACE),
    "past": (_l("The event is already over. Please check the day."), _TIME_PLACE),
    "window": (_l("Registration has already closed. Please check when it ends."), _TIME_PLACE),
    "category": (_l("There is no category that guests can choose."), _CATEGORIES),
}
_WISHED: dict[str, tuple[Any, str]] = {
    "summary": (_l("The sentence below the title is missing."), _BASICS),
    "access": (_l("Nothing is said about accessibility of the place."), _TIME_PLACE),
    "texts": (_l("Texts are missing in some languages. Guests read German there."), _BASICS),
    "agenda": (_l("The programme is empty."), _AGENDA),
    "clash": (_l("Rooms or people are needed in two places at once."), _AGENDA),
    "outside": (_l("Some items are not on the day of the event."), _AGENDA),
}
_NOTICES = {
    NoticeKind.LEGAL: _l("The organiser's legal notice is empty."),
    NoticeKind.PRIVACY: _l("The organiser's privacy notice is empty."),
    NoticeKind.ACCESSIBILITY: _l("The organiser's declaration on accessibility is empty."),
}


@dataclass(frozen=True)
class Gap:
    """Something that is missing: the sentence, the endpoint of the page where it is put right, and what that needs."""

    code: str
    sentence: Any
    endpoint: str
    values: Mapping[str, str] = field(default_factory=dict)
    is_required: bool = True


def find_gaps(event: Event, now: datetime) -> list[Gap]:
    """Return what is missing, required things first."""
    found = [
        Gap(kind.value, _NOTICES[kind], "notices.manage.edit", {"organiser": event.organiser.slug, "kind": kind.value})
        for kind in notices.gaps(event.organiser_id)
    ]
    codes = [*events.gaps(event, now), *agenda.gaps(event)]
    here = {"event": event.slug}
    found += [Gap(code, *_REQUIRED[code], here) for code in codes if code in _REQUIRED]
    found += [Gap(code, *_WISHED[code], here, is_required=False) for code in codes if code in _WISHED]
    return found
