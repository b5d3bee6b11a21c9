"""Reads of a group: all its parts by the link that its contact got, and where those stand who wait."""

from dataclasses import dataclass
from functools import cached_property

from sqlalchemy import or_, select
from sqlalchemy.orm import joinedload, selectinload

from eventapp.agenda.models import AgendaItem
from eventapp.capacity.queries import read_limits
from eventapp.capacity.rules import lacking
from eventapp.core import clock, signing
from eventapp.core.db import db
from eventapp.core.localized import Localized
from eventapp.core.refusal import NotFound
from eventapp.events.models import Event
from eventapp.registration.models import ItemChoice, Participant, Registration
from eventapp.registration.queries import link_token, name_limits
from eventapp.registration.rules import LINK_LIVES, ParticipantState
from eventapp.registration.waitlist.queries import list_waiting
from eventapp.registration.waitlist.rules import Place, place
from eventapp.tickets.queries import find_codes

LINK = "group"
"""Purpose of the link of a group's page."""


@dataclass(frozen=True)
class Group:
    """What one person registered in one go: parts of it may have been divided or have joined the list again."""

    units: tuple[Registration, ...]

    @property
    def event(self) -> Event:
        """The event of the group."""
        return self.units[0].event

    @property
    def contact(self) -> Registration:
        """The part from which name, address and language of the contact are read."""
        return self.units[0]

    @cached_property
    def people(self) -> list[Participant]:
        """Everybody, in the order in which they were told."""
        return sorted((person for unit in self.units for person in unit.participants), key=lambda person: person.id)

    @property
    def living(self) -> list[Participant]:
        """Those who have not cancelled, expired or been declined."""
        return [person for unit in self.units for person in unit.living]

    @cached_property
    def tickets(self) -> dict[int, str]:
        """The ticket codes of those who have a place, by row id."""
        return find_codes(person.id for person in self.people if person.state is ParticipantState.CONFIRMED)

    def get_person(self, public_id: str) -> Participant:
        """Return the person of this group with a public id; raise NotFound."""
        found = next((person for person in self.people if person.public_id == public_id), None)
        if found is None:
            raise NotFound
        return found

    def get_unit(self, public_id: str) -> Registration:
        """Return the part of this group with a public id; raise NotFound."""
        found = next((unit for unit in self.units if unit.public_id == public_id), None)
        if found is None:
            raise NotFound
        return found


def get_by_link(token: str) -> Group:
    """Return the group whose link this is; raise NotFound when it never was one or its time is over."""
    claim = signing.read(LINK, token)
    group = find_group(claim.public_id) if claim is not None else None
    if claim is None or group is None or not claim.fits(group.get_unit(claim.public_id).link_version):
        raise NotFound
    if clock.now() > group.event.ends_at + LINK_LIVES:
        raise NotFound
    return group


def find_group(public_id: str) -> Group | None:
    """Find a group by the public id of any of its parts, with all parts that have people, and what its page shows."""
    row = db.session.execute(
        select(Registration.id, Registration.first_id).where(
            Registration.public_id == public_id, Registration.is_group.is_(True)
        )
    ).first()
    if row is None:
        return None
    first = row.first_id or row.id
    units = db.session.scalars(
        select(Registration)
        .where(or_(Registration.id == first, Registration.first_id == first))
        .order_by(Registration.number, Registration.part)
        .options(
            joinedload(Registration.event).joinedload(Event.organiser),
            selectinload(Registration.participants).joinedload(Participant.category),
            selectinload(Registration.participants)
            .selectinload(Participant.choices)
            .joinedload(ItemChoice.item)
            .joinedload(AgendaItem.room),
        )
    )
    return Group(tuple(units))


def find_title(item_id: int) -> Localized | None:
    """Find the title of an item."""
    return db.session.scalar(select(AgendaItem.title).where(AgendaItem.id == item_id))


def group_token(unit: Registration) -> str:
    """Return the token of the group's page; it can be made again at any time."""
    return signing.make(LINK, unit.public_id, unit.link_version)


def person_tokens(group: Group) -> dict[int, str]:
    """Return by row id the tokens of the pages of all people."""
    return {person.id: link_token(person) for person in group.people}


def list_places(group: Group) -> dict[int, tuple[Place, list[Localized | None]]]:
    """Return for each part that waits its place in the list and the titles of what is full, by row id."""
    waiting = {unit.id for unit in group.units if any(x.state is ParticipantState.WAITLISTED for x in unit.living)}
    if not waiting:
        return {}
    event_id = group.event.id
    limits = read_limits(event_id)
    queue = list_waiting(event_id, limits)
    found = {}
    for unit in queue:
        if unit.registration_id in waiting and unit.wish_id is None:
            mine = place(queue, unit.registration_id, lacking(unit.need, limits))
            found[unit.registration_id] = (mine, name_limits(event_id, mine.lacks))
    return found
