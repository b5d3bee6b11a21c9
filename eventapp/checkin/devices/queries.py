"""Reads about devices at the door: who a token belongs to, the door links and devices of an event."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import selectinload

from eventapp.checkin.devices.rules import Door, DoorEvent, SignedOn, hashed
from eventapp.checkin.models import Device, DoorLink, Entrance
from eventapp.checkin.queries import EVENT, find_device, known_phone
from eventapp.checkin.rules import AFTER_END
from eventapp.core import clock
from eventapp.core.db import db
from eventapp.core.refusal import NotFound
from eventapp.events.models import Event


def find_door(token: str) -> Door | None:
    """Find the door of a device by its token; None when it was revoked or its time is over."""
    wanted: Any = (
        select(Device, DoorLink, *EVENT)
        .join(DoorLink, DoorLink.id == Device.link_id)
        .join(Event, Event.id == Device.event_id)
        .where(Device.token_hash == hashed(token), Device.revoked_at.is_(None))
        .where(DoorLink.ended_at.is_(None), Event.ends_at > clock.now() - AFTER_END)
    )
    found = db.session.execute(wanted).one_or_none() if token else None
    if found is None:
        return None
    device, link, event = found[0], found[1], found[2:]
    return Door(
        event=DoorEvent(*event),
        account_id=None,
        device=SignedOn(
            id=device.id,
            public_id=device.public_id,
            name=device.name,
            link_id=link.id,
            has_supervisor=link.supervisor_pin_hash is not None,
            override_until=device.override_until,
        ),
        rights=link.rights,
        entrance_ids=None if link.opens_all else tuple(one.id for one in link.entrances),
        phone=known_phone(
            device.id, device.public_id, device.seen_at, device.name, device.entrance_id, device.account_id
        ),
    )


def find_link(secret: str) -> tuple[Event, DoorLink] | None:
    """Find a living door link by its secret, with its event; None when it ended or the event is over."""
    wanted = (
        select(Event, DoorLink)
        .join(DoorLink, DoorLink.event_id == Event.id)
        .where(DoorLink.secret_hash == hashed(secret), DoorLink.ended_at.is_(None))
        .where(Event.ends_at > clock.now() - AFTER_END)
    )
    found = db.session.execute(wanted).one_or_none()
    return (found[0], found[1]) if found else None


def list_links(event_id: int) -> Sequence[DoorLink]:
    """Return the door links of an event, the living ones first, newest first."""
    wanted = select(DoorLink).where(DoorLink.event_id == event_id).options(selectinload(DoorLink.entrances))
    return db.session.scalars(wanted.order_by(DoorLink.ended_at.is_not(None), DoorLink.id.desc())).all()


def get_link(event_id: int, public_id: str) -> DoorLink:
    """Return a door link of this event; raise NotFound."""
    link = db.session.scalar(select(DoorLink).filter_by(event_id=event_id, public_id=public_id))
    if link is None:
        raise NotFound
    return link


def list_devices(event_id: int) -> list[tuple[Device, str, str]]:
    """Return the devices of an event with the names of their entrance and link; who was seen last comes first."""
    wanted = (
        select(Device, Entrance.name, DoorLink.label)
        .outerjoin(Entrance, Entrance.id == Device.entrance_id)
        .outerjoin(DoorLink, DoorLink.id == Device.link_id)
        .where(Device.event_id == event_id)
        .order_by(Device.seen_at.desc(), Device.id.desc())
    )
    return [(device, entrance or "", label or "") for device, entrance, label in db.session.execute(wanted)]


def get_device(event_id: int, public_id: str) -> Device:
    """Return a device of this event; raise NotFound."""
    device = find_device(event_id, public_id)
    if device is None:
        raise NotFound
    return device
