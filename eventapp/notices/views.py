"""The public pages of an organiser's legal notice, privacy notice and accessibility declaration."""

from flask import Blueprint, abort, render_template
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from eventapp.accounts.queries import find_organiser
from eventapp.core.access import public
from eventapp.notices.labels import KINDS
from eventapp.notices.models import NoticeKind
from eventapp.notices.queries import find_current

bp = Blueprint("notices", __name__)


@bp.get(f"/<lang:lang>/organisers/<organiser>/<any({', '.join(repr(k.value) for k in NoticeKind)}):kind>")
@public
def page(lang: str, organiser: str, kind: str) -> ResponseReturnValue:
    """Show a text in the reader's language, in German where it is not translated."""
    found = find_organiser(organiser)
    if found is None:
        abort(404)
    notice = find_current(found.id, NoticeKind(kind))
    if notice is None:
        abort(404, _("The organiser has not published this text yet."))
    title = KINDS[notice.kind]
    return render_template("notices/page.html", organiser=found, notice=notice, title=title, lang=lang)
