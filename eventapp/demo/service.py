"""Loads the demonstration: the reference event with its guests, its coming edition, and another organiser's afternoon.

Called by `flask demo`, by `flask up` on first start and by tests. Everything goes through the services, at the time
when it happened; all of it is one transaction, so that it is there as a whole or not at all. Its mails are written
down as sent and never go out: nobody is to get mail from a demonstration.
"""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from flask_babel import lazy_gettext as _l
from sqlalchemy import select

from eventapp.accounts.models import Account, Organiser
from eventapp.accounts.rules import Role
from eventapp.core import clock
from eventapp.core.db import db, transaction
from eventapp.core.refusal import Refusal
from eventapp.demo.coming import service as coming
from eventapp.demo.files import read
from eventapp.demo.past import service as past
from eventapp.demo.people.service import SignIn, make_colleague, make_organiser
from eventapp.demo.programme.service import build
from eventapp.demo.workshop import service as workshop
from eventapp.editions.service import publish
from eventapp.events.models import Event
from eventapp.outbox.service import as_sent

_BEGIN = datetime(2025, 10, 6, 7, 30, tzinfo=UTC)
"""When the work on the reference event began, in this story."""


class AlreadyLoaded(Refusal):
    """The demonstration is in this database, or was."""

    code = "demo_loaded"
    message = _l("The demonstration is loaded already. Nothing was changed.")


@dataclass(frozen=True)
class Loaded:
    """What was made: the events in the order of the story, and everybody who can sign in."""

    events: tuple[Event, ...]
    sign_ins: tuple[SignIn, ...]


def load() -> Loaded:
    """Load the demonstration; raise AlreadyLoaded when it is there. The passwords are told only here."""
    with transaction(), as_sent():
        if is_loaded():
            raise AlreadyLoaded
        with clock.at(_BEGIN):
            texts = read("texts")
            organiser = make_organiser(texts["organiser"], "ministry")
            made = [make_colleague(organiser, colleague) for colleague in texts["colleagues"]]
            by_role = {sign_in.role: account for account, sign_in in made}
            event = build(organiser.id)
        first = _hold(event, by_role)
        second = coming.make(event, by_role[Role.OWNER])
        third, sign_in = workshop.make()
        return Loaded((first, second, third), (*(told for _, told in made), sign_in))


def is_empty() -> bool:
    """Tell whether nobody has used this database yet: no organiser and no account."""
    return all(db.session.scalar(select(key).limit(1)) is None for key in (Organiser.id, Account.id))


def is_loaded() -> bool:
    """Tell whether the demonstration is in this database."""
    slug = read("texts")["organiser"]["slug"]
    return db.session.scalar(select(Organiser.id).where(Organiser.slug == slug)) is not None


def _hold(event: Event, by_role: dict[Role, Account]) -> Event:
    with clock.at(_BEGIN + timedelta(days=7)):
        published = publish(event.id)
    codes = past.sign_up_all(event, by_role[Role.OWNER])
    past.scan_all(event, codes, by_role[Role.DOOR])
    return published
