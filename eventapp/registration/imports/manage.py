"""Pages for organisers: a list of guests is uploaded, looked at, and sent."""

from flask import Blueprint, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext

from eventapp.accounts.rules import Permission
from eventapp.core import ids
from eventapp.core.access import requires
from eventapp.core.forms import Form
from eventapp.core.refusal import NotFound, Refusal
from eventapp.registration.imports import service
from eventapp.registration.imports.forms import FIELDS, UploadForm, problem
from eventapp.registration.imports.rules import MOST_BYTES
from eventapp.registration.invitations.forms import prepare

bp = Blueprint("registration_imports", __name__)

_SHOWN = 200
"""So many rows of each kind are shown; all are counted."""


@bp.route("/manage/events/<slug:event>/invitations/import", methods=["GET", "POST"])
@requires(Permission.EDIT_PARTICIPANTS)
def upload(event: str) -> ResponseReturnValue:
    """Read a file and lead to what it would do."""
    form = prepare(UploadForm(), g.event)
    if form.validate_on_submit():
        try:
            draft = service.read(
                g.event.id,
                form.file.data.read(MOST_BYTES + 1),
                category_id=form.category.data,
                language=form.language.data,
                words=form.words.data or "",
                expires_at=form.expires_at.data,
            )
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            return redirect(url_for("registration.imports.manage.preview", event=event, draft=draft), 303)
    return render_template("registration/imports/manage/upload.html", event=g.event, form=form), form.status


@bp.route("/manage/events/<slug:event>/invitations/import/<draft>", methods=["GET", "POST"])
@requires(Permission.EDIT_PARTICIPANTS)
def preview(event: str, draft: str) -> ResponseReturnValue:
    """Show what the list would do, and send it when that is confirmed."""
    form = Form()
    if form.validate_on_submit():
        try:
            sent = service.send(g.event.id, draft, request.form.get("number", 0, type=ids.number))
        except NotFound:
            flash(_("This list has been sent already, or it is older than a day."), "info")
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            flash(ngettext("%(num)s invitation is on its way.", "%(num)s invitations are on their way.", sent), "ok")
        if form.refused is None:
            return redirect(url_for("registration.invitations.manage.invitations", event=event), 303)
    shown = service.look(g.event.id, draft)
    page = render_template(
        "registration/imports/manage/preview.html",
        event=g.event,
        form=form,
        draft=shown.draft,
        good=shown.good,
        bad=[(row, problem(row)) for row in shown.bad[:_SHOWN]],
        bad_number=len(shown.bad),
        most=_SHOWN,
        fields=FIELDS,
        categories={category.id: category.label for category in g.event.categories},
    )
    return page, form.status
