"""Reads of colleagues and open invitations."""

from collections.abc import Callable
from dataclasses import dataclass

from flask import current_app
from sqlalchemy import select
from sqlalchemy.orm import joinedload

from eventapp.accounts.models import Account, ColleagueInvitation, Membership
from eventapp.accounts.queries import at_place
from eventapp.core.db import db
from eventapp.core.localized import Localized
from eventapp.core.search import fold


@dataclass(frozen=True)
class Place:
    """Where a role counts: for a whole organiser, or for one of its events only."""

    organiser_id: int
    event_id: int | None = None


def list_colleagues(place: Place) -> list[Membership]:
    """Return the roles that count exactly here, with their accounts, by name."""
    here = select(Membership).where(Membership.organiser_id == place.organiser_id, at_place(place.event_id))
    found = db.session.scalars(here.options(joinedload(Membership.account)))
    return sorted(found, key=lambda m: (fold(m.account.name), m.id))


def list_event_roles(organiser_id: int) -> list[Membership]:
    """Return the roles for single events of an organiser, with their accounts."""
    here = select(Membership).where(Membership.organiser_id == organiser_id, Membership.event_id.is_not(None))
    found = db.session.scalars(here.options(joinedload(Membership.account)))
    return sorted(found, key=lambda m: (m.event_id or 0, fold(m.account.name), m.id))


def list_open_invitations(place: Place) -> list[ColleagueInvitation]:
    """Return the invitations that nobody accepted yet, also expired ones: they can be sent again."""
    event = ColleagueInvitation.event_id
    here = event.is_(None) if place.event_id is None else event == place.event_id
    mine = select(ColleagueInvitation).where(
        ColleagueInvitation.organiser_id == place.organiser_id, here, ColleagueInvitation.accepted_at.is_(None)
    )
    return list(db.session.scalars(mine.order_by(ColleagueInvitation.email, ColleagueInvitation.id)))


def find_colleague(place: Place, public_id: str) -> Membership | None:
    """Find the role that counts exactly here of the account with this public id."""
    here = (Membership.organiser_id == place.organiser_id, at_place(place.event_id))
    return db.session.scalar(select(Membership).join(Account).where(Account.public_id == public_id, *here))


def name_events(organiser_id: int) -> dict[int, tuple[str, Localized]]:
    """Return address and title of an organiser's events by id; events stand below us, so the app hands the query in."""
    name: Callable[[int], dict[int, tuple[str, Localized]]] = current_app.extensions["name_events"]
    return name(organiser_id)
