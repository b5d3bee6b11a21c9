"""Phones that signed on with a door link, for the tests of the door."""

import uuid
from dataclasses import dataclass
from typing import Any

from flask.testing import FlaskClient

from eventapp.checkin.devices.queries import get_link
from eventapp.checkin.devices.rules import COOKIE, COOKIE_PATH, LinkInput, SignOn
from eventapp.checkin.devices.service import NewLink, make_link, sign_on
from eventapp.checkin.models import Device
from eventapp.events.models import Event
from tests.make import make_account

PIN, SUPERVISOR_PIN = "482913", "771504"


@dataclass(frozen=True)
class Held:
    """A phone in somebody's hand: its row, its token, and the public id and secret of its link."""

    device: Device
    token: str
    link: str
    secret: str

    def use(self, client: FlaskClient) -> None:
        """Make a client this phone."""
        client.set_cookie(COOKIE, self.token, path=COOKIE_PATH)


def make_door_link(event: Event, **changes: Any) -> NewLink:
    """Make a door link with the PINs of the tests; its phones may do everything unless `changes` say otherwise."""
    given = {
        "label": "Helferinnen",
        "may_walk_in": True,
        "may_override": True,
        "pin": PIN,
        "has_supervisor": True,
        "supervisor_pin": SUPERVISOR_PIN,
    }
    return make_link(event.id, LinkInput(**{**given, **changes}), make_account(event.organiser).id)


def sign_device_on(event: Event, *, name: str = "Telefon 1", **changes: Any) -> Held:
    """Make a door link and sign a phone on with it."""
    made = make_door_link(event, **changes)
    link, secret = made.link.public_id, made.secret
    new = sign_on(SignOn(secret, PIN, str(uuid.uuid4()), name), "192.0.2.1")
    assert get_link(event.id, link).ended_at is None
    return Held(new.device, new.token, link, secret)
