"""Mails about changes: a new time or place, an item that is cancelled or takes place after all, a day called off."""

from collections.abc import Callable
from typing import Any

from flask_babel import gettext as _

from eventapp.core import i18n
from eventapp.core.links import absolute
from eventapp.core.localized import Localized
from eventapp.core.refusal import NotFound
from eventapp.editions.changes.rules import Spot
from eventapp.notices.models import NoticeKind
from eventapp.outbox.letters import letter
from eventapp.outbox.models import Message
from eventapp.outbox.rules import Mail
from eventapp.registration.models import Participant
from eventapp.registration.queries import find_participant, link_token


def _changed(message: Message, **context: Any) -> Mail:
    facts = message.facts
    old, new = Spot.from_facts(facts["old"]), Spot.from_facts(facts["new"])
    item = Localized(facts["item"]) if "item" in facts else None
    return _letter("editions/mail/changed", message, old=old, new=new, item=item, **context)


def _called_off(message: Message) -> Mail:
    return _letter("editions/mail/called_off", message, why=Localized(message.facts["reason"]))


def _item_cancelled(message: Message) -> Mail:
    return _letter("editions/mail/item_cancelled", message, **_item(message))


def _item_restored(message: Message) -> Mail:
    return _letter("editions/mail/item_restored", message, **_item(message))


def _item(message: Message) -> dict[str, Any]:
    return {"item": Localized(message.facts["item"]), "spot": Spot.from_facts(message.facts["spot"])}


def preview_change(facts: dict[str, Any], guest: Participant, language: str) -> Mail:
    """Write the mail about a change as this guest would get it in `language`, without sending it."""
    message = Message(kind="editions.changed", language=language, facts={**facts, "participant": guest.public_id})
    return _changed(message, token="example")  # noqa: S106 - the guest's own link is nobody else's


def _letter(folder: str, message: Message, **context: Any) -> Mail:
    guest = find_participant(message.facts["participant"])
    if guest is None:
        raise NotFound
    event = guest.registration.event
    with i18n.speaking(message.language):
        reason, foot = _("You get this e-mail because you signed up for this event."), _foot(guest)
    return letter(
        folder,
        message.language,
        organiser=event.organiser,
        reply_to=event.contact_email,
        foot=foot,
        reason=reason,
        guest=guest,
        event=event,
        **{"token": link_token(guest), **context},
    )


def _foot(guest: Participant) -> list[tuple[str, str]]:
    kinds = (
        (_("Legal notice"), NoticeKind.LEGAL),
        (_("Privacy"), NoticeKind.PRIVACY),
        (_("Accessibility"), NoticeKind.ACCESSIBILITY),
    )
    here = {"lang": i18n.current_language(), "organiser": guest.registration.event.organiser.slug}
    return [(label, absolute("notices.page", kind=kind.value, **here)) for label, kind in kinds]


MAILS: dict[str, Callable[[Message], Mail]] = {
    "editions.changed": _changed,
    "editions.called_off": _called_off,
    "editions.item_cancelled": _item_cancelled,
    "editions.item_restored": _item_restored,
}
