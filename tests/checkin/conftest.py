"""The day of the event, and a phone that signed on for it; a test of another day or event makes its own."""

import pytest
import time_machine
from flask import Flask

from eventapp.events.models import Event
from tests.checkin.devices import Held, sign_device_on
from tests.make import make_event
from tests.pages import Client


@pytest.fixture
def event(app: Flask, clock: time_machine.Traveller) -> Event:
    """An event that begins now."""
    event = make_event()
    clock.move_to(event.starts_at)
    return event


@pytest.fixture
def held(client: Client, event: Event) -> Held:
    """A phone that signed on, with its cookie in `client`."""
    held = sign_device_on(event)
    held.use(client)
    return held
