"""Use cases of devices at the door: door links, sign-on with a PIN, a supervisor's PIN, leaving and revoking."""

import base64
import secrets
from dataclasses import dataclass
from datetime import timedelta
from itertools import count

from flask_babel import lazy_gettext as _l
from sqlalchemy import select, update

from eventapp.accounts import passwords
from eventapp.checkin.devices.queries import find_link, get_device, get_link
from eventapp.checkin.devices.rights import NotAllowed
from eventapp.checkin.devices.rules import PIN_DIGITS, Door, LinkInput, SignOn, clean_pin, hashed, is_easy, is_pin
from eventapp.checkin.devices.seen import EVERY
from eventapp.checkin.models import Device, DoorLink, Entrance
from eventapp.checkin.queries import get_entrance
from eventapp.checkin.rules import AFTER_END, OVERRIDE_LASTS
from eventapp.core import audit, clock, ids, limits, signing
from eventapp.core.db import db, insert_missing, transaction
from eventapp.core.refusal import Refusal
from eventapp.events.models import Event
from eventapp.events.service import lock_event

_WINDOW = timedelta(minutes=15)
_TRIES_HERE, _TRIES_LINK, _TRIES_NETWORK = 5, 60, 200
"""Wrong PINs in a window: for one link from one network, for it from anywhere, from one network for all links."""


class PinMalformed(Refusal):
    """Not six digits."""

    code = "pin_malformed"
    status = 422
    message = _l("A PIN has six digits.")
    field = "pin"


class PinEasy(Refusal):
    """A PIN that everybody tries first."""

    code = "pin_easy"
    status = 422
    message = _l("This PIN is too easy to guess. Please choose another one.")
    field = "pin"


class PinsEqual(Refusal):
    """Who knows the PIN of the door would be a supervisor."""

    code = "pins_equal"
    status = 422
    message = _l("The supervisor needs another PIN than the door.")
    field = "supervisor_pin"


class LinkMade(Refusal):
    """The same form came before and said something else, or its link has ended since."""

    code = "link_made"
    message = _l(
        "This door link was made already. Link and PIN are shown only once: if nobody noted them, end it and make a "
        "new one."
    )


class PinWrong(Refusal):
    """The link is unknown or has ended, or the PIN is another one; which of them is not said."""

    code = "pin_wrong"
    status = 403
    message = _l("The PIN is wrong, or this door link has ended.")


@dataclass(frozen=True)
class NewLink:
    """A door link with its secrets, which are shown once."""

    link: DoorLink
    secret: str
    pin: str
    supervisor_pin: str


@dataclass(frozen=True)
class NewDevice:
    """A device that has just signed on: its token, its event and its entrances."""

    token: str
    device: Device
    event: Event
    entrances: list[Entrance] | None
    """None: all of the event."""


def make_link(event_id: int, given: LinkInput, account_id: int) -> NewLink:
    """Make a door link; its secret and PINs are returned once more only for the very same form, and kept as hashes.

    Raise PinMalformed, PinEasy, PinsEqual, LinkMade, or NotFound for an entrance of another event.
    """
    seed = f"{event_id}|{given.key or secrets.token_urlsafe(24)}"
    pin = _pin(given.pin, "pin", seed)
    supervisor_pin = _pin(given.supervisor_pin, "supervisor_pin", seed) if given.has_supervisor else ""
    if pin == supervisor_pin:
        raise PinsEqual
    pin_hash = passwords.make_hash(pin)
    supervisor_hash = passwords.make_hash(supervisor_pin) if supervisor_pin else None
    secret = base64.urlsafe_b64encode(_drawn(seed, "secret")).decode().rstrip("=")
    with transaction() as session:
        lock_event(event_id)
        known = session.scalar(select(DoorLink).where(DoorLink.secret_hash == hashed(secret)))
        if known is not None:
            return NewLink(_unchanged(known, given, pin, supervisor_pin), secret, pin, supervisor_pin)
        link = DoorLink(
            public_id=ids.public_id(),
            event_id=event_id,
            label=given.label,
            secret_hash=hashed(secret),
            pin_hash=pin_hash,
            supervisor_pin_hash=supervisor_hash,
            opens_all=not given.entrances,
            may_search=given.may_search,
            may_walk_in=given.may_walk_in,
            may_override=given.may_override,
            made_by=account_id,
            made_at=clock.now(),
            entrances=[get_entrance(event_id, entrance) for entrance in given.entrances],
        )
        session.add(link)
        session.flush()
        _note_link("door_link.made", link)
    return NewLink(link, secret, pin, supervisor_pin)


def _unchanged(known: DoorLink, given: LinkInput, pin: str, supervisor_pin: str) -> DoorLink:
    """Return the link that this form has made; raise LinkMade when its page would say what is not so."""
    was = (known.label, known.may_search, known.may_walk_in, known.may_override, known.supervisor_pin_hash is not None)
    says = (given.label, given.may_search, given.may_walk_in, given.may_override, bool(supervisor_pin))
    opens = {one.public_id for one in known.entrances}
    if known.ended_at is not None or was != says or opens != set(given.entrances):
        raise LinkMade
    for pin_hash, typed in ((known.pin_hash, pin), (known.supervisor_pin_hash, supervisor_pin)):
        if pin_hash is not None and not passwords.is_right(pin_hash, typed):
            raise LinkMade
    return known


def end_link(event_id: int, public_id: str) -> None:
    """End a door link: all its devices are refused from this moment on; raise NotFound."""
    with transaction() as session:
        link = get_link(event_id, public_id)
        session.refresh(link, with_for_update=True)
        if link.ended_at is None:
            link.ended_at = clock.now()
            _note_link("door_link.ended", link)


def sign_on(given: SignOn, network: str) -> NewDevice:
    """Sign a device on with a door link and its PIN; raise PinWrong, or TooMany after five wrong PINs."""
    key = hashed(given.link)
    tries = (
        ("door-sign-on-network", network, _TRIES_NETWORK),
        ("door-sign-on-link", key, _TRIES_LINK),
        ("door-sign-on", f"{key}|{network}", _TRIES_HERE),
    )
    for name, who, most in tries:
        limits.hit(name, who, most, _WINDOW)
    found = find_link(given.link)
    if not passwords.is_right(found[1].pin_hash if found else None, clean_pin(given.pin)) or found is None:
        raise PinWrong
    for name, who, _most in tries:
        limits.give_back(name, who)
    return _signed_on(found[1].id, given)


def _signed_on(link_id: int, given: SignOn) -> NewDevice:
    token = secrets.token_urlsafe(32)
    with transaction() as session:
        link = session.get_one(DoorLink, link_id, with_for_update=True, populate_existing=True)
        if link.ended_at is not None:  # while the PIN was being checked
            raise PinWrong
        key, now = {"event_id": link.event_id, "public_id": given.device_id}, clock.now()
        name = given.device_name or link.label
        insert_missing(session, Device, **key, name=name, seen_at=now)
        device = session.execute(select(Device).filter_by(**key).with_for_update()).scalar_one()
        device.name, device.link_id, device.seen_at = name, link.id, now
        device.token_hash, device.revoked_at, device.override_until = hashed(token), None, None
        audit.actor.set(f"device:{device.public_id}")
        _note_device("device.signed_on", device)
        entrances = None if link.opens_all else list(link.entrances)
        return NewDevice(token, device, session.get_one(Event, link.event_id), entrances)


def open_override(door: Door, typed: str, network: str) -> None:
    """Let a device decide against the answer for two minutes, with the supervisor's PIN.

    Raise PinWrong, TooMany after five wrong PINs, or NotAllowed for who is no device.
    """
    if door.device is None:
        raise NotAllowed
    name, who = "door-override", f"{door.device.link_id}|{network}"
    limits.hit(name, who, _TRIES_HERE, _WINDOW)
    link = db.session.get_one(DoorLink, door.device.link_id)
    if not passwords.is_right(link.supervisor_pin_hash, clean_pin(typed)):
        raise PinWrong
    limits.give_back(name, who)
    with transaction() as session:
        device = session.get_one(Device, door.device.id)
        device.override_until = clock.now() + OVERRIDE_LASTS
        _note_device("device.override_opened", device)


def leave(door: Door) -> None:
    """End the session of a device at its own wish; what it scanned stays in the log."""
    if door.device is None:
        raise NotAllowed
    with transaction() as session:
        device = session.get_one(Device, door.device.id)
        device.token_hash = device.override_until = None
        _note_device("device.left", device)


def revoke(event_id: int, public_id: str) -> None:
    """Refuse a device from this moment on, until it signs on again; raise NotFound."""
    with transaction():
        device = get_device(event_id, public_id)
        if device.token_hash is not None:
            device.token_hash = device.override_until = None
            device.revoked_at = clock.now()
            _note_device("device.revoked", device)


def note_life(door: Door, unsent: int | None) -> None:
    """Note that a device gave a sign of life, at most twice a minute, and how many scans it has not sent yet."""
    if door.device is None:
        return
    now, device = clock.now(), db.session.get_one(Device, door.device.id)
    if now - device.seen_at < EVERY and unsent == device.unsent:
        return
    with transaction() as session:
        session.execute(update(Device).where(Device.id == door.device.id).values(seen_at=now, unsent=unsent))


def ends_at(event: Event) -> float:
    """Return when the sessions of an event's devices end, in seconds since 1970."""
    return (event.ends_at + AFTER_END).timestamp()


def _drawn(seed: str, what: str) -> bytes:
    return signing.derive("door-link", f"{seed}|{what}")


def _pin(typed: str, field: str, seed: str) -> str:
    pin, tries = clean_pin(typed), count()
    while not pin or (not typed and is_easy(pin)):
        number = int.from_bytes(_drawn(seed, f"{field}|{next(tries)}"), "big")
        pin = f"{number % 10**PIN_DIGITS:0{PIN_DIGITS}}"
    if not is_pin(pin):
        raise PinMalformed(field=field)
    if is_easy(pin):
        raise PinEasy(field=field)
    return pin


def _note_link(action: str, link: DoorLink) -> None:
    facts = {"label": link.label}
    audit.record(action, f"door_link:{link.public_id}", event_id=link.event_id, facts=facts)


def _note_device(action: str, device: Device) -> None:
    facts = {"name": device.name}
    audit.record(action, f"device:{device.public_id}", event_id=device.event_id, facts=facts)
