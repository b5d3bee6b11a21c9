"""Pages for invited guests: the sign-up form behind the link, and a kind no."""

from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from eventapp.core import audit, clock, ids
from eventapp.core.access import by_link
from eventapp.core.refusal import Refusal
from eventapp.notices.models import NoticeKind
from eventapp.notices.queries import find_current
from eventapp.registration import queries
from eventapp.registration.forms import PersonForm
from eventapp.registration.invitations import service
from eventapp.registration.invitations.forms import invited_form
from eventapp.registration.invitations.models import Invitation
from eventapp.registration.invitations.queries import get_by_link
from eventapp.registration.invitations.refusals import InvitationDeclined, InvitationGone
from eventapp.registration.refusals import CalledOff, Closed, Over
from eventapp.registration.signup.batch import SignUp, check_open
from eventapp.registration.signup.rules import Arrival, Outcome
from eventapp.registration.signup.service import arrive
from eventapp.registration.waitlist.queries import describe

bp = Blueprint("registration_invitations", __name__)

_ENDED = (InvitationGone, CalledOff, Over, Closed)
"""Why there is no form: shown as a page of its own."""


@bp.get("/<lang:lang>/invitation/<token>")
@by_link("invitation")
def invitation(lang: str, token: str) -> Any:
    """Show the sign-up form with what the organiser said about the guest, or why it works no more."""
    found = get_by_link(token)
    try:
        check_open(found.event, is_invited=True)
        service.check_usable(found, found.event, clock.now())
    except Refusal as refusal:
        return _ended(found, refusal)
    form = invited_form(found, lang)
    notice = find_current(found.event.organiser_id, NoticeKind.PRIVACY)
    form.notice.data = str(notice.id) if notice else ""
    return _show(found, token, form)


@bp.post("/<lang:lang>/invitation/<token>")
@by_link("invitation")
def redeem(lang: str, token: str) -> Any:
    """Sign the guest up and use the invitation, both or neither; what was typed stays when it is refused."""
    found = get_by_link(token)
    form = invited_form(found, lang)
    if not form.validate_on_submit():
        return _show(found, token, form), 422
    try:
        done = _arrive(found, form)
    except _ENDED as refusal:
        return _ended(get_by_link(token), refusal)
    except Refusal as refusal:
        form.refuse(refusal)
        return _show(get_by_link(token), token, form), refusal.status
    if done.outcome is Outcome.ALREADY:
        event, email = found.event, form.email.data
        return render_template("registration/signup/already.html", event=event, organiser=event.organiser, email=email)
    if done.outcome is Outcome.WAITLISTED:
        flash(_("Your invitation is used. All places are taken just now: you are on the waiting list."), "info")
    return redirect(url_for("registration.my", lang=lang, token=queries.link_token(done.participant), new=1), 303)


@bp.route("/<lang:lang>/invitation/<token>/decline", methods=["GET", "POST"])
@by_link("invitation")
def decline(lang: str, token: str) -> Any:
    """Ask once, then tell the organiser that the guest does not come."""
    found = get_by_link(token)
    try:
        if request.method == "POST":
            service.decline(found.public_id, found.event_id)
            return redirect(url_for("registration.invitations.decline", lang=lang, token=token), 303)
        service.check_usable(found, found.event, clock.now())
    except Refusal as refusal:
        return _ended(get_by_link(token), refusal)
    return render_template("registration/invitations/decline.html", **_context(found, token))


def _arrive(found: Invitation, form: PersonForm) -> SignUp:
    notice_id = queries.find_notice_id(found.event.organiser_id, request.form.get("notice", type=ids.number))
    person, event_id = form.person(category=found.category), found.event_id
    by = audit.actor.get()
    one = Arrival((person,), key=form.key.data or None, notice_id=notice_id, invitation_id=found.id, by=by)
    return arrive(event_id, one)


def _show(found: Invitation, token: str, form: PersonForm) -> str:
    shown = describe(found.event_id, form.items)
    return render_template(
        "registration/invitations/invitation.html",
        **_context(found, token),
        form=form,
        notice=find_current(found.event.organiser_id, NoticeKind.PRIVACY),
        asked=form.asked_rows(shown["limits"]),
        **shown,
    )


def _ended(found: Invitation, why: Refusal) -> Any:
    """Show why there is no form; who has just declined is thanked."""
    status = 200 if isinstance(why, InvitationDeclined) else why.status
    return render_template("registration/invitations/ended.html", **_context(found), why=why), status


def _context(found: Invitation, token: str = "") -> dict[str, Any]:
    event = found.event
    return {"invitation": found, "event": event, "organiser": event.organiser, "token": token}
