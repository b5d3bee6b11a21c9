"""A mail on the wire and in the folder: headers that nobody can add to, addresses of all kinds, the text readable."""

import smtplib
from collections.abc import Callable
from dataclasses import replace
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path

import pytest
from aiosmtpd.smtp import AuthResult, LoginPassword

from config import Config
from eventapp.outbox.rules import Attachment, Fate, Mail
from eventapp.outbox.transport import Envelope, compose, open_door
from tests import sink

pytestmark = pytest.mark.loopback
MAIL = Mail(
    "Ihr Ticket", "Guten Tag", "<p>Guten Tag</p>", sender_name="Ministerium für Arbeit", reply_to="x@example.org"
)
HOSTILE = "Amira\r\nBcc: viele@example.org\r\n\r\nKauft\x00 hier\u2028mehr"
TO = Envelope("abc", "gast@example.org", "ar", "<abc@example.org>", "20260615T080000")


def config(smtp_url: str = "", **changes: object) -> Config:
    return Config.for_tests("sqlite://", smtp_url=smtp_url, mail_from="Tagungen <forum@example.org>", **changes)


def send(mail: Mail = MAIL, to: str = TO.recipient, **settings: object) -> tuple[Fate, list[EmailMessage], list[str]]:
    with sink.listening(**settings) as server:
        with open_door(config(server.url)) as door:
            fate = door.send(replace(TO, recipient=to), mail)
        return fate, server.mails, [address for _, address in server.envelopes]


def test_the_headers_of_a_mail() -> None:
    fate, (mail,), _ = send()
    assert fate.is_sent
    assert mail["From"] == "Ministerium für Arbeit <forum@example.org>"
    assert (mail["To"], mail["Reply-To"], mail["Subject"]) == ("gast@example.org", "x@example.org", "Ihr Ticket")
    assert (mail["Message-ID"], mail["Content-Language"]) == ("<abc@example.org>", "ar")
    assert mail["Auto-Submitted"] == "auto-generated"
    assert mail["Date"].datetime.tzinfo is not None
    assert not [name for name in mail if name.lower().startswith("list-")]


def test_a_mail_without_organiser_comes_from_the_site() -> None:
    _, (mail,), _ = send(replace(MAIL, sender_name="", reply_to=""))
    assert mail["From"] == "Tagungen <forum@example.org>"
    assert mail["Reply-To"] is None


@pytest.mark.parametrize("change", [
    lambda mail: replace(mail, subject=HOSTILE),
    lambda mail: replace(mail, sender_name=HOSTILE),
    lambda mail: replace(mail, reply_to=HOSTILE),
    lambda mail: replace(mail, reply_to="a@example.org\r\nBcc: b@example.org"),
])  # fmt: skip
def test_nothing_that_was_typed_adds_a_header(change: Callable[[Mail], Mail]) -> None:
    fate, (mail,), recipients = send(change(MAIL))
    assert fate.is_sent
    assert mail["Bcc"] is None
    assert recipients == ["gast@example.org"]
    assert mail.get_body(("plain",)).get_content().strip() == "Guten Tag"  # type: ignore[union-attr]


@pytest.mark.parametrize(
    "to", [HOSTILE, "a@example.org\r\nBcc: b@example.org", "niemand", "", "a@b@c", "a b@example.org"]
)
def test_what_is_no_address_gets_no_mail(to: str) -> None:
    fate, mails, _ = send(to=to)
    assert (fate.is_final, fate.error, mails) == (True, "not an e-mail address", [])


def test_a_domain_with_umlauts_goes_over_the_wire_in_ascii() -> None:
    fate, (mail,), recipients = send(to="gast@bücher-straße.example.org")
    assert fate.is_sent
    assert recipients == ["gast@xn--bcher-strae-46a18a.example.org"]
    assert mail["To"] == recipients[0]


def test_letters_before_the_at_need_a_server_that_takes_them() -> None:
    fate, mails, _ = send(to="jürgen@example.org", enable_SMTPUTF8=False)
    assert (fate.is_final, mails) == (True, [])
    assert "before the @" in fate.error
    fate, (mail,), recipients = send(to="jürgen@example.org", enable_SMTPUTF8=True)
    assert fate.is_sent
    assert recipients == ["jürgen@example.org"]
    assert mail["Subject"] == "Ihr Ticket"


def test_pictures_stand_in_the_page_and_files_behind_it() -> None:
    parts = (
        Attachment("qr.png", "image/png", b"\x89PNG", "qr"),
        Attachment("Tickét ۱.pdf", "application/pdf", b"%PDF"),
    )
    arabic = "أهلًا وسهلًا! " * 40
    _, (mail,), _ = send(replace(MAIL, text=arabic, html=f'<p>{arabic}</p><img src="cid:qr">', attachments=parts))
    assert mail.get_content_type() == "multipart/mixed"
    assert mail.get_body(("plain",)).get_content().strip() == arabic.strip()  # type: ignore[union-attr]
    shown = next(part for part in mail.walk() if part["Content-ID"] == "<qr>")
    assert shown.get_content_type() == "image/png"
    (file,) = list(mail.iter_attachments())
    assert (file.get_filename(), file.get_content()) == ("Tickét ۱.pdf", b"%PDF")
    assert compose(config(), TO, MAIL, TO.recipient).as_bytes().isascii()


def test_without_server_a_mail_is_a_file_that_replaces_itself(tmp_path: Path) -> None:
    with open_door(config(instance=tmp_path)) as door:
        for _ in range(2):
            assert door.send(TO, MAIL).is_sent
    (file,) = (tmp_path / "mail").iterdir()
    assert file.name == "20260615T080000-abc.eml"
    assert message_from_bytes(file.read_bytes(), policy=policy.default)["Subject"] == "Ihr Ticket"


@pytest.mark.filterwarnings("ignore:Requiring AUTH while not requiring TLS")
def test_a_user_signs_in_and_a_wrong_password_loses_no_mail() -> None:
    def check(_server: object, _session: object, _envelope: object, _mechanism: str, given: object) -> AuthResult:
        return AuthResult(success=given == LoginPassword(b"us:er", b"p@ss"), handled=False)

    settings = {"auth_required": True, "auth_require_tls": False, "authenticator": check}
    with sink.listening(**settings) as server:
        for user, expected in (("us%3Aer:p%40ss", True), ("us%3Aer:wrong", False)):
            with open_door(config(server.url.replace("//", f"//{user}@"))) as door:
                fate = door.send(TO, MAIL)
            assert (fate.is_sent, fate.is_final) == (expected, False)
    assert (len(server.mails), fate.error) == (1, "mail server: 535")


def test_starttls_without_tls_is_no_way_out() -> None:
    with sink.listening() as server:
        with open_door(config(server.url.replace("smtp:", "smtp+starttls:"))) as door:
            fate = door.send(TO, MAIL)
        assert server.mails == []
    assert (fate.is_sent, fate.is_final) == (False, False)
    assert smtplib.SMTPNotSupportedError.__name__ in fate.error
