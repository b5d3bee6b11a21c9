"""Pictures as files; a picture never changes, so browsers keep it for ever."""

from flask import Blueprint, Response, abort, request

from eventapp.core.access import public
from eventapp.core.web import keep_for_ever
from eventapp.media.queries import find_picture

bp = Blueprint("media", __name__)


@bp.get("/media/<public_id>.<ext>")
@public
def picture(public_id: str, ext: str) -> Response:
    """Send a picture; only bytes that we encoded ourselves, so its type is the one we say."""
    found = find_picture(public_id)
    if found is None or found.extension != ext:
        abort(404)
    response = Response(found.data, mimetype=found.media_type)
    keep_for_ever(response)
    response.set_etag(found.public_id)
    response.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response.make_conditional(request)
    return response
