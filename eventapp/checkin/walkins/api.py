"""What the phones at the door call for somebody without a ticket: live, or later when there was no connection."""

from flask import Blueprint, g
from werkzeug.wrappers import Response

from eventapp.checkin.envelope import milliseconds
from eventapp.checkin.walkins import envelope, service
from eventapp.core import clock
from eventapp.core.access import at_the_door
from eventapp.core.web import json_body, json_now

bp = Blueprint("checkin_walkins_api", __name__)


@bp.post("/door/api/<slug:event>/walk-ins")
@at_the_door
def walk_ins(event: str) -> Response:
    """Take 1 to 50 people without a ticket; answer each. A refusal is an answer like any other (200)."""
    del event
    now = clock.moment()
    results = service.take(envelope.read(json_body()), g.door, now)
    return json_now(server_time=milliseconds(now), results=[result.as_json() for result in results])
