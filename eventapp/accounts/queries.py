"""Reads of accounts, organisers and roles."""

from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.orm import joinedload

from eventapp.accounts.models import Account, ColleagueInvitation, Membership, Organiser
from eventapp.accounts.rules import Role
from eventapp.core.db import db
from eventapp.core.search import fold, fold_email


def find_account(email: str) -> Account | None:
    """Find the account with this e-mail address."""
    return db.session.scalar(select(Account).where(Account.email_key == fold_email(email)))


def find_account_by_id(public_id: str) -> Account | None:
    """Find an account by its public id."""
    return db.session.scalar(select(Account).where(Account.public_id == public_id))


def find_invitation(public_id: str) -> ColleagueInvitation | None:
    """Find the invitation of a colleague by its public id."""
    return db.session.scalar(select(ColleagueInvitation).where(ColleagueInvitation.public_id == public_id))


def find_membership(account_id: int, organiser_id: int, event_id: int | None) -> Membership | None:
    """Find the role of an account for the whole organiser (no event), or for one event."""
    mine = (Membership.account_id == account_id, Membership.organiser_id == organiser_id, at_place(event_id))
    return db.session.scalar(select(Membership).where(*mine))


def at_place(event_id: int | None) -> ColumnElement[bool]:
    """Return the condition that a role counts for the whole organiser (no event), or for exactly this event."""
    return Membership.event_id.is_(None) if event_id is None else Membership.event_id == event_id


def list_memberships(account_id: int) -> list[Membership]:
    """Return all roles of an account with their organisers, by name, those for whole organisers first."""
    mine = select(Membership).where(Membership.account_id == account_id).options(joinedload(Membership.organiser))
    return sorted(db.session.scalars(mine), key=lambda m: (fold(str(m.organiser.name)), m.event_id is not None, m.id))


def find_session_account(session_id: str) -> Account | None:
    """Find the account of a session; a password change since then has ended it."""
    account = db.session.scalar(select(Account).where(Account.public_id == in_session(session_id)))
    return account if account is not None and account.get_id() == session_id else None


def in_session(session_id: str) -> str:
    """Return the public id of the account that a session names."""
    return session_id.partition("|")[0]


def find_organiser(slug: str) -> Organiser | None:
    """Find an organiser by its address."""
    return db.session.scalar(select(Organiser).where(Organiser.slug == slug))


def list_roles(account_id: int, organiser_id: int, event_id: int | None) -> frozenset[Role]:
    """Return the roles of an account: for the whole organiser and, if an event is given, for that event."""
    place: ColumnElement[bool] = Membership.event_id.is_(None)
    if event_id is not None:
        place = or_(place, Membership.event_id == event_id)
    mine = select(Membership.role).where(
        Membership.account_id == account_id, Membership.organiser_id == organiser_id, place
    )
    return frozenset(db.session.scalars(mine))
