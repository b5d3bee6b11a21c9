"""The pages of self check-in: start it, the locked scanner, and the way out for staff."""

from typing import Any

from flask import Blueprint, g, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from eventapp.checkin.kiosk import service
from eventapp.checkin.kiosk.forms import LeaveForm, StartForm
from eventapp.checkin.kiosk.rules import LOCK
from eventapp.checkin.views import chosen_entrance
from eventapp.core import i18n
from eventapp.core.access import at_the_door
from eventapp.core.refusal import Refusal

bp = Blueprint("checkin_kiosk", __name__)
_ENTRANCE = "kiosk_entrance"


@bp.route("/door/<slug:event>/kiosk", methods=["GET", "POST"])
@at_the_door
def kiosk(event: str) -> ResponseReturnValue:
    """Show the scanner for guests once this browser is locked to it; before, the page that does so."""
    form = StartForm(data={"entrance": request.args.get("entrance", "")[:16]})
    if form.validate_on_submit():
        session[LOCK], session[_ENTRANCE] = event, form.entrance.data or ""
        session.permanent = True
        service.note_start(g.door)
        return redirect(url_for("checkin.kiosk.kiosk", event=event), 303)
    if session.get(LOCK) != event:
        page = {"event": g.event, "entrance": chosen_entrance(form.entrance.data), "form": form}
        return render_template("checkin/kiosk/begin.html", **page)
    g.needs_wasm = True
    entrance = chosen_entrance(session.get(_ENTRANCE))
    return render_template("checkin/kiosk/kiosk.html", event=g.event, entrance=entrance, words=_words())


@bp.route("/door/<slug:event>/kiosk/leave", methods=["GET", "POST"])
@at_the_door
def leave(event: str) -> ResponseReturnValue:
    """Ask staff for the PIN or password and end self check-in."""
    form = LeaveForm()
    if form.validate_on_submit():
        try:
            service.end(g.door, form.secret.data or "")
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            session.pop(LOCK, None)
            return redirect(url_for("checkin.scanner", event=event, entrance=session.pop(_ENTRANCE, None) or None), 303)
    return render_template("checkin/kiosk/leave.html", event=g.event, form=form), form.status


def _words() -> dict[str, Any]:
    """Return what guests read, in every language of the interface: each is answered in their own."""
    found: dict[str, Any] = {}
    for language in i18n.LANGUAGES:
        with i18n.speaking(language.key):
            found[language.key] = {
                "direction": language.direction,
                "hold": _("Hold the code of your ticket in front of the camera."),
                "wait": _("One moment, please."),
                "come_in": _("Please come in"),
                "welcome": _("We are glad that you are here."),
                "ask": _("Please ask us"),
                "why": _("Our staff at the entrance will help you."),
            }
    return found
