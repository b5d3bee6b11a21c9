"""The gate: before every view it looks at the access mark and lets in, sends to sign-in, or refuses.

A view without a mark is refused. People who have nothing to do with an organiser are told "not found", so that nobody
learns what others plan; people with too small a role are told so.
"""

from collections.abc import Callable

from flask import Flask, abort, current_app, g, redirect, request, session, url_for
from flask.globals import app_ctx, request_ctx
from flask_login import LoginManager, current_user
from werkzeug.wrappers import Response

from eventapp.accounts.models import Account
from eventapp.accounts.queries import find_organiser, find_session_account, list_roles
from eventapp.accounts.rules import Permission, Role, SignedIn, may
from eventapp.checkin.devices.queries import find_door
from eventapp.checkin.devices.rules import COOKIE, Door, DoorEvent, door_of_account
from eventapp.checkin.envelope import phone_of
from eventapp.checkin.kiosk.rules import FREE, LOCK
from eventapp.checkin.queries import Staff, door_event, find_staff
from eventapp.core import access, audit
from eventapp.core.web import csrf, json_body
from eventapp.events.models import Event
from eventapp.events.queries import find_event, get_event_by_id

Answer = Response | None
_DOOR_API = "/door/api/"


def init(app: Flask) -> None:
    """Check every request of `app`."""
    manager = LoginManager(app)
    manager.session_protection = None
    manager.user_loader(_load_account)
    app.before_request(_check)
    app.context_processor(
        lambda: {"current_account": current_user if current_user.is_authenticated else None, "can": can}
    )


def _load_account(session_id: str) -> Account | SignedIn | None:
    """Load who is signed in; for a call of the door together with the event, their roles there and their phone."""
    slug = (request.view_args or {}).get("event")
    if slug is not None and _is_call():
        found = find_staff(session_id, slug, phone_of(json_body()) if request.method == "POST" else "")
        if found is not None:
            account, g.staff = found
            return account
    return find_session_account(session_id)


def _is_call() -> bool:
    """Tell whether a phone at the door calls, and not somebody opens a page."""
    return request.path.startswith(_DOOR_API)


def can(permission: str) -> bool:
    """Tell a template whether the person may do `permission` with the event or organiser of this page."""
    return may(g.get("roles", frozenset()), Permission(permission))


def unmarked(app: Flask) -> list[str]:
    """Return the endpoints that carry no access mark; a test demands that there are none."""
    return [name for name, view in app.view_functions.items() if name != "static" and access.mark_of(view) is None]


def _check() -> Answer:
    here, known = request_ctx.request, app_ctx.g
    known.event = known.organiser = known.door = None
    known.roles = frozenset[Role]()
    is_guest = access.SIGNED_IN not in session or not current_user.is_authenticated  # of a guest nobody asks
    audit.actor.set("guest" if is_guest else f"account:{current_user.public_id}")
    if here.endpoint is None or here.endpoint == "static":
        return None
    mark = access.mark_of(current_app.view_functions[here.endpoint])
    if mark is None:
        abort(500)
    answer = _locked() or CHECKS[mark.kind](mark)
    if answer is None:
        _from_our_pages()  # behind the check: who is signed out hears that, and not something about a form
    return answer


def _locked() -> Answer:
    """Keep a browser that is locked to self check-in there, until staff ends it."""
    event = session.get(LOCK)
    if event is None or request.endpoint in FREE:
        return None
    if request.method != "GET" or "/api/" in request.path:
        abort(403)
    return redirect(url_for("checkin.kiosk.kiosk", event=event))


def _from_our_pages() -> None:
    """Refuse what another site makes a browser send.

    The door's pages lie on phones for days, so their calls carry no token of a form. A foreign page cannot send JSON
    without asking first, which nobody answers; what the browser says about where a request comes from counts as well.
    """
    if not _is_call():
        csrf.protect()
    elif request.method not in ("GET", "HEAD", "OPTIONS"):
        if request.headers.get("Sec-Fetch-Site", "none") not in ("same-origin", "none"):
            abort(403)
        if request.mimetype != "application/json":
            abort(415)


def _everybody(_mark: access.Mark) -> Answer:
    return None


def _signed_in(_mark: access.Mark) -> Answer:
    if current_user.is_authenticated:
        return None
    if "/api/" in request.path:
        abort(401)  # the door's phones tell "signed out" from "not allowed" and keep their scans
    if request.method != "GET":
        abort(403)
    return redirect(url_for("accounts.sign_in", next=request.full_path.rstrip("?")))


def _requires(mark: access.Mark) -> Answer:
    if (answer := _signed_in(mark)) is not None:
        return answer
    _find_place()
    if not g.roles:
        abort(404)
    if not may(g.roles, Permission(mark.what)):
        abort(403)
    return None


def _at_the_door(_mark: access.Mark) -> Answer:
    """Let in an account that may scan here, else a device that signed on here, and put its door onto `g`."""
    g.door = _door_of_account() or _door_of_device()
    if g.door is not None:
        return None
    if COOKIE not in request.cookies or current_user.is_authenticated:
        return _requires(access.Mark("requires", Permission.SCAN.value))
    if "/api/" in request.path:
        abort(401)  # revoked, over, or of another event: the phone keeps its scans and asks for the PIN
    return redirect(url_for("checkin.start"))


def _door_of_account() -> Door | None:
    if not current_user.is_authenticated:
        return None
    event = None if _is_call() else find_event((request.view_args or {}).get("event", ""))
    staff = _staff_of(event) if event else g.get("staff")
    if staff is None or not may(staff.roles, Permission.SCAN):
        return None
    _stand_at(staff.event, event)
    g.roles = staff.roles
    is_editor = may(staff.roles, Permission.EDIT_EVENT)
    return door_of_account(staff.event, current_user.id, is_editor=is_editor, phone=staff.phone)


def _staff_of(event: Event) -> Staff:
    return Staff(door_event(event), list_roles(current_user.id, event.organiser_id, event.id), None)


def _door_of_device() -> Door | None:
    door = find_door(request.cookies.get(COOKIE, ""))
    if door is None or door.event.slug != (request.view_args or {}).get("event"):
        return None
    _stand_at(door.event)
    g.is_private = True
    audit.actor.set(f"device:{door.device.public_id if door.device else ''}")
    return door


def _stand_at(event: DoorEvent, whole: Event | None = None) -> None:
    """Put the event of a door onto `g` with its organiser, where a page shows them; `whole`, if it was read already."""
    if not _is_call():
        g.event = whole or get_event_by_id(event.id)
        g.organiser = g.event.organiser


def _find_place() -> None:
    """Put the event and organiser named in the address, and the person's roles there, onto `g`; 404 when not there."""
    names = request.view_args or {}
    if "event" in names:
        g.event = find_event(names["event"])
        if g.event is None:
            abort(404)
        g.organiser = g.event.organiser
    elif "organiser" in names:
        g.organiser = find_organiser(names["organiser"])
    if g.organiser is None:
        abort(404)
    g.roles = list_roles(current_user.id, g.organiser.id, g.event.id if g.event else None)


CHECKS: dict[str, Callable[[access.Mark], Answer]] = {
    "public": _everybody,
    "by_link": _everybody,
    "signed_in": _signed_in,
    "requires": _requires,
    "at_the_door": _at_the_door,
}
