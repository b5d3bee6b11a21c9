"""Words for what happened to a participant, for the organiser's pages."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from eventapp.core.audit import AuditEntry
from eventapp.core.i18n import language_name, stamp
from eventapp.core.localized import Localized, plain
from eventapp.events.labels import ORGANISATION_KINDS
from eventapp.events.rules import OrganisationKind
from eventapp.outbox.models import MessageState
from eventapp.registration.rules import ParticipantState
from eventapp.registration.signup.rules import Via

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

FIELDS = {
    "name": _l("Name"),
    "email": _l("E-mail address"),
    "organisation": _l("Organisation"),
    "kind": _l("Kind of organisation"),
    "category": _l("Group"),
    "items": _l("Forum"),
    "language": _l("Language"),
}
"""Word for each thing that a change may concern."""

_WHO = {"guest": _l("the guest"), "system": _l("the system")}
_ENDED = frozenset({"cancelled", "expired", "declined"})


def sentence(entry: AuditEntry, zone: str = "UTC", titles: Mapping[int, Localized] | None = None) -> str:
    """Return a history entry as a sentence; `titles` are those of the items that it may name.

    An unknown action is shown by its name.
    """
    facts = {**entry.facts, "title": _title(entry.facts.get("item"), titles or {})}
    if "until" in facts:
        facts["until"] = stamp(datetime.fromisoformat(facts["until"]), zone)
    words = _SENTENCES.get(entry.action)
    return str(words(facts)) if words is not None else entry.action


def changes_of(entry: AuditEntry) -> list[tuple[str, str, str]]:
    """Return what a change concerned: word, what was and what is."""
    changed = entry.facts.get("changed", {})
    return [(str(FIELDS[name]), _shown(name, old), _shown(name, new)) for name, (old, new) in changed.items()]


def who(entry: AuditEntry, name: str) -> str:
    """Return who did it: a colleague's name, the guest or the system."""
    return name or str(_WHO.get(entry.actor.partition(":")[0], _("a colleague who has left")))


def _shown(name: str, value: Any) -> str:
    if name == "items":
        return ", ".join(plain(Localized(title)) for title in value) or "–"
    if name == "category":
        return plain(Localized(value))
    if name == "kind":
        return str(ORGANISATION_KINDS[OrganisationKind(value)])
    return language_name(value) if name == "language" else (value or "–")


def _title(item_id: int | None, titles: Mapping[int, Localized]) -> str:
    title = titles.get(item_id) if item_id is not None else None
    return plain(title) if title is not None else str(_("an item that is gone"))


def _confirmed(facts: dict[str, Any]) -> str:
    if facts.get("over_note"):
        return str(_("Let in over the limit: %(reason)s", reason=facts["over_note"]))
    if facts.get("over"):
        return str(_("Registered over the limit: %(reason)s", reason=facts["over"]))
    if "old" in facts:
        return _moved_up(facts)
    if facts.get("via") == Via.DOOR.value:
        return str(_("Came without a ticket: registered at the door."))
    return str(_("Registered and confirmed."))


def _moved_up(facts: dict[str, Any]) -> str:
    if facts.get("why") == "accepted":
        return str(_("Accepted the offered place."))
    if facts.get("why") == "address":
        return str(_("Confirmed the e-mail address: the place is theirs."))
    return str(_("A place became free: moved up from the waiting list."))


def _waitlisted(facts: dict[str, Any]) -> str:
    if facts.get("old") == "to_approve":
        return str(_("Approved."))
    if facts.get("old") in _ENDED:
        return str(_("Joined the list again, at its end, as number %(number)s.", number=facts.get("number", "")))
    return str(_("Put on the waiting list."))


def _cancelled(facts: dict[str, Any]) -> str:
    if facts.get("why") == "offer_declined":
        return str(_("Gave the offered place back."))
    if facts.get("old") in ("waitlisted", "to_approve"):
        return str(_("Cancelled."))
    return str(_("Cancelled; the seats were given back."))


def _expired(facts: dict[str, Any]) -> str:
    if facts.get("old") == "offered":
        return str(_("Did not answer the offer in time; the place went to whoever was next."))
    return str(_("Did not confirm the e-mail address in time."))


def _declined(facts: dict[str, Any]) -> str:
    after = facts.get("old") == "confirmed"
    words = _("Not approved after a change; the place was given back.") if after else _("Not approved.")
    return f"{words} {_with_reason(facts)}".strip()


def _with_reason(facts: dict[str, Any]) -> str:
    return str(_("Reason: %(reason)s", reason=facts["reason"])) if facts.get("reason") else ""


def _changed(facts: dict[str, Any]) -> str:
    concerns = ", ".join(str(FIELDS[name]) for name in facts.get("changed", {}) if name in FIELDS)
    return str(_("Changed: %(fields)s.", fields=concerns) if concerns else _("Details or choices changed."))


_SENTENCES: dict[str, Callable[[dict[str, Any]], str]] = {
    "registration.confirmed": _confirmed,
    "registration.unconfirmed": lambda _facts: _("Registered; the e-mail address is to be confirmed."),
    "registration.to_approve": lambda _facts: _("Registered; waits for approval."),
    "registration.waitlisted": _waitlisted,
    "registration.offered": lambda facts: _("A place was offered, until %(moment)s.", moment=facts.get("until", "")),
    "registration.expired": _expired,
    "registration.declined": _declined,
    "registration.cancelled": _cancelled,
    "registration.changed": _changed,
    "registration.attention": lambda _facts: _("The note for the door was changed."),
    "registration.reviewed": lambda _facts: _("The change was looked at and is fine."),
    "registration.deputy": lambda facts: _("%(new)s comes in place of %(old)s.", new=facts["new"], old=facts["old"]),
    "registration.language": lambda facts: _("Language changed: %(name)s.", name=language_name(facts["language"])),
    "registration.resent": lambda _facts: _("E-mail sent once more."),
    "registration.address": lambda _facts: _("The e-mail address was confirmed."),
    "registration.ahead": lambda facts: _("Moved ahead on the waiting list: %(reason)s", reason=facts["reason"]),
    "registration.divided": lambda _facts: _("The group was divided; this part waits on its own."),
    "consent.withdrawn": lambda facts: _(
        "Withdrew the consent “%(text)s”, version %(version)s.",
        text=_short(facts["label"]),
        version=facts["given"]["version"],
    ),
    "wish.waiting": lambda facts: _("Wishes for “%(title)s” and waits for it.", title=facts["title"]),
    "wish.offered": lambda facts: _("A place in “%(title)s” was offered, until %(until)s.", **_two(facts)),
    "wish.fulfilled": lambda facts: _("Changed to “%(title)s”.", title=facts["title"]),
    "wish.expired": lambda facts: _("Did not answer the offer of “%(title)s” in time.", title=facts["title"]),
    "wish.withdrawn": lambda facts: _("Does not wait for “%(title)s” any more.", title=facts["title"]),
}
"""What each entry about a participant means; facts are those of the entry."""


def _two(facts: dict[str, Any]) -> dict[str, str]:
    return {"title": facts["title"], "until": facts.get("until", "")}


def _short(label: dict[str, str]) -> str:
    text = plain(Localized(label))
    return text if len(text) <= 80 else f"{text[:79].rstrip()}…"
