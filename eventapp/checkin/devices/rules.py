"""PINs and tokens of devices at the door; pure."""

import hashlib
import unicodedata
from dataclasses import dataclass

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
