"""States of a participant and their moves; who is the same person. Pure."""

from enum import StrEnum

from eventapp.core.search import fold, fold_email


class ParticipantState(StrEnum):
    """Where a participant stands; each is explained in docs/states.md."""

    CONFIRMED = "confirmed"
    WAITLISTED = "waitlisted"
    CANCELLED = "cancelled"


class Action(StrEnum):
    """What can happen to a participant."""

    CONFIRM = "confirm"
    CANCEL = "cancel"


MOVES: dict[ParticipantState | None, dict[Action, ParticipantState]] = {
    ParticipantState.CONFIRMED: {Action.CANCEL: ParticipantState.CANCELLED},
    ParticipantState.WAITLISTED: {
        Action.CONFIRM: ParticipantState.CONFIRMED,
        Action.CANCEL: ParticipantState.CANCELLED,
    },
    ParticipantState.CANCELLED: {},
}
HOLDS_A_SEAT = frozenset({ParticipantState.CONFIRMED})
LIVING = frozenset({ParticipantState.CONFIRMED, ParticipantState.WAITLISTED})


def identity(email: str, given_name: str, family_name: str) -> str:
    """Return what makes two registrations the same person: folded e-mail and folded whole name.

    A shared mailbox with another name is another person.
    """
    return f"{fold_email(email)}|{fold(f'{given_name} {family_name}')}"[:500]


def search_text(*parts: str) -> str:
    """Return the folded text in which a participant is searched."""
    return " ".join(fold(part) for part in parts if part)[:1000]


def sort_key(given_name: str, family_name: str) -> str:
    """Return the folded key by which lists of names are sorted, family name first."""
    return fold(f"{family_name} {given_name}")[:300]
