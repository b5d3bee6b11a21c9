"""Calendar files and feeds, and the pages that explain how to take them; a guest's own agenda answers the same way."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from flask import Blueprint, Response, current_app, render_template, request
from werkzeug.http import is_resource_modified, quote_etag

from eventapp.agenda.queries import get_item, list_items
from eventapp.agenda.rules import ItemKind
from eventapp.calendar import queries
from eventapp.calendar.ical import Calendar, write
from eventapp.calendar.queries import Version
from eventapp.core import i18n
from eventapp.core.access import public
from eventapp.core.kept import kept
from eventapp.core.links import absolute
from eventapp.events.views import get_event_here

bp = Blueprint("calendar", __name__)
_FORMAT = 1
"""Raise it when the text of calendars changes for the same data: it is part of every ETag."""
_KEPT_TEXTS = 256


@dataclass(frozen=True)
class File:
    """A calendar that is ready to be sent: its ETag, when it changed last, its text and its name."""

    tag: str
    modified: datetime | None
    text: bytes
    name: str


@bp.get("/calendar.ics")
@public
def all_events() -> Response:
    """Send the feed of all public events."""
    language = asked_language()
    return _send(
        kept(lambda: _file(queries.version_of_all(), language, lambda: queries.all_events(language), "calendar"))
    )


@bp.get("/<slug:event>.ics")
@public
def event_file(event: str) -> Response:
    """Send an event, with `?agenda=1` its programme as a feed."""
    return _send(kept(lambda: _event_file(event, asked_language())))


@bp.get("/<slug:event>/<slug:item>.ics")
@public
def item_file(event: str, item: str) -> Response:
    """Send one agenda item."""
    return _send(kept(lambda: _item_file(event, item, asked_language())))


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
    """Send a calendar, or 304 when the asker has it, without calling `make`; a private one no cache may keep."""
    tag = _tag(version, language)
    text = write(make()) if _is_news(tag, version.modified) else b""
    return _send(File(tag, version.modified, text, name), is_private=is_private)


def _event_file(slug: str, language: str) -> File:
    event = get_event_here(slug)
    version = queries.version_of(event)
    if request.args.get("agenda") == "1":
        version = Version(f"{version.mark}-agenda", version.modified)
        return _file(version, language, lambda: queries.programme(event, language), f"{event.slug}-agenda")
    return _file(version, language, lambda: queries.one_event(event, language), event.slug)


def _item_file(slug: str, item_slug: str, language: str) -> File:
    event = get_event_here(slug)
    item = get_item(event.id, item_slug)
    version = Version(f"{queries.version_of(event).mark}-{item.slug}", event.changed_at)
    return _file(version, language, lambda: queries.one_item(item, language), f"{event.slug}-{item.slug}")


def _file(version: Version, language: str, make: Callable[[], Calendar], name: str) -> File:
    """Return a public calendar; its text is written once a process and version."""
    texts: dict[str, bytes] = current_app.extensions.setdefault("calendar_texts", {})
    tag = _tag(version, language)
    text = texts.get(tag)
    if text is None:
        text = write(make())
        if len(texts) >= _KEPT_TEXTS:
            texts.clear()
        texts[tag] = text
    return File(tag, version.modified, text, name)


def _tag(version: Version, language: str) -> str:
    return f"{_FORMAT}-{version.mark}-{language}"


def _is_news(tag: str, modified: datetime | None) -> bool:
    return is_resource_modified(request.environ, quote_etag(tag), None, modified)


def _send(file: File, *, is_private: bool = False) -> Response:
    is_news = _is_news(file.tag, file.modified)
    response = Response(file.text if is_news else b"", 200 if is_news else 304, mimetype="text/calendar")
    response.set_etag(file.tag)
    response.last_modified = file.modified
    response.cache_control.no_cache = True
    response.cache_control.private = is_private or None
    response.headers["Content-Disposition"] = f'inline; filename="{file.name}.ics"'
    return response
