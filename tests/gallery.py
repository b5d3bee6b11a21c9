"""The demonstration, served for pictures: its addresses as a world, whose ticket is shown, and who is signed in."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from sqlalchemy import select
from werkzeug.serving import make_server

from config import Config
from eventapp.accounts.models import Account, Organiser
from eventapp.accounts.rules import Role
from eventapp.agenda.queries import list_items, list_partners, list_rooms, list_speakers
from eventapp.app import create_app
from eventapp.checkin.entrances.service import add_entrance
from eventapp.checkin.queries import list_entrances
from eventapp.core.db import db
from eventapp.demo import service as demo
from eventapp.events.models import Event
from eventapp.registration.models import Participant
from eventapp.registration.rules import ParticipantState
from tests.browser import Site
from tests.databases import migrate
from tests.make import make_account
from tests.world import World, ask, world_of


@contextmanager
def exhibition(folder: Path) -> Iterator[Site]:
    """Load the demonstration into a new database in `folder` and serve it on a free port of this machine."""
    url = f"sqlite:///{folder / 'pictures.db'}"
    migrate(url)
    app = create_app(Config.for_tests(url, instance=folder))
    server = make_server("127.0.0.1", 0, app, threaded=True)
    address = f"http://127.0.0.1:{server.server_port}"
    app.config["EVENTAPP"] = replace(app.config["EVENTAPP"], base_url=address)
    with app.app_context():
        demo.load()
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield Site(address, app)
        server.shutdown()
        server.server_close()
        db.session.remove()
        db.engine.dispose()


def world_in(slug: str) -> World:
    """Return the addresses of an event of the demonstration, with a confirmed guest's page."""
    event = get_event(slug)
    if not list_entrances(event.id):
        add_entrance(event.id, "Haupteingang")
    found = {
        "item": next(item for item in list_items(event.id) if item.is_chosen).slug,
        "room": str(list_rooms(event.id)[0].id),
        "speaker": list_speakers(event.id)[0].slug,
        "partner": str(list_partners(event.id)[0].id),
        "entrance": list_entrances(event.id)[0].public_id,
    }
    guest = guest_of(event, ParticipantState.CONFIRMED)
    return world_of(event, guest, {}, found | ask(event, guest))


def get_event(slug: str) -> Event:
    """Return an event of the demonstration."""
    return db.session.scalars(select(Event).where(Event.slug == slug)).one()


def guest_of(event: Event, state: ParticipantState) -> Participant:
    """Return a guest of the event in this state who chose a forum."""
    wanted = select(Participant).where(Participant.event_id == event.id, Participant.state == state)
    return next(guest for guest in db.session.scalars(wanted.order_by(Participant.id)) if guest.choices)


def owner_of(organiser: Organiser, language: str) -> Account:
    """Make somebody who may do everything for the organiser and reads `language`."""
    return make_account(organiser, Role.OWNER, name="Sabine Krüger", language=language)
