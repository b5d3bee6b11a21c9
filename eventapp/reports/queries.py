"""Lists that leave the house: rows of participants as plain text, in the reader's language."""

from collections.abc import Iterable, Iterator

from flask_babel import gettext as _

from eventapp.core.i18n import language_name
from eventapp.core.localized import plain
from eventapp.events.labels import ORGANISATION_KINDS
from eventapp.events.models import Event
from eventapp.registration.desk.history import STATES
from eventapp.registration.models import Participant


def participant_rows(event: Event, guests: Iterable[Participant]) -> Iterator[list[str]]:
    """Yield the heading and a row per participant; times in the event's zone as ISO, so that tables sort them."""
    yield [
        _("Arrival number"), _("State"), _("Title before the name"), _("Given name"), _("Family name"),
        _("E-mail address"), _("Organisation"), _("Kind of organisation"), _("Group"), _("Forum"),
        _("Language"), _("Signed up"),
    ]  # fmt: skip
    for guest in guests:
        yield [
            str(guest.registration.number),
            str(STATES[guest.state][0]),
            guest.title,
            guest.given_name,
            guest.family_name,
            guest.email,
            guest.organisation,
            str(ORGANISATION_KINDS[guest.organisation_kind]),
            plain(guest.category.label),
            "; ".join(plain(choice.item.title) for choice in guest.choices),
            language_name(guest.language),
            guest.created_at.astimezone(event.tz).strftime("%Y-%m-%d %H:%M"),
        ]
