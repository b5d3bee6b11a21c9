"""Pages of colleagues, of an organiser and of one of its events: the same views under both addresses."""

from typing import Any

from flask import Blueprint, abort, flash, g, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from eventapp.accounts.colleagues import service
from eventapp.accounts.colleagues.forms import InviteForm, RoleForm
from eventapp.accounts.colleagues.labels import ROLE_NOTES, ROLES
from eventapp.accounts.colleagues.queries import (
    Place,
    find_colleague,
    list_colleagues,
    list_event_roles,
    list_open_invitations,
    name_events,
)
from eventapp.accounts.models import Membership
from eventapp.accounts.rules import Permission, Role
from eventapp.core import clock
from eventapp.core.access import requires
from eventapp.core.forms import Form
from eventapp.core.i18n import current_language
from eventapp.core.localized import Localized
from eventapp.core.refusal import Refusal

bp = Blueprint("accounts_colleagues", __name__)

_ORGANISER = "/manage/organisers/<organiser>/colleagues"
_EVENT = "/manage/events/<event>/colleagues"


@bp.route(_ORGANISER, methods=["GET", "POST"])
@bp.route(_EVENT, methods=["GET", "POST"])
@requires(Permission.INVITE_COLLEAGUES)
def people(**_names: str) -> ResponseReturnValue:
    """Show who works here as what, and invite somebody."""
    form = InviteForm(language=current_language())
    if form.validate_on_submit():
        try:
            service.invite(_place(), form.email.data or "", Role(form.role.data), form.language.data, _title())
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            flash(_("The invitation is on its way to %(email)s.", email=form.email.data), "ok")
            return redirect(_back())
    page = render_template(
        "accounts/colleagues/people.html",
        form=form,
        colleagues=list_colleagues(_place()),
        invitations=list_open_invitations(_place()),
        elsewhere=[] if g.event else list_event_roles(g.organiser.id),
        events={} if g.event else name_events(g.organiser.id),
        now=clock.now(),
        **_words(),
    )
    return page, form.status


@bp.route(f"{_ORGANISER}/<person>", methods=["GET", "POST"])
@bp.route(f"{_EVENT}/<person>", methods=["GET", "POST"])
@requires(Permission.INVITE_COLLEAGUES)
def person(person: str, **_names: str) -> ResponseReturnValue:
    """Show one colleague and give another role."""
    found = _get(person)
    form = RoleForm(role=found.role.value)
    if form.validate_on_submit():
        try:
            service.change_role(_place(), person, Role(form.role.data))
        except Refusal as refusal:
            form.refuse(refusal)
            found = _get(person)
        else:
            flash(_("Saved."), "ok")
            return redirect(_back())
    page = render_template("accounts/colleagues/person.html", form=form, colleague=found.account, **_words())
    return page, form.status


@bp.route(f"{_ORGANISER}/<person>/remove", methods=["GET", "POST"])
@bp.route(f"{_EVENT}/<person>/remove", methods=["GET", "POST"])
@requires(Permission.INVITE_COLLEAGUES)
def remove(person: str, **_names: str) -> ResponseReturnValue:
    """Ask, then take the role of a colleague away."""
    found, form = _get(person), Form()
    if form.validate_on_submit():
        try:
            service.remove(_place(), person)
        except Refusal as refusal:
            form.refuse(refusal)
            found = _get(person)
        else:
            flash(_("This person no longer works here."), "ok")
            return redirect(_back())
    page = render_template("accounts/colleagues/remove.html", form=form, colleague=found.account, **_words())
    return page, form.status


@bp.post(f"{_ORGANISER}/invitations/<invitation>/again")
@bp.post(f"{_EVENT}/invitations/<invitation>/again")
@requires(Permission.INVITE_COLLEAGUES)
def invite_again(invitation: str, **_names: str) -> ResponseReturnValue:
    """Send an invitation again."""
    service.resend(_place(), invitation, _title())
    flash(_("The invitation was sent again. The old link no longer works."), "ok")
    return redirect(_back())


@bp.post(f"{_ORGANISER}/invitations/<invitation>/withdraw")
@bp.post(f"{_EVENT}/invitations/<invitation>/withdraw")
@requires(Permission.INVITE_COLLEAGUES)
def withdraw(invitation: str, **_names: str) -> ResponseReturnValue:
    """Take an invitation back."""
    service.withdraw(_place(), invitation)
    flash(_("The invitation is withdrawn. Its link no longer works."), "ok")
    return redirect(_back())


def _place() -> Place:
    return Place(g.organiser.id, g.event.id if g.event else None)


def _title() -> Localized | None:
    return g.event.title if g.event else None


def _here() -> dict[str, Any]:
    return {"event": g.event.slug} if g.event else {"organiser": g.organiser.slug}


def _back() -> str:
    return url_for("accounts.colleagues.people", **_here())


def _get(public_id: str) -> Membership:
    found = find_colleague(_place(), public_id)
    if found is None:
        abort(404)
    return found


def _words() -> dict[str, object]:
    notes = {role.value: note for role, note in ROLE_NOTES.items()}
    return {"here": _here(), "roles": ROLES, "notes": notes, "organiser": g.organiser, "event": g.event}
