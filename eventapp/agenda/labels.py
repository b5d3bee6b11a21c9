"""Words for the kinds of agenda items and the roles on them, for public pages, editors and calendars."""

from flask_babel import lazy_gettext as _l
from flask_babel.speaklater import LazyString

from eventapp.agenda.rules import ItemKind, SpeakerRole

ITEM_KINDS: dict[ItemKind, LazyString] = {
    ItemKind.WELCOME: _l("Welcome"),
    ItemKind.TALK: _l("Talk"),
    ItemKind.PANEL: _l("Panel"),
    ItemKind.FORUM: _l("Forum"),
    ItemKind.WORKSHOP: _l("Workshop"),
    ItemKind.BREAK: _l("Break"),
    ItemKind.MARKET: _l("Market"),
}
SPEAKER_ROLES: dict[SpeakerRole, LazyString] = {
    SpeakerRole.MODERATOR: _l("Moderation"),
    SpeakerRole.WELCOME: _l("Welcome address"),
    SpeakerRole.SPEAKER: _l("Speaker"),
    SpeakerRole.PANELIST: _l("On the panel"),
}
