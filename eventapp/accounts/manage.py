"""Pages of the person who is signed in, and of the organisers for whom that person may act."""

from flask import (
    Blueprint,
    Response,
    abort,
    current_app,
    flash,
    g,
    redirect,
    render_template,
    request,
    session,
    url_for,
)  # fmt: skip
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user, login_user

from eventapp.accounts import service
from eventapp.accounts.forms import AccountForm, ChangePasswordForm, LogoForm, OrganiserForm, languages_of
from eventapp.accounts.maillog import queries as maillog
from eventapp.accounts.maillog.labels import FATES, MAIL_KINDS
from eventapp.accounts.queries import list_memberships
from eventapp.accounts.rules import Permission, network
from eventapp.accounts.signin.service import change_password
from eventapp.core import ids
from eventapp.core.access import requires, signed_in
from eventapp.core.refusal import Refusal
from eventapp.media.service import store
from eventapp.outbox.models import Message, MessageState
from eventapp.outbox.rules import Mail
from eventapp.outbox.service import render, retry
from eventapp.outbox.transport import as_file

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


@bp.get("/manage/mail")
@signed_in
def mail() -> ResponseReturnValue:
    """List the mails that the person may see, the newest first; `?event=` narrows it to one event."""
    chosen, before = request.args.get("state"), request.args.get("before", type=ids.number)
    state = MessageState(chosen) if chosen in set(MessageState) else None
    reach, slug = _reach(), request.args.get("event", "")
    reach = reach.only(slug) if slug else reach
    found = maillog.list_mails(reach, state, before)
    return render_template(
        "accounts/manage/mail.html",
        mails=found[: maillog.PAGE],
        older=found[maillog.PAGE - 1].id if len(found) > maillog.PAGE else None,
        state=state,
        slug=slug or None,
        events=reach.events,
        kinds=MAIL_KINDS,
        fates=FATES,
        is_folder=not current_app.config["EVENTAPP"].smtp_url,
    )


@bp.get("/manage/mail/<message>")
@signed_in
def message(message: str) -> ResponseReturnValue:
    """Show one mail as its reader sees it, in plain text."""
    reach = _reach()
    found = _mail(reach, message)
    letter = _written(found)
    page = {"message": found, "letter": letter, "events": reach.events, "kinds": MAIL_KINDS, "fates": FATES}
    return render_template("accounts/manage/message.html", is_secret=is_secret(found), **page)


@bp.get("/manage/mail/<message>.eml")
@signed_in
def message_file(message: str) -> ResponseReturnValue:
    """Send one mail as a file that mail programs open, with its pictures and attachments."""
    found = _mail(_reach(), message)
    letter = _written(found)
    if letter is None:
        abort(404)
    response = Response(as_file(current_app.config["EVENTAPP"], found, letter), mimetype="message/rfc822")
    response.headers.set("Content-Disposition", "attachment", filename=f"{found.public_id}.eml")
    return response


@bp.post("/manage/mail/<message>/again")
@signed_in
def message_again(message: str) -> ResponseReturnValue:
    """Send a mail again that was given up."""
    retry(_mail(_reach(), message).public_id)
    flash(_("The mail is sent once more."), "ok")
    return redirect(url_for("accounts.manage.message", message=message))


def is_secret(found: Message) -> bool:
    """Tell whether a mail holds the link of a colleague: who could read it could take over the account."""
    return found.kind.startswith("accounts.")


def _reach() -> maillog.Reach:
    reach = maillog.reach_of(current_user.id)
    if not reach.organiser_ids and not reach.events:
        abort(403)
    return reach


def _mail(reach: maillog.Reach, public_id: str) -> Message:
    found = maillog.find_mail(reach, public_id)
    if found is None:
        abort(404)
    return found


def _written(found: Message) -> Mail | None:
    """Write a mail as it would go out now; None for one that is secret or about something that is no longer there."""
    if is_secret(found):
        return None
    try:
        return render(found)
    except (Refusal, LookupError):
        return None


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
