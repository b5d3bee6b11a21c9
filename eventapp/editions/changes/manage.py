"""Time and place of an event, time and room of an item: shown with the number of guests concerned, then told."""

from typing import Any

from flask import Blueprint, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext

from eventapp.accounts.rules import Permission
from eventapp.agenda.forms import ItemForm
from eventapp.agenda.labels import SPEAKER_ROLES
from eventapp.agenda.models import AgendaItem
from eventapp.agenda.queries import get_item, input_of_item, list_speakers
from eventapp.agenda.rules import ItemInput
from eventapp.agenda.timetable.queries import agenda_page
from eventapp.core.access import requires
from eventapp.core.i18n import current_language
from eventapp.core.refusal import Refusal
from eventapp.core.sections import beside
from eventapp.editions.changes import service
from eventapp.editions.changes.queries import count_concerned, list_concerned, plan_event, plan_item
from eventapp.editions.changes.rules import Plan
from eventapp.editions.mails import preview_change
from eventapp.events.forms import TimePlaceForm
from eventapp.events.queries import input_of

bp = Blueprint("editions_changes", __name__)


@bp.route("/manage/events/<slug:event>/time-place", methods=["GET", "POST"])
@requires(Permission.EDIT_EVENT)
def time_place(event: str) -> ResponseReturnValue:
    """Edit when and where the event takes place; a change is confirmed before guests are told."""
    shown = beside(g.event.languages)
    form = TimePlaceForm.of(input_of(g.event), shown, g.event.zone)
    if form.validate_on_submit() and not _goes_back():
        try:
            plan = plan_event(g.event, form.section())
            if plan.is_told and not _is_decided():
                return _confirm(plan, None, url_for("editions.changes.time_place", event=event))
            done = service.change_event(
                g.event.id, form.section(), form.was_seen(), tell=_tells(), with_programme=form.with_programme.data
            )
        except Refusal as refusal:
            form.refuse_for(refusal, input_of(g.event))
        else:
            _say(done.told)
            return redirect(url_for("editions.changes.time_place", event=event, beside=request.args.get("beside")))
    return _page("editions/changes/time_place.html", form=form, shown=shown), form.status


@bp.route("/manage/events/<slug:event>/agenda/items/<slug:item>", methods=["GET", "POST"])
@requires(Permission.EDIT_EVENT)
def item(event: str, item: str) -> ResponseReturnValue:
    """Edit an agenda item beside the timetable; a new time or room is confirmed before guests are told."""
    found = get_item(g.event.id, item)
    shown = beside(g.event.languages)
    form = ItemForm.of_item(found, shown)
    if form.validate_on_submit() and not _goes_back():
        given = ItemInput(**form.section())
        try:
            plan = plan_item(found, given)
            if plan.is_told and not _is_decided():
                return _confirm(plan, found, url_for("editions.changes.item", event=event, item=item))
            done = service.change_item(found.id, given, form.was_seen(), tell=_tells())
        except Refusal as refusal:
            form.refuse_for(refusal, input_of_item(found))
        else:
            _say(done.told)
            return redirect(url_for("editions.changes.item", event=event, item=item, beside=request.args.get("beside")))
    context = {
        "guests": count_concerned(g.event, found),
        "page": agenda_page(g.event, found),
        "speakers": list_speakers(g.event.id),
        "roles": [(role.value, label) for role, label in SPEAKER_ROLES.items()],
    }
    return _page("editions/changes/item.html", form=form, item=found, shown=shown, **context), form.status


@bp.route("/manage/events/<slug:event>/agenda/items/<slug:item>/cancel", methods=["GET", "POST"])
@requires(Permission.EDIT_EVENT)
def cancel_item(event: str, item: str) -> ResponseReturnValue:
    """Say how many guests will be told, then cancel the item."""
    return _cancel_or_restore(
        event, get_item(g.event.id, item), "editions/changes/cancel_item.html", service.cancel_item
    )


@bp.route("/manage/events/<slug:event>/agenda/items/<slug:item>/restore", methods=["GET", "POST"])
@requires(Permission.EDIT_EVENT)
def restore_item(event: str, item: str) -> ResponseReturnValue:
    """Say how many guests will be told, then let the item take place after all."""
    return _cancel_or_restore(
        event, get_item(g.event.id, item), "editions/changes/restore_item.html", service.restore_item
    )


def _cancel_or_restore(event: str, item: AgendaItem, name: str, act: Any) -> ResponseReturnValue:
    if request.method == "GET":
        return _page(name, item=item, guests=count_concerned(g.event, item))
    _say(act(item.id))
    return redirect(url_for("editions.changes.item", event=event, item=item.slug))


def _confirm(plan: Plan, item: AgendaItem | None, action: str) -> str:
    """Show old and new, how many guests are concerned, and the mail that they would get."""
    first = next(iter(list_concerned(g.event, item)), None)
    facts = service.facts_of_change(plan.old, plan.new, item)
    mail = preview_change(facts, first, current_language()) if first is not None else None
    sent = [(name, value) for name, value in request.form.items(multi=True) if name not in ("csrf_token", "decided")]
    if beside_now := request.args.get("beside"):
        action = f"{action}?beside={beside_now}" if beside_now in g.event.languages else action
    return _page("editions/changes/confirm.html", plan=plan, item=item, sent=sent, action=action, mail=mail)


def _is_decided() -> bool:
    return request.form.get("decided") in ("tell", "quiet")


def _goes_back() -> bool:
    return request.form.get("decided") == "back"


def _tells() -> bool:
    return request.form.get("decided") != "quiet"


def _say(told: int) -> None:
    mails = ngettext("%(num)s guest is told by mail.", "%(num)s guests are told by mail.", told) if told else ""
    flash(" ".join(part for part in (_("Saved."), mails) if part), "ok")


def _page(name: str, **context: Any) -> str:
    return render_template(name, event=g.event, organiser=g.organiser, **context)
