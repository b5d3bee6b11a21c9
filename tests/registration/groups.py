"""Groups for the tests of registration."""

from typing import Any

from eventapp.events.models import Event
from eventapp.registration.groups.queries import Group, find_group, group_token
from eventapp.registration.rules import MailsTo
from eventapp.registration.signup.rules import Contact
from eventapp.registration.signup.service import sign_up_group
from tests.registration.people import person

CONTACT = Contact("Sabine Krüger", "sabine@example.org", "de", MailsTo.CONTACT)


def make_group(event: Event, *numbers: int, contact: Contact = CONTACT, **changes: Any) -> Group:
    """Register people with these numbers as a group."""
    people = [person(event, number, **{"email": contact.email, **changes}) for number in numbers]
    return get_group(sign_up_group(event.id, people, contact).unit)


def get_group(public_id: str) -> Group:
    """Return a group as it is stored now."""
    found = find_group(public_id)
    assert found is not None
    return found


def address(group: Group, language: str = "de") -> str:
    """Return the address of the group's page."""
    return f"/{language}/group/{group_token(group.contact)}"
