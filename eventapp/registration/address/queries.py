"""The link by which the address of a registration is confirmed; it goes by mail only."""

from sqlalchemy import select
from sqlalchemy.orm import joinedload, selectinload

from eventapp.core import clock, signing
from eventapp.core.db import db
from eventapp.core.refusal import NotFound
from eventapp.events.models import Event
from eventapp.registration.models import Registration
from eventapp.registration.rules import LINK_LIVES

ADDRESS = "address"
"""Purpose of the link."""


def address_token(unit: Registration) -> str:
    """Return the token of the link that confirms the address of a registration."""
    return signing.make(ADDRESS, unit.public_id, unit.link_version)


def get_by_address(token: str) -> Registration:
    """Return the registration whose address this link confirms, with event, organiser and people; raise NotFound."""
    claim = signing.read(ADDRESS, token)
    found = (
        select(Registration)
        .where(Registration.public_id == (claim.public_id if claim else ""))
        .options(
            joinedload(Registration.event).joinedload(Event.organiser),
            selectinload(Registration.participants),
        )
    )
    unit = db.session.scalar(found)
    if claim is None or unit is None or not claim.fits(unit.link_version):
        raise NotFound
    if clock.now() > unit.event.ends_at + LINK_LIVES:
        raise NotFound
    return unit
