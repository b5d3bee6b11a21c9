"""States of a participant and their moves; who is the same person; which wishes go together. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from functools import lru_cache
from itertools import combinations

from eventapp.core.search import fold, fold_email
from eventapp.events.rules import EventState


class ParticipantState(StrEnum):
    """Where a participant stands; each is explained in docs/states.md."""

    UNCONFIRMED = "unconfirmed"
    """Has a place for a while, until the e-mail address is confirmed."""
    TO_APPROVE = "to_approve"
    WAITLISTED = "waitlisted"
    OFFERED = "offered"
    """A place that came free is kept for an answer."""
    CONFIRMED = "confirmed"
    CANCELLED = "cancelled"
    EXPIRED = "expired"
    """The offer, or the time to confirm the address, ran out."""
    DECLINED = "declined"
    """The organiser did not approve."""


class Action(StrEnum):
    """What can happen to a participant."""

    CONFIRM = "confirm"
    """Gets a place for good: by the order of the list, an accepted offer, or the confirmed address."""
    OFFER = "offer"
    APPROVE = "approve"
    DECLINE = "decline"
    EXPIRE = "expire"
    CANCEL = "cancel"
    RESTORE = "restore"
    """Joins the list again, at its end."""
    APPLY = "apply"
    """Comes back to ask for the organiser's approval."""


_S = ParticipantState
_ENDED = {Action.RESTORE: _S.WAITLISTED, Action.APPLY: _S.TO_APPROVE}
MOVES: dict[ParticipantState, dict[Action, ParticipantState]] = {
    _S.UNCONFIRMED: {Action.CONFIRM: _S.CONFIRMED, Action.EXPIRE: _S.EXPIRED, Action.CANCEL: _S.CANCELLED},
    _S.TO_APPROVE: {
        Action.APPROVE: _S.WAITLISTED,
        Action.DECLINE: _S.DECLINED,
        Action.EXPIRE: _S.EXPIRED,
        Action.CANCEL: _S.CANCELLED,
    },
    _S.WAITLISTED: {
        Action.CONFIRM: _S.CONFIRMED,
        Action.OFFER: _S.OFFERED,
        Action.EXPIRE: _S.EXPIRED,
        Action.CANCEL: _S.CANCELLED,
    },
    _S.OFFERED: {Action.CONFIRM: _S.CONFIRMED, Action.EXPIRE: _S.EXPIRED, Action.CANCEL: _S.CANCELLED},
    _S.CONFIRMED: {Action.CANCEL: _S.CANCELLED, Action.DECLINE: _S.DECLINED},
    _S.CANCELLED: _ENDED,
    _S.EXPIRED: _ENDED,
    _S.DECLINED: _ENDED,
}
HOLDS_A_SEAT = frozenset({_S.UNCONFIRMED, _S.OFFERED, _S.CONFIRMED})
LIVING = HOLDS_A_SEAT | {_S.TO_APPROVE, _S.WAITLISTED}
_KINDS = {
    _S.UNCONFIRMED: "address",
    _S.OFFERED: "offer",
    _S.CONFIRMED: "ticket",
}
_STANDINGS = frozenset(_KINDS.get(state, state.value) for state in _S)
"""Kinds of mail that say where somebody stands; others tell what happened, and stay true."""
LINK_LIVES = timedelta(days=180)
"""How long a guest's link opens after the event: as long as contact data may stay."""


class WishState(StrEnum):
    """Where the wish of a confirmed guest for a full item stands."""

    WAITING = "waiting"
    OFFERED = "offered"
    """The seat is kept for an answer, beside the one that the guest has."""
    FULFILLED = "fulfilled"
    EXPIRED = "expired"
    WITHDRAWN = "withdrawn"


WISH_MOVES: dict[WishState, frozenset[WishState]] = {
    WishState.WAITING: frozenset({WishState.OFFERED, WishState.FULFILLED, WishState.WITHDRAWN}),
    WishState.OFFERED: frozenset({WishState.FULFILLED, WishState.EXPIRED, WishState.WITHDRAWN}),
    WishState.FULFILLED: frozenset(),
    WishState.EXPIRED: frozenset(),
    WishState.WITHDRAWN: frozenset(),
}
OPEN_WISH = frozenset({WishState.WAITING, WishState.OFFERED})


class MailsTo(StrEnum):
    """Who of a group gets the tickets."""

    EACH = "each"
    CONTACT = "contact"


class Window(StrEnum):
    """Whether guests can sign up now."""

    NOT_YET = "not_yet"
    OPEN = "open"
    CLOSED = "closed"
    OVER = "over"


def window(now: datetime, opens: datetime | None, closes: datetime | None, ends: datetime) -> Window:
    """Tell whether guests can sign up at `now`; without times it is open until the event ends."""
    if now >= ends:
        return Window.OVER
    if opens is not None and now < opens:
        return Window.NOT_YET
    return Window.CLOSED if closes is not None and now >= closes else Window.OPEN


def is_running(state: EventState, ends_at: datetime, now: datetime) -> bool:
    """Tell whether places of an event are still given: it is neither over nor called off."""
    return state is not EventState.CALLED_OFF and now < ends_at


def kind_of(state: ParticipantState, *, is_address_open: bool) -> str:
    """Return the kind of mail that says where somebody stands."""
    if is_address_open and state in LIVING:
        return "address"
    return _KINDS.get(state, state.value)


def true_kind(
    kind: str, state: ParticipantState, *, due: datetime | None, is_address_open: bool, is_running: bool, now: datetime
) -> str:
    """Return which kind of mail is true at `now`, when one of `kind` was written earlier.

    `due` is when an offer or the time to confirm the address ends. Moves that came between have mails of their own;
    until those arrive, an old one must not promise what is over.
    """
    if kind not in _STANDINGS:
        return kind
    if not is_running and state in LIVING:
        return "closed"
    if state in LIVING and due is not None and due <= now:
        return "expired"
    return kind_of(state, is_address_open=is_address_open)


@dataclass(frozen=True)
class Choosable:
    """An agenda item that guests choose: its id and time."""

    id: int
    starts_at: datetime
    ends_at: datetime


def clashing(items: Iterable[Choosable]) -> tuple[Choosable, Choosable] | None:
    """Return two of the items that run at the same time, None when all go together."""
    for first, second in combinations(items, 2):
        if first.starts_at < second.ends_at and second.starts_at < first.ends_at:
            return first, second
    return None


def slots(items: Iterable[Choosable]) -> list[list[Choosable]]:
    """Part items, ordered by time, into groups such that items of different groups never run at the same time."""
    groups: list[list[Choosable]] = []
    for item in sorted(items, key=lambda x: x.starts_at):
        if groups and item.starts_at < max(x.ends_at for x in groups[-1]):
            groups[-1].append(item)
        else:
            groups.append([item])
    return groups


def overlaps(group: Iterable[Choosable]) -> bool:
    """Tell whether every two items of a group run at the same time, so that only one of them can be chosen."""
    items = list(group)
    return max(x.starts_at for x in items) < min(x.ends_at for x in items)


def identity(email: str, given_name: str, family_name: str) -> str:
    """Return what makes two registrations the same person: folded e-mail and folded whole name.

    A shared mailbox with another name is another person.
    """
    return f"{fold_email(email)}|{fold(f'{given_name} {family_name}') or given_name}"[:500]


def search_text(*parts: str) -> str:
    """Return the folded text in which a participant is searched."""
    return " ".join(fold(part) for part in parts if part)[:1000]


def sort_key(given_name: str, family_name: str) -> str:
    """Return the folded key by which lists of names are sorted, family name first."""
    return fold(f"{family_name} {given_name}")[:300]


@lru_cache(1024)
def organisation_key(name: str) -> str:
    """Return how an organisation is counted: its name with case, accents, marks and spelling variants folded."""
    return fold(name)[:200]
