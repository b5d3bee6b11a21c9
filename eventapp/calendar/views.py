"""Calendar files and feeds, and the pages that explain how to take them; a guest's own agenda answers the same way."""

from collections.abc import Callable

from flask import Blueprint, Response, current_app, render_template, request
from werkzeug.http import is_resource_modified

from eventapp.agenda.queries import get_item, list_items
from eventapp.agenda.rules import ItemKind
from eventapp.calendar import queries
from eventapp.calendar.ical import Calendar, write
from eventapp.calendar.queries import Version
from eventapp.core import i18n
from eventapp.core.access import public
from eventapp.core.links import absolute
from eventapp.events.views import get_event_here

bp = Blueprint("calendar", __name__)
_FORMAT = 1
"""Raise it when the text of calendars changes for the same data: it is part of every ETag."""
_KEPT_TEXTS = 256


@bp.get("/calendar.ics")
@public
def all_events() -> Response:
    """Send the feed of all public events."""
    language = asked_language()
    return answer(queries.version_of_all(), language, lambda: queries.all_events(language), name="calendar")


@bp.get("/<slug:event>.ics")
@public
def event_file(event: str) -> Response:
    """Send an event, with `?agenda=1` its programme as a feed."""
    found, language = get_event_here(event), asked_language()
    version = queries.version_of(found)
    if request.args.get("agenda") == "1":
        version = Version(f"{version.mark}-agenda", version.modified)
        return answer(version, language, lambda: queries.programme(found, language), name=f"{found.slug}-agenda")
    return answer(version, language, lambda: queries.one_event(found, language), name=found.slug)


@bp.get("/<slug:event>/<slug:item>.ics")
@public
def item_file(event: str, item: str) -> Response:
    """Send one agenda item."""
    found, language = get_event_here(event), asked_language()
    chosen = get_item(found.id, item)
    version = Version(f"{queries.version_of(found).mark}-{chosen.slug}", found.changed_at)
    return answer(version, language, lambda: queries.one_item(chosen, language), name=f"{found.slug}-{chosen.slug}")


@bp.get("/<lang:lang>/calendar")
@public
def subscribe(lang: str) -> str:
    """Explain how to subscribe to all events."""
    return render_template("calendar/subscribe.html", feed=absolute("calendar.all_events", lang=lang))


@bp.get("/<lang:lang>/<slug:event>/calendar")
@public
def event(lang: str, event: str) -> str:  # noqa: ARG001 - read by the layout
    """Offer an event, its programme and single items for the guest's calendar."""
    found = get_event_here(event)
    items = [item for item in list_items(found.id) if item.kind is not ItemKind.BREAK]
    return render_template(
        "calendar/event.html", event=found, organiser=found.organiser, items=items, absolute=absolute
    )


def asked_language() -> str:
    """Return the language of a file: `?lang=`, else German."""
    return i18n.interface(request.args.get("lang"))


def answer(
    version: Version, language: str, make: Callable[[], Calendar], *, name: str, is_private: bool = False
) -> Response:
    """Send a calendar, or 304 when the asker has it; `make` is called only when the text is not known yet.

    `is_private`: a guest's own agenda, which no cache may keep.
    """
    tag = f"{_FORMAT}-{version.mark}-{language}"
    response = Response(mimetype="text/calendar")
    response.set_etag(tag)
    response.last_modified = version.modified
    response.cache_control.no_cache = True
    response.cache_control.private = is_private or None
    response.headers["Content-Disposition"] = f'inline; filename="{name}.ics"'
    if not is_resource_modified(request.environ, response.headers["ETag"], None, version.modified):
        response.status_code = 304
        return response
    response.data = write(make()) if is_private else _known_text(tag, make)
    return response


def _known_text(tag: str, make: Callable[[], Calendar]) -> bytes:
    """Return the text of this version, written once a process."""
    texts: dict[str, bytes] = current_app.extensions.setdefault("calendar_texts", {})
    if tag not in texts:
        if len(texts) >= _KEPT_TEXTS:
            texts.clear()
        texts[tag] = write(make())
    return texts[tag]
