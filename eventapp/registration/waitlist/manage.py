"""The waiting list for organisers: who waits and why, and what can be done about it by hand."""

from collections.abc import Callable

from flask import Blueprint, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from eventapp.accounts.rules import Permission
from eventapp.core.access import requires
from eventapp.core.refusal import Refusal
from eventapp.registration.desk import history
from eventapp.registration.rules import ParticipantState
from eventapp.registration.service import cancel_unit
from eventapp.registration.signup.rules import Via
from eventapp.registration.waitlist import service
from eventapp.registration.waitlist.forms import NoteForm
from eventapp.registration.waitlist.listing import queries as lines
from eventapp.registration.wishes import service as wishes

bp = Blueprint("registration_waitlist_manage", __name__)


@bp.get("/manage/events/<slug:event>/waitlist")
@requires(Permission.SEE_PARTICIPANTS)
def waitlist(event: str) -> str:
    """Show the whole waiting list in its order, the offers that stand, and the wishes of confirmed guests."""
    del event
    found = lines.read_waitlist(g.event)
    return render_template("registration/waitlist/manage/waitlist.html", event=g.event, found=found)


@bp.get("/manage/events/<slug:event>/over")
@requires(Permission.SEE_PARTICIPANTS)
def over(event: str) -> str:
    """Show the limits that are exceeded, and who came last."""
    del event
    found = lines.list_over(g.event)
    return render_template("registration/waitlist/manage/over.html", event=g.event, found=found, states=history.STATES)


@bp.get("/manage/events/<slug:event>/waitlist/<registration>")
@requires(Permission.SEE_PARTICIPANTS)
def unit(event: str, registration: str) -> ResponseReturnValue:
    """Show one registration of the list and what can be done with it."""
    del event
    return _unit(registration, NoteForm())


@bp.post("/manage/events/<slug:event>/waitlist/<registration>/act")
@requires(Permission.EDIT_PARTICIPANTS)
def act(event: str, registration: str) -> ResponseReturnValue:
    """Move a registration ahead, let it in over the limit, or answer its offer on the guest's behalf."""
    form, chosen = NoteForm(), _ACTS.get(request.form.get("act", ""))
    if chosen is None or not form.validate_on_submit():
        return _unit(registration, form)
    row_id = lines.get_unit(g.event.id, registration).id
    try:
        chosen(row_id, form.reason.data or "")
    except Refusal as refusal:
        form.refuse(refusal)
        return _unit(registration, form)
    states = {person.state for person in lines.get_unit(g.event.id, registration).participants}
    _say(request.form["act"], states)
    return redirect(url_for("registration.waitlist.manage.waitlist", event=event), 303)


@bp.route("/manage/events/<slug:event>/waitlist/<registration>/cancel", methods=["GET", "POST"])
@requires(Permission.EDIT_PARTICIPANTS)
def cancel(event: str, registration: str) -> ResponseReturnValue:
    """Ask once, then cancel everybody of a registration."""
    found = lines.get_unit(g.event.id, registration)
    if request.method == "GET":
        return render_template("registration/waitlist/manage/cancel.html", event=g.event, unit=found)
    try:
        cancel_unit(found.id, Via.ORGANISER)
    except Refusal as refusal:
        flash(str(refusal), "bad")
    else:
        flash(_("The registration is cancelled."), "ok")
    return redirect(url_for("registration.waitlist.manage.waitlist", event=event), 303)


@bp.post("/manage/events/<slug:event>/wishes/<int:wish>")
@requires(Permission.EDIT_PARTICIPANTS)
def wish(event: str, wish: int) -> ResponseReturnValue:
    """Answer for a confirmed guest who waits for another forum: swap to what is offered, or wait no more."""
    row_id = lines.get_wish(g.event.id, wish).id
    try:
        if request.form.get("act") == "accept":
            wishes.accept(row_id)
            flash(_("Swapped. The guest is told by e-mail."), "ok")
        else:
            wishes.withdraw(row_id)
            flash(_("The guest does not wait for this forum any more."), "ok")
    except Refusal as refusal:
        flash(str(refusal), "bad")
    return redirect(url_for("registration.waitlist.manage.waitlist", event=event), 303)


_ACTS: dict[str, Callable[[int, str], None]] = {
    "ahead": service.move_ahead,
    "let_in": service.let_in,
    "accept": lambda row_id, _reason: service.accept(row_id),
    "take_back": lambda row_id, _reason: service.decline(row_id),
}


def _say(done: str, states: set[ParticipantState]) -> None:
    """Tell what came of it, by where the people stand now."""
    if done == "take_back":
        flash(_("The offer is taken back. The place went to whoever is next."), "ok")
    elif ParticipantState.CONFIRMED in states:
        flash(_("The place is theirs. The ticket is on its way by e-mail."), "ok")
    elif ParticipantState.OFFERED in states:
        flash(_("A place is offered to them."), "ok")
    elif done == "accept":
        flash(_("The offer had run out: they wait again, at the end of the list."), "few")
    else:
        flash(_("Moved ahead. They are next as soon as a place fits."), "ok")


def _unit(registration: str, form: NoteForm) -> ResponseReturnValue:
    found = lines.get_unit(g.event.id, registration)
    waits = any(person.state is ParticipantState.WAITLISTED for person in found.participants)
    page = render_template(
        "registration/waitlist/manage/unit.html",
        event=g.event,
        unit=found,
        form=form,
        reasons=lines.reasons_of(g.event, found) if waits else [],
        waits=waits,
        is_offered=found.offer_until is not None,
        states=history.STATES,
    )
    return page, form.status
