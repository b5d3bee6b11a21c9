"""Words for what happened to a participant, for the organiser's page about a person."""

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from eventapp.core.audit import AuditEntry
from eventapp.outbox.models import MessageState
from eventapp.registration.rules import ParticipantState

STATES = {
    ParticipantState.CONFIRMED: (_l("registered"), "ok"),
    ParticipantState.UNCONFIRMED: (_l("address not confirmed"), "few"),
    ParticipantState.TO_APPROVE: (_l("to be approved"), "few"),
    ParticipantState.OFFERED: (_l("place offered"), "info"),
    ParticipantState.WAITLISTED: (_l("Waiting list"), "info"),
    ParticipantState.CANCELLED: (_l("cancelled"), "bad"),
    ParticipantState.EXPIRED: (_l("time ran out"), "off"),
    ParticipantState.DECLINED: (_l("not approved"), "off"),
}
"""Word and sign of each state."""

MAILS = {
    "registration.ticket": _l("Ticket"),
    "registration.waitlisted": _l("Waiting list"),
    "registration.cancelled": _l("Cancellation"),
    "registration.offer": _l("Offer of a place"),
    "registration.expired": _l("Offer has ended"),
    "registration.to_approve": _l("Waits for approval"),
    "registration.declined": _l("Not approved"),
    "registration.address": _l("Confirm the address"),
    "registration.deputy": _l("Somebody else comes"),
    "registration.wish_offer": _l("Offer of another forum"),
    "registration.swapped": _l("Forum changed"),
    "registration.group": _l("To the one who registered the group"),
}
"""Word for each kind of mail to a guest."""

FATES = {
    MessageState.WAITING: _l("waiting to be sent"),
    MessageState.SENDING: _l("being sent"),
    MessageState.SENT: _l("sent"),
    MessageState.FAILED: _l("could not be sent"),
}
"""Word for the fate of a mail."""

_SENTENCES = {
    "registration.waitlisted": _l("Put on the waiting list."),
    "registration.cancelled": _l("Cancelled; the seats were given back."),
    "registration.changed": _l("Details or choices changed."),
    "registration.language": _l("Language changed."),
    "registration.resent": _l("E-mail sent once more."),
}
_WHO = {"guest": _l("the guest"), "system": _l("the system")}


def sentence(entry: AuditEntry) -> str:
    """Return a history entry as a sentence; an unknown action is shown by its name."""
    if entry.action == "registration.confirmed":
        new = "number" in entry.facts
        return str(_("Registered and confirmed.") if new else _("A place became free: moved up from the waiting list."))
    return str(_SENTENCES.get(entry.action, entry.action))


def who(entry: AuditEntry, name: str) -> str:
    """Return who did it: a colleague's name, the guest or the system."""
    return name or str(_WHO.get(entry.actor.partition(":")[0], _("a colleague who has left")))
