"""Prepares one database for the measurement: the reference programme as an open event, an organiser, a door."""

from dataclasses import dataclass, replace
from datetime import timedelta

from flask import Flask
from sqlalchemy import create_engine, text

from benchmarks import floors
from config import Config
from eventapp.accounts.models import Account
from eventapp.accounts.rules import Role
from eventapp.accounts.service import create_account, grant
from eventapp.agenda.queries import input_of_item, list_items
from eventapp.agenda.service import update_item
from eventapp.app import create_app
from eventapp.capacity.rules import LimitKind
from eventapp.capacity.service import set_size
from eventapp.core import clock, migrating
from eventapp.core.db import db
from eventapp.demo.files import read
from eventapp.demo.people.service import make_organiser
from eventapp.demo.programme.service import build
from eventapp.demo.rules import ZONE, coming_day
from eventapp.editions.service import copy, publish
from eventapp.events.models import Event
from eventapp.events.queries import input_of_category
from eventapp.events.service import change, update_category
from eventapp.registration.signup.rules import Person
from eventapp.registration.signup.service import sign_up

SLUG, FULL, UNLIMITED = "bench", "bench-full", "bench-unlimited"
_ROOMY = 1_000_000


@dataclass(frozen=True)
class Place:
    """An event to which people sign up: its address, and a category and a forum of it."""

    slug: str
    event_id: int
    category_id: int
    forum_id: int


@dataclass(frozen=True)
class Stage:
    """An application on the prepared database, and what of it the requests name."""

    app: Flask
    roomy: Place
    full: Place
    unlimited: Place
    """Only the event itself has a size; whom its categories hold is counted all the same."""
    door: str
    """What the session of the door's account holds."""


def prepare(config: Config) -> Stage:
    """Make all tables, the floor's too, and an event with room for everybody and no guests."""
    app = create_app(config)
    with app.app_context():
        migrating.upgrade()
        organiser = make_organiser(read("texts")["organiser"], "ministry")
        door = create_account("door@example.org", "Door", "four words are enough")
        grant(door.id, organiser.id, Role.DOOR)
        with clock.at(clock.now() - timedelta(days=400)):
            model = build(organiser.id)
        roomy, full = open_event(model, SLUG), open_event(model, FULL)
        unlimited = open_event(model, UNLIMITED, category_size=None)
        set_size(full.event_id, LimitKind.EVENT, "", 1)
        sign_up(full.event_id, Person("First", "first@example.org", full.category_id, "de"))
        stage = Stage(app, roomy, full, unlimited, _session_of(door))
        db.session.remove()
        db.engine.dispose()
    engine = create_engine(config.database_url)
    with engine.begin() as connection:
        connection.execute(text(floors.table(config.database_url)))
    engine.dispose()
    return stage


def open_event(model: Event, slug: str, category_size: int | None = _ROOMY) -> Place:
    """Make an event after another one: it is today, open, and has room for everybody."""
    now = clock.now()
    event = copy(model.id, coming_day(now.astimezone(ZONE).date()))
    # the day of the event is today, so that its door is open; sign-up stays open until the end
    today = now.astimezone(ZONE).replace(hour=0, minute=0, second=0)
    times = {
        "doors_at": today,
        "starts_at": today,
        "ends_at": today + timedelta(hours=23, minutes=59),
        "registration_opens_at": now - timedelta(days=1),
        "registration_closes_at": None,
    }
    change(event.id, {"slug": slug, "seats": _ROOMY, **times})
    for category in list(event.categories):
        update_category(category.id, replace(input_of_category(category), seats=category_size))
    for item in list_items(event.id):
        if item.is_chosen:
            update_item(item.id, replace(input_of_item(item), seats=_ROOMY))
    publish(event.id)
    forum = next(item for item in list_items(event.id) if item.is_chosen)
    return Place(slug, event.id, event.categories[0].id, forum.id)


def _session_of(account: Account) -> str:
    return account.get_id()
