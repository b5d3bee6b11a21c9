"""Pages on which an organiser writes its notices; every saved text is a version that can be read later."""

from flask import Blueprint, abort, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from eventapp.accounts.forms import languages_of
from eventapp.accounts.rules import Permission
from eventapp.core.access import requires
from eventapp.core.i18n import FALLBACK
from eventapp.core.localized import Localized
from eventapp.core.markup import html
from eventapp.core.refusal import Refusal
from eventapp.notices.forms import NoticeForm
from eventapp.notices.labels import ASKED_FOR, KINDS
from eventapp.notices.models import NoticeKind
from eventapp.notices.queries import find_current, find_version, list_current, list_versions
from eventapp.notices.service import publish

bp = Blueprint("notices_manage", __name__)

_KIND = f"<any({', '.join(repr(k.value) for k in NoticeKind)}):kind>"


@bp.get("/manage/organisers/<organiser>/notices")
@requires(Permission.EDIT_ORGANISER)
def overview(organiser: str) -> str:  # noqa: ARG001 - the gate found it
    """Show which texts are there and which are missing."""
    found = list_current(g.organiser.id)
    languages = languages_of(g.organiser)
    return render_template(
        "notices/manage/overview.html", organiser=g.organiser, kinds=KINDS, found=found, languages=languages
    )


@bp.route(f"/manage/organisers/<organiser>/notices/{_KIND}", methods=["GET", "POST"])
@requires(Permission.EDIT_ORGANISER)
def edit(organiser: str, kind: str) -> ResponseReturnValue:
    """Write a text; `?draft=1` puts a draft in German into the empty field, for the organiser to finish."""
    which = NoticeKind(kind)
    current = find_current(g.organiser.id, which)
    body = current.body if current else Localized()
    if request.args.get("draft") == "1":
        body = Localized({**body, FALLBACK: render_template(f"notices/drafts/{kind}.md", organiser=g.organiser)})
    form = NoticeForm(body=body)
    if form.validate_on_submit():
        try:
            notice = publish(g.organiser.id, which, form.body.data)
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            flash(_("Version %(number)s is published.", number=notice.version), "ok")
            return redirect(url_for("notices.manage.overview", organiser=organiser))
    form.speak(list(dict.fromkeys([*languages_of(g.organiser), *body])))
    facts = {"kind": which, "title": KINDS[which], "asked_for": ASKED_FOR[which], "current": current}
    page = render_template("notices/manage/edit.html", form=form, organiser=g.organiser, **facts)
    return page, form.status


@bp.get(f"/manage/organisers/<organiser>/notices/{_KIND}/versions")
@requires(Permission.EDIT_ORGANISER)
def versions(organiser: str, kind: str) -> str:  # noqa: ARG001 - the gate found it
    """List all versions of a text."""
    which = NoticeKind(kind)
    found = list_versions(g.organiser.id, which)
    return render_template(
        "notices/manage/versions.html", organiser=g.organiser, kind=which, title=KINDS[which], versions=found
    )


@bp.get(f"/manage/organisers/<organiser>/notices/{_KIND}/versions/<int:number>")
@requires(Permission.EDIT_ORGANISER)
def version(organiser: str, kind: str, number: int) -> str:  # noqa: ARG001 - the gate found it
    """Show one version in all its languages, as guests read it then."""
    which = NoticeKind(kind)
    notice = find_version(g.organiser.id, which, number)
    if notice is None:
        abort(404)
    facts = {"organiser": g.organiser, "notice": notice, "title": KINDS[which]}
    bodies = [(key, html(text)) for key, text in notice.body.items()]
    return render_template("notices/manage/version.html", bodies=bodies, **facts)
