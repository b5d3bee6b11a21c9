"""Words for kinds and fates of mails."""

from flask_babel import lazy_gettext as _l
from flask_babel.speaklater import LazyString

from eventapp.outbox.models import MessageState

MAIL_KINDS: dict[str, LazyString] = {
    "accounts.invitation": _l("Invitation of a colleague"),
    "notices.feedback": _l("Report of a barrier"),
    "registration.ticket": _l("Ticket"),
    "registration.waitlisted": _l("Waiting list"),
    "registration.cancelled": _l("Cancelled registration"),
    "registration.invitation": _l("Invitation of a guest"),
    "registration.invitation_reminder": _l("Reminder of an invitation"),
    "editions.changed": _l("Change of the event"),
    "editions.called_off": _l("Event called off"),
    "editions.item_cancelled": _l("Part of the programme cancelled"),
    "editions.item_restored": _l("Part of the programme takes place again"),
}
"""By kind of message; a kind that stands in no line is shown as it is."""

FATES: dict[MessageState, tuple[str, LazyString]] = {
    MessageState.WAITING: ("info", _l("Waiting")),
    MessageState.SENDING: ("info", _l("Being sent")),
    MessageState.SENT: ("ok", _l("Sent")),
    MessageState.FAILED: ("bad", _l("Given up")),
}
"""Kind of state badge and word."""
