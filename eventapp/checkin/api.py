"""What the phones at the door call. A denial is an answer like any other (200); errors are problem documents.

401 signed out · 403 not for this event's door · 413 too many scans · 422 unreadable · 429 too many searches.
"""

from dataclasses import asdict
from typing import Any

from flask import Blueprint, abort, g, jsonify, request
from flask_login import current_user
from werkzeug.wrappers import Response

from eventapp.accounts.rules import Permission, may
from eventapp.checkin import envelope, queries, service
from eventapp.checkin.conflicts.queries import as_json, page_of_conflicts
from eventapp.checkin.entrances.queries import count_door
from eventapp.checkin.rules import is_clock_wrong, skew
from eventapp.core import clock
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
    results = service.take(given, g.event, current_user.id, now)
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
    people = service.search(g.event.id, f"account:{current_user.public_id}", request.args.get("q", "")[:100])
    return _json(people=[asdict(person) for person in people])


@bp.get("/door/api/<slug:event>/counts")
@at_the_door
def counts(event: str) -> Response:
    """Return how many are inside, came in and are expected at an entrance, and its limit; without one of the house."""
    del event
    entrance = queries.find_entrance(g.event.id, request.args.get("entrance"))
    return _json(**asdict(count_door(g.event.id, entrance)))


@bp.get("/door/api/<slug:event>/conflicts")
@at_the_door
def conflicts(event: str) -> Response:
    """Return the newest double admissions, open ones first, to those who may let people in against the answer."""
    del event
    if not may(g.roles, Permission.EDIT_PARTICIPANTS):
        abort(403)
    found, page = page_of_conflicts(g.event.id)
    return _json(total=page.total, conflicts=[as_json(one) for one in found])


def _body() -> Any:
    try:
        return request.get_json(silent=True, force=True)
    except RecursionError:  # brackets in brackets in brackets
        return None


def _json(**body: Any) -> Response:
    response = jsonify(body)
    response.headers["Cache-Control"] = "no-store"
    return response
