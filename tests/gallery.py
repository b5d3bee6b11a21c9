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
from eventapp.questions.models import Answer
from eventapp.questions.queries import list_questions
from eventapp.questions.rules import QuestionKind
from eventapp.registration.codes.queries import list_codes
from eventapp.registration.groups.queries import Group, find_group
from eventapp.registration.invitations.queries import list_open
from eventapp.registration.models import Participant, Registration
from eventapp.registration.rules import ParticipantState
from tests.browser import Site
from tests.databases import migrate
from tests.make import make_account
from tests.world import World, world_of


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
    consent = next(question for question in list_questions(event.id) if question.kind is QuestionKind.CONSENT)
    found = {
        "item": next(item for item in list_items(event.id) if item.is_chosen).slug,
        "room": str(list_rooms(event.id)[0].id),
        "speaker": list_speakers(event.id)[0].slug,
        "partner": str(list_partners(event.id)[0].id),
        "entrance": list_entrances(event.id)[0].public_id,
        "question": list_questions(event.id)[0].code,
        "consent": consent.code,
        "file": "none",
        "access": str(list_codes(event.id)[0].id),
        "invited": list_open(event.id)[0].public_id,
        "registration": guest_of(event, ParticipantState.WAITLISTED).registration.public_id,
    }
    guest = guest_of(event, ParticipantState.CONFIRMED, answered=consent.id)
    return world_of(event, guest, {}, found, group_of(event))


def group_of(event: Event) -> Group:
    """Return the people of an event whom one person registered in one go."""
    units = select(Registration.public_id).where(Registration.event_id == event.id, Registration.is_group)
    group = find_group(db.session.scalars(units.order_by(Registration.id)).first() or "")
    assert group is not None
    return group


def get_event(slug: str) -> Event:
    """Return an event of the demonstration."""
    return db.session.scalars(select(Event).where(Event.slug == slug)).one()


def guest_of(event: Event, state: ParticipantState, answered: int | None = None) -> Participant:
    """Return a guest of the event in this state who chose a forum, and answered a question if one is given."""
    wanted = select(Participant).where(Participant.event_id == event.id, Participant.state == state)
    if answered is not None:
        wanted = wanted.join(Answer).where(Answer.question_id == answered)
    return next(guest for guest in db.session.scalars(wanted.order_by(Participant.id)) if guest.choices)


def owner_of(organiser: Organiser, language: str) -> Account:
    """Make somebody who may do everything for the organiser and reads `language`."""
    return make_account(organiser, Role.OWNER, name="Sabine Krüger", language=language)
