"""Accounts at the door: what their role, their session and a device in the same browser let them do."""

from eventapp.accounts.models import Account
from eventapp.accounts.rules import Role
from eventapp.core.db import transaction
from eventapp.events.models import Event
from tests.checkin.devices import Held
from tests.make import make_account, make_event, sign_in
from tests.pages import Client


def test_account_and_device_in_one_browser(client: Client, event: Event, held: Held) -> None:
    counts = f"/door/api/{event.slug}/counts"
    viewer = make_account(event.organiser, Role.VIEWER)
    sign_in(client, viewer)
    assert client.get(counts).status_code == 200, "the device may"
    other = make_event(event.organiser, slug="anderswo")
    assert client.get(f"/door/api/{other.slug}/counts").status_code == 403, "neither may"


def test_a_new_password_ends_what_an_account_may_at_the_door(client: Client, event: Event) -> None:
    account = make_account(event.organiser, Role.DOOR, event_id=event.id)
    sign_in(client, account)
    counts = f"/door/api/{event.slug}/counts"
    assert client.get(counts).status_code == 200
    with transaction() as session:
        session.get_one(Account, account.id).link_version += 1
    assert client.get(counts).status_code == 401
