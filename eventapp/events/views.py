"""The event that a public address names, and the motif as a picture; the event page is a use case of `editions`."""

import re
from typing import cast, get_args

from flask import Blueprint, Response, abort, request
from werkzeug.routing import RequestRedirect

from eventapp.core.access import public
from eventapp.core.links import path
from eventapp.core.refusal import NotFound
from eventapp.core.web import keep_for_ever
from eventapp.events.cover import Shape, cover_svg
from eventapp.events.models import Event
from eventapp.events.queries import find_moved_event, find_public_event
from eventapp.events.rules import IS_PUBLIC

bp = Blueprint("events", __name__)

_ACCENT = re.compile(r"[0-9a-f]{6}")


def get_event_here(slug: str) -> Event:
    """Return the public event of this address; an old address redirects for ever (308); else raise NotFound."""
    event = find_public_event(slug)
    if event is not None:
        return event
    moved = find_moved_event(slug)
    if moved is None or moved.state not in IS_PUBLIC:
        raise NotFound
    values = {**request.args.to_dict(), **(request.view_args or {}), "event": moved.slug}
    raise RequestRedirect(path(str(request.endpoint), values))


@bp.get("/media/cover/<accent>-<shape>-<any(light, dark):mode>.svg")
@public
def cover(accent: str, shape: str, mode: str) -> Response:
    """Send the motif in an organiser's colour; the address says all of it, so browsers keep it for ever."""
    if not _ACCENT.fullmatch(accent) or shape not in get_args(Shape):
        abort(404)
    response = Response(cover_svg(cast(Shape, shape), f"#{accent}", dark=mode == "dark"), mimetype="image/svg+xml")
    keep_for_ever(response)
    response.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return response
