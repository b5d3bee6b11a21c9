"""Sends the list of tickets to the phones at the door: zipped, and nothing at all when nothing changed."""

import gzip
import hashlib
import json

from flask import Blueprint, Response, g, request

from eventapp.checkin.envelope import milliseconds
from eventapp.checkin.manifest.queries import read
from eventapp.core import clock
from eventapp.core.access import at_the_door

bp = Blueprint("checkin_manifest", __name__)
_WORTH_ZIPPING = 500


@bp.get("/door/api/<slug:event>/manifest")
@at_the_door
def tickets(event: str) -> Response:
    """Send what changed since the revision `since` of an earlier answer, all without it.

    The ETag stands for what the list says, without the time and the revision: those move on though nothing changed.
    """
    del event
    now = milliseconds(clock.moment())
    manifest = read(g.door.event, max(0, request.args.get("since", 0, type=int)), request.args.get("entrance"))
    content = json.dumps(manifest.content, ensure_ascii=False, separators=(",", ":"))
    tag = hashlib.sha256(content.encode()).hexdigest()[:32]
    response = Response(mimetype="application/json")
    response.set_etag(tag, weak=True)
    response.headers["Cache-Control"] = "no-store"
    response.vary.add("Accept-Encoding")
    if request.if_none_match.contains_weak(tag):
        response.status_code = 304
        return response
    body = f'{{"server_time":{now},"rev":{manifest.rev},{content[1:]}'.encode()
    if len(body) >= _WORTH_ZIPPING and request.accept_encodings.quality("gzip"):
        body = gzip.compress(body, 6, mtime=0)
        response.content_encoding = "gzip"
    response.set_data(body)
    return response
