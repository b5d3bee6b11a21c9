"""Exports and lists for organisers: participants as CSV, and the paper list for the day when everything fails."""

from itertools import groupby

from flask import Blueprint, Response, g, render_template

from eventapp.accounts.rules import Permission
from eventapp.core import clock
from eventapp.core.access import requires
from eventapp.registration.desk.history import STATES
from eventapp.registration.desk.queries import list_everybody
from eventapp.registration.manage import read_filters
from eventapp.registration.rules import HOLDS_A_SEAT, ParticipantState
from eventapp.reports.rules import csv_lines, first_letter
from eventapp.reports.service import export_participants
from eventapp.tickets.queries import list_codes

bp = Blueprint("reports_manage", __name__)


@bp.get("/manage/events/<slug:event>/participants.csv")
@requires(Permission.EXPORT)
def participants_csv(event: str) -> Response:
    """Export participants, narrowed like the list; the export stands in the history."""
    lines = "".join(csv_lines(export_participants(g.event, read_filters())))
    name = f"{event}-{clock.now().astimezone(g.event.tz):%Y-%m-%d}.csv"
    made = Response(lines, mimetype="text/csv; charset=utf-8")
    made.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return made


@bp.get("/door/<slug:event>/paper")
@requires(Permission.SCAN)
def paper_list(event: str) -> str:
    """Show all guests A–Z for printing, with a box to tick: the list for the day when everything fails.

    Who has been offered a place or has not confirmed the address stands in it too, marked, and is not counted.
    """
    del event
    guests = list_everybody(g.event.id, HOLDS_A_SEAT)
    codes = list_codes(g.event.id)
    letters = [(letter, list(group)) for letter, group in groupby(guests, key=lambda x: first_letter(x.sort_key))]
    return render_template(
        "reports/manage/paper_list.html",
        event=g.event,
        letters=letters,
        codes=codes,
        total=sum(guest.state is ParticipantState.CONFIRMED for guest in guests),
        held=sum(guest.state is not ParticipantState.CONFIRMED for guest in guests),
        states=STATES,
        now=clock.now(),
    )
