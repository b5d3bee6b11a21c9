"""Pages for who registers several people: the form, and the group's page behind an unguessable link."""

from collections.abc import Callable
from typing import Any

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from eventapp.accounts.rules import network
from eventapp.core import ids
from eventapp.core.access import by_link, public
from eventapp.core.refusal import NotFound, Refusal
from eventapp.events.models import Event
from eventapp.events.rules import EventState
from eventapp.events.views import get_event_here
from eventapp.notices.models import NoticeKind
from eventapp.notices.queries import find_current
from eventapp.questions.queries import list_questions
from eventapp.registration.desk.history import STATES
from eventapp.registration.groups import queries, service
from eventapp.registration.groups.forms import GroupForm, group_form
from eventapp.registration.groups.mails import print_tickets
from eventapp.registration.guard import service as guard
from eventapp.registration.models import Registration
from eventapp.registration.queries import find_notice_id, list_choosable
from eventapp.registration.rules import LIVING
from eventapp.registration.service import cancel as cancel_person
from eventapp.registration.signup.batch import check_open
from eventapp.registration.signup.rules import GROUP_SIZE
from eventapp.registration.signup.service import sign_up_group
from eventapp.registration.waitlist import service as waitlist
from eventapp.registration.waitlist.queries import describe

bp = Blueprint("groups", __name__)


@bp.get("/<lang:lang>/<slug:event>/register/group")
@public
def register(lang: str, event: str) -> Any:
    """Show the form for several people, or why there is none now."""
    found = get_event_here(event)
    try:
        check_open(found)
    except Refusal as refusal:
        return render_template("registration/signup/closed.html", event=found, organiser=found.organiser, why=refusal)
    return _show_form(found, lang)


@bp.post("/<lang:lang>/<slug:event>/register/group")
@public
def register_post(lang: str, event: str) -> Any:
    """Add or remove a row, or sign all people up; what was typed stays in any case."""
    found = get_event_here(event)
    form, places = _form(found, lang)
    if "add" in request.form or "remove" in request.form:
        return _change_rows(found, form, places)
    if not form.validate_on_submit():
        return _render(found, form, places), 422
    try:
        guard.check(request.form)
        done = sign_up_group(
            found.id,
            form.people(),
            form.contact,
            idempotency_key=form.key.data or None,
            notice_id=find_notice_id(found.organiser_id, request.form.get("notice", type=ids.number)),
            network=network(request.remote_addr),
        )
    except Refusal as refusal:
        form.refuse(refusal)
        return _render(found, form, places), refusal.status
    group = queries.find_group(done.unit)
    if group is None:
        raise NotFound
    if group.contact.hold_until is not None:  # the link proves the address: only the mail may bring it
        unit = group.contact
        return render_template("registration/groups/sent.html", event=found, organiser=found.organiser, unit=unit)
    token = queries.group_token(group.contact)
    return redirect(url_for("registration.groups.show", lang=lang, token=token, new=1), 303)


@bp.get("/<lang:lang>/group/<token>")
@by_link("group")
def show(lang: str, token: str) -> Any:
    """Show everybody of a group, and what the contact can do for them."""
    del lang
    return _render_group(token)


@bp.get("/<lang:lang>/group/<token>/tickets.pdf")
@by_link("group")
def tickets_pdf(lang: str, token: str) -> Response:
    """Return all tickets of a group in one file, each in its holder's language."""
    del lang
    group = queries.get_by_link(token)
    if not group.tickets:
        raise NotFound
    made = Response(print_tickets(group.people, group.tickets), mimetype="application/pdf")
    made.headers["Content-Disposition"] = f'inline; filename="tickets-{group.event.slug}.pdf"'
    return made


@bp.route("/<lang:lang>/group/<token>/cancel", methods=["GET", "POST"])
@by_link("group")
def cancel(lang: str, token: str) -> Any:
    """Ask once, then cancel everybody; the seats go to whoever is next."""
    group = queries.get_by_link(token)
    if request.method == "POST" or not group.living:
        done = _("Everybody of this group is cancelled.")
        return _act(lang, token, lambda: service.cancel_all(group.units), done)
    return render_template("registration/groups/cancel.html", **_shown(group, token), people=group.living)


@bp.route("/<lang:lang>/group/<token>/cancel/<member>", methods=["GET", "POST"])
@by_link("group")
def cancel_one(lang: str, token: str, member: str) -> Any:
    """Ask once, then cancel one person."""
    group = queries.get_by_link(token)
    person = group.get_person(member)
    if request.method == "POST" or person.state not in LIVING:
        return _act(lang, token, lambda: cancel_person(person.id), _("%(name)s is cancelled.", name=person.name))
    return render_template("registration/groups/cancel_one.html", **_shown(group, token), person=person)


@bp.post("/<lang:lang>/group/<token>/accept")
@by_link("group")
def accept(lang: str, token: str) -> Any:
    """Take the places that are offered to a part of the group, or join the list again when the offer has run out."""
    unit = _unit(token)
    return _act(lang, token, lambda: waitlist.accept(unit.id))


@bp.post("/<lang:lang>/group/<token>/decline")
@by_link("group")
def decline(lang: str, token: str) -> Any:
    """Give the places back that are offered to a part of the group."""
    unit = _unit(token)
    return _act(lang, token, lambda: waitlist.decline(unit.id))


@bp.post("/<lang:lang>/group/<token>/confirm")
@by_link("group")
def confirm(lang: str, token: str) -> Any:
    """Believe the contact's address: whoever has this link has read the mail."""
    units = queries.get_by_link(token).units
    done = _("Thank you. Your e-mail address is confirmed.")
    return _act(lang, token, lambda: service.confirm_address(units), done)


@bp.post("/<lang:lang>/group/<token>/divide")
@by_link("group")
def divide(lang: str, token: str) -> Any:
    """Part a waiting group in two that move up on their own."""
    unit, chosen = _unit(token), frozenset(request.form.getlist("people"))
    people = [person.id for person in unit.participants if person.public_id in chosen]
    done = _("The group is divided. Both parts keep their place in the list.")
    return _act(lang, token, lambda: waitlist.divide(unit.id, people), done, chosen)


def _act(lang: str, token: str, act: Callable[[], object], done: str = "", chosen: frozenset[str] = frozenset()) -> Any:
    """Do what the contact asked for and show the group again; a refusal stands on the page, what was `chosen` stays."""
    try:
        act()
    except Refusal as refusal:
        return _render_group(token, refusal, chosen), refusal.status
    if done:
        flash(done, "ok")
    return redirect(url_for("registration.groups.show", lang=lang, token=token), 303)


def _unit(token: str) -> Registration:
    return queries.get_by_link(token).get_unit(request.form.get("unit", ""))


def _render_group(token: str, refusal: Refusal | None = None, chosen: frozenset[str] = frozenset()) -> str:
    group = queries.get_by_link(token)
    return render_template(
        "registration/groups/show.html",
        **_shown(group, token),
        places=queries.list_places(group),
        links=queries.person_tokens(group),
        states=STATES,
        refusal=refusal,
        chosen=chosen,
        is_new="new" in request.args,
        is_on=group.event.state is not EventState.CALLED_OFF,
    )


def _shown(group: queries.Group, token: str) -> dict[str, Any]:
    """Return what all pages of a group show."""
    return {"group": group, "event": group.event, "organiser": group.event.organiser, "token": token}


def _form(event: Event, language: str) -> tuple[GroupForm, dict[str, Any]]:
    """Make the form, and what it tells about places."""
    items, categories = list_choosable(event.id), [c for c in event.categories if c.is_open]
    shown = describe(event.id, items, category_ids=[category.id for category in categories])
    questions = list_questions(event.id)
    return group_form(event, items, categories, shown["places"], language, questions=questions), shown


def _show_form(event: Event, language: str) -> str:
    form, places = _form(event, language)
    notice = find_current(event.organiser_id, NoticeKind.PRIVACY)
    form.notice.data = str(notice.id) if notice else ""
    return _render(event, form, places)


def _change_rows(event: Event, form: GroupForm, places: dict[str, Any]) -> Any:
    """Show the form with one row more or less, the cursor where one goes on."""
    try:
        if "add" in request.form:
            row = form.add_row()
        else:
            row = form.remove_row(request.form.get("remove", 0, type=ids.number))
    except Refusal as refusal:
        form.refuse(refusal)
        return _render(event, form, places), refusal.status
    return _render(event, form, places, focus=row.number)


def _render(event: Event, form: GroupForm, places: dict[str, Any], focus: int = 0) -> str:
    return render_template(
        "registration/groups/register.html",
        event=event,
        organiser=event.organiser,
        form=form,
        focus=focus,
        most=GROUP_SIZE,
        notice=find_current(event.organiser_id, NoticeKind.PRIVACY),
        shown=guard.shown(request.form),
        **places,
    )
