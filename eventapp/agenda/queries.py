"""Reads of the programme: items, rooms, speakers and partners of one event."""

from collections.abc import Iterable
from typing import TypeVar

from sqlalchemy import select
from sqlalchemy.orm import joinedload, selectinload

from eventapp.agenda.models import AgendaItem, ItemSpeaker, Partner, Room, Speaker
from eventapp.agenda.rules import Clash, ItemInput, PartnerInput, RoomInput, Slot, SpeakerInput, clashes, is_outside
from eventapp.capacity.queries import list_limits
from eventapp.capacity.rules import LimitKind
from eventapp.core.db import Base, db
from eventapp.core.refusal import NotFound
from eventapp.events.models import Event

Row = TypeVar("Row", bound=Base)


def list_items(event_id: int) -> list[AgendaItem]:
    """Return all items in the order of the day, with room and people, in three queries; cancelled ones included."""
    wanted = select(AgendaItem).where(AgendaItem.event_id == event_id)
    loaded = wanted.options(
        joinedload(AgendaItem.room),
        selectinload(AgendaItem.people).joinedload(ItemSpeaker.speaker).joinedload(Speaker.picture),
    )
    return list(
        db.session.scalars(
            loaded.order_by(AgendaItem.starts_at, AgendaItem.position, AgendaItem.ends_at, AgendaItem.id)
        )
    )


def list_rooms(event_id: int) -> list[Room]:
    """Return the rooms in the organiser's order."""
    return list(db.session.scalars(select(Room).where(Room.event_id == event_id).order_by(Room.position, Room.id)))


def list_speakers(event_id: int) -> list[Speaker]:
    """Return the people on the stage in the organiser's order, with their pictures."""
    wanted = select(Speaker).where(Speaker.event_id == event_id).options(joinedload(Speaker.picture))
    return list(db.session.scalars(wanted.order_by(Speaker.order, Speaker.id)))


def list_partners(event_id: int) -> list[Partner]:
    """Return the partners in the organiser's order, with their logos."""
    wanted = select(Partner).where(Partner.event_id == event_id).options(joinedload(Partner.picture))
    return list(db.session.scalars(wanted.order_by(Partner.position, Partner.id)))


def find_item(event_id: int, slug: str) -> AgendaItem | None:
    """Find an item of this event by its address."""
    return db.session.scalar(select(AgendaItem).where(AgendaItem.event_id == event_id, AgendaItem.slug == slug))


def find_speaker(event_id: int, slug: str) -> Speaker | None:
    """Find somebody on this event's stage by their address."""
    return db.session.scalar(select(Speaker).where(Speaker.event_id == event_id, Speaker.slug == slug))


def get_item(event_id: int, slug: str) -> AgendaItem:
    """Return an item of this event; raise NotFound."""
    return _there(find_item(event_id, slug))


def get_speaker(event_id: int, slug: str) -> Speaker:
    """Return somebody on this event's stage; raise NotFound."""
    return _there(find_speaker(event_id, slug))


def get_room(event_id: int, room_id: int) -> Room:
    """Return a room of this event; raise NotFound."""
    return _there(db.session.scalar(select(Room).where(Room.event_id == event_id, Room.id == room_id)))


def get_partner(event_id: int, partner_id: int) -> Partner:
    """Return a partner of this event; raise NotFound."""
    return _there(db.session.scalar(select(Partner).where(Partner.event_id == event_id, Partner.id == partner_id)))


def list_clashes(items: Iterable[AgendaItem]) -> list[Clash]:
    """Return the clashes of rooms and people among items that take place."""
    return list(
        clashes(
            Slot(item.id, item.starts_at, item.ends_at, item.room_id, frozenset(p.speaker_id for p in item.people))
            for item in items
            if not item.is_cancelled
        )
    )


def input_of_item(item: AgendaItem) -> ItemInput:
    """Return what an organiser has said about an item, as one says it to the service."""
    limit = list_limits(item.event_id).get((LimitKind.ITEM, str(item.id)))
    return ItemInput(
        kind=item.kind,
        title=item.title,
        starts_at=item.starts_at,
        ends_at=item.ends_at,
        room_id=item.room_id,
        description=item.description,
        is_chosen=item.is_chosen,
        seats=limit.size if limit else None,
        position=item.position,
    )


def input_of_room(room: Room) -> RoomInput:
    """Return what an organiser has said about a room."""
    return RoomInput(name=room.name, seats=room.seats, notes=room.notes, position=room.position)


def input_of_speaker(speaker: Speaker) -> SpeakerInput:
    """Return what an organiser has said about somebody on the stage."""
    return SpeakerInput(
        name=speaker.name,
        position=speaker.role,
        organisation=speaker.organisation,
        organisation_kind=speaker.organisation_kind,
        about=speaker.about,
        picture_id=speaker.picture_id,
        order=speaker.order,
    )


def input_of_partner(partner: Partner) -> PartnerInput:
    """Return what an organiser has said about a partner."""
    return PartnerInput(
        name=partner.name,
        organisation_kind=partner.organisation_kind,
        website=partner.website,
        picture_id=partner.picture_id,
        position=partner.position,
    )


def gaps(event: Event) -> list[str]:
    """Return the codes of what the programme lacks before guests may see it, as `editions.checklist` knows them."""
    items = [item for item in list_items(event.id) if not item.is_cancelled]
    span = (event.starts_at, event.ends_at, event.zone)
    missing = {
        "agenda": not items,
        "clash": bool(list_clashes(items)),
        "outside": any(is_outside(item.starts_at, item.ends_at, *span) for item in items),
    }
    return [code for code, is_missing in missing.items() if is_missing]


def _there(found: Row | None) -> Row:
    if found is None:
        raise NotFound
    return found
