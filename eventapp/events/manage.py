"""The event editor: sections that save on their own. Time and place stand in `editions.changes`: they are told."""

from collections.abc import Callable
from typing import Any

from flask import Blueprint, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext

from eventapp.accounts.rules import Permission
from eventapp.capacity.queries import list_limits
from eventapp.capacity.rules import WHOLE_EVENT, LimitKind, Ref
from eventapp.core import clock
from eventapp.core.access import requires
from eventapp.core.changes import Changes
from eventapp.core.refusal import Refusal
from eventapp.core.sections import SectionForm, beside
from eventapp.events import service
from eventapp.events.forms import (
    AddressForm,
    BasicsForm,
    CategoryForm,
    LanguagesForm,
    PictureForm,
    SignUpForm,
    SizeForm,
)
from eventapp.events.queries import get_category, input_of, input_of_category, list_old_addresses
from eventapp.events.rules import CategoryInput
from eventapp.media.service import store

bp = Blueprint("events_manage", __name__)


@bp.route("/manage/events/<slug:event>/basics", methods=["GET", "POST"])
@requires(Permission.EDIT_EVENT)
def basics(event: str) -> ResponseReturnValue:
    """Edit what the event is about."""
    del event
    return _section(BasicsForm, "events/manage/basics.html")


@bp.route("/manage/events/<slug:event>/languages", methods=["GET", "POST"])
@requires(Permission.EDIT_EVENT)
def languages(event: str) -> ResponseReturnValue:
    """Choose the languages of the event's texts."""
    del event
    return _section(LanguagesForm, "events/manage/languages.html")


@bp.route("/manage/events/<slug:event>/address", methods=["GET", "POST"])
@requires(Permission.EDIT_EVENT)
def address(event: str) -> ResponseReturnValue:
    """Give the event another address; the old one leads to it for ever."""
    del event
    return _section(
        AddressForm, "events/manage/address.html", old=list_old_addresses(g.event.id), root=request.url_root
    )


@bp.route("/manage/events/<slug:event>/categories", methods=["GET", "POST"])
@requires(Permission.EDIT_EVENT)
def categories(event: str) -> ResponseReturnValue:
    """Say how many people fit, and show the categories with their sizes and reserves."""
    del event
    limits = list_limits(g.event.id)
    over = [limit for limit in limits.values() if limit.over]
    return _section(
        SizeForm, "events/manage/categories.html", limits=limits, whole=limits[WHOLE_EVENT], over=over, now=clock.now()
    )


@bp.route("/manage/events/<slug:event>/sign-up", methods=["GET", "POST"])
@requires(Permission.EDIT_EVENT)
def signup_rules(event: str) -> ResponseReturnValue:
    """Say how many may come from one organisation, how places are offered, and what guests may change."""
    del event
    return _section(SignUpForm, "events/manage/signup_rules.html")


@bp.route("/manage/events/<slug:event>/categories/new", methods=["GET", "POST"])
@requires(Permission.EDIT_EVENT)
def new_category(event: str) -> ResponseReturnValue:
    """Add a category."""
    form = CategoryForm.start({"is_open": True}, beside(g.event.languages), g.event.zone)
    if form.validate_on_submit():
        try:
            service.add_category(g.event.id, CategoryInput(**form.section()))
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            flash(_("The category is there."), "ok")
            return redirect(url_for("events.manage.categories", event=event))
    return _page("events/manage/category.html", form=form, category=None), form.status


@bp.route("/manage/events/<slug:event>/categories/<category>/edit", methods=["GET", "POST"])
@requires(Permission.EDIT_EVENT)
def category(event: str, category: str) -> ResponseReturnValue:
    """Edit a category."""
    found = get_category(g.event.id, category)
    form = CategoryForm.of(input_of_category(found), beside(g.event.languages), g.event.zone)
    if form.validate_on_submit():
        try:
            changes = service.update_category(found.id, CategoryInput(**form.section()), form.was_seen())
        except Refusal as refusal:
            form.refuse_for(refusal, input_of_category(found))
        else:
            _saved(changes, lambda ref: ref == (LimitKind.CATEGORY, str(found.id)))
            return redirect(url_for("events.manage.categories", event=event))
    return _page("events/manage/category.html", form=form, category=found), form.status


@bp.post("/manage/events/<slug:event>/categories/<category>/remove")
@requires(Permission.EDIT_EVENT)
def remove_category(event: str, category: str) -> ResponseReturnValue:
    """Remove a category in which nobody is registered."""
    found = get_category(g.event.id, category)
    try:
        service.remove_category(found.id)
    except Refusal as refusal:
        flash(str(refusal), "bad")
    else:
        flash(_("The category is gone."), "ok")
    return redirect(url_for("events.manage.categories", event=event))


@bp.route("/manage/events/<slug:event>/picture", methods=["GET", "POST"])
@requires(Permission.EDIT_EVENT)
def picture(event: str) -> ResponseReturnValue:
    """Give the event a picture in place of the motif, or take it away."""
    form = PictureForm()
    if form.validate_on_submit() and (form.picture.data or form.remove.data):
        try:
            stored = store(g.organiser.id, form.picture.data.read()).id if form.picture.data else None
            service.change(g.event.id, {"picture_id": stored})
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            flash(_("Saved."), "ok")
            return redirect(url_for("events.manage.picture", event=event))
    return _page("events/manage/picture.html", form=form), form.status


def _section(section: type[SectionForm], template: str, **context: Any) -> ResponseReturnValue:
    """Show a section, or save it and show it again; what was typed stays when it is refused."""
    shown = beside(g.event.languages)
    form = section.of(input_of(g.event), shown, g.event.zone)
    if form.validate_on_submit():
        try:
            changes = service.change(g.event.id, form.section(), form.was_seen())
        except Refusal as refusal:
            form.refuse_for(refusal, input_of(g.event))
        else:
            kind = LimitKind.EVENT if changes.has("seats") else LimitKind.ORGANISATION
            _saved(changes, lambda ref: ref[0] is kind)
            here = str(request.endpoint)
            return redirect(url_for(here, event=g.event.slug, beside=request.args.get("beside")))
    return _page(template, form=form, shown=shown, **context), form.status


def _saved(changes: Changes, sized: Callable[[Ref], bool]) -> None:
    """Say that it is saved, and how many people are over a size that was lowered; nobody loses a place by it."""
    flash(_("Saved."), "ok")
    resized = changes.has("seats") or changes.has("organisation_seats")
    over = sum(limit.over for ref, limit in list_limits(g.event.id).items() if sized(ref)) if resized else 0
    if over:
        flash(
            ngettext(
                "%(num)s person is over the new limit and keeps the place.",
                "%(num)s people are over the new limit and keep their places.",
                over,
            ),
            "few",
        )


def _page(template: str, **context: Any) -> str:
    return render_template(template, event=g.event, organiser=g.organiser, **context)
