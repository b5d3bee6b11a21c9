"""`flask create-owner` makes the first person, also on an empty site."""

import pytest
from click.testing import Result
from flask import Flask
from sqlalchemy import select

from eventapp.accounts.models import Account, Organiser
from eventapp.accounts.queries import list_roles
from eventapp.accounts.rules import Role
from eventapp.core.db import db
from tests.pages import Visitor

GIVEN = {"organiser": "Stadt Essen", "email": "ada@example.org", "name": "Ada", "password": "four words are enough"}


def run(app: Flask, **changes: str) -> Result:
    """Run the command with these options."""
    options = [f"--{key}={value}" for key, value in (GIVEN | changes).items()]
    return app.test_cli_runner().invoke(args=["create-owner", *options])


def test_the_first_owner_can_sign_in(app: Flask, page: Visitor) -> None:
    result = run(app)
    assert result.exit_code == 0, result.output
    assert "Ada is owner of “Stadt Essen”" in result.output
    account, organiser = db.session.scalars(select(Account)).one(), db.session.scalars(select(Organiser)).one()
    assert list_roles(account.id, organiser.id, None) == {Role.OWNER}
    page.get("/manage/sign-in")
    page.submit("/manage/sign-in", {"email": GIVEN["email"], "password": GIVEN["password"]}, status=200)


def test_what_is_left_out_is_asked_for(app: Flask) -> None:
    typed = "Stadt\nada@example.org\nAda\nfour words are enough\nfour words are enough\n"
    result = app.test_cli_runner().invoke(args=["create-owner"], input=typed)
    assert result.exit_code == 0, result.output
    assert "four words" not in result.output


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [({"password": "short"}, "at least 10 characters"), ({"email": "ada"}, "not a complete e-mail address"),
     ({"name": " "}, "give a name"), ({"organiser": ""}, "give a name")],
)  # fmt: skip
def test_what_is_wrong_is_said_and_nothing_is_made(app: Flask, wrong: dict[str, str], sentence: str) -> None:
    result = run(app, **wrong)
    assert result.exit_code == 1
    assert sentence in result.output
    assert db.session.scalars(select(Account)).all() == []
    assert db.session.scalars(select(Organiser)).all() == []


def test_an_address_is_taken_once(app: Flask) -> None:
    assert run(app).exit_code == 0
    result = run(app, email="ADA@example.org")
    assert "already" in result.output
    assert len(db.session.scalars(select(Organiser)).all()) == 1
