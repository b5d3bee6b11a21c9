"""Reporting a barrier: without an account, by mail to the organiser, limited."""

import pytest
from sqlalchemy import select

from eventapp.core.db import db
from eventapp.outbox.models import Message
from eventapp.outbox.service import render
from tests.make import make_organiser
from tests.pages import Visitor

URL = "/de/organisers/stadt/accessibility/report"


def test_a_report_reaches_the_organiser_and_can_be_answered(page: Visitor) -> None:
    make_organiser("Stadt", slug="stadt")
    page.get("/de/organisers/stadt/accessibility")
    page.click("Barriere melden")
    page.submit(values={"text": "<b>Kontrast</b>\n\nzu schwach", "email": "gast@example.org"}, status=200)
    assert "Vielen Dank" in page.text
    message = db.session.scalars(select(Message)).one()
    assert message.recipient == "kontakt@example.org"
    mail = render(message)
    assert mail.reply_to == "gast@example.org"
    assert "<b>Kontrast</b>" in mail.text
    assert "<b>Kontrast" not in mail.html


@pytest.mark.parametrize("wrong", [{"text": ""}, {"text": "x" * 4001}, {"email": "x"}, {"text": "\x00 "}])
def test_what_is_wrong_is_said_and_kept(page: Visitor, wrong: dict[str, str]) -> None:
    make_organiser("Stadt", slug="stadt")
    page.get(URL)
    assert page.submit(values={"text": "Text", "email": "gast@example.org"} | wrong).status == 422
    assert page.errors
    assert db.session.scalars(select(Message)).all() == []


def test_nobody_floods_an_organiser(page: Visitor) -> None:
    make_organiser("Stadt", slug="stadt")
    for _ in range(10):
        page.get(URL)
        page.submit(values={"text": "Text"}, status=200)
    page.get(URL)
    assert page.submit(values={"text": "Text"}).status == 429
    page.get("/de/organisers/nobody/accessibility/report", status=404)
