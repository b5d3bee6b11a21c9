"""The organiser's page about the screen in the foyer: its link, and a new one."""

from flask import Blueprint, flash, g, redirect, render_template, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from eventapp.accounts.rules import Permission
from eventapp.checkin.foyer import service
from eventapp.checkin.foyer.queries import foyer_token
from eventapp.core.access import requires
from eventapp.core.links import absolute

bp = Blueprint("checkin_foyer_manage", __name__)


@bp.get("/manage/events/<slug:event>/foyer")
@requires(Permission.EDIT_EVENT)
def foyer(event: str) -> str:
    """Show the link of the screen in each language."""
    del event
    token = foyer_token(g.event)
    return render_template("checkin/foyer/manage/foyer.html", event=g.event, token=token, absolute=absolute)


@bp.post("/manage/events/<slug:event>/foyer/renew")
@requires(Permission.EDIT_EVENT)
def renew(event: str) -> Response:
    """End the link and make a new one."""
    service.renew(g.event.id)
    flash(_("The old link has ended. Open the new one on the screen."), "ok")
    return redirect(url_for("checkin.foyer.manage.foyer", event=event))
