"""Signing in: the right pair, the wrong one, limits, where one goes afterwards, and the end of sessions."""

from datetime import timedelta
from typing import Literal

import pytest
from argon2 import PasswordHasher
from flask import Flask
from sqlalchemy import select
from time_machine import Traveller

from eventapp.accounts import passwords
from eventapp.accounts.models import Account
from eventapp.accounts.rules import network, own_path
from eventapp.core.audit import AuditEntry
from eventapp.core.db import db
from tests.make import PASSWORD, make_account, make_organiser, sign_in
from tests.pages import Client, Page, Visitor


def enter(page: Visitor, email: str, password: str, to: str = "/manage/sign-in") -> Page:
    """Type e-mail and password into the form."""
    page.get(to)
    return page.submit("/manage/sign-in", {"email": email, "password": password})


def test_the_right_password_signs_in_and_leaves_a_history_entry(page: Visitor) -> None:
    account = make_account(make_organiser(), email="Ada@Example.org", language="en")
    shown = enter(page, " ada@example.ORG ", PASSWORD)
    assert shown.status == 200
    assert page.language == "en"
    assert page.get("/manage/account").h1 == "My account"
    actions = db.session.scalars(select(AuditEntry.action).where(AuditEntry.about == f"account:{account.public_id}"))
    assert "account.signed_in" in list(actions)


@pytest.mark.parametrize(
    ("email", "password"),
    [("ada@example.org", "wrong password"), ("nobody@example.org", PASSWORD), ("x" * 10_000, PASSWORD),
     ("ada@example.org", "y" * 10_000), ("ada@example.org\x00", "\x00" * 12)],
)  # fmt: skip
def test_a_wrong_pair_is_refused_in_the_same_words(page: Visitor, email: str, password: str) -> None:
    make_account(email="ada@example.org")
    shown = enter(page, email, password)
    assert shown.status == 422
    assert page.errors
    page.get("/manage/account")
    assert page.trail[-1] == "/manage/sign-in"


def test_unknown_addresses_cost_as_much_work_as_known_ones(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    calls: list[str] = []

    class Counting(PasswordHasher):
        def verify(self, hash: str | bytes, password: str | bytes) -> Literal[True]:
            calls.append(str(hash))
            super().verify(hash, password)
            return True

    monkeypatch.setattr(passwords, "hasher", Counting(time_cost=1, memory_cost=8, parallelism=1))
    assert not passwords.is_right(None, PASSWORD)
    assert not passwords.is_right(passwords.make_hash("something else"), PASSWORD)
    assert len(calls) == 2


def test_too_many_tries_are_told_to_wait(page: Visitor, clock: Traveller) -> None:
    make_account(email="ada@example.org")
    for _ in range(10):
        assert enter(page, "ada@example.org", "wrong password").status == 422
    shown = enter(page, "ada@example.org", PASSWORD)
    assert shown.status == 429
    assert shown.response.headers["Retry-After"]
    assert "Warten Sie 16 Minuten" in page.errors[0] or "Warten Sie 15 Minuten" in page.errors[0]
    clock.shift(timedelta(minutes=16))
    assert enter(page, "ada@example.org", PASSWORD).status == 200


def test_success_gives_the_tries_back(page: Visitor) -> None:
    make_account(email="ada@example.org")
    for _ in range(3):
        for _ in range(4):
            enter(page, "ada@example.org", "wrong password")
        assert enter(page, "ada@example.org", PASSWORD).status == 200
        page.get("/manage/account")
        page.submit("/manage/sign-out")


@pytest.mark.parametrize(
    "evil",
    [
        "https://evil.example/",
        "//evil.example/manage/",
        "/\\evil.example",
        "/manage//evil.example",
        "javascript:alert(1)",
        "/manage/\r\nSet-Cookie: a=b",
        "/de/",
        "/manage/@evil.example:",
    ],
)
def test_sign_in_leads_to_own_pages_only(evil: str) -> None:
    assert own_path(evil) is None


def test_one_goes_where_one_wanted_to_go(page: Visitor) -> None:
    make_account(email="ada@example.org")
    page.get("/manage/account?lang=ar")
    assert page.trail[-1] == "/manage/sign-in"
    page.submit("/manage/sign-in", {"email": "ada@example.org", "password": PASSWORD})
    assert page.trail[-1] == "/manage/account"


def test_signing_out_ends_the_session(client: Client, page: Visitor) -> None:
    sign_in(client, make_account())
    page.get("/manage/account")
    page.submit("/manage/sign-out")
    assert page.trail[-1] == "/manage/sign-in"
    page.get("/manage/account")
    assert page.trail[-1] == "/manage/sign-in"
    assert client.get("/manage/sign-out").status_code in (404, 405)


def test_a_new_password_ends_the_other_sessions_and_keeps_this_one(client: Client, page: Visitor) -> None:
    account = make_account(email="ada@example.org")
    other = page.another()
    sign_in(client, account)
    sign_in(other.client, account)
    other.get("/manage/account")
    page.get("/manage/account")
    shown = page.submit("/manage/account/password", {"present": "wrong", "password": "a new one, longer"})
    assert shown.status == 422
    page.submit("/manage/account/password", {"present": PASSWORD, "password": "a new one, longer"}, status=200)
    assert page.trail[-1] == "/manage/account"
    other.get("/manage/account")
    assert other.trail[-1] == "/manage/sign-in"
    assert enter(other, "ada@example.org", "a new one, longer").status == 200


@pytest.mark.parametrize("weak", ["short", "ada.lovelace@example.org", "Ada.Lovelace", "aaaaaaaaaaaa", "x" * 201])
def test_weak_passwords_are_refused_with_a_sentence(client: Client, page: Visitor, weak: str) -> None:
    sign_in(client, make_account(email="ada.lovelace@example.org"))
    page.get("/manage/account")
    shown = page.submit("/manage/account/password", {"present": PASSWORD, "password": weak})
    assert shown.status == 422
    assert page.errors


def test_passwords_are_compared_after_normalisation() -> None:
    assert passwords.is_right(passwords.make_hash("Mu\u0308nster am Abend"), "M\u00fcnster am Abend")


def test_an_old_hash_is_renewed_at_sign_in(page: Visitor, monkeypatch: pytest.MonkeyPatch) -> None:
    account = make_account(email="ada@example.org")
    before = account.password_hash
    monkeypatch.setattr(passwords, "hasher", PasswordHasher(time_cost=2, memory_cost=16, parallelism=1))
    assert enter(page, "ada@example.org", PASSWORD).status == 200
    after = db.session.scalars(select(Account.password_hash)).one()
    assert after != before
    assert "t=2" in after


def test_name_and_language_can_be_changed(client: Client, page: Visitor) -> None:
    sign_in(client, make_account())
    page.get("/manage/account")
    page.submit(page.form(containing="name"), {"name": "Ada <b>Müller</b>", "language": "ar"}, status=200)
    assert page.language == "ar"
    assert db.session.scalars(select(Account.name)).one() == "Ada <b>Müller</b>"
    assert page.submit(page.form(containing="name"), {"name": " \x00 "}).status == 422


@pytest.mark.parametrize(
    ("address", "expected"),
    [("192.0.2.7", "192.0.2.7"), ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"), ("::ffff:192.0.2.7", "192.0.2.7"),
     (None, "unknown"), ("nonsense", "unknown")],
)  # fmt: skip
def test_neighbours_on_the_network_share_their_tries(address: str | None, expected: str) -> None:
    assert network(address) == expected
