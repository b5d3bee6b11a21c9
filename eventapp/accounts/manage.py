"""Pages of the person who is signed in, and of the organisers for whom that person may act."""

from flask import Blueprint, flash, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user, login_user

from eventapp.accounts import service
from eventapp.accounts.forms import AccountForm, ChangePasswordForm
from eventapp.accounts.queries import list_memberships
from eventapp.accounts.rules import network
from eventapp.accounts.signin.service import change_password
from eventapp.core.access import signed_in
from eventapp.core.refusal import Refusal

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


def _account_page(form: AccountForm, secret: ChangePasswordForm) -> str:
    memberships = list_memberships(current_user.id)
    return render_template("accounts/manage/account.html", form=form, secret=secret, memberships=memberships)
