"""Notes when and where a phone gave a sign of life; called with everything that it sends."""

from datetime import datetime, timedelta
from typing import NamedTuple

from flask import current_app
from sqlalchemy import select

from eventapp.checkin.models import Device
from eventapp.checkin.queries import read_device
from eventapp.core.db import insert_missing, transaction

EVERY = timedelta(seconds=30)
_MOST = 1000


class Told(NamedTuple):
    """What a phone says of itself."""

    name: str
    entrance_id: int | None
    account_id: int | None


class _Seen(NamedTuple):
    row_id: int
    told: Told
    at: datetime


def see_device(event_id: int, public_id: str, told: Told, now: datetime) -> int:
    """Note that a phone gave a sign of life, at most twice a minute; return its row.

    Meanwhile the process keeps in mind what it wrote or read: a queue waits behind each scan.
    """
    known: dict[tuple[int, str], _Seen] = current_app.extensions.setdefault("phones seen", {})
    seen = known.get((event_id, public_id))
    if seen is None or not _is_fresh(seen, told, now):
        if len(known) >= _MOST:
            known.clear()
        seen = _read(event_id, public_id)
        if seen is None or not _is_fresh(seen, told, now):
            seen = _write(event_id, public_id, told, now)
        known[event_id, public_id] = seen
    return seen.row_id


def _is_fresh(seen: _Seen, told: Told, now: datetime) -> bool:
    return seen.told == told and now - seen.at < EVERY


def _read(event_id: int, public_id: str) -> _Seen | None:
    found = read_device(event_id, public_id)
    return _Seen(found.id, Told(found.name, found.entrance_id, found.account_id), found.seen_at) if found else None


def _write(event_id: int, public_id: str, told: Told, now: datetime) -> _Seen:
    key = {"event_id": event_id, "public_id": public_id}
    with transaction() as session:
        insert_missing(session, Device, **key, name=told.name, seen_at=now)
        device = session.execute(select(Device).filter_by(**key)).scalar_one()
        device.name, device.entrance_id, device.account_id = told
        device.seen_at = now
        session.flush()
        return _Seen(device.id, told, now)
