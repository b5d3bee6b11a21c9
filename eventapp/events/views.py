"""Pages and pictures of the events feature for guests; the event page itself is a use case of `editions`."""

import re
from typing import cast, get_args

from flask import Blueprint, Response, abort

from eventapp.core.access import public
from eventapp.events.cover import Shape, cover_svg

bp = Blueprint("events", __name__)

_ACCENT = re.compile(r"[0-9a-f]{6}")


@bp.get("/media/cover/<accent>-<shape>-<any(light, dark):mode>.svg")
@public
def cover(accent: str, shape: str, mode: str) -> Response:
    """Send the motif in an organiser's colour; the address says all of it, so browsers keep it for ever."""
    if not _ACCENT.fullmatch(accent) or shape not in get_args(Shape):
        abort(404)
    response = Response(cover_svg(cast(Shape, shape), f"#{accent}", dark=mode == "dark"), mimetype="image/svg+xml")
    response.cache_control.public = True
    response.cache_control.max_age = 31_536_000
    response.cache_control.immutable = True
    response.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return response
