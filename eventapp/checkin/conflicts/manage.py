"""The organiser's list of double admissions, where each gets a note of what was done."""

from flask import Blueprint, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from eventapp.accounts.rules import Permission
from eventapp.checkin.conflicts import queries, service
from eventapp.checkin.conflicts.forms import ANSWERS, NoteForm
from eventapp.checkin.conflicts.rules import Answer
from eventapp.core import ids
from eventapp.core.access import requires

bp = Blueprint("checkin_conflicts_manage", __name__)


@bp.get("/manage/events/<slug:event>/conflicts")
@requires(Permission.SEE_PARTICIPANTS)
def conflicts(event: str) -> str:
    """Show who was admitted twice: open ones first, each with both scans."""
    del event
    return _page()


@bp.post("/manage/events/<slug:event>/conflicts/<scan>")
@requires(Permission.EDIT_PARTICIPANTS)
def note(event: str, scan: str) -> ResponseReturnValue:
    """Note what was done about a double admission."""
    found = queries.get_conflict(g.event.id, scan)
    form = NoteForm(prefix=found.id)
    if not form.validate():
        return _page(found.id, form), form.status
    service.note(g.event.id, found.id, Answer(form.answer.data), form.words.data or "", current_user.id)
    flash(_("Saved."), "ok")
    return redirect(url_for("checkin.conflicts.manage.conflicts", event=event))


def _page(scan: str | None = None, form: NoteForm | None = None) -> str:
    found, page = queries.page_of_conflicts(g.event.id, request.args.get("page", 1, type=ids.number))
    forms = {one.id: NoteForm(formdata=None, prefix=one.id) for one in found}
    if scan is not None and form is not None:
        forms[scan] = form
    return render_template(
        "checkin/conflicts/manage/conflicts.html",
        event=g.event,
        conflicts=found,
        page=page,
        forms=forms,
        form=form,
        answers=ANSWERS,
        open_conflicts=queries.count_open(g.event.id),
    )
