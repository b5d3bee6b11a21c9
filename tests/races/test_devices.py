"""Wrong PINs from many at once: tries are counted, however many processes answer. Seen to fail without the row lock."""

import uuid
from collections.abc import Callable
from functools import partial

import pytest
from flask import Flask

from eventapp.checkin.devices.rules import SignOn
from eventapp.checkin.devices.service import end_link, sign_on
from eventapp.checkin.models import Device
from eventapp.core.db import db
from tests.checkin.devices import PIN, make_door_link
from tests.make import make_event
from tests.races.test_accounts import MANY, at_once

pytestmark = pytest.mark.race


def attempt(secret: str, pin: str, device_id: str = "") -> Callable[[], object]:
    return partial(sign_on, SignOn(secret, pin, device_id or str(uuid.uuid4()), "Telefon"), "192.0.2.7")


def test_wrong_pins_at_once_are_counted(real_app: Flask) -> None:
    secret = make_door_link(make_event()).secret
    found = at_once(real_app, [attempt(secret, f"00{number:04}") for number in range(MANY)])
    assert found == {"pin_wrong": 5, "too_many": MANY - 5}


def test_one_phone_that_signs_on_twice_at_once_is_one_device(real_app: Flask) -> None:
    secret, phone = make_door_link(make_event()).secret, str(uuid.uuid4())
    assert at_once(real_app, [attempt(secret, PIN, phone)] * 4) == {"done": 4}
    assert db.session.query(Device).count() == 1


def test_no_phone_is_signed_on_behind_the_end_of_its_link(real_app: Flask) -> None:
    event = make_event()
    made = make_door_link(event)
    end = partial(end_link, event.id, made.link.public_id)
    found = at_once(real_app, [end, *[attempt(made.secret, PIN) for _ in range(3)]])
    assert found["done"] + found["pin_wrong"] == 4
    assert at_once(real_app, [attempt(made.secret, PIN)]) == {"pin_wrong": 1}
