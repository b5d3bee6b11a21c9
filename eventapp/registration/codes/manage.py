"""Pages for organisers: the access codes of an event."""

from flask import Blueprint, flash, g, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from eventapp.accounts.rules import Permission
from eventapp.core import clock
from eventapp.core.access import requires
from eventapp.core.refusal import Refusal
from eventapp.registration.codes import service
from eventapp.registration.codes.forms import code_form, edit_form
from eventapp.registration.codes.queries import get_code, list_codes
from eventapp.registration.codes.rules import opens

bp = Blueprint("registration_codes", __name__)


@bp.route("/manage/events/<slug:event>/codes", methods=["GET", "POST"])
@requires(Permission.EDIT_PARTICIPANTS)
def codes(event: str) -> ResponseReturnValue:
    """List the codes with what is left of them, and add one."""
    form = code_form(g.event)
    if form.validate_on_submit():
        try:
            service.add(g.event.id, form.given())
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            flash(_("The code works from now on."), "ok")
            return redirect(url_for("registration.codes.manage.codes", event=event), 303)
    now = clock.now()
    listed = [(code, opens(now, code.used, code.uses, code.expires_at)) for code in list_codes(g.event.id)]
    page = render_template("registration/codes/manage/codes.html", event=g.event, form=form, codes=listed)
    return page, form.status


@bp.route("/manage/events/<slug:event>/codes/<int:access>", methods=["GET", "POST"])
@requires(Permission.EDIT_PARTICIPANTS)
def code(event: str, access: int) -> ResponseReturnValue:
    """Change number, end and note of a code."""
    found = get_code(g.event.id, access)
    form = edit_form(g.event, found)
    if form.validate_on_submit():
        try:
            service.edit(g.event.id, access, form.uses.data, form.expires_at.data, form.note.data or "")
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            flash(_("Saved."), "ok")
            return redirect(url_for("registration.codes.manage.codes", event=event), 303)
    return render_template("registration/codes/manage/code.html", event=g.event, form=form, code=found), form.status


@bp.post("/manage/events/<slug:event>/codes/<int:access>/end")
@requires(Permission.EDIT_PARTICIPANTS)
def end(event: str, access: int) -> ResponseReturnValue:
    """End a code at once."""
    service.end(g.event.id, access)
    flash(_("The code does not work any more."), "ok")
    return redirect(url_for("registration.codes.manage.codes", event=event), 303)
