"""The mails to people who are invited: the invitation and one that brings it to mind."""

from collections.abc import Callable
from zoneinfo import ZoneInfo

from flask_babel import gettext as _

from eventapp.core import i18n
from eventapp.core.refusal import NotFound
from eventapp.outbox.letters import letter
from eventapp.outbox.models import Message
from eventapp.outbox.rules import Mail
from eventapp.registration.invitations.queries import find_invitation, link_token
from eventapp.registration.mails import notice_links


def _letter(folder: str, message: Message) -> Mail:
    invitation = find_invitation(message.facts["invitation"])
    if invitation is None:
        raise NotFound
    event, organiser = invitation.event, invitation.event.organiser
    own = i18n.interface(message.language)
    with i18n.speaking(own):
        foot = notice_links(own, organiser)
        reason = _("You get this e-mail because %(organiser)s invites you.", organiser=organiser.name)
    return letter(
        folder,
        message.language,
        organiser=organiser,
        reply_to=event.contact_email,
        foot=foot,
        reason=reason,
        invitation=invitation,
        event=event,
        zone=ZoneInfo(event.zone),
        token=link_token(invitation),
    )


def _invitation(message: Message) -> Mail:
    return _letter("registration/invitations/mail/invitation", message)


def _reminder(message: Message) -> Mail:
    return _letter("registration/invitations/mail/reminder", message)


MAILS: dict[str, Callable[[Message], Mail]] = {
    "registration.invitation": _invitation,
    "registration.invitation_reminder": _reminder,
}
