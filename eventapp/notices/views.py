"""The public pages of an organiser's legal notice, privacy notice and accessibility declaration."""

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from eventapp.accounts.models import Organiser
from eventapp.accounts.queries import find_organiser
from eventapp.accounts.rules import network
from eventapp.core.access import public
from eventapp.core.refusal import Refusal
from eventapp.notices.forms import FeedbackForm
from eventapp.notices.labels import KINDS
from eventapp.notices.models import NoticeKind
from eventapp.notices.queries import find_current
from eventapp.notices.service import report_barrier

bp = Blueprint("notices", __name__)


@bp.get(f"/<lang:lang>/organisers/<organiser>/<any({', '.join(repr(k.value) for k in NoticeKind)}):kind>")
@public
def page(lang: str, organiser: str, kind: str) -> ResponseReturnValue:
    """Show a text in the reader's language, in German where it is not translated."""
    found = _get(organiser)
    notice = find_current(found.id, NoticeKind(kind))
    if notice is None:
        abort(404, _("The organiser has not published this text yet."))
    title = KINDS[notice.kind]
    return render_template("notices/page.html", organiser=found, notice=notice, title=title, lang=lang)


@bp.route("/<lang:lang>/organisers/<organiser>/accessibility/report", methods=["GET", "POST"])
@public
def report(lang: str, organiser: str) -> ResponseReturnValue:
    """Tell the organiser about a barrier, without an account."""
    found, form = _get(organiser), FeedbackForm()
    if form.validate_on_submit():
        try:
            report_barrier(found.id, form.text.data or "", form.email.data or "", network(request.remote_addr))
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            flash(_("Thank you. Your message is on its way to the organiser."), "ok")
            kind = NoticeKind.ACCESSIBILITY.value
            return redirect(url_for("notices.page", lang=lang, organiser=organiser, kind=kind))
    return render_template("notices/report.html", form=form, organiser=_get(organiser)), form.status


def _get(slug: str) -> Organiser:
    found = find_organiser(slug)
    if found is None:
        abort(404)
    return found
