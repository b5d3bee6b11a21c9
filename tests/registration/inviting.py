"""An event with a group that only invited guests reach, and what they do, for the tests of invitations and codes."""

from typing import Any

from sqlalchemy import func, select

from eventapp.core.db import db
from eventapp.core.localized import Localized
from eventapp.events.models import Category, Event
from eventapp.events.rules import CategoryInput, OrganisationKind
from eventapp.events.service import add_category
from eventapp.outbox.models import Message
from eventapp.registration.invitations.models import Invitation
from eventapp.registration.invitations.queries import link_token
from eventapp.registration.invitations.rules import Invited
from eventapp.registration.invitations.service import invite
from eventapp.registration.models import Registration
from eventapp.registration.signup.batch import SignUp
from eventapp.registration.signup.rules import Arrival
from eventapp.registration.signup.service import arrive
from tests.make import make_event
from tests.registration.people import person

NADIA = {"given_name": "Nadia", "family_name": "Sommer", "email": "nadia@example.org"}


def make_inviting(**changes: Any) -> tuple[Event, Category]:
    """Make an event with a group "Presse" that guests cannot choose and the organiser approves."""
    event = make_event(**changes)
    given = CategoryInput(
        Localized(de="Presse", en="Press", ar="الصحافة"),
        is_open=False,
        needs_approval=True,
        organisation_kind=OrganisationKind.PRESS,
    )
    return event, add_category(event.id, given)


def invite_nadia(event: Event, category: Category, **changes: Any) -> Invitation:
    """Invite Nadia Sommer into a group."""
    terms = {name: changes.pop(name) for name in ("words", "expires_at") if name in changes}
    return invite(event.id, Invited(**{"category_id": category.id, **NADIA, **changes}), **terms)


def accept(invitation: Invitation, number: int = 0, **changes: Any) -> SignUp:
    """Sign up with an invitation, as the invited person or, with a number, as another guest."""
    own = NADIA if not number else {}
    given = person(invitation.event, number, **{**own, "category_id": invitation.category_id, **changes})
    return arrive(invitation.event_id, Arrival((given,), invitation_id=invitation.id))


def link(invitation: Invitation, language: str = "de") -> str:
    """Return the address of an invitation."""
    return f"/{language}/invitation/{link_token(invitation)}"


def mails(kind: str = "registration.invitation") -> list[str]:
    """Return to whom mails of a kind stand in the outbox."""
    return list(db.session.scalars(select(Message.recipient).where(Message.kind == kind).order_by(Message.id)))


def count(model: type[Any] = Registration) -> int:
    """Return how many rows a table has."""
    return db.session.scalar(select(func.count()).select_from(model)) or 0
