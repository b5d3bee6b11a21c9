"""What the phones at the door call. A denial is an answer like any other (200); errors are problem documents.

401 signed out, or a device that was revoked · 403 not for this event's door or without the right · 413 too many scans · 422 unreadable · 429 too many searches.
"""

from dataclasses import asdict
from typing import Any

from flask import Blueprint, g, jsonify, request
from werkzeug.wrappers import Response

from eventapp.checkin import envelope, queries, service
from eventapp.checkin.rules import is_clock_wrong, skew
from eventapp.core import audit, clock
from eventapp.core.access import at_the_door

bp = Blueprint("checkin_api", __name__)


@bp.post("/door/api/<slug:event>/scans")
@at_the_door
def scans(event: str) -> Response:
    """Take 1 to 200 scans, live or late; answer each."""
    del event
    now = clock.moment()
    given = envelope.read(_body())
    ahead = skew(given.sent_at, now)
    results = service.take(given, g.event, g.door, now)
    return _json(
        server_time=envelope.milliseconds(now),
        skew_ms=round(ahead.total_seconds() * 1000),
        clock_is_wrong=is_clock_wrong(ahead),
        results=[result.as_json() for result in results],
    )


@bp.get("/door/api/<slug:event>/search")
@at_the_door
def search(event: str) -> Response:
    """Find guests by three letters or more of their name."""
    del event
    people = service.search(g.door, audit.actor.get(), request.args.get("q", "")[:100])
    return _json(people=[asdict(person) for person in people])


@bp.get("/door/api/<slug:event>/counts")
@at_the_door
def counts(event: str) -> Response:
    """Return how many are inside, came through the entrance and are expected."""
    del event
    entrance = queries.find_entrance(g.event.id, request.args.get("entrance"))
    return _json(**asdict(queries.count_door(g.event.id, entrance.id if entrance else None)))


def _body() -> Any:
    try:
        return request.get_json(silent=True, force=True)
    except RecursionError:  # brackets in brackets in brackets
        return None


def _json(**body: Any) -> Response:
    response = jsonify(body)
    response.headers["Cache-Control"] = "no-store"
    return response
