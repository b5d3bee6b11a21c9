"""Pages before one is signed in: sign-in, forgotten password, invitation; and the colours of an organiser's pages."""

from flask import Blueprint, Response, abort, flash, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user, login_user, logout_user

from eventapp.accounts import colours as tints
from eventapp.accounts.colleagues.labels import ROLES
from eventapp.accounts.colleagues.service import JOIN, get_by_join, join, join_new
from eventapp.accounts.forms import ForgottenForm, JoinForm, NewPasswordForm, SignInForm
from eventapp.accounts.models import Account
from eventapp.accounts.queries import find_account, find_organiser
from eventapp.accounts.rules import network, own_path
from eventapp.accounts.signin import service
from eventapp.core.access import by_link, public
from eventapp.core.i18n import current_language
from eventapp.core.limits import TooMany
from eventapp.core.refusal import Refusal
from eventapp.core.web import keep_for_ever

bp = Blueprint("accounts", __name__)


def begin_session(account: Account) -> None:
    """Sign the person in with a fresh session; 12 hours, so that it lasts for the day of an event."""
    session.clear()
    session.permanent = True
    session["language"] = account.language
    login_user(account)


@bp.route("/manage/sign-in", methods=["GET", "POST"])
@public
def sign_in() -> ResponseReturnValue:
    """Sign in with e-mail and password; afterwards go where one wanted to go."""
    form = SignInForm(next=request.args.get("next", ""))
    onward = own_path(form.next.data or "") or url_for("dashboard.manage.home")
    if current_user.is_authenticated and request.method == "GET":
        return redirect(onward)
    if form.validate_on_submit():
        try:
            account = service.sign_in(form.email.data or "", form.password.data or "", network(request.remote_addr))
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            begin_session(account)
            return redirect(onward)
    return render_template("accounts/sign_in.html", form=form), form.status, _wait(form.refused)


@bp.post("/manage/sign-out")
@public
def sign_out() -> ResponseReturnValue:
    """End this session."""
    logout_user()
    language = session.get("language")
    session.clear()
    if language:
        session["language"] = language
    flash(_("You are signed out."), "ok")
    return redirect(url_for("accounts.sign_in"))


@bp.route("/manage/forgotten", methods=["GET", "POST"])
@public
def forgotten() -> ResponseReturnValue:
    """Ask for a link to set a new password; the answer is the same whether the address is known or not."""
    form, is_asked = ForgottenForm(), False
    if form.validate_on_submit():
        try:
            service.ask_reset(form.email.data or "", network(request.remote_addr))
            is_asked = True
        except Refusal as refusal:
            form.refuse(refusal)
    page = render_template("accounts/forgotten.html", form=form, is_asked=is_asked)
    return page, form.status, _wait(form.refused)


@bp.route("/manage/reset/<token>", methods=["GET", "POST"])
@by_link(service.RESET)
def reset(token: str) -> ResponseReturnValue:
    """Set a new password by link."""
    account, form = service.get_by_reset(token), NewPasswordForm()
    if form.validate_on_submit():
        try:
            account = service.reset_password(token, form.password.data or "")
        except service.LinkEnded:
            raise
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            begin_session(account)
            flash(_("Your new password is set. All other sessions have ended."), "ok")
            return redirect(url_for("dashboard.manage.home"))
    return render_template("accounts/reset.html", form=form, account=account), form.status


@bp.route("/manage/join/<token>", methods=["GET", "POST"])
@by_link(JOIN)
def accept(token: str) -> ResponseReturnValue:
    """Accept an invitation: as the person who is signed in, or with a new account."""
    invitation = get_by_join(token)
    has_account = find_account(invitation.email) is not None
    form = JoinForm(language=current_language())
    if request.method == "POST" and current_user.is_authenticated:
        join(token, current_user.id)
        flash(_("You are one of the team now."), "ok")
        return redirect(url_for("dashboard.manage.home"))
    if not has_account and form.validate_on_submit():
        try:
            account = join_new(token, form.name.data or "", form.password.data or "", current_language())
        except service.LinkEnded:
            raise
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            begin_session(account)
            return redirect(url_for("dashboard.manage.home"))
    facts = {"invitation": invitation, "organiser": invitation.organiser, "role": ROLES[invitation.role]}
    page = render_template("accounts/accept.html", form=form, has_account=has_account, token=token, **facts)
    return page, form.status


@bp.get("/organisers/<organiser>/colours-<version>.css")
@public
def colours(organiser: str, version: str) -> ResponseReturnValue:
    """Send the style sheet with an organiser's colours; its address changes with the colour, so it is kept for ever."""
    found = find_organiser(organiser)
    if found is None:
        abort(404)
    accent = found.accent[1:]
    if version != accent:
        return redirect(url_for("accounts.colours", organiser=found.slug, version=accent))
    response = Response(tints.stylesheet(found.accent), mimetype="text/css")
    keep_for_ever(response)
    return response


def _wait(refusal: Refusal | None) -> dict[str, str]:
    return {"Retry-After": str(refusal.seconds)} if isinstance(refusal, TooMany) else {}
