"""The next edition has the same entrances."""

from datetime import date

import pytest
import time_machine
from flask import Flask

from eventapp.checkin.entrances.service import add_entrance
from eventapp.checkin.queries import list_entrances
from eventapp.editions.service import copy
from eventapp.events.models import Event
from tests.make import make_event


@pytest.fixture
def event(app: Flask, clock: time_machine.Traveller) -> Event:
    event = make_event()
    clock.move_to(event.starts_at)
    return event


def test_the_next_edition_has_the_same_entrances(event: Event) -> None:
    for name in ("Süd", "Nord"):
        add_entrance(event.id, name)
    new = copy(event.id, date(2027, 3, 28))
    assert [one.name for one in list_entrances(new.id)] == ["Süd", "Nord"]
    assert {one.public_id for one in list_entrances(new.id)}.isdisjoint({x.public_id for x in list_entrances(event.id)})
