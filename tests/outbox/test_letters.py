"""The mails of the application as their readers get them: their language first, German below, whole addresses."""

import re
from typing import Any

import pytest
from flask import Flask

from eventapp.core import i18n
from eventapp.outbox.models import Message
from eventapp.outbox.queries import count_by_state, list_messages
from eventapp.outbox.rules import Mail
from eventapp.outbox.service import render
from tests import markup
from tests.make import make_event
from tests.registration.people import arrive

pytestmark = pytest.mark.usefixtures("app")


def sent(language: str, **changes: Any) -> tuple[Message, Mail]:
    """Sign a guest up and write the mail that follows."""
    event = make_event()
    arrive(event, language=language, **changes)
    (message,) = list_messages(event_id=event.id)
    return message, render(message)


@pytest.mark.parametrize(("language", "parts"), [
    ("de", ["de"]), ("ar", ["ar", "de"]), ("en", ["en", "de"]), ("uk", ["de"]),
])  # fmt: skip
def test_the_readers_language_comes_first_and_german_below(language: str, parts: list[str]) -> None:
    message, mail = sent(language)
    assert message.language == parts[0]
    root = markup.parse(mail.html)
    assert (root.get("lang"), root.get("dir")) == (parts[0], i18n.direction(parts[0]))
    assert [x.get("lang") for x in root.iter("td") if x.get("lang")] == parts
    assert ("Guten Tag" in mail.text) is True
    assert mail.text.count("-" * 40) == len(parts) - 1


def test_every_address_in_a_mail_is_whole() -> None:
    _, mail = sent("en")
    links = re.findall(r'(?:href|src)="([^"]+)"', mail.html)
    assert links
    assert all(link.startswith(("http://127.0.0.1:8000/", "mailto:", "cid:")) for link in links)
    assert "<" not in mail.subject
    assert "&amp;" not in mail.text


def test_markup_that_a_guest_typed_is_text() -> None:
    _, mail = sent("de", given_name="<b>Amira</b>", family_name='"O\'Hara" & Co')
    assert "<b>Amira</b>" not in mail.html
    assert "&lt;b&gt;Amira" in mail.html
    assert "<b>Amira</b>" in mail.text


def test_rules_stand_in_the_elements() -> None:
    _, mail = sent("ar")
    assert "<style" not in mail.html
    assert "<script" not in mail.html
    assert 'class="' not in mail.html


def test_the_organiser_signs_and_gets_the_answers(app: Flask) -> None:
    _, mail = sent("de")
    assert mail.sender_name == "Ministerium"
    assert mail.reply_to.endswith("@example.org")


def test_a_row_holds_no_key_to_anything() -> None:
    message, mail = sent("de")
    token = re.search(r"/my/([^/\"\s?]+)", mail.text)
    assert token
    assert token[1] not in str(message.facts)


def test_the_log_of_mails_counts_and_finds() -> None:
    message, _ = sent("de")
    assert {state.value: number for state, number in count_by_state(message.event_id).items() if number} == {
        "waiting": 1
    }
    assert list(list_messages()) == [message]
