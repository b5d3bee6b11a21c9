"""Links that cannot be guessed: a public id with an HMAC over purpose, id, version and expiry.

Nothing is stored, so a link can be printed again; raising the version of the thing revokes all its links.
"""

import base64
import hashlib
import hmac
from dataclasses import dataclass
from datetime import datetime

from flask import current_app

from eventapp.core import clock

_MAC_CHARACTERS = 27  # 160 bits


@dataclass(frozen=True)
class Claim:
    """What a token says; it is believed only after `fits`."""

    purpose: str
    public_id: str
    expires: int
    mac: str

    def fits(self, version: int) -> bool:
        """Tell whether the token was made by us for this version and has not expired."""
        if self.expires and clock.now().timestamp() > self.expires:
            return False
        keys = [current_app.config["SECRET_KEY"], *current_app.config["SECRET_KEY_FALLBACKS"]]
        wanted = (_mac(key, self.purpose, self.public_id, version, self.expires) for key in keys)
        return any([hmac.compare_digest(mac, self.mac) for mac in wanted])


def make(purpose: str, public_id: str, version: int, expires: datetime | None = None) -> str:
    """Return the token `id.mac`, or `id.expiry.mac` when it expires."""
    until = int(expires.timestamp()) if expires else 0
    mac = _mac(current_app.config["SECRET_KEY"], purpose, public_id, version, until)
    return ".".join([public_id, *([f"{until:x}"] if until else []), mac])


def read(purpose: str, token: str) -> Claim | None:
    """Take a token apart; None when it has not even the form of one."""
    parts = token.split(".")
    if (
        len(parts) not in (2, 3)
        or not all(part.isascii() and part.isprintable() and part for part in parts)
        or len(token) > 120
    ):
        return None
    try:
        until = int(parts[1], 16) if len(parts) == 3 else 0
    except ValueError:
        return None
    return Claim(purpose, parts[0], until, parts[-1])


def derive(purpose: str, text: str) -> bytes:
    """Return 32 bytes that look random, can be made by us alone, and are always the same for a text."""
    key: str = current_app.config["SECRET_KEY"]
    return hmac.digest(hashlib.sha256(b"derive" + key.encode()).digest(), f"{purpose}|{text}".encode(), "sha256")


def _mac(key: str, purpose: str, public_id: str, version: int, until: int) -> str:
    text = f"{purpose}|{public_id}|{version}|{until}".encode()
    digest = hmac.digest(hashlib.sha256(b"link" + key.encode()).digest(), text, "sha256")
    return base64.urlsafe_b64encode(digest).decode()[:_MAC_CHARACTERS]
