"""What the phones at the door ask for: scans are taken, guests are found."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial
from itertools import repeat
from typing import Any

from eventapp.checkin.answers import Answered, not_stored, result_of
from eventapp.checkin.devices.rights import demand, doorway_of
from eventapp.checkin.devices.rules import Door, Told
from eventapp.checkin.devices.seen import see_device
from eventapp.checkin.envelope import Envelope, Item, Result
from eventapp.checkin.practice.service import practise
from eventapp.checkin.queries import Found, search_guests
from eventapp.checkin.rules import DoorRight, Opening, skew
from eventapp.checkin.scans.deciding import Place, asks_for_room
from eventapp.checkin.scans.service import Came, record, record_together
from eventapp.core import audit, limits
from eventapp.core.combining import LARGEST, combine
from eventapp.events.rules import EventState

PATIENCE = 0.02
"""Seconds in which phones that scan without a pause are here again, and which whoever comes then may wait for them."""


def take(envelope: Envelope[Item], door: Door, received_at: datetime) -> list[Result]:
    """Take the scans of a phone in their order; one that cannot be read does not stop the others.

    Raise NotAllowed or OtherEntrance.
    """
    demand(door, DoorRight.SCAN)
    if envelope.practice:
        return [practise(item, received_at) for item in envelope.items]
    place = place_of(envelope, door, received_at)
    results = iter(answer([Came(item, place) for item in envelope.items if isinstance(item, Item)]))
    return [next(results) if isinstance(item, Item) else not_stored(item) for item in envelope.items]


def answer(came: Sequence[Came]) -> list[Result]:
    """Take scans into the log and answer each: one alone together with those of other phones, a queue's in parts.

    A queue is taken in its order as far as that matters: of each ticket, and where the answer depends on the others.
    """
    answers: Iterable[Answered | None]
    if any(asks_for_room(*one) for one in came):
        answers = repeat(None, len(came))
    elif len(came) == 1:
        answers = [combine("scan", came[0].place.event_id, came[0], record_together, PATIENCE)]
    else:
        parts = (came[n : n + LARGEST] for n in range(0, len(came), LARGEST))
        # one part after the other, with those of it that go alone, which the sentence below takes as they come
        answers = (answered for part in parts for answered in record_together(partial(list, part)))
    return [
        record(*one) if answered is None else result_of(answered, one.place)
        for one, answered in zip(came, answers, strict=True)
    ]


def place_of(envelope: Envelope[Any], door: Door, received_at: datetime) -> Place:
    """Return where and by whom an envelope was sent, and note the phone's sign of life; raise OtherEntrance."""
    if door.device is not None:  # the cookie says which device this is, whatever the envelope says
        name = envelope.device_name or door.device.name
        envelope = replace(envelope, device_id=door.device.public_id, device_name=name)
    event, doorway, device_id = door.event, doorway_of(door, envelope.entrance), None
    if envelope.device_id:
        told = Told(envelope.device_name, doorway.id, door.account_id)
        device_id = see_device(event.id, envelope.device_id, told, received_at, door.phone)
    return Place(
        event_id=event.id,
        opening=Opening(event.starts_at, event.ends_at, event.zone, event.state is EventState.CALLED_OFF),
        account_id=door.account_id,
        device_id=device_id,
        doorway=doorway,
        received_at=received_at,
        ahead=skew(envelope.sent_at, received_at),
        door=door,
        notes=tuple(event.door_notes),
    )


def search(door: Door, who: str, sought: str) -> list[Found]:
    """Find guests by name; searches are limited, and the history keeps that one was made, not what was sought.

    Raise NotAllowed or TooMany.
    """
    demand(door, DoorRight.SEARCH)
    limits.hit("door-search", who, 60, timedelta(minutes=1))
    found = search_guests(door.event.id, sought)
    audit.record("door.searched", who, event_id=door.event.id, facts={"found": len(found)})
    return found
