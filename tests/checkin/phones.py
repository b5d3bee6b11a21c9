"""Phones at a door, for the tests of scanning: what they report, as they would."""

import uuid
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any, Self

from sqlalchemy import select

from eventapp.checkin.devices.rules import Told
from eventapp.checkin.devices.seen import see_device
from eventapp.checkin.entrances.queries import read_doorway
from eventapp.checkin.entrances.rules import Doorway
from eventapp.checkin.envelope import Item, Result
from eventapp.checkin.models import Entrance, Presence, Scan
from eventapp.checkin.rules import Opening, Outcome, ScanKind, ScanMode
from eventapp.checkin.scans.deciding import Place
from eventapp.checkin.scans.service import Came
from eventapp.checkin.service import answer
from eventapp.core.db import db
from eventapp.events.models import Event
from eventapp.tickets.models import Ticket
from eventapp.tickets.service import find_living
from tests.registration.people import arrive


def ticket_of(event: Event, number: int = 1, **changes: Any) -> Ticket:
    """Sign a guest up and return the ticket."""
    signed = arrive(event, number, **changes)
    ticket = find_living(signed.participant.id)
    assert ticket is not None
    return ticket


def item(code: str, at: datetime, **changes: Any) -> Item:
    """Return a scan that asks."""
    given = Item(str(uuid.uuid4()), code, ScanKind.ENTRY, None, ScanMode.ASK, at, Outcome.UNKNOWN, False, None)
    return replace(given, **changes)


def told(code: str, at: datetime, outcome: Outcome = Outcome.ADMITTED, **changes: Any) -> Item:
    """Return a scan that the door decided by itself."""
    return item(code, at, mode=ScanMode.TELL, outcome=outcome, **changes)


class Phone:
    """A phone at the door of an event; its clock is right unless `ahead` says otherwise."""

    def __init__(self, event: Event, name: str = "Telefon 1", *, ahead: timedelta = timedelta()) -> None:
        self.opens = event.starts_at
        self.place = Place(
            event_id=event.id,
            opening=Opening(event.starts_at, event.ends_at, event.zone),
            account_id=None,
            device_id=None,
            doorway=Doorway(),
            received_at=event.starts_at,
            ahead=ahead,
        )
        device_id = see_device(event.id, str(uuid.uuid4()), Told(name, None, None), event.starts_at)
        self.place = replace(self.place, device_id=device_id)

    def go_to(self, entrance: Entrance) -> Self:
        """Stand at an entrance of the event from now on."""
        self.place = replace(self.place, doorway=read_doorway(entrance.event_id, entrance.public_id))
        return self

    def at(self, minutes: float) -> datetime:
        """Return a moment of the day as this phone's clock shows it."""
        return self.opens + timedelta(minutes=minutes) + self.place.ahead

    def ask(self, code: str, minutes: float = 0, **changes: Any) -> Result:
        """Scan a code now and ask."""
        return self.send(item(code, self.at(minutes), **changes), minutes)

    def tell(self, code: str, minutes: float = 0, outcome: Outcome = Outcome.ADMITTED, **changes: Any) -> Result:
        """Report what the door did with a code."""
        return self.send(told(code, self.at(minutes), outcome, **changes), minutes)

    def send(self, scan: Item, minutes: float = 0) -> Result:
        """Send a scan that arrives `minutes` after the start."""
        return self.send_all([scan], minutes)[0]

    def send_all(self, scans: Sequence[Item], minutes: float = 0) -> list[Result]:
        """Send scans with one request."""
        place = replace(self.place, received_at=self.opens + timedelta(minutes=minutes))
        return answer([Came(scan, place) for scan in scans])


def state_of(code: str) -> tuple[bool, int]:
    """Return whether the ticket's holder is inside, and how often they came in."""
    db.session.rollback()
    ticket = db.session.scalars(select(Ticket).where(Ticket.code == code)).one()
    return ticket.inside, ticket.entries


def presence_of(code: str, item_id: int) -> tuple[bool, int]:
    """Return whether the ticket's holder is at this item, and how often they came in there."""
    db.session.rollback()
    wanted = select(Presence).join(Ticket, Ticket.id == Presence.ticket_id)
    found = db.session.scalars(wanted.where(Ticket.code == code, Presence.item_id == item_id)).one_or_none()
    return (found.inside, found.entries) if found else (False, 0)


def log_of(code: str) -> list[Scan]:
    """Return the scans of a code in their order."""
    db.session.rollback()
    return list(db.session.scalars(select(Scan).where(Scan.code == code).order_by(Scan.at, Scan.id)))


def conflicts_of(code: str) -> list[str]:
    """Return the ids of the admissions beyond the first."""
    return [scan.id for scan in log_of(code) if scan.conflict]
