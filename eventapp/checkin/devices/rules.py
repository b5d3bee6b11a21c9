"""Who is at the door of which event, and the PINs and tokens of devices there; pure."""

import hashlib
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from eventapp.checkin.rules import OVERRIDE_LASTS, OVERRIDE_WAITS, STAFF_RIGHTS, DoorRight
from eventapp.events.rules import EventState

COOKIE = "door"
"""Name of the cookie that holds a device's token; sent to addresses under /door/ only."""
COOKIE_PATH = "/door/"
PIN_DIGITS = 6
_EASY = frozenset({"123456", "654321", "012345", "543210", "123123"})


@dataclass(frozen=True)
class LinkInput:
    """What the organiser says about a new door link."""

    label: str
    entrances: tuple[str, ...] = ()
    """Public ids of the entrances that it opens; none: all, also those that are added later."""
    may_search: bool = True
    may_walk_in: bool = True
    may_override: bool = False
    pin: str = ""
    """Empty: one is made."""
    has_supervisor: bool = False
    """Whether a second PIN lets a device decide against the answer for two minutes."""
    supervisor_pin: str = ""
    key: str = ""
    """Of the form: the same form sent twice makes one link."""


@dataclass(frozen=True)
class SignOn:
    """What a phone says when it signs on."""

    link: str
    pin: str
    device_id: str
    device_name: str


def hashed(secret: str) -> str:
    """Return what is kept of a token or of a link's secret; both are 256 random bits, so a plain hash is enough."""
    return hashlib.sha256(secret.encode()).hexdigest()


def clean_pin(typed: str) -> str:
    """Return the PIN in ASCII digits: keyboards of other scripts type other digits, and people type blanks."""
    digits = (str(unicodedata.digit(sign)) if sign.isdigit() else sign for sign in typed if not sign.isspace())
    return "".join(digits)


def is_pin(text: str) -> bool:
    """Tell whether a cleaned text has the form of a PIN."""
    return len(text) == PIN_DIGITS and text.isascii() and text.isdigit()


def is_easy(pin: str) -> bool:
    """Tell whether a PIN is one that everybody tries first."""
    return len(set(pin)) < 3 or pin in _EASY


@dataclass(frozen=True)
class SignedOn:
    """A device that signed on with a door link and its PIN."""

    id: int
    public_id: str
    name: str
    link_id: int
    has_supervisor: bool = False
    """Whether a supervisor's PIN can let it decide against the answer."""
    override_until: datetime | None = None
    """Until when a supervisor's PIN lets it decide against the answer."""


class Told(NamedTuple):
    """What a phone tells of itself."""

    name: str
    entrance_id: int | None
    account_id: int | None


@dataclass(frozen=True)
class Phone:
    """What is stored of a phone when it calls: what it told last, and when that was noted."""

    id: int
    public_id: str
    told: Told
    seen_at: datetime


@dataclass(frozen=True)
class DoorEvent:
    """What the door asks of its event, as plain values: its long texts would be read with each scan."""

    id: int
    public_id: str
    slug: str
    state: EventState
    starts_at: datetime
    ends_at: datetime
    zone: str
    door_notes: Sequence[str]
    """Which notes about guests the door sees."""
    names_offline: bool
    """Whether phones keep names of guests."""


@dataclass(frozen=True)
class Door:
    """Who is at the door of an event, an account or a device, and what they may do there."""

    event: DoorEvent
    account_id: int | None
    device: SignedOn | None
    rights: frozenset[DoorRight]
    entrance_ids: tuple[int, ...] | None = None
    """The entrances that it opens, in their order; None: all."""
    phone: Phone | None = None
    """The phone that calls, when it is known already."""

    def may(self, right: DoorRight) -> bool:
        """Tell whether it may do this."""
        return right in self.rights

    def opens(self, entrance_id: int) -> bool:
        """Tell whether it may work at this entrance."""
        return self.entrance_ids is None or entrance_id in self.entrance_ids

    def may_override(self, at: datetime) -> bool:
        """Tell whether it may decide against the answer to a scan of this moment: by right, or by a supervisor's PIN.

        The supervisor is called to a guest whose ticket was scanned some minutes before.
        """
        if self.may(DoorRight.OVERRIDE):
            return True
        until = self.device.override_until if self.device else None
        return until is not None and until - OVERRIDE_LASTS - OVERRIDE_WAITS <= at <= until


def door_of_account(event: DoorEvent, account_id: int, *, is_editor: bool, phone: Phone | None = None) -> Door:
    """Return the door of an account that may scan; editors may also decide against the answer."""
    extra = {DoorRight.OVERRIDE} if is_editor else set()
    return Door(event, account_id, None, STAFF_RIGHTS | extra, phone=phone)
