"""Pages of the person who is signed in, and of the organisers for whom that person may act."""

from flask import Blueprint, flash, g, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user, login_user

from eventapp.accounts import service
from eventapp.accounts.forms import AccountForm, ChangePasswordForm, LogoForm, OrganiserForm, languages_of
from eventapp.accounts.queries import list_memberships
from eventapp.accounts.rules import Permission, network
from eventapp.accounts.signin.service import change_password
from eventapp.core.access import requires, signed_in
from eventapp.core.refusal import Refusal
from eventapp.media.service import store

bp = Blueprint("accounts_manage", __name__)


@bp.route("/manage/account", methods=["GET", "POST"])
@signed_in
def account() -> ResponseReturnValue:
    """Change one's name and language."""
    form = AccountForm(obj=current_user)
    if form.validate_on_submit():
        try:
            changed = service.edit_account(current_user.id, form.name.data or "", form.language.data)
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            session["language"] = changed.language
            flash(_("Saved."), "ok")
            return redirect(url_for("accounts.manage.account"))
    return _account_page(form, ChangePasswordForm(formdata=None)), form.status


@bp.post("/manage/account/password")
@signed_in
def password() -> ResponseReturnValue:
    """Set a new password; other sessions end, this one goes on."""
    form = ChangePasswordForm()
    if form.validate_on_submit():
        try:
            present, wanted = form.present.data or "", form.password.data or ""
            changed = change_password(current_user.id, present, wanted, network(request.remote_addr))
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            login_user(changed)
            flash(_("Your new password is set. All other sessions have ended."), "ok")
            return redirect(url_for("accounts.manage.account"))
    return _account_page(AccountForm(formdata=None, obj=current_user), form), form.status


@bp.route("/manage/organisers/<organiser>", methods=["GET", "POST"])
@requires(Permission.EDIT_ORGANISER)
def organiser(organiser: str) -> ResponseReturnValue:
    """Change what guests learn about an organiser."""
    form = OrganiserForm(obj=g.organiser)
    if form.validate_on_submit():
        try:
            service.edit_organiser(g.organiser.id, form.given())
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            flash(_("Saved."), "ok")
            return redirect(url_for("accounts.manage.organiser", organiser=organiser))
    return _organiser_page(form, LogoForm(formdata=None)), form.status


@bp.post("/manage/organisers/<organiser>/logo")
@requires(Permission.EDIT_ORGANISER)
def logo(organiser: str) -> ResponseReturnValue:
    """Show a picture as logo, or none."""
    form = LogoForm()
    if form.validate_on_submit():
        try:
            picture = None if form.is_none.data else store(g.organiser.id, form.read(), largest=(800, 400))
            service.set_logo(g.organiser.id, picture.id if picture else None)
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            flash(_("Saved."), "ok")
            return redirect(url_for("accounts.manage.organiser", organiser=organiser))
    return _organiser_page(OrganiserForm(formdata=None, obj=g.organiser), form), form.status


def _organiser_page(form: OrganiserForm, picture: LogoForm) -> str:
    form.speak(languages_of(g.organiser))
    return render_template("accounts/manage/organiser.html", form=form, picture=picture, organiser=g.organiser)


def _account_page(form: AccountForm, secret: ChangePasswordForm) -> str:
    memberships = list_memberships(current_user.id)
    return render_template("accounts/manage/account.html", form=form, secret=secret, memberships=memberships)
