"""The organiser's live page; it fetches itself every ten seconds where there is JavaScript."""

from flask import Blueprint, g, render_template

from eventapp.accounts.rules import Permission
from eventapp.checkin.live import queries
from eventapp.core import clock
from eventapp.core.access import requires

bp = Blueprint("checkin_live_manage", __name__)


@bp.get("/manage/events/<slug:event>/live")
@requires(Permission.SEE_PARTICIPANTS)
def live(event: str) -> str:
    """Show who came, who is inside and who is still expected, with the phones at the door."""
    del event
    now = clock.now()
    return render_template(
        "checkin/live/manage/live.html", event=g.event, live=queries.read_live(g.event, now), now=now
    )
