"""Makes what tests need, always through the services, so that a test begins from what the application would do."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from argon2 import PasswordHasher
from flask import Flask
from flask.testing import FlaskClient

from eventapp.accounts import passwords
from eventapp.accounts.models import Account, Organiser
from eventapp.accounts.rules import Role
from eventapp.accounts.service import OrganiserInput, create_account, create_organiser, grant
from eventapp.agenda.models import AgendaItem
from eventapp.agenda.queries import list_items
from eventapp.agenda.rules import ItemInput, ItemKind, RoomInput
from eventapp.agenda.service import add_item, add_room
from eventapp.core import clock, ids
from eventapp.core.db import db, transaction
from eventapp.core.localized import Localized
from eventapp.events.models import Event
from eventapp.events.rules import CategoryInput, EventAction, EventInput, OrganisationKind, shifted
from eventapp.events.service import add_category, create, move
from eventapp.notices.models import NoticeKind
from eventapp.notices.service import publish
from tests.again import again

PASSWORD = "four words are enough"
passwords.hasher = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)  # 20 ms a hash would be minutes here


def make_organiser(name: str = "Ministerium", *, slug: str = "", notices: bool = True) -> Organiser:
    """Make an organiser, with its three notices unless the test is about missing ones."""
    given = OrganiserInput(name=Localized(de=name), email="kontakt@example.org", slug=slug)
    organiser = create_organiser(given)
    for kind in NoticeKind if notices else ():
        publish(organiser.id, kind, Localized(de=f"Text: {kind.value}"))
    return organiser


def make_account(
    organiser: Organiser | None = None,
    role: Role = Role.OWNER,
    *,
    email: str = "",
    event_id: int | None = None,
    name: str = "Ada Beispiel",
    language: str = "de",
) -> Account:
    """Make a person, with a role for an organiser or one of its events if an organiser is given."""
    account = create_account(email or f"{ids.public_id()}@example.org", name, PASSWORD, language)
    if organiser is not None:
        grant(account.id, organiser.id, role, event_id)
    return account


def event_input(**changes: Any) -> EventInput:
    """Return a day in Essen, in 60 days from 9:30 to 16:30 local time; who waits moves up without being asked."""
    day = shifted(clock.now().replace(hour=12, minute=0, second=0), timedelta(days=60), "Europe/Berlin")
    given = EventInput(
        title=Localized(de="Gemeinsam vor Ort", en="Together on site"),
        starts_at=local(day, 9, 30),
        ends_at=local(day, 16, 30),
        doors_at=local(day, 8, 45),
        summary=Localized(de="Ein Tag für alle, die Menschen in Arbeit bringen."),
        venue_name="Ruhr Tech Kampus",
        venue_street="ThyssenKrupp Allee 1",
        venue_postcode="45143",
        venue_city="Essen",
        languages=("de", "en", "ar"),
        seats=100,
        offer_hours=None,
    )
    return replace(given, **changes)


def later(days: int) -> dict[str, Any]:
    """Return the times of an event some days after the usual one."""
    given = event_input()
    names = ("starts_at", "ends_at", "doors_at")
    return {name: shifted(getattr(given, name), timedelta(days=days), given.zone) for name in names}


def local(day: datetime, hour: int, minute: int = 0, zone: str = "Europe/Berlin") -> datetime:
    """Return the moment of a time on the wall on the day of `day`, in UTC."""
    return day.astimezone(ZoneInfo(zone)).replace(hour=hour, minute=minute, second=0).astimezone(UTC)


def make_event(organiser: Organiser | None = None, *, published: bool = True, **changes: Any) -> Event:
    """Make an event with two categories (60 places; no limit) and two forums at once (20 and 30 places)."""
    if organiser is not None:
        return _make_event(organiser, published, changes)
    asked = ("event", published, sorted(changes.items()))
    return db.session.get_one(Event, again(asked, lambda: _make_event(make_organiser(), published, changes).id))


def _make_event(organiser: Organiser, published: bool, changes: dict[str, Any]) -> Event:
    company = Localized(de="Unternehmen", en="Company")
    with transaction():  # one for all: what each would read anew costs most
        event = create(organiser.id, event_input(**changes))
        add_category(event.id, CategoryInput(company, seats=60, organisation_kind=OrganisationKind.COMPANY))
        add_category(event.id, CategoryInput(Localized(de="Verein", en="Association")))
        for number, seats in ((1, 20), (2, 30)):
            make_item(event, f"Forum {number}", 11, 13, room=f"Raum {number}", is_chosen=True, seats=seats)
        return move(event.id, EventAction.PUBLISH) if published else event


def make_item(event: Event, title: str, start: int, end: int, *, room: str = "", **changes: Any) -> AgendaItem:
    """Make an item of the event's day between two hours on the wall, in a new room if one is named."""
    room_id = add_room(event.id, RoomInput(room)).id if room else None
    starts_at, ends_at = (local(event.starts_at, hour, zone=event.zone) for hour in (start, end))
    given = ItemInput(ItemKind.FORUM, Localized(de=title), starts_at, ends_at, room_id)
    return add_item(event.id, replace(given, **changes))


def forums(event: Event) -> list[AgendaItem]:
    """Return the items of an event that guests choose, in their order."""
    return [item for item in list_items(event.id) if item.is_chosen]


def sign_in(client: FlaskClient, account: Account) -> None:
    """Sign a person in without the form."""
    with client.session_transaction() as session:
        session["_user_id"], session["_fresh"] = account.get_id(), True
        session["language"] = account.language


def session_cookie(app: Flask, url: str, account: Account) -> Any:
    """Return the cookie with which a browser is signed in as `account` at `url`."""
    client = app.test_client()
    sign_in(client, account)
    name = app.config["SESSION_COOKIE_NAME"]
    cookie = client.get_cookie(name)
    assert cookie is not None
    return {"name": name, "value": cookie.value, "url": url}
