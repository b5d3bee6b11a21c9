"""The forgotten password: the same answer for everybody, a link that works once and for two hours."""

from datetime import timedelta

import pytest
from sqlalchemy import select
from time_machine import Traveller

from eventapp.accounts.models import Account
from eventapp.core.db import db
from eventapp.outbox.models import Message
from eventapp.outbox.service import render
from tests.make import PASSWORD, make_account
from tests.pages import Visitor


def ask(page: Visitor, email: str) -> str:
    """Ask for a link and return the words of the answer."""
    page.get("/manage/forgotten")
    return page.submit(page.form(containing="email"), {"email": email}, status=200).text


def mails() -> list[Message]:
    """Return all mails."""
    return list(db.session.scalars(select(Message).order_by(Message.id)))


def link() -> str:
    """Return the path of the link in the last mail."""
    url = next(word for word in render(mails()[-1]).text.split() if "/manage/reset/" in word)
    return "/manage/reset/" + url.partition("/manage/reset/")[2]


def test_the_answer_is_the_same_for_known_and_unknown_addresses(page: Visitor) -> None:
    make_account(email="ada@example.org")
    assert ask(page, "ada@example.org") == ask(page, "nobody@example.org")
    assert [one.recipient for one in mails()] == ["ada@example.org"]


def test_the_row_of_the_mail_holds_no_token(page: Visitor) -> None:
    make_account(email="ada@example.org")
    ask(page, "ada@example.org")
    token = link().rpartition("/")[2]
    kept = " ".join(str(value) for value in vars(mails()[0]).values())
    assert token.rpartition(".")[2] not in kept


def test_the_link_works_once_and_signs_in(page: Visitor) -> None:
    account = make_account(email="ada@example.org")
    other = page.another()
    ask(page, "ADA@example.org")
    first = link()
    page.get(first)
    assert page.response.headers["Referrer-Policy"] == "no-referrer"
    assert page.response.headers["Cache-Control"] == "no-store"
    assert page.submit(values={"password": "short"}).status == 422
    page.submit(values={"password": "a whole new phrase"}, status=200)
    assert page.trail[-1] == "/manage/"
    other.get(first, status=404)
    other.get("/manage/sign-in")
    form = other.form(containing="password")
    assert other.submit(form, {"email": account.email, "password": PASSWORD}).status == 422
    assert other.submit(form, {"email": account.email, "password": "a whole new phrase"}).status == 200


def test_the_link_ends_after_two_hours(page: Visitor, clock: Traveller) -> None:
    make_account(email="ada@example.org")
    ask(page, "ada@example.org")
    url = link()
    clock.shift(timedelta(hours=1, minutes=59))
    page.get(url)
    clock.shift(timedelta(minutes=2))
    page.get(url, status=404)
    assert "gilt nicht mehr" in page.text


def test_a_second_link_ends_with_the_password_that_the_first_one_set(page: Visitor) -> None:
    make_account(email="ada@example.org")
    ask(page, "ada@example.org")
    first = link()
    ask(page, "ada@example.org")
    page.get(first)
    page.submit(values={"password": "a whole new phrase"}, status=200)
    page.another().get(link(), status=404)
    assert db.session.scalars(select(Account.link_version)).one() == 2


def test_nobody_is_flooded_with_mails(page: Visitor) -> None:
    make_account(email="ada@example.org")
    for _ in range(3):
        ask(page, "ada@example.org")
    page.get("/manage/forgotten")
    shown = page.submit(page.form(containing="email"), {"email": "ada@example.org"})
    assert shown.status == 429
    assert shown.response.headers["Retry-After"]
    assert len(mails()) == 3


@pytest.mark.parametrize(
    "email", ["", "x", "x" * 10_000 + "@example.org", "a@b@c", "a@example.org\x00\nBcc: x@example.org"]
)
def test_what_is_no_address_is_told_so(page: Visitor, email: str) -> None:
    page.get("/manage/forgotten")
    assert page.submit(page.form(containing="email"), {"email": email}).status == 422
    assert page.errors
    assert mails() == []


def test_the_mail_is_in_the_language_of_the_account_with_german_below(page: Visitor) -> None:
    make_account(email="ada@example.org", language="ar", name="<b>Ada</b>")
    ask(page, "ada@example.org")
    mail = render(mails()[0])
    assert mail.subject == "تعيين كلمة مرور جديدة لـ eventapp"
    assert "Guten Tag <b>Ada</b>" in mail.text
    assert "<b>Ada" not in mail.html
