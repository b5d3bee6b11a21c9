"""The door of the measurement: ten thousand guests with tickets, made once, and what their list weighs on the wire."""

import gzip
import json
from functools import cache

from flask.testing import FlaskClient
from sqlalchemy import delete, select, update

from benchmarks.stage import Stage, open_event
from eventapp.agenda.queries import list_items
from eventapp.checkin.models import Scan
from eventapp.core.db import db, transaction
from eventapp.events.models import Event
from eventapp.registration.signup.rules import Arrival, Person, Via
from eventapp.registration.signup.service import arrive_all
from eventapp.tickets.models import Ticket
from eventapp.tickets.service import touch

SLUG = "bench-door"
GUESTS = 10_000
WHOLE, UPDATE = "list of 10,000 tickets", "list, update after one change"
_AT_ONCE = 500


@cache
def fill(on: Stage) -> list[str]:
    """Make the event and its guests, each in a category and a forum of its own turn; return the codes."""
    with on.app.app_context():
        place = open_event(db.session.get_one(Event, on.roomy.event_id), SLUG)
        event = db.session.get_one(Event, place.event_id)
        categories = [category.id for category in event.categories]
        forums = [item.id for item in list_items(event.id) if item.is_chosen]
        people = [
            Person(f"Gast {n}", f"gast{n}@example.org", categories[n % len(categories)], "de", "Muster",
                   organisation=f"Verein {n}", item_ids=(forums[n % len(forums)],))
            for n in range(GUESTS)
        ]  # fmt: skip
        for start in range(0, GUESTS, _AT_ONCE):
            part = people[start : start + _AT_ONCE]
            arrive_all(place.event_id, [Arrival((person,), Via.ORGANISER) for person in part])
        codes = list(db.session.scalars(select(Ticket.code).where(Ticket.event_id == place.event_id)))
        db.session.remove()
    if len(codes) != GUESTS:
        raise RuntimeError(f"{GUESTS} guests have {len(codes)} tickets")
    return codes


def empty(on: Stage) -> None:
    """Send everybody out again and forget their scans, so that each measurement finds the same door."""
    with on.app.app_context():
        mine = select(Event.id).where(Event.slug == SLUG).scalar_subquery()
        with transaction() as session:
            apart = {"synchronize_session": False}
            session.execute(delete(Scan).where(Scan.event_id == mine).execution_options(**apart))
            came = Ticket.event_id == mine, Ticket.entries > 0
            session.execute(update(Ticket).where(*came).values(inside=False, entries=0).execution_options(**apart))
        db.session.remove()


def weigh(on: Stage, client: FlaskClient) -> dict[str, int]:
    """Return the bytes of the list as phones get it, and of what they get after one ticket changed."""
    fill(on)
    whole = _fetch(client)
    with on.app.app_context():
        touch(db.session.scalars(select(Ticket.participant_id).join(Event).where(Event.slug == SLUG).limit(1)).one())
    sent = json.loads(gzip.decompress(whole))
    part = _fetch(client, sent["rev"])
    if len(sent["tickets"]) != GUESTS or len(json.loads(gzip.decompress(part))["tickets"]) != 1:
        raise RuntimeError("the list is not what it was to be")
    return {WHOLE: len(whole), UPDATE: len(part)}


def _fetch(client: FlaskClient, since: int = 0) -> bytes:
    answer = client.get(f"/door/api/{SLUG}/manifest?since={since}", headers={"Accept-Encoding": "gzip"})
    if answer.status_code != 200 or answer.content_encoding != "gzip":
        raise RuntimeError(f"the list is answered with {answer.status}")
    return bytes(answer.data)
