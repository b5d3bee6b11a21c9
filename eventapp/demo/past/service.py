"""Lets the 400 guests sign up in the weeks before 4 December 2025 and come on the day; called by `demo.service`."""

import uuid
from datetime import timedelta

from eventapp.accounts.models import Account
from eventapp.checkin.devices.rules import door_of_account
from eventapp.checkin.entrances.service import add_entrance
from eventapp.checkin.envelope import Envelope, Item
from eventapp.checkin.queries import door_event
from eventapp.checkin.rules import Outcome, ScanKind, ScanMode
from eventapp.checkin.service import take
from eventapp.core import clock
from eventapp.demo.files import list_guests, read
from eventapp.demo.people.service import Desk
from eventapp.demo.rules import ZONE, Arrival, arrivals, sign_ups
from eventapp.events.models import Event
from eventapp.registration.signup.rules import Outcome as SignUpOutcome
from eventapp.tickets.service import find_living


def sign_up_all(event: Event, owner: Account) -> list[str]:
    """Sign all guests up, spread over the weeks; return the codes of their tickets."""
    guests, desk = list_guests(), Desk(event, f"account:{owner.public_id}")
    codes = []
    opens = event.registration_opens_at or event.created_at
    moments = sign_ups(opens, event.registration_closes_at or event.starts_at, len(guests))
    for guest, moment in zip(guests, moments, strict=True):
        made = desk.enter(guest, moment)
        ticket = find_living(made.participant.id)
        if made.outcome is SignUpOutcome.CONFIRMED and ticket is not None:
            codes.append(ticket.code)
    return codes


def scan_all(event: Event, codes: list[str], door: Account) -> None:
    """Let the guests come: most are admitted, some show their ticket twice, one admission is taken back."""
    texts, day = read("texts"), event.starts_at.astimezone(ZONE).date()
    with clock.at(event.starts_at - timedelta(days=1)):
        entrances = [add_entrance(event.id, name).public_id for name in texts["entrances"]]
    phones = [
        (str(uuid.uuid4()), name, entrances[number % len(entrances)]) for number, name in enumerate(texts["phones"])
    ]
    last: dict[int, str] = {}
    known = door_of_account(door_event(event), door.id, is_editor=False)
    for number, arrival in enumerate(arrivals(day, len(codes))):
        item = _item(codes[arrival.ticket], arrival, last.get(arrival.ticket))
        last[arrival.ticket] = item.id
        phone, name, entrance = phones[number % len(phones)]
        with clock.at(arrival.at):
            take(Envelope(phone, name, entrance, False, arrival.at, (item,)), known, arrival.at)


def _item(code: str, arrival: Arrival, before: str | None) -> Item:
    kind = ScanKind.UNDO if arrival.what == "undo" else ScanKind.ENTRY
    undo_of = before if kind is ScanKind.UNDO else None
    return Item(str(uuid.uuid4()), code, kind, undo_of, ScanMode.ASK, arrival.at, Outcome.UNKNOWN, False, None)
