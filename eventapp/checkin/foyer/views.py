"""The screen in the foyer: panels in turn, without JavaScript by a page that leads to the next one."""

from flask import Blueprint, render_template, request

from eventapp.checkin.foyer import queries
from eventapp.checkin.foyer.queries import LINK
from eventapp.checkin.rules import GREETINGS
from eventapp.core import clock, ids
from eventapp.core.access import by_link

bp = Blueprint("checkin_foyer", __name__)


@bp.get("/<lang:lang>/foyer/<token>")
@by_link(LINK)
def screen(lang: str, token: str) -> str:
    """Show one panel; `panel` says which, `hold=1` stays there."""
    event, now = queries.get_event_of_screen(token), clock.now()
    shown = queries.read_screen(event, now)
    panel = request.args.get("panel", 0, type=ids.number) or 0
    return render_template(
        "checkin/foyer/screen.html",
        event=event,
        organiser=event.organiser,
        screen=shown,
        welcome=GREETINGS[lang],
        panel=panel % shown.panels,
        hold=request.args.get("hold") == "1",
        token=token,
        now=now,
    )
