"""The list of tickets on a phone, for the tests: it asks for what changed and applies it, as the script does."""

import base64
import hashlib
import json
from typing import Any

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from eventapp.checkin.manifest.queries import read
from eventapp.checkin.queries import door_event
from eventapp.core.db import db
from eventapp.events.models import Event

VALID, CANCELLED, REVOKED, NOT_CONFIRMED = range(4)


class Listed:
    """A phone that keeps the list of an event."""

    def __init__(self, event: Event, entrance: str | None = None) -> None:
        self.event_id, self.public_id, self.entrance = event.id, event.public_id, entrance
        self.since = 0
        self.tickets: dict[str, list[Any]] = {}

    def refresh(self) -> dict[str, Any]:
        """Ask for what changed and apply it; return what was sent."""
        db.session.rollback()
        manifest = read(door_event(db.session.get_one(Event, self.event_id)), self.since, self.entrance)
        self.apply(manifest.rev, manifest.content)
        db.session.rollback()
        return manifest.content

    def apply(self, rev: int, sent: dict[str, Any]) -> None:
        """Write an answer over what is known."""
        if sent["full"]:
            self.tickets.clear()
        self.tickets.update({key: rest for key, *rest in sent["tickets"]})
        for key in sent["gone"]:
            self.tickets.pop(key, None)
        self.since = rev

    def show(self, code: str) -> list[Any] | None:
        """Look a code up as the door does without network: state, category, inside, entries, items."""
        return self.tickets.get(key(self.public_id, code))


def key(event: str, code: str) -> str:
    """Name a ticket as the script does."""
    digest = hashlib.sha256(b"door1|" + event.encode() + b"|" + code.encode()).digest()
    return base64.b64encode(digest[:12], b"-_").decode()


def unsealed(event: str, code: str, sealed: str) -> Any:
    """Open what is sealed under a code, as the script does; raise InvalidTag for another code."""
    data = base64.b64decode(sealed, b"-_")
    opener = AESGCM(hashlib.sha256(f"name1|{event}|{code}".encode()).digest())
    return json.loads(opener.decrypt(data[:12], data[12:], None))


def whole(event: Event) -> dict[str, list[Any]]:
    """Return the list as a new phone gets it."""
    phone = Listed(event)
    assert phone.refresh()["full"]
    return phone.tickets
