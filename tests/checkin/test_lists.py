"""Lists of the door cost the same number of reads with one row and with three; the next edition has the same doors."""

from collections.abc import Callable
from datetime import date, timedelta

import pytest
import time_machine
from flask import Flask

from eventapp.accounts.rules import Role
from eventapp.checkin.entrances.service import add_entrance
from eventapp.checkin.queries import list_entrances
from eventapp.core import clock as core_clock
from eventapp.editions.service import copy
from eventapp.events.models import Event
from tests.checkin.phones import Phone, ticket_of
from tests.make import make_account, make_event, sign_in
from tests.pages import Visitor
from tests.queries import counted


@pytest.fixture
def event(app: Flask, clock: time_machine.Traveller) -> Event:
    event = make_event()
    clock.move_to(event.starts_at)
    return event


def reads(page: Visitor, address: str) -> int:
    with counted() as sent:
        page.get(address)
    return len(sent)


def new_scan(event: Event, number: int) -> None:
    with core_clock.at(event.starts_at - timedelta(days=30)):
        code = ticket_of(event, number).code
    Phone(event, f"Telefon {number}").tell(code, number)


def new_entrance(event: Event, number: int) -> None:
    add_entrance(event.id, f"Nord {number}")


def new_door(event: Event, number: int) -> None:
    add_entrance(make_event(event.organiser, slug=f"noch-eins-{number}").id, "Nord")


@pytest.mark.parametrize(("path", "add", "expected"), [
    ("/manage/events/{}/entrances", new_entrance, 6),
    ("/manage/events/{}/door-log", new_scan, 7),
    ("/door/", new_door, 3),
    ("/door/{}/?q=muster", new_scan, 8),
])  # fmt: skip
def test_a_list_costs_the_same_with_one_row_and_three(
    page: Visitor, event: Event, path: str, add: Callable[[Event, int], None], expected: int
) -> None:
    sign_in(page.client, make_account(event.organiser, Role.OWNER))
    address = path.format(event.slug)
    add(event, 1)
    page.get(address)
    first = reads(page, address)
    add(event, 2)
    add(event, 3)
    assert (first, reads(page, address)) == (expected, expected)


def test_the_next_edition_has_the_same_entrances(event: Event) -> None:
    for name in ("Süd", "Nord"):
        add_entrance(event.id, name)
    new = copy(event.id, date(2027, 3, 28))
    assert [one.name for one in list_entrances(new.id)] == ["Süd", "Nord"]
    assert {one.public_id for one in list_entrances(new.id)}.isdisjoint({x.public_id for x in list_entrances(event.id)})
