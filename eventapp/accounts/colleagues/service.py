"""Use cases of colleagues: invite by mail, accept, change a role, take it away. Every act leaves a history entry.

A place is an organiser, or one of its events. All acts lock the organiser, so that the last owner stays also when
two people act at once.
"""

from datetime import timedelta

from flask_babel import lazy_gettext as _l
from sqlalchemy import select

from eventapp.accounts.colleagues.queries import Place, find_colleague
from eventapp.accounts.models import Account, ColleagueInvitation, Membership
from eventapp.accounts.queries import find_account, find_invitation, find_membership
from eventapp.accounts.rules import STRENGTH, Role
from eventapp.accounts.service import create_account, grant, lock_roles, refuse_last_owner
from eventapp.accounts.signin.service import LinkEnded
from eventapp.core import audit, clock, ids, limits, signing
from eventapp.core.db import db, transaction
from eventapp.core.i18n import interface
from eventapp.core.localized import Localized
from eventapp.core.refusal import NotFound, Refusal
from eventapp.core.search import fold_email
from eventapp.outbox.service import post

JOIN = "join"
INVITATION_LASTS = timedelta(days=7)
_MAILS, _WINDOW = 60, timedelta(hours=1)


class AlreadyColleague(Refusal):
    """Whoever is invited has this role or a stronger one here."""

    code = "already_colleague"
    message = _l("This person works here already. You can change the role in the list.")
    field = "email"


def invite(place: Place, email: str, role: Role, language: str, event_title: Localized | None = None) -> str:
    """Invite somebody by mail and return the invitation's public id; who is invited already gets a new mail."""
    limits.hit("invite", str(place.organiser_id), _MAILS, _WINDOW)
    with transaction() as session:
        lock_roles(place.organiser_id)
        account = find_account(email)
        if account and find_membership(account.id, place.organiser_id, place.event_id):
            raise AlreadyColleague
        invitation = _open_one(place, email)
        if invitation is None:
            invitation = ColleagueInvitation(
                public_id=ids.public_id(),
                organiser_id=place.organiser_id,
                event_id=place.event_id,
                email=email.strip(),
                link_version=0,
                created_at=clock.now(),
            )
            session.add(invitation)
        invitation.role, invitation.language = Role(role), interface(language)
        _send(invitation, event_title)
        _record("colleague.invited", invitation, role=invitation.role.value)
        return invitation.public_id


def resend(place: Place, public_id: str, event_title: Localized | None = None) -> None:
    """Send an invitation again, with a new link and a new week; the old link ends."""
    limits.hit("invite", str(place.organiser_id), _MAILS, _WINDOW)
    with transaction():
        lock_roles(place.organiser_id)
        invitation = _get_open(place, public_id)
        _send(invitation, event_title)
        _record("colleague.invited_again", invitation)


def withdraw(place: Place, public_id: str) -> None:
    """Take an invitation back; its link ends."""
    with transaction() as session:
        lock_roles(place.organiser_id)
        invitation = _get_open(place, public_id)
        _record("colleague.invitation_withdrawn", invitation)
        session.delete(invitation)


def join_token(invitation: ColleagueInvitation) -> str:
    """Return the token of the link by which an invitation is accepted."""
    return signing.make(JOIN, invitation.public_id, invitation.link_version, invitation.expires_at)


def get_by_join(token: str) -> ColleagueInvitation:
    """Return the open invitation that a link belongs to; raise LinkEnded."""
    claim = signing.read(JOIN, token)
    invitation = find_invitation(claim.public_id) if claim else None
    if claim is None or invitation is None or invitation.accepted_at or not claim.fits(invitation.link_version):
        raise LinkEnded
    return invitation


def join(token: str, account_id: int) -> Account:
    """Accept an invitation with an account that exists; a stronger role that it has here stays."""
    with transaction() as session:
        lock_roles(get_by_join(token).organiser_id)
        invitation = get_by_join(token)
        account = session.get_one(Account, account_id)
        had = find_membership(account.id, invitation.organiser_id, invitation.event_id)
        if had is None or STRENGTH[had.role] < STRENGTH[invitation.role]:
            grant(account.id, invitation.organiser_id, invitation.role, invitation.event_id)
        invitation.accepted_at = clock.now()
        _record("colleague.joined", invitation, account=account.public_id)
        return account


def join_new(token: str, name: str, password: str, language: str) -> Account:
    """Accept an invitation with a new account for the address that was invited."""
    with transaction():
        account = create_account(get_by_join(token).email, name, password, language)
        audit.actor.set(f"account:{account.public_id}")
        return join(token, account.id)


def change_role(place: Place, account_public_id: str, role: Role) -> None:
    """Give a colleague another role here; raise LastOwner if nobody else could give roles then."""
    with transaction():
        lock_roles(place.organiser_id)
        membership = _get_colleague(place, account_public_id)
        grant(membership.account_id, place.organiser_id, Role(role), place.event_id)


def remove(place: Place, account_public_id: str) -> None:
    """Take the role of a colleague here away; raise LastOwner if nobody else could give roles then."""
    with transaction() as session:
        lock_roles(place.organiser_id)
        membership = _get_colleague(place, account_public_id)
        refuse_last_owner(membership)
        about = f"account:{account_public_id}"
        facts = {"role": membership.role.value}
        where = {"organiser_id": place.organiser_id, "event_id": place.event_id}
        audit.record("colleague.removed", about, facts=facts, **where)
        session.delete(membership)


def _send(invitation: ColleagueInvitation, event_title: Localized | None) -> None:
    invitation.link_version += 1
    invitation.expires_at = clock.now() + INVITATION_LASTS
    db.session.flush()
    facts = {"event": dict(event_title)} if event_title else {}
    about = f"invitation:{invitation.public_id}"
    post(
        "accounts.invitation",
        invitation.email,
        invitation.language,
        facts,
        event_id=invitation.event_id,
        organiser_id=invitation.organiser_id,
        about=about,
    )


def _record(action: str, invitation: ColleagueInvitation, **facts: str) -> None:
    where = {"organiser_id": invitation.organiser_id, "event_id": invitation.event_id}
    audit.record(action, f"invitation:{invitation.public_id}", facts=facts, **where)


def _open_one(place: Place, email: str) -> ColleagueInvitation | None:
    mine = select(ColleagueInvitation).where(
        ColleagueInvitation.organiser_id == place.organiser_id, ColleagueInvitation.accepted_at.is_(None)
    )
    for invitation in db.session.scalars(mine):
        if invitation.event_id == place.event_id and fold_email(invitation.email) == fold_email(email):
            return invitation
    return None


def _get_open(place: Place, public_id: str) -> ColleagueInvitation:
    invitation = find_invitation(public_id)
    if invitation is None or invitation.accepted_at is not None:
        raise NotFound
    if (invitation.organiser_id, invitation.event_id) != (place.organiser_id, place.event_id):
        raise NotFound
    return invitation


def _get_colleague(place: Place, account_public_id: str) -> Membership:
    membership = find_colleague(place, account_public_id)
    if membership is None:
        raise NotFound
    return membership
