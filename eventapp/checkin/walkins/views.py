"""The page for somebody without a ticket, where there is no JavaScript."""

from flask import Blueprint, g, render_template, request
from flask.typing import ResponseReturnValue

from eventapp.checkin.devices.rights import demand
from eventapp.checkin.envelope import Envelope
from eventapp.checkin.rules import DoorRight, Outcome, ScanMode
from eventapp.checkin.views import chosen_entrance
from eventapp.checkin.walkins import service
from eventapp.checkin.walkins.forms import WalkInForm, walk_in_form
from eventapp.checkin.walkins.rules import WalkIn, WalkInState
from eventapp.core import clock
from eventapp.core.access import at_the_door

bp = Blueprint("checkin_walkins", __name__)


@bp.route("/door/<slug:event>/walk-in", methods=["GET", "POST"])
@at_the_door
def walk_in(event: str) -> ResponseReturnValue:
    """Register somebody without a ticket and let them in, or say why not."""
    del event
    demand(g.door, DoorRight.WALK_IN)
    is_practice = request.values.get("practice") == "1"
    form = walk_in_form(g.event, request.args.get("entrance", "")[:16], practice=is_practice)
    answer, now = None, clock.moment()
    if form.validate_on_submit():
        given = Envelope("", "", form.entrance.data or None, is_practice, now, (_given(form),))
        answer = service.take(given, g.door, now)[0]
        if answer.state is WalkInState.REFUSED:
            form.form_errors.append(answer.why or answer.reason)
    entrance = chosen_entrance(form.entrance.data)
    page = {"event": g.event, "entrance": entrance, "practice": is_practice, "form": form, "answer": answer}
    if answer is not None and answer.state is not WalkInState.REFUSED:
        return render_template("checkin/walkins/entered.html", **page)
    return render_template("checkin/walkins/walk_in.html", **page), form.status


def _given(form: WalkInForm) -> WalkIn:
    """Return what was typed, as a phone would send it."""
    return WalkIn(
        id=form.id,
        at=clock.moment(),
        given_name=form.given_name.data or "",
        family_name=form.family_name.data or "",
        email=form.email.data or "",
        organisation=form.organisation.data or "",
        category_id=int(form.category.data),
        language=form.language.data,
        mode=ScanMode.ASK,
        outcome=Outcome.UNKNOWN,
    )
