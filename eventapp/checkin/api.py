"""What the phones at the door call. A denial is an answer like any other (200); errors are problem documents.

401 signed out, or a device that was revoked · 403 not for this event's door, or without the right ·
413 too many scans · 422 unreadable · 429 too many searches or PINs.
"""

from dataclasses import asdict

from flask import Blueprint, current_app, g, request
from werkzeug.wrappers import Response

from eventapp.accounts.rules import network
from eventapp.checkin import envelope, queries, service
from eventapp.checkin.conflicts.queries import as_json, page_of_conflicts
from eventapp.checkin.devices import rights
from eventapp.checkin.devices import service as devices
from eventapp.checkin.devices.rules import COOKIE, COOKIE_PATH
from eventapp.checkin.entrances.queries import count_door
from eventapp.checkin.rules import OVERRIDE_LASTS, DoorRight, is_clock_wrong, skew
from eventapp.core import audit, clock
from eventapp.core.access import at_the_door, public
from eventapp.core.ids import number
from eventapp.core.web import json_body, json_now

bp = Blueprint("checkin_api", __name__)


@bp.post("/door/api/<slug:event>/scans")
@at_the_door
def scans(event: str) -> Response:
    """Take 1 to 200 scans, live or late; answer each."""
    del event
    now = clock.moment()
    given = envelope.read(json_body())
    ahead = skew(given.sent_at, now)
    results = service.take(given, g.door, now)
    return json_now(
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
    return json_now(people=[asdict(person) for person in people])


@bp.get("/door/api/<slug:event>/counts")
@at_the_door
def counts(event: str) -> Response:
    """Return how many are inside, came in and are expected at an entrance, and its limit; without one of the house."""
    del event
    entrance = queries.find_entrance(g.door.event.id, request.args.get("entrance"))
    found = count_door(g.door.event.id, entrance)
    devices.note_life(g.door, request.args.get("unsent", type=number))
    return json_now(**asdict(found))


@bp.post("/door/api/sign-on")
@public
def sign_on() -> Response:
    """Sign a device on with a door link and its PIN; its token goes into a cookie that no script can read."""
    made = devices.sign_on(envelope.read_sign_on(json_body()), network(request.remote_addr))
    doors = queries.list_entrances(made.event.id) if made.entrances is None else made.entrances
    response = json_now(
        device_id=made.device.public_id,
        event=made.event.slug,
        entrances=[{"id": one.public_id, "name": one.name} for one in doors],
        server_time=envelope.milliseconds(clock.moment()),
    )
    response.set_cookie(
        COOKIE,
        made.token,
        expires=devices.ends_at(made.event),
        path=COOKIE_PATH,
        secure=current_app.config["SESSION_COOKIE_SECURE"],
        httponly=True,
        samesite="Strict",
    )
    response.status_code = 201
    return response


@bp.post("/door/api/<slug:event>/override")
@at_the_door
def override(event: str) -> Response:
    """Let the device decide against the answer for two minutes, with the supervisor's PIN."""
    del event
    devices.open_override(g.door, envelope.read_pin(json_body()), network(request.remote_addr))
    return json_now(seconds=round(OVERRIDE_LASTS.total_seconds()))


@bp.post("/door/api/<slug:event>/leave")
@at_the_door
def leave(event: str) -> Response:
    """End the session of the device."""
    del event
    devices.leave(g.door)
    response = json_now(left=True)
    response.delete_cookie(COOKIE, path=COOKIE_PATH)
    return response


@bp.get("/door/api/<slug:event>/conflicts")
@at_the_door
def conflicts(event: str) -> Response:
    """Return the newest double admissions, open ones first, to those who may let people in against the answer."""
    del event
    rights.demand(g.door, DoorRight.OVERRIDE)
    found, page = page_of_conflicts(g.door.event.id)
    return json_now(total=page.total, conflicts=[as_json(one) for one in found])
