"""The tabs above staff pages: for an event, for an organiser, or none; only what the person may open."""

from dataclasses import dataclass
from typing import Any

from flask import current_app, g, url_for
from flask_babel import lazy_gettext as _l

from eventapp.accounts.rules import Permission, may


@dataclass(frozen=True)
class Tab:
    """A tab: its key in pages, its word, its endpoint and what it takes to open it."""

    key: str
    word: Any
    endpoint: str
    permission: Permission


EVENT: tuple[Tab, ...] = (
    Tab("desk", _l("Overview"), "dashboard.manage.desk", Permission.SEE_EVENT),
    Tab("event", _l("Event"), "events.manage.basics", Permission.EDIT_EVENT),
    Tab("agenda", _l("Programme"), "agenda.manage.agenda", Permission.EDIT_EVENT),
    Tab("participants", _l("Participants"), "registration.manage.participants", Permission.SEE_PARTICIPANTS),
    Tab("invitations", _l("Invitations"), "registration.invitations.manage.invitations", Permission.SEE_PARTICIPANTS),
    Tab("door", _l("Door"), "checkin.manage.entrances", Permission.EDIT_EVENT),
    Tab("live", _l("On the day"), "checkin.live.manage.live", Permission.SEE_PARTICIPANTS),
    Tab("mail", _l("Mail"), "accounts.manage.mail", Permission.SEE_MAIL),
    Tab("colleagues", _l("Colleagues"), "accounts.colleagues.people", Permission.INVITE_COLLEAGUES),
)
ORGANISER: tuple[Tab, ...] = (
    Tab("events", _l("Events"), "dashboard.manage.organiser", Permission.SEE_EVENT),
    Tab("organiser", _l("Organiser"), "accounts.manage.organiser", Permission.EDIT_ORGANISER),
    Tab("notices", _l("Notices"), "notices.manage.overview", Permission.EDIT_ORGANISER),
    Tab("colleagues", _l("Colleagues"), "accounts.colleagues.people", Permission.INVITE_COLLEAGUES),
)


def manage_tabs() -> list[tuple[str, str, str]]:
    """Return key, word and address of the tabs of this page."""
    if event := g.get("event"):
        return _open(EVENT, event=event.slug)
    if organiser := g.get("organiser"):
        return _open(ORGANISER, organiser=organiser.slug)
    return []


def _open(tabs: tuple[Tab, ...], **place: Any) -> list[tuple[str, str, str]]:
    known = current_app.view_functions
    return [
        (tab.key, str(tab.word), url_for(tab.endpoint, **place))
        for tab in tabs
        if may(g.roles, tab.permission) and tab.endpoint in known
    ]
