"""The pages of the door: choose an entrance, scan, practise, and a typed code without JavaScript."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass

from flask import Blueprint, g, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import current_user
from markupsafe import Markup
from werkzeug.wrappers import Response

from eventapp.checkin import queries, service
from eventapp.checkin.devices.queries import find_door
from eventapp.checkin.devices.rules import COOKIE, Door
from eventapp.checkin.envelope import Envelope, Item
from eventapp.checkin.forms import CodeForm
from eventapp.checkin.models import Entrance
from eventapp.checkin.rules import Outcome, ScanKind, ScanMode
from eventapp.checkin.walkins.forms import walk_in_form
from eventapp.core import audit, clock
from eventapp.core.access import at_the_door, public
from eventapp.events.models import Event
from eventapp.events.queries import get_event_by_id
from eventapp.tickets import qr
from eventapp.tickets.rules import Practice, grouped, practice_code

bp = Blueprint("checkin", __name__)


@dataclass(frozen=True)
class OnlyDoor:
    """Stands for the main door of an event that has none: the door works before anybody set one up."""

    name: str
    public_id: str = ""


@bp.get("/door/")
@public
def start() -> str:
    """Show the events that this person or device may scan at, with their entrances; and how to sign on."""
    door = find_door(request.cookies.get(COOKIE, ""))
    doors: list[tuple[Event, Sequence[Entrance | OnlyDoor]]] = [
        (event, _with_main_door(known)) for event, known in _doors_of_account()
    ]
    g.is_private = door is not None
    if door is not None and door.event.id not in {event.id for event, _known in doors}:
        doors.append((get_event_by_id(door.event.id), _entrances(door)))
    return render_template("checkin/start.html", doors=doors, device_event=door.event if door else None)


@bp.get("/door/<slug:event>/")
@at_the_door
def scanner(event: str) -> str:
    """Show the scanner; `q` is the search by name for phones without JavaScript."""
    del event
    sought = request.args.get("q", "")[:100]
    people = service.search(g.door, audit.actor.get(), sought) if sought else None
    g.needs_wasm = True
    return render_template(
        "checkin/scanner.html",
        event=g.event,
        entrance=chosen_entrance(request.args.get("entrance")),
        practice=request.args.get("practice") == "1",
        q=sought,
        people=people,
        walk_in=walk_in_form(g.event),
    )


@bp.get("/door/<slug:event>/practice")
@at_the_door
def practice(event: str) -> str:
    """Show codes to practise with, one for each answer."""
    del event
    codes = [(meaning.value, practice_code(meaning)) for meaning in Practice]
    drawn = [(reason, grouped(code), Markup(qr.svg(code))) for reason, code in codes]  # noqa: S704 - drawn by us
    return render_template("checkin/practice.html", event=g.event, codes=drawn)


@bp.post("/door/<slug:event>/check")
@at_the_door
def verdict(event: str) -> str | Response:
    """Answer a code that was typed or found by name, where there is no JavaScript."""
    form, now = CodeForm(), clock.moment()
    if not form.validate():
        return redirect(url_for("checkin.scanner", event=event, entrance=form.entrance.data or None))
    scan = Item(
        id=str(uuid.uuid4()),
        code=(form.code.data or "")[:64],
        kind=ScanKind.ENTRY,
        undo_of=None,
        mode=ScanMode.ASK,
        at=now,
        outcome=Outcome.UNKNOWN,
        override=False,
        local_reason=None,
    )
    is_practice = form.practice.data == "1"
    place = Envelope("", "", form.entrance.data or None, is_practice, now, (scan,))
    result = service.take(place, g.door, now)[0]
    entrance = chosen_entrance(form.entrance.data)
    return render_template(
        "checkin/verdict.html", event=g.event, entrance=entrance, practice=is_practice, result=result
    )


def chosen_entrance(public_id: str | None) -> Entrance | OnlyDoor:
    """Return the entrance that was chosen, else the first main door, else the first of those it opens."""
    known = _entrances(g.door)
    chosen = (one for one in known if one.public_id == public_id)
    main = (one for one in known if isinstance(one, OnlyDoor) or one.item_id is None)
    return next(chosen, None) or next(main, known[0])


def _entrances(door: Door) -> Sequence[Entrance | OnlyDoor]:
    """Return the entrances that it opens, or the main door."""
    known = [one for one in queries.list_entrances(door.event.id) if door.opens(one.id)]
    return known if known and door.entrance_ids is not None else _with_main_door(known)


def _doors_of_account() -> list[tuple[Event, Sequence[Entrance]]]:
    return queries.list_doors(current_user.id) if current_user.is_authenticated else []


def _with_main_door(known: Sequence[Entrance]) -> Sequence[Entrance | OnlyDoor]:
    """Put a main door in front where an organiser has named doors of forums only."""
    if any(one.item_id is None for one in known):
        return known
    return (OnlyDoor(_("Main entrance")), *known)
