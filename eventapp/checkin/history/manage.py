"""The organiser's page of what people did about the door."""

from flask import Blueprint, g, render_template, request

from eventapp.accounts.rules import Permission
from eventapp.checkin.history import queries
from eventapp.core.access import requires
from eventapp.core.ids import number

bp = Blueprint("checkin_history_manage", __name__)


@bp.get("/manage/events/<slug:event>/door-history")
@requires(Permission.EDIT_EVENT)
def history(event: str) -> str:
    """Show who did what about links, phones, entrances and self check-in, the newest first."""
    del event
    lines, page = queries.page_of_history(g.event.id, request.args.get("page", 1, type=number))
    return render_template("checkin/history/manage/history.html", event=g.event, lines=lines, page=page)
