"""Notes when and where a phone gave a sign of life; called with everything that it sends."""

from datetime import datetime, timedelta

from sqlalchemy import select

from eventapp.checkin.devices.rules import Phone, Told
from eventapp.checkin.models import Device
from eventapp.checkin.queries import find_phone
from eventapp.core.db import insert_missing, transaction

EVERY = timedelta(seconds=30)


def see_device(event_id: int, public_id: str, told: Told, now: datetime, known: Phone | None = None) -> int:
    """Note that a phone gave a sign of life, at most twice a minute; return its row.

    `known`: what is stored of the phone that calls, when it was read before.
    """
    phone = known if known is not None and known.public_id == public_id else find_phone(event_id, public_id)
    if phone is not None and now - phone.seen_at < EVERY and phone.told == told:
        return phone.id
    key = {"event_id": event_id, "public_id": public_id}
    with transaction() as session:
        insert_missing(session, Device, **key, name=told.name, seen_at=now)
        device = session.execute(select(Device).filter_by(**key)).scalar_one()
        device.name, device.entrance_id, device.account_id = told
        device.seen_at = now
        session.flush()
        return device.id
