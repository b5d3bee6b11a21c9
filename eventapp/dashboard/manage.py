"""Pages of the organiser's desk: my events, one organiser, one event; and the style page with every component."""

from collections.abc import Sequence
from datetime import UTC, datetime
from urllib.parse import quote

from flask import Blueprint, g, render_template
from flask_babel import gettext as _
from flask_login import current_user
from flask_sqlalchemy.pagination import Pagination
from wtforms import SelectChoice

from eventapp.accounts.rules import Permission
from eventapp.agenda.models import AgendaItem
from eventapp.agenda.queries import list_clashes, list_items
from eventapp.core import clock, i18n
from eventapp.core.access import requires, signed_in
from eventapp.core.localized import Localized
from eventapp.dashboard import queries
from eventapp.dashboard.forms import StyleForm
from eventapp.editions.checklist import find_gaps
from eventapp.events.labels import ORGANISATION_KINDS
from eventapp.events.queries import list_events
from eventapp.outbox.models import MessageState
from eventapp.outbox.queries import count_by_state
from eventapp.tickets import qr
from eventapp.tickets.rules import Practice, practice_code

bp = Blueprint("dashboard_manage", __name__)

ACCENT = "#0f4e5e"
"""Colour of the motif on the style page: that of the drawings."""


@bp.get("/manage/")
@signed_in
def home() -> str:
    """Show everything that the person who signed in works for."""
    places = queries.list_places(current_user.id)
    events = [event for place in places for event in place.events]
    return render_template("dashboard/manage/home.html", places=places, seats=queries.count_seats(events))


@bp.get("/manage/organisers/<organiser>/events")
@requires(Permission.SEE_EVENT)
def organiser(organiser: str) -> str:
    """Show an organiser's events."""
    del organiser
    events = list_events(g.organiser.id)
    seats = queries.count_seats(events)
    return render_template("dashboard/manage/organiser.html", organiser=g.organiser, events=events, seats=seats)


@bp.get("/manage/events/<slug:event>/")
@requires(Permission.SEE_EVENT)
def desk(event: str) -> str:
    """Show who comes to an event, what is full and what needs somebody."""
    del event
    now = clock.now()
    items = list_items(g.event.id)
    return render_template(
        "dashboard/manage/desk.html",
        event=g.event,
        desk=queries.read_desk(g.event, items, now),
        kinds=ORGANISATION_KINDS,
        gaps=find_gaps(g.event, now),
        clashes=[(items_by_id(items)[c.first], items_by_id(items)[c.second]) for c in list_clashes(items)],
        failed_mails=count_by_state(g.event.id).get(MessageState.FAILED, 0),
        now=now,
    )


def items_by_id(items: Sequence[AgendaItem]) -> dict[int, AgendaItem]:
    """Return agenda items by their id."""
    return {item.id: item for item in items}


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
