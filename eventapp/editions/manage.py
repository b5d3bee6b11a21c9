"""An edition's life for its organiser: new, copy, checklist, publish, preview, call off, delete."""

from typing import Any

from flask import Blueprint, abort, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext
from flask_login import current_user

from eventapp.accounts.queries import list_roles
from eventapp.accounts.rules import Permission, may
from eventapp.core import clock
from eventapp.core.access import requires
from eventapp.core.i18n import current_language
from eventapp.core.localized import Localized
from eventapp.core.refusal import Refusal
from eventapp.editions import service
from eventapp.editions.changes.queries import count_living, count_told
from eventapp.editions.checklist import find_gaps
from eventapp.editions.forms import CallOffForm, CopyForm, NewEventForm
from eventapp.events import service as events
from eventapp.events.rules import EventInput, local_day

bp = Blueprint("editions_manage", __name__)


@bp.route("/manage/organisers/<slug:organiser>/events/new", methods=["GET", "POST"])
@requires(Permission.EDIT_EVENT)
def create(organiser: str) -> ResponseReturnValue:
    """Begin a new event with its title and day."""
    del organiser
    form = NewEventForm.start({}, ("de",))
    if form.validate_on_submit():
        try:
            made = events.create(g.organiser.id, EventInput(**form.section()))
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            flash(_("The draft is there. Nobody else sees it until you publish it."), "ok")
            return redirect(url_for("events.manage.basics", event=made.slug))
    return render_template("editions/manage/create.html", form=form, organiser=g.organiser), form.status


@bp.route("/manage/events/<slug:event>/copy", methods=["GET", "POST"])
@requires(Permission.EDIT_EVENT)
def copy(event: str) -> ResponseReturnValue:
    """Make the next edition like this event."""
    if not may(list_roles(current_user.id, g.organiser.id, None), Permission.EDIT_EVENT):
        abort(403)  # a role for one event makes no other events
    del event
    today = local_day(g.event.starts_at, g.event.zone)
    form = CopyForm(data={"title": g.event.title, "day": None if request.method == "POST" else today})
    form.title.languages = g.event.languages
    if form.validate_on_submit():
        try:
            made = service.copy(g.event.id, form.day.data, form.title.data)
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            flash(_("The copy is there as a draft. Check the times and texts, then publish it."), "ok")
            return redirect(url_for("events.manage.basics", event=made.slug))
    return _page("editions/manage/copy.html", form=form), form.status


@bp.get("/manage/events/<slug:event>/publish")
@requires(Permission.SEE_EVENT)
def publish(event: str) -> str:
    """Show the checklist, the state of the event, and what can be done with it."""
    del event
    gaps = find_gaps(g.event, clock.now())
    is_ready = not any(gap.is_required for gap in gaps)
    return _page("editions/manage/publish.html", gaps=gaps, is_ready=is_ready, guests=count_living(g.event.id))


@bp.post("/manage/events/<slug:event>/publish")
@requires(Permission.PUBLISH)
def publish_now(event: str) -> ResponseReturnValue:
    """Publish the event unless something is missing."""
    return _do(event, service.publish, _("The event is public now."))


@bp.post("/manage/events/<slug:event>/unpublish")
@requires(Permission.PUBLISH)
def unpublish(event: str) -> ResponseReturnValue:
    """Take the event off the site again while nobody is registered."""
    return _do(event, service.unpublish, _("The event is a draft again. Nobody else sees it."))


@bp.route("/manage/events/<slug:event>/call-off", methods=["GET", "POST"])
@requires(Permission.PUBLISH)
def call_off(event: str) -> ResponseReturnValue:
    """Ask for the reason and say how many guests will be told, then call the event off."""
    form = CallOffForm()
    form.reason.languages = g.event.languages
    if form.validate_on_submit():
        try:
            told = service.call_off(g.event.id, form.reason.data or Localized())
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            flash(ngettext("Called off. %(num)s guest is told.", "Called off. %(num)s guests are told.", told), "ok")
            return redirect(url_for("editions.manage.publish", event=event))
    return _page("editions/manage/call_off.html", form=form, guests=count_told(g.event.id)), form.status


@bp.route("/manage/events/<slug:event>/delete", methods=["GET", "POST"])
@requires(Permission.PUBLISH)
def delete(event: str) -> ResponseReturnValue:
    """Ask once, then delete a draft."""
    if request.method == "GET":
        return _page("editions/manage/delete.html")
    try:
        events.delete(g.event.id)
    except Refusal as refusal:
        flash(str(refusal), "bad")
        return redirect(url_for("editions.manage.publish", event=event))
    flash(_("The draft is deleted."), "ok")
    return redirect(url_for("dashboard.manage.home"))


@bp.get("/manage/events/<slug:event>/preview")
@requires(Permission.SEE_EVENT)
def preview(event: str) -> ResponseReturnValue:
    """Show the event as guests see it, or will see it."""
    del event
    token = service.preview_token(g.event)
    return redirect(url_for("editions.preview", lang=current_language(), token=token))


@bp.post("/manage/events/<slug:event>/preview")
@requires(Permission.EDIT_EVENT)
def revoke_preview(event: str) -> ResponseReturnValue:
    """End all preview links that were given away."""
    events.renew_preview(g.event.id)
    flash(_("All earlier preview links have ended."), "ok")
    return redirect(url_for("editions.manage.publish", event=event))


def _do(event: str, act: Any, words: str) -> ResponseReturnValue:
    try:
        act(g.event.id)
    except Refusal as refusal:
        flash(str(refusal), "bad")
    else:
        flash(words, "ok")
    return redirect(url_for("editions.manage.publish", event=event))


def _page(name: str, **context: Any) -> str:
    return render_template(name, event=g.event, organiser=g.organiser, **context)
