"""Pages for organisers: the list of invitations, one by hand, reminders, taking back and giving more time."""

from flask import Blueprint, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext

from eventapp.accounts.rules import Permission
from eventapp.core import clock, ids
from eventapp.core.access import requires
from eventapp.core.i18n import interface
from eventapp.core.links import absolute
from eventapp.core.refusal import Refusal
from eventapp.events.labels import ORGANISATION_KINDS
from eventapp.registration.invitations import queries, service
from eventapp.registration.invitations.forms import STATES, ExpiryForm, InviteForm, prepare, state_words
from eventapp.registration.invitations.rules import may_remind

bp = Blueprint("registration_invitations_manage", __name__)

_LIST = "registration.invitations.manage.invitations"


@bp.get("/manage/events/<slug:event>/invitations")
@requires(Permission.SEE_PARTICIPANTS)
def invitations(event: str) -> str:
    """List invitations by state; the expired ones stand by themselves."""
    del event
    state = request.args.get("state", "")
    state, now = state if state in STATES else "", clock.now()
    return render_template(
        "registration/invitations/manage/invitations.html",
        event=g.event,
        page=queries.page_invitations(g.event, now, state, request.args.get("page", 1, type=ids.number)),
        counts=queries.count_by_state(g.event, now),
        states=STATES,
        state=state,
    )


@bp.route("/manage/events/<slug:event>/invitations/new", methods=["GET", "POST"])
@requires(Permission.EDIT_PARTICIPANTS)
def invite(event: str) -> ResponseReturnValue:
    """Invite one person."""
    form = prepare(InviteForm(), g.event)
    if form.validate_on_submit():
        try:
            made = service.invite(g.event.id, form.given(), form.words.data or "", form.expires_at.data)
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            flash(_("The invitation is on its way to %(email)s.", email=made.email), "ok")
            return redirect(url_for(_LIST, event=event), 303)
    return render_template("registration/invitations/manage/invite.html", event=g.event, form=form), form.status


@bp.get("/manage/events/<slug:event>/invitations/<invited>")
@requires(Permission.SEE_PARTICIPANTS)
def invited(event: str, invited: str) -> ResponseReturnValue:
    """Show one invitation and what can be done with it."""
    del event
    return _show(invited, prepare(ExpiryForm(), g.event))


@bp.post("/manage/events/<slug:event>/invitations/<invited>/remind")
@requires(Permission.EDIT_PARTICIPANTS)
def remind(event: str, invited: str) -> ResponseReturnValue:
    """Bring one invitation to mind."""
    try:
        service.remind(invited, g.event.id)
    except Refusal as refusal:
        flash(str(refusal), "bad")
    else:
        flash(_("The reminder is on its way."), "ok")
    return _back(event, invited)


@bp.post("/manage/events/<slug:event>/invitations/<invited>/withdraw")
@requires(Permission.EDIT_PARTICIPANTS)
def withdraw(event: str, invited: str) -> ResponseReturnValue:
    """Take one invitation back."""
    try:
        service.withdraw(invited, g.event.id)
    except Refusal as refusal:
        flash(str(refusal), "bad")
    else:
        flash(_("The invitation is withdrawn. Its link no longer works."), "ok")
    return _back(event, invited)


@bp.post("/manage/events/<slug:event>/invitations/<invited>/renew")
@requires(Permission.EDIT_PARTICIPANTS)
def renew(event: str, invited: str) -> ResponseReturnValue:
    """Give an expired invitation more time and send it again."""
    form = prepare(ExpiryForm(), g.event)
    if form.validate_on_submit():
        try:
            service.renew(invited, g.event.id, form.expires_at.data)
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            flash(_("The invitation was sent again. The old link no longer works."), "ok")
            return _back(event, invited)
    return _show(invited, form)


@bp.route("/manage/events/<slug:event>/invitations/remind", methods=["GET", "POST"])
@requires(Permission.EDIT_PARTICIPANTS)
def remind_all(event: str) -> ResponseReturnValue:
    """Say how many reminders would go out, then send them."""
    if request.method == "GET":
        due = service.list_remindable(g.event.id, clock.now())
        return render_template("registration/invitations/manage/remind_all.html", event=g.event, number=len(due))
    try:
        sent = service.remind_all(g.event.id)
    except Refusal as refusal:
        flash(str(refusal), "bad")
    else:
        flash(ngettext("%(num)s reminder is on its way.", "%(num)s reminders are on their way.", sent), "ok")
    return redirect(url_for(_LIST, event=event), 303)


def _show(public_id: str, form: ExpiryForm) -> ResponseReturnValue:
    found, now = queries.get_invitation(public_id, g.event.id), clock.now()
    guests: dict[int, str] = queries.find_guests([found.registration_id]) if found.registration_id else {}
    kind = found.organisation_kind
    lang, token = interface(found.language), queries.link_token(found)
    link = absolute("registration.invitations.invitation", lang=lang, token=token)
    page = render_template(
        "registration/invitations/manage/invited.html",
        event=g.event,
        invitation=found,
        state=state_words(found, now),
        state_key=queries.state_of(found, now),
        may_remind=may_remind(now, found.sent_at, found.reminded_at),
        guest=guests.get(found.registration_id or 0),
        kind=ORGANISATION_KINDS[kind] if kind else "",
        link=link,
        form=form,
    )
    return page, form.status


def _back(event: str, invited: str) -> ResponseReturnValue:
    return redirect(url_for("registration.invitations.manage.invited", event=event, invited=invited), 303)
