"""The mail log: each sees the mail of their own organisers and events, and never the links of colleagues."""

import email
import email.policy

import pytest
from flask import Flask
from sqlalchemy import select

from eventapp.accounts.colleagues.queries import Place
from eventapp.accounts.colleagues.service import invite, withdraw
from eventapp.accounts.maillog.queries import PAGE
from eventapp.accounts.rules import Role
from eventapp.core.db import db, transaction
from eventapp.outbox.models import Message, MessageState
from eventapp.outbox.rules import Mail
from eventapp.outbox.service import post
from tests.make import make_account, make_event, make_organiser, sign_in
from tests.pages import Client, Visitor

TEXT = "Guten Tag <b>Ada</b>,\n\nhttps://example.org/de/my/token"


@pytest.fixture(autouse=True)
def _a_kind_of_mail(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    def note(message: Message) -> Mail:
        return Mail(subject=f"Betreff {message.facts['number']}", text=TEXT, html="<p>x</p>")

    monkeypatch.setitem(app.extensions["mails"], "note", note)


def send(to: str, number: int = 1, **where: int) -> str:
    """Put a mail into the outbox and return its public id."""
    post("note", to, "de", {"number": number}, **where)  # type: ignore[arg-type]
    return last_message()


def last_message() -> str:
    """Return the public id of the mail that was written last."""
    return db.session.scalars(select(Message.public_id).order_by(Message.id.desc())).first() or ""


def test_each_sees_the_mail_of_their_own(client: Client, page: Visitor) -> None:
    mine, other = make_organiser(slug="mine"), make_organiser(slug="other")
    event = make_event(mine)
    shown = [send("a@example.org", organiser_id=mine.id), send("b@example.org", event_id=event.id)]
    hidden = [send("c@example.org", organiser_id=other.id), send("d@example.org")]
    sign_in(client, make_account(mine, Role.EDITOR))
    page.get("/manage/mail")
    assert [row[0] for row in page.rows()] == ["b@example.org", "a@example.org"]
    for public_id in shown:
        page.get(f"/manage/mail/{public_id}")
        assert page.h1 == "Betreff 1"
    for public_id in hidden:
        page.get(f"/manage/mail/{public_id}", status=404)
        assert client.get(f"/manage/mail/{public_id}.eml").status_code == 404


def test_an_editor_of_one_event_sees_the_mail_of_this_event(client: Client, page: Visitor) -> None:
    organiser = make_organiser()
    event, other = make_event(organiser), make_event(organiser)
    send("a@example.org", event_id=event.id)
    send("b@example.org", event_id=other.id)
    send("c@example.org", organiser_id=organiser.id)
    sign_in(client, make_account(organiser, Role.EDITOR, event_id=event.id))
    page.get("/manage/mail")
    assert [row[0] for row in page.rows()] == ["a@example.org"]


@pytest.mark.parametrize("role", [Role.VIEWER, Role.DOOR])
def test_who_may_see_no_mail_is_told_so(client: Client, role: Role) -> None:
    organiser = make_organiser()
    public_id = send("a@example.org", organiser_id=organiser.id)
    sign_in(client, make_account(organiser, role))
    for path in ("", f"/{public_id}", f"/{public_id}.eml"):
        assert client.get(f"/manage/mail{path}").status_code == 403


def test_one_mail_is_shown_as_text_and_as_a_file(client: Client, page: Visitor) -> None:
    organiser = make_organiser()
    public_id = send("ada@example.org", organiser_id=organiser.id)
    sign_in(client, make_account(organiser))
    page.get(f"/manage/mail/{public_id}")
    assert "Guten Tag <b>Ada</b>" in page.text
    response = client.get(f"/manage/mail/{public_id}.eml")
    assert response.mimetype == "message/rfc822"
    parsed = email.message_from_bytes(response.data, policy=email.policy.default)
    assert parsed["To"] == "ada@example.org"
    assert parsed["Subject"] == "Betreff 1"


def test_links_of_colleagues_are_not_shown(client: Client, page: Visitor) -> None:
    organiser = make_organiser()
    invite(Place(organiser.id), "neu@example.org", Role.OWNER, "de")
    sign_in(client, make_account(organiser, Role.EDITOR))
    page.get("/manage/mail")
    page.click("neu@example.org")
    assert "/manage/join/" not in page.html
    assert client.get(f"{page.url}.eml").status_code == 404


def test_a_mail_about_something_that_is_gone_says_so(
    client: Client, page: Visitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    organiser = make_organiser()
    withdraw(Place(organiser.id), invite(Place(organiser.id), "neu@example.org", Role.OWNER, "de"))
    post("note", "a@example.org", "de", {}, organiser_id=organiser.id)
    gone = last_message()
    sign_in(client, make_account(organiser))
    page.get(f"/manage/mail/{gone}")
    assert "gibt es nicht mehr" in page.text


def test_a_mail_that_was_given_up_is_sent_once_more(client: Client, page: Visitor) -> None:
    organiser = make_organiser()
    public_id = send("ada@example.org", organiser_id=organiser.id)
    with transaction() as session:
        message = session.query(Message).filter_by(public_id=public_id).one()
        message.state, message.attempts, message.error = MessageState.FAILED, 5, "550 <script>"
    sign_in(client, make_account(organiser))
    page.get("/manage/mail?state=failed")
    page.click("ada@example.org")
    assert "550 <script>" in page.text
    page.submit("again", status=200)
    assert "Wartet" in page.text


def test_long_lists_go_on_and_narrow_to_one_event(client: Client, page: Visitor) -> None:
    organiser = make_organiser()
    event = make_event(organiser)
    for number in range(PAGE + 3):
        send(f"g{number}@example.org", number, event_id=event.id)
    send("other@example.org", organiser_id=organiser.id)
    sign_in(client, make_account(organiser))
    page.get(f"/manage/mail?event={event.slug}")
    assert len(page.rows()) == PAGE
    page.click("Ältere E-Mails")
    assert [row[0] for row in page.rows()] == ["g2@example.org", "g1@example.org", "g0@example.org"]
    page.get("/manage/mail?event=unknown&state=nonsense&before=x")
    assert "Noch keine E-Mail" in page.text
