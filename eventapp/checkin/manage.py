"""The organiser's pages of the door: its entrances, and the log of what was scanned."""

from flask import Blueprint, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from eventapp.accounts.rules import Permission
from eventapp.checkin import queries
from eventapp.checkin.entrances import service
from eventapp.checkin.forms import EntranceForm
from eventapp.core.access import requires
from eventapp.core.refusal import Refusal

bp = Blueprint("checkin_manage", __name__)


@bp.route("/manage/events/<slug:event>/entrances", methods=["GET", "POST"])
@requires(Permission.EDIT_EVENT)
def entrances(event: str) -> ResponseReturnValue:
    """Show the entrances of the event and add one; the first one is offered by name."""
    known = queries.list_entrances(g.event.id)
    form = EntranceForm(data=None if known else {"name": _("Main entrance")})
    if form.validate_on_submit():
        try:
            service.add_entrance(g.event.id, form.name.data or "")
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            flash(_("Saved."), "ok")
            return redirect(url_for("checkin.manage.entrances", event=event))
    return _entrances_page(form), form.status


@bp.route("/manage/events/<slug:event>/entrances/<entrance>", methods=["GET", "POST"])
@requires(Permission.EDIT_EVENT)
def entrance(event: str, entrance: str) -> ResponseReturnValue:
    """Rename an entrance."""
    known = queries.get_entrance(g.event.id, entrance)
    form = EntranceForm(obj=known)
    if form.validate_on_submit():
        try:
            service.rename_entrance(g.event.id, entrance, form.name.data or "")
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            flash(_("Saved."), "ok")
            return redirect(url_for("checkin.manage.entrances", event=event))
    known = queries.get_entrance(g.event.id, entrance)
    page = render_template("checkin/manage/entrance.html", event=g.event, entrance=known, form=form)
    return page, form.status


@bp.post("/manage/events/<slug:event>/entrances/<entrance>/remove")
@requires(Permission.EDIT_EVENT)
def remove_entrance(event: str, entrance: str) -> ResponseReturnValue:
    """Remove an entrance at which nothing was scanned."""
    try:
        service.remove_entrance(g.event.id, entrance)
    except service.EntranceUsed as refusal:
        form = EntranceForm(formdata=None)
        form.refuse(refusal)
        return _entrances_page(form), refusal.status
    flash(_("The entrance was removed."), "ok")
    return redirect(url_for("checkin.manage.entrances", event=event))


@bp.get("/manage/events/<slug:event>/door-log")
@requires(Permission.SEE_PARTICIPANTS)
def log(event: str) -> str:
    """Show what was scanned, newest first; with `only=conflicts` those that somebody should look at."""
    del event
    only_conflicts = request.args.get("only") == "conflicts"
    lines = queries.list_scans(g.event.id, only_conflicts=only_conflicts, before=request.args.get("before"))
    return render_template(
        "checkin/manage/log.html",
        event=g.event,
        lines=lines,
        only_conflicts=only_conflicts,
        counts=queries.count_door(g.event.id, None),
        conflicts=queries.count_conflicts(g.event.id),
        older=lines[-1].id if len(lines) == queries.PAGE else None,
    )


def _entrances_page(form: EntranceForm) -> str:
    known = queries.list_entrances(g.event.id)
    return render_template("checkin/manage/entrances.html", event=g.event, entrances=known, form=form)
