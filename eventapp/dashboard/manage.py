"""Pages of the organiser's desk, and the style page that shows every component with real content."""

from datetime import UTC, datetime
from urllib.parse import quote

from flask import Blueprint, render_template
from flask_babel import gettext as _
from flask_sqlalchemy.pagination import Pagination
from wtforms import SelectChoice

from eventapp.core import i18n
from eventapp.core.access import signed_in
from eventapp.core.localized import Localized
from eventapp.dashboard.forms import StyleForm
from eventapp.tickets import qr
from eventapp.tickets.rules import Practice, practice_code

bp = Blueprint("dashboard_manage", __name__)

ACCENT = "#0f4e5e"
"""Colour of the motif on the style page: that of the drawings."""


@bp.get("/manage/style")
@signed_in
def style() -> str:
    """Show every component: colours, type, fields, states, tables, charts, ticket, door."""
    code = practice_code(Practice.ADMIT)
    return render_template(
        "dashboard/manage/style.html",
        form=_style_form(),
        code=code,
        qr="data:image/svg+xml," + quote(qr.svg(code)),
        accent=ACCENT,
        forums=_forums(),
        pages=_FiveGuests(page=2, per_page=1),
        days=[4, 9, 6, 3, 2, 1, 5, 8, 12, 7, 6, 3, 2, 9, 31, 38, 26, 17, 9, 6, 14, 19, 15, 22, 18, 11, 8, 16, 14, 12],
    )


class _FiveGuests(Pagination):
    """A list of five things without a database, for the pager."""

    def _query_items(self) -> list[int]:
        return [self.page]

    def _query_count(self) -> int:
        return 5


def _style_form() -> StyleForm:
    title = Localized(de="Migrantenorganisationen als Partner", ar="منظمات المهاجرين شريكًا")
    form = StyleForm(
        formdata=None,
        given_name="Amira",
        email="amira.haddad@",
        language="ar",
        photo="no",
        needs=["sign"],
        forum="1",
        terms=True,
        title=title,
        about=Localized(de="Vereine kennen die Menschen und ihre Wege."),
        starts_at=datetime(2026, 12, 4, 8, 30, tzinfo=UTC),
    )
    form.language.choices = [SelectChoice(x.key, x.name) for x in i18n.LANGUAGES]
    form.forum.choices = [SelectChoice(str(n), name) for n, name in enumerate(_forums(), 1)]
    for field in (form.title, form.about):
        field.languages = [language.key for language in i18n.LANGUAGES]
    form.email.errors = [_("This is not a complete e-mail address. It looks like name@example.org.")]
    return form


def _forums() -> list[str]:
    return [
        _("From the language course to the workplace"),
        _("Having degrees recognised"),
        _("Training for newcomers"),
        _("Small companies, great effect"),
    ]
