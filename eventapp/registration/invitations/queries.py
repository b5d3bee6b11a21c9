"""Reads of invitations."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from flask_sqlalchemy.pagination import Pagination
from sqlalchemy import ColumnElement, func, or_, select
from sqlalchemy.orm import contains_eager, joinedload

from eventapp.core import signing
from eventapp.core.db import db
from eventapp.core.refusal import NotFound
from eventapp.events.models import Event
from eventapp.registration.invitations.models import Invitation
from eventapp.registration.invitations.rules import InvitationState
from eventapp.registration.models import Participant

LINK = "invitation"
"""Purpose of an invitation's link."""
EXPIRED = "expired"
"""What the list calls open invitations whose time is over."""


@dataclass(frozen=True)
class Listed:
    """An invitation in the organiser's list: its state by name, and who came of it, by public id."""

    invitation: Invitation
    state: str
    guest: str | None


def get_by_link(token: str) -> Invitation:
    """Return the invitation whose link this is, in any state, with event, organiser and category; raise NotFound."""
    claim = signing.read(LINK, token)
    found = find_invitation(claim.public_id) if claim is not None else None
    if claim is None or found is None or not claim.fits(found.version):
        raise NotFound
    return found


def find_invitation(public_id: str, event_id: int | None = None) -> Invitation | None:
    """Find an invitation, of one event if given, with event, organiser and category."""
    wanted = (
        select(Invitation)
        .where(Invitation.public_id == public_id)
        .options(joinedload(Invitation.event).joinedload(Event.organiser), joinedload(Invitation.category))
    )
    if event_id is not None:
        wanted = wanted.where(Invitation.event_id == event_id)
    return db.session.scalar(wanted)


def get_invitation(public_id: str, event_id: int) -> Invitation:
    """Return an invitation of an event; raise NotFound."""
    found = find_invitation(public_id, event_id)
    if found is None:
        raise NotFound
    return found


def link_token(invitation: Invitation) -> str:
    """Return the token of an invitation's link; it can be made again at any time."""
    return signing.make(LINK, invitation.public_id, invitation.version)


def state_of(invitation: Invitation, now: datetime) -> str:
    """Return the state by name; an open one whose time is over is "expired"."""
    is_over = invitation.state is InvitationState.OPEN and invitation.ends <= now
    return EXPIRED if is_over else invitation.state.value


def page_invitations(event: Event, now: datetime, state: str, number: int | None) -> Pagination:
    """Return a page of an event's invitations in a state (empty: all), the newest first, as `Listed`."""
    wanted = select(Invitation).where(Invitation.event_id == event.id)
    if state:
        wanted = wanted.where(_in_state(event, now, state))
    wanted = wanted.options(joinedload(Invitation.category), joinedload(Invitation.event))
    page = db.paginate(wanted.order_by(Invitation.id.desc()), page=number or 1, per_page=50, error_out=False)
    guests = find_guests([each.registration_id for each in page.items if each.registration_id is not None])
    page.items = [Listed(x, state_of(x, now), guests.get(x.registration_id or 0)) for x in page.items]
    return page


def count_by_state(event: Event, now: datetime) -> dict[str, int]:
    """Return how many invitations stand where, the expired counted by themselves."""
    mine = Invitation.event_id == event.id
    rows = db.session.execute(select(Invitation.state, func.count()).where(mine).group_by(Invitation.state))
    found = {row[0].value: row[1] for row in rows}
    over = db.session.scalar(select(func.count(Invitation.id)).where(mine, _in_state(event, now, EXPIRED))) or 0
    counts = {state.value: found.get(state.value, 0) for state in InvitationState}
    return {**counts, InvitationState.OPEN.value: counts["open"] - over, EXPIRED: over}


def find_guests(registration_ids: Collection[int]) -> dict[int, str]:
    """Find who came of invitations: per registration the public id of its guest."""
    wanted = Participant.registration_id.in_(registration_ids)
    rows = db.session.execute(select(Participant.registration_id, Participant.public_id).where(wanted))
    return {row[0]: row[1] for row in rows}


def find_open_identities(event_id: int, identities: Collection[str]) -> set[str]:
    """Find out of these people those who have an open invitation, expired ones included."""
    mine = Invitation.event_id == event_id, Invitation.state == InvitationState.OPEN
    return set(db.session.scalars(select(Invitation.identity).where(*mine, Invitation.identity.in_(identities))))


def list_open(event_id: int) -> list[Invitation]:
    """Return all invitations that nobody has answered, with their event."""
    mine = Invitation.event_id == event_id, Invitation.state == InvitationState.OPEN
    wanted = select(Invitation).join(Invitation.event).where(*mine).options(contains_eager(Invitation.event))
    return list(db.session.scalars(wanted.order_by(Invitation.id)))


def _in_state(event: Event, now: datetime, state: str) -> ColumnElement[bool]:
    if state not in (EXPIRED, InvitationState.OPEN.value):
        return Invitation.state == state
    usual = event.registration_closes_at or event.starts_at
    is_over = or_(Invitation.expires_at <= now, Invitation.expires_at.is_(None) & (usual <= now))
    is_over = is_over if event.ends_at > now else Invitation.id.is_not(None)
    return (Invitation.state == InvitationState.OPEN) & (
        is_over if state == EXPIRED else ~func.coalesce(is_over, False)
    )
