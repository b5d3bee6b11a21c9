"""Mails to people who sign in. Links are made here, at sending time: the rows hold no token."""

from collections.abc import Callable

from eventapp.accounts.colleagues.labels import ROLE_NOTES, ROLES
from eventapp.accounts.colleagues.service import join_token
from eventapp.accounts.queries import find_account_by_id, find_invitation
from eventapp.accounts.signin.service import LinkEnded, reset_token
from eventapp.core.links import absolute
from eventapp.core.localized import Localized
from eventapp.outbox.letters import letter
from eventapp.outbox.models import Message
from eventapp.outbox.rules import Mail


def reset(message: Message) -> Mail:
    """Write the mail with the link for a new password."""
    account = find_account_by_id(_id(message))
    if account is None:
        raise LinkEnded
    token = reset_token(account, int(message.facts["version"]), message.created_at)
    url = absolute("accounts.reset", token=token)
    return letter("accounts/mail/reset", message.language, name=account.name, url=url)


def invitation(message: Message) -> Mail:
    """Write the mail that invites a colleague."""
    found = find_invitation(_id(message))
    if found is None:
        raise LinkEnded
    url = absolute("accounts.accept", token=join_token(found))
    event = Localized(message.facts.get("event"))
    return letter(
        "accounts/mail/invitation",
        message.language,
        organiser=found.organiser,
        event=event,
        role=ROLES[found.role],
        note=ROLE_NOTES[found.role],
        until=found.expires_at,
        url=url,
    )


def _id(message: Message) -> str:
    return (message.about or "").rpartition(":")[2]


MAILS: dict[str, Callable[[Message], Mail]] = {"accounts.reset": reset, "accounts.invitation": invitation}
