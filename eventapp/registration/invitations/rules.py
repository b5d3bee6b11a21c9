"""States of an invitation and their moves, how long it works, when it may be brought to mind again. Pure."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from eventapp.events.rules import OrganisationKind


class InvitationState(StrEnum):
    """Where an invitation stands; that it has expired is told by the time."""

    OPEN = "open"
    REDEEMED = "redeemed"
    DECLINED = "declined"
    """The invited person does not come."""
    WITHDRAWN = "withdrawn"
    """The organiser took it back."""


class InvitationAction(StrEnum):
    """What can happen to an invitation."""

    REDEEM = "redeem"
    DECLINE = "decline"
    WITHDRAW = "withdraw"
    RENEW = "renew"
    """It ran out and gets more time."""


_S = InvitationState
MOVES: dict[InvitationState, dict[InvitationAction, InvitationState]] = {
    _S.OPEN: {
        InvitationAction.REDEEM: _S.REDEEMED,
        InvitationAction.DECLINE: _S.DECLINED,
        InvitationAction.WITHDRAW: _S.WITHDRAWN,
        InvitationAction.RENEW: _S.OPEN,
    },
    _S.REDEEMED: {},
    _S.DECLINED: {},
    _S.WITHDRAWN: {},
}
REMIND_AFTER = timedelta(days=1)
"""A guest is reminded, or written to at all, at most once in this time."""


@dataclass(frozen=True)
class Invited:
    """What an organiser says about somebody whom they invite; ids are those of this event."""

    email: str
    category_id: int
    language: str = "de"
    title: str = ""
    given_name: str = ""
    family_name: str = ""
    organisation: str = ""
    organisation_kind: OrganisationKind | None = None


def ends(expires_at: datetime | None, closes_at: datetime | None, starts_at: datetime, ends_at: datetime) -> datetime:
    """Return until when an invitation works: its own time, else until registration closes, else until the start.

    Never longer than the event lasts.
    """
    return min(expires_at or closes_at or starts_at, ends_at)


def may_remind(now: datetime, sent_at: datetime, reminded_at: datetime | None) -> bool:
    """Tell whether the last mail about an invitation is a day old."""
    return (reminded_at or sent_at) + REMIND_AFTER <= now
