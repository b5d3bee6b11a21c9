"""The organiser's pages of the notes for the door: those of one guest, and which of them the door sees."""

from flask import Blueprint, flash, g, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from eventapp.accounts.rules import Permission
from eventapp.core.access import requires
from eventapp.core.refusal import NotFound
from eventapp.registration import queries
from eventapp.registration.attention import service
from eventapp.registration.attention.forms import AttentionForm, ShownForm
from eventapp.registration.attention.queries import find_attention

bp = Blueprint("registration_attention_manage", __name__)


@bp.route("/manage/events/<slug:event>/participants/<participant>/note", methods=["GET", "POST"])
@requires(Permission.EDIT_PARTICIPANTS)
def note(event: str, participant: str) -> ResponseReturnValue:
    """Write down what the door should know about a guest."""
    guest = queries.find_participant(participant, g.event.id)
    if guest is None:
        raise NotFound
    form = AttentionForm(obj=find_attention(guest.id))
    if form.validate_on_submit():
        service.set_attention(guest.id, form.attention)
        flash(_("Saved."), "ok")
        return redirect(url_for("registration.manage.person", event=event, participant=participant), 303)
    page = render_template("registration/attention/manage/note.html", event=g.event, guest=guest, form=form)
    return page, form.status


@bp.route("/manage/events/<slug:event>/door-notes", methods=["GET", "POST"])
@requires(Permission.EDIT_EVENT)
def shown(event: str) -> ResponseReturnValue:
    """Choose which notes the door sees, and whether phones keep names."""
    form = ShownForm(data={**dict.fromkeys(g.event.door_notes, True), "names_offline": g.event.names_offline})
    if form.validate_on_submit():
        service.show_at_door(g.event.id, form.kinds, names_offline=bool(form.names_offline.data))
        flash(_("Saved."), "ok")
        return redirect(url_for("checkin.manage.entrances", event=event), 303)
    return render_template("registration/attention/manage/shown.html", event=g.event, form=form), form.status
