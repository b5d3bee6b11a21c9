"""The agenda editor: the timetable, new items, rooms. Changes of items stand in `editions.changes`: they are told."""

from typing import Any

from flask import Blueprint, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from eventapp.accounts.rules import Permission
from eventapp.agenda import service
from eventapp.agenda.forms import ItemForm, RoomForm
from eventapp.agenda.people.service import set_people
from eventapp.agenda.queries import get_item, get_room, input_of_room, list_rooms
from eventapp.agenda.rules import ItemInput, RoomInput, SpeakerRole
from eventapp.agenda.timetable.queries import agenda_page
from eventapp.core.access import requires
from eventapp.core.refusal import Refusal
from eventapp.core.sections import beside

bp = Blueprint("agenda_manage", __name__)


@bp.get("/manage/events/<slug:event>/agenda")
@requires(Permission.SEE_EVENT)
def agenda(event: str) -> str:
    """Show the timetable by rooms, with every clash in words."""
    del event
    return _page("agenda/manage/agenda.html", page=agenda_page(g.event))


@bp.route("/manage/events/<slug:event>/agenda/new", methods=["GET", "POST"])
@requires(Permission.EDIT_EVENT)
def new_item(event: str) -> ResponseReturnValue:
    """Add an item beside the timetable."""
    shown = beside(g.event.languages)
    form = ItemForm.new_in(g.event, shown)
    if form.validate_on_submit():
        try:
            made = service.add_item(g.event.id, ItemInput(**form.section()))
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            flash(_("The item is in the programme."), "ok")
            return redirect(url_for("editions.changes.item", event=event, item=made.slug))
    return _page("agenda/manage/new_item.html", form=form, shown=shown, page=agenda_page(g.event)), form.status


@bp.post("/manage/events/<slug:event>/agenda/items/<slug:item>/people")
@requires(Permission.EDIT_EVENT)
def people(event: str, item: str) -> ResponseReturnValue:
    """Say who is on an item: `role-<slug>` for each person, empty takes them off; `add` and `add_role` for one more."""
    found = get_item(g.event.id, item)
    try:
        set_people(found.id, _wanted_people(found.people))
    except (Refusal, ValueError) as error:
        flash(str(error) if isinstance(error, Refusal) else _("We could not find this person."), "bad")
    else:
        flash(_("Saved."), "ok")
    return redirect(url_for("editions.changes.item", event=event, item=item, _anchor="people"))


@bp.post("/manage/events/<slug:event>/agenda/items/<slug:item>/remove")
@requires(Permission.EDIT_EVENT)
def remove_item(event: str, item: str) -> ResponseReturnValue:
    """Remove an item that guests have not seen yet."""
    found = get_item(g.event.id, item)
    try:
        service.remove_item(found.id)
    except Refusal as refusal:
        flash(str(refusal), "bad")
        return redirect(url_for("editions.changes.item", event=event, item=item))
    flash(_("The item is gone."), "ok")
    return redirect(url_for("agenda.manage.agenda", event=event))


@bp.route("/manage/events/<slug:event>/rooms", methods=["GET", "POST"])
@requires(Permission.EDIT_EVENT)
def rooms(event: str) -> ResponseReturnValue:
    """List the rooms and add one."""
    shown = beside(g.event.languages)
    form = RoomForm.start({}, shown)
    if form.validate_on_submit():
        try:
            service.add_room(g.event.id, RoomInput(**form.section()))
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            flash(_("The room is there."), "ok")
            return redirect(url_for("agenda.manage.rooms", event=event))
    return _page("agenda/manage/rooms.html", form=form, rooms=list_rooms(g.event.id)), form.status


@bp.route("/manage/events/<slug:event>/rooms/<int:room>", methods=["GET", "POST"])
@requires(Permission.EDIT_EVENT)
def room(event: str, room: int) -> ResponseReturnValue:
    """Edit a room."""
    found = get_room(g.event.id, room)
    form = RoomForm.of(input_of_room(found), beside(g.event.languages))
    if form.validate_on_submit():
        try:
            service.update_room(found.id, RoomInput(**form.section()), form.was_seen())
        except Refusal as refusal:
            form.refuse_for(refusal, input_of_room(found))
        else:
            flash(_("Saved."), "ok")
            return redirect(url_for("agenda.manage.rooms", event=event))
    return _page("agenda/manage/room.html", form=form, room=found), form.status


@bp.post("/manage/events/<slug:event>/rooms/<int:room>/remove")
@requires(Permission.EDIT_EVENT)
def remove_room(event: str, room: int) -> ResponseReturnValue:
    """Remove a room in which nothing takes place."""
    found = get_room(g.event.id, room)
    try:
        service.remove_room(found.id)
    except Refusal as refusal:
        flash(str(refusal), "bad")
    else:
        flash(_("The room is gone."), "ok")
    return redirect(url_for("agenda.manage.rooms", event=event))


def _wanted_people(present: Any) -> list[tuple[int, SpeakerRole]]:
    kept = [(each.speaker_id, request.form.get(f"role-{each.speaker.slug}", each.role.value)) for each in present]
    if added := request.form.get("add"):
        kept.append((int(added), request.form.get("add_role", "")))
    return [(speaker_id, SpeakerRole(role)) for speaker_id, role in kept if role]


def _page(name: str, **context: Any) -> str:
    return render_template(name, event=g.event, organiser=g.organiser, **context)
