"""Makes what tests need, always through the services, so that a test begins from what the application would do."""

from argon2 import PasswordHasher
from flask.testing import FlaskClient

from eventapp.accounts import passwords
from eventapp.accounts.models import Account, Organiser
from eventapp.accounts.rules import Role
from eventapp.accounts.service import OrganiserInput, create_account, create_organiser, grant
from eventapp.core import ids
from eventapp.core.localized import Localized
from eventapp.notices.models import NoticeKind
from eventapp.notices.service import publish

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


def sign_in(client: FlaskClient, account: Account) -> None:
    """Sign a person in without the form."""
    with client.session_transaction() as session:
        session["_user_id"], session["_fresh"] = account.get_id(), True
        session["language"] = account.language
