"""Writes of invitations by the organiser, and the guest's no; the yes is a sign-up (`registration.signup`).

Every write holds the event's lock, as the sign-up does that redeems one.
"""

from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from typing import Any

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from eventapp.capacity.service import lock
from eventapp.core import audit, clock, ids
from eventapp.core.db import db, transaction
from eventapp.core.refusal import NotFound
from eventapp.core.search import fold_email
from eventapp.events.models import Event
from eventapp.events.rules import EventState
from eventapp.outbox.rules import Letter
from eventapp.outbox.service import post_all, recall
from eventapp.registration.codes.models import AccessCode
from eventapp.registration.codes.rules import opens
from eventapp.registration.invitations import queries, refusals
from eventapp.registration.invitations.models import Invitation
from eventapp.registration.invitations.rules import MOVES, InvitationAction, InvitationState, Invited, ends, may_remind
from eventapp.registration.queries import find_living_identities
from eventapp.registration.refusals import CalledOff, Over, WrongCategory
from eventapp.registration.rules import identity
from eventapp.registration.signup.rules import Terms

_ENDED = {
    InvitationState.REDEEMED: refusals.InvitationUsed,
    InvitationState.DECLINED: refusals.InvitationDeclined,
    InvitationState.WITHDRAWN: refusals.InvitationWithdrawn,
}


def invite(event_id: int, given: Invited, words: str = "", expires_at: datetime | None = None) -> Invitation:
    """Invite somebody by mail; raise AlreadyInvited or AlreadyRegistered for whom that is true."""
    with transaction() as session:
        lock(event_id)
        who = identity_of(given)
        if queries.find_open_identities(event_id, [who]):
            raise refusals.AlreadyInvited
        if find_living_identities(event_id, [who]):
            raise refusals.AlreadyRegistered
        (public_id,) = invite_all(event_id, [given], words, expires_at)
        return session.scalars(select(Invitation).where(Invitation.public_id == public_id)).one()


def invite_all(
    event_id: int, people: Sequence[Invited], words: str = "", expires_at: datetime | None = None
) -> list[str]:
    """Invite people of whom none is invited or registered, each with a mail; return the invitations' public ids."""
    with transaction() as session:
        event = _open_event(session, event_id)
        check_expiry(event, expires_at)
        if not {one.category_id for one in people} <= {category.id for category in event.categories}:
            raise WrongCategory
        now = clock.now()
        rows = [_row(event_id, one, words, expires_at, now) for one in people]
        if rows:
            session.execute(insert(Invitation), rows)
        post_all([_letter(event, row["public_id"], row["email"], row["language"]) for row in rows])
        audit.record_all([audit.Entry("invitation.sent", about(row["public_id"]), event_id) for row in rows])
        return [row["public_id"] for row in rows]


def remind(public_id: str, event_id: int) -> None:
    """Bring an invitation to mind; raise NotYetAgain within a day of the last mail."""
    with _held(public_id, event_id) as (event, invitation):
        check_usable(invitation, event, clock.now())
        if not may_remind(clock.now(), invitation.sent_at, invitation.reminded_at):
            raise refusals.NotYetAgain
        _remind(event, [invitation])


def remind_all(event_id: int) -> int:
    """Bring all open invitations to mind that are a day old and whose guests are not registered; return how many."""
    with transaction() as session:
        event = _open_event(session, event_id)
        due = list_remindable(event_id, clock.now())
        _remind(event, due)
        return len(due)


def list_remindable(event_id: int, now: datetime) -> list[Invitation]:
    """Return the invitations of which `remind_all` would write now."""
    found = [
        one for one in queries.list_open(event_id) if one.ends > now and may_remind(now, one.sent_at, one.reminded_at)
    ]
    registered = find_living_identities(event_id, [one.identity for one in found])
    return [one for one in found if one.identity not in registered]


def withdraw(public_id: str, event_id: int) -> None:
    """Take an invitation back; its link says so from now on."""
    with _held(public_id, event_id) as (_event, invitation):
        _check_open(invitation)
        _move(invitation, InvitationAction.WITHDRAW)


def renew(public_id: str, event_id: int, expires_at: datetime | None) -> None:
    """Give an invitation that ran out more time and send it again; the earlier link ends."""
    with _held(public_id, event_id) as (event, invitation):
        _check_open(invitation)
        if invitation.ends > clock.now():
            raise refusals.NotExpired
        check_expiry(event, expires_at)
        _move(invitation, InvitationAction.RENEW)
        invitation.version += 1
        invitation.expires_at, invitation.sent_at, invitation.reminded_at = expires_at, clock.now(), None
        post_all([_letter(event, invitation.public_id, invitation.email, invitation.language)])


def decline(public_id: str, event_id: int) -> None:
    """Let the invited guest say no; saying it twice is once."""
    with _held(public_id, event_id, is_open=False) as (event, invitation):
        if invitation.state is not InvitationState.DECLINED:
            check_usable(invitation, event, clock.now())
            _move(invitation, InvitationAction.DECLINE)


def redeem(invitation: Invitation, registration_id: int) -> None:
    """Mark an invitation as used; the sign-up calls it under the event's lock, in its own transaction."""
    _move(invitation, InvitationAction.REDEEM)
    invitation.registration_id = registration_id


def check_usable(invitation: Invitation, event: Event | Terms, now: datetime) -> None:
    """Raise the refusal that says why an invitation cannot be used now, if it cannot."""
    if event.state is EventState.CALLED_OFF:
        raise CalledOff
    if event.ends_at <= now:
        raise Over
    _check_open(invitation)
    if ends(invitation.expires_at, event.registration_closes_at, event.starts_at, event.ends_at) <= now:
        raise refusals.InvitationExpired


def check_expiry(event: Event, expires_at: datetime | None) -> None:
    """Raise a Refusal unless an invitation that is sent now would work for a while."""
    now = clock.now()
    if expires_at is not None and not now < expires_at <= event.ends_at:
        raise refusals.WrongExpiry
    if ends(expires_at, event.registration_closes_at, event.starts_at, event.ends_at) <= now:
        raise refusals.NoTimeLeft


def keep_category(event_id: int, category_id: int) -> None:
    """Raise CategoryInvited while an open invitation or a code that works leads into a category."""
    with transaction() as session:
        lock(event_id)
        event, now = session.get_one(Event, event_id), clock.now()
        waiting = Invitation.category_id == category_id, Invitation.state == InvitationState.OPEN
        codes = session.scalars(select(AccessCode).where(AccessCode.category_id == category_id))
        is_invited = any(x.ends > now for x in session.scalars(select(Invitation).where(*waiting)))
        if event.ends_at > now and (is_invited or any(opens(now, x.used, x.uses, x.expires_at) for x in codes)):
            raise refusals.CategoryInvited


def identity_of(given: Invited) -> str:
    """Return by what an invited person is the same as another one."""
    return identity(given.email, given.given_name, given.family_name)


def about(public_id: str) -> str:
    """Return how history and mails name an invitation."""
    return f"invitation:{public_id}"


@contextmanager
def _held(public_id: str, event_id: int, *, is_open: bool = True) -> Iterator[tuple[Event, Invitation]]:
    """Run an act on one invitation under its event's lock, with both as they are there."""
    with transaction() as session:
        lock(event_id)
        event = _open_event(session, event_id) if is_open else session.get_one(Event, event_id, populate_existing=True)
        mine = Invitation.public_id == public_id, Invitation.event_id == event_id
        found = session.scalars(select(Invitation).where(*mine).execution_options(populate_existing=True)).one_or_none()
        if found is None:
            raise NotFound
        yield event, found


def _open_event(session: Session, event_id: int) -> Event:
    """Lock the event and return it; raise a Refusal when nobody can be invited to it."""
    lock(event_id)
    event = session.get_one(Event, event_id, populate_existing=True)
    if event.state is EventState.CALLED_OFF:
        raise CalledOff
    if event.ends_at <= clock.now():
        raise Over
    if event.state is not EventState.PUBLISHED:
        raise refusals.NotPublic
    return event


def _check_open(invitation: Invitation) -> None:
    if invitation.state in _ENDED:
        raise _ENDED[invitation.state]


def _move(invitation: Invitation, action: InvitationAction) -> None:
    invitation.state = MOVES[invitation.state][action]
    recall(about(invitation.public_id))
    audit.record(f"invitation.{action.value}", about(invitation.public_id), event_id=invitation.event_id)


def _remind(event: Event, due: Collection[Invitation]) -> None:
    now = clock.now()
    for one in due:
        one.reminded_at = now
    post_all([_letter(event, one.public_id, one.email, one.language, "_reminder") for one in due])
    audit.record_all([audit.Entry("invitation.reminded", about(one.public_id), event.id) for one in due])
    db.session.flush()


def _row(event_id: int, given: Invited, words: str, expires_at: datetime | None, now: datetime) -> dict[str, Any]:
    return {
        **vars(given),
        "public_id": ids.public_id(),
        "event_id": event_id,
        "state": InvitationState.OPEN,
        "email_key": fold_email(given.email),
        "identity": identity_of(given),
        "words": words,
        "expires_at": expires_at,
        "created_at": now,
        "sent_at": now,
    }


def _letter(event: Event, public_id: str, email: str, language: str, suffix: str = "") -> Letter:
    facts = {"invitation": public_id}
    kind = f"registration.invitation{suffix}"
    return Letter(kind, email, language, facts, event.id, event.organiser_id, about(public_id))
