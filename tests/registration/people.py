"""Guests for the tests of registration."""

from dataclasses import replace
from typing import Any

from eventapp.core.db import db
from eventapp.events.models import Event
from eventapp.registration.doctor.queries import list_faults
from eventapp.registration.signup.batch import SignUp
from eventapp.registration.signup.rules import Person
from eventapp.registration.signup.service import sign_up


def person(event: Event, number: int = 1, **changes: Any) -> Person:
    """Return a guest of the event's second category (no limit of its own)."""
    given = Person(
        given_name=f"Gast {number}",
        family_name="Muster",
        email=f"gast{number}@example.org",
        category_id=event.categories[-1].id,
        language="de",
        organisation="Verein Brücke",
    )
    return replace(given, **changes)


def arrive(event: Event, number: int = 1, **changes: Any) -> SignUp:
    """Sign a guest up."""
    return sign_up(event.id, person(event, number, **changes))


def check_invariants(event_id: int) -> None:
    """Assert what must hold after every act: counters, seats, order."""
    db.session.expire_all()
    assert list_faults(event_id) == []
