"""The organiser's pages of the door: its entrances, and the log of what was scanned."""

from flask import Blueprint, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext

from eventapp.accounts.rules import Permission
from eventapp.checkin import queries
from eventapp.checkin.entrances import service
from eventapp.checkin.entrances.forms import RulesForm
from eventapp.checkin.entrances.queries import count_door, name_forums
from eventapp.checkin.entrances.rules import EntranceUsed
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


@bp.post("/manage/events/<slug:event>/forum-doors")
@requires(Permission.EDIT_EVENT)
def forum_doors(event: str) -> ResponseReturnValue:
    """Add a door for each forum that has none."""
    added = service.add_forum_doors(g.event.id, _("Main entrance"))
    flash(ngettext("%(num)s door was added.", "%(num)s doors were added.", added), "ok")
    return redirect(url_for("checkin.manage.entrances", event=event))


@bp.route("/manage/events/<slug:event>/entrances/<entrance>", methods=["GET", "POST"])
@requires(Permission.EDIT_EVENT)
def entrance(event: str, entrance: str) -> ResponseReturnValue:
    """Change name and rules of an entrance."""
    form = RulesForm.of(queries.get_entrance(g.event.id, entrance), g.event)
    if form.validate_on_submit():
        try:
            service.change_entrance(g.event.id, entrance, form.name.data or "", form.rules())
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
    except EntranceUsed as refusal:
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
        counts=count_door(g.event.id, None),
        conflicts=queries.count_conflicts(g.event.id),
        older=lines[-1].id if len(lines) == queries.PAGE else None,
    )


def _entrances_page(form: EntranceForm) -> str:
    known = queries.list_entrances(g.event.id)
    forums = name_forums(g.event.id)
    without = forums.keys() - {one.item_id for one in known}
    return render_template(
        "checkin/manage/entrances.html", event=g.event, entrances=known, form=form, forums=forums, without=len(without)
    )
