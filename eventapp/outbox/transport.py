"""How a mail leaves the house: over SMTP, or, when no server is set, as a file in `instance/mail/`.

A door is opened for a batch; each `send` answers with a fate and never raises for what a mail server or an address
does. Headers are made here, so that nothing that somebody typed can add one.
"""

import contextlib
import os
import smtplib
import ssl
from collections.abc import Iterator
from dataclasses import dataclass
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP, SMTPUTF8
from email.utils import format_datetime, parseaddr
from typing import Protocol
from urllib.parse import unquote, urlsplit

from email_validator import EmailNotValidError, validate_email

from config import Config
from eventapp.core import clock
from eventapp.outbox.models import Message
from eventapp.outbox.rules import SENT, Fate, Mail, answer_to_code, one_line

PATIENCE = 20
"""Seconds to wait for each answer of a mail server."""
_PORTS = {"smtp": 25, "smtps": 465, "smtp+starttls": 587}
_POLICY, _POLICY_UTF8 = SMTP.clone(cte_type="7bit"), SMTPUTF8.clone(cte_type="7bit")


@dataclass(frozen=True)
class Envelope:
    """What is known of a mail beside its text, as plain values: no row is open while the network is slow."""

    public_id: str
    recipient: str
    language: str
    message_id: str
    stamp: str

    @classmethod
    def of(cls, message: Message) -> "Envelope":
        """Read a row."""
        stamp = message.created_at.strftime("%Y%m%dT%H%M%S")
        return cls(message.public_id, message.recipient, message.language, message.message_id, stamp)


class Door(Protocol):
    """Where mails leave."""

    def send(self, envelope: Envelope, mail: Mail) -> Fate:
        """Send one mail and say what became of it."""
        ...


@contextlib.contextmanager
def open_door(config: Config) -> Iterator[Door]:
    """Open the way out that the settings name, for one batch."""
    if not config.smtp_url:
        yield Folder(config)
        return
    server = Server(config)
    try:
        yield server
    finally:
        server.close()


class Folder:
    """Writes mails as .eml files, each under one name, so that a repeated one replaces itself."""

    def __init__(self, config: Config) -> None:
        self.config, self.folder = config, config.instance / "mail"

    def send(self, envelope: Envelope, mail: Mail) -> Fate:
        """Write the mail; the file appears whole or not at all."""
        try:
            address = ascii_domain(envelope.recipient)
        except EmailNotValidError:
            return Fate(is_final=True, error="not an e-mail address")
        self.folder.mkdir(parents=True, exist_ok=True)
        target = self.folder / f"{envelope.stamp}-{envelope.public_id}.eml"
        draft = target.with_suffix(f".{os.getpid()}.part")
        draft.write_bytes(_bytes(compose(self.config, envelope, mail, address), address))
        draft.replace(target)
        return SENT


class Server:
    """A mail server; the connection is made with the first mail and made anew when it broke."""

    def __init__(self, config: Config) -> None:
        self.config = config
        self._connection: smtplib.SMTP | None = None
        self._failure: Fate | None = None

    def send(self, envelope: Envelope, mail: Mail) -> Fate:
        """Hand the mail to the server; a server that cannot be reached is asked once a batch."""
        try:
            address = ascii_domain(envelope.recipient)
        except EmailNotValidError:
            return Fate(is_final=True, error="not an e-mail address")
        if self._failure is not None:
            return self._failure
        try:
            if self._connection is None:
                self._connection = _connect(self.config)
        except (OSError, smtplib.SMTPException) as error:
            self._failure = Fate(error=_words(error))  # also a wrong password: settings get mended, mails stay
            return self._failure
        return self._hand_over(self._connection, envelope, mail, address)

    def close(self) -> None:
        """Say good-bye; nothing depends on it."""
        connection, self._connection = self._connection, None
        if connection is not None:
            with contextlib.suppress(OSError, smtplib.SMTPException):
                connection.quit()
            connection.close()

    def _hand_over(self, connection: smtplib.SMTP, envelope: Envelope, mail: Mail, address: str) -> Fate:
        needs_utf8 = not address.isascii()
        if needs_utf8 and not connection.has_extn("smtputf8"):
            return Fate(is_final=True, error="the mail server takes no address with such letters before the @")
        data = _bytes(compose(self.config, envelope, mail, address), address)
        sender = parseaddr(self.config.mail_from)[1]
        try:
            connection.sendmail(sender, [address], data, ["SMTPUTF8", "BODY=8BITMIME"] if needs_utf8 else [])
        except smtplib.SMTPRecipientsRefused as error:
            return self._refused(*error.recipients[address])
        except smtplib.SMTPResponseException as error:
            return self._refused(error.smtp_code, error.smtp_error)
        except (OSError, smtplib.SMTPException) as error:
            self.close()
            return Fate(error=_words(error))
        return SENT

    def _refused(self, code: int, text: bytes | str) -> Fate:
        if code == 421:  # the server is about to hang up
            self.close()
        return answer_to_code(code, text.decode("utf-8", "replace") if isinstance(text, bytes) else text)


def ascii_domain(address: str) -> str:
    """Return the address with its domain as it goes over the wire (IDNA 2008); raise EmailNotValidError."""
    found = validate_email(address, check_deliverability=False, globally_deliverable=False)
    return f"{found.local_part}@{found.ascii_domain}"


def compose(config: Config, envelope: Envelope, mail: Mail, address: str) -> EmailMessage:
    """Build the mail: text first, HTML with its pictures beside it, files behind."""
    message = EmailMessage(policy=_POLICY)
    own_name, own_address = parseaddr(config.mail_from)
    local, _, domain = own_address.rpartition("@")
    message["Subject"] = one_line(mail.subject)
    message["From"] = Address(one_line(mail.sender_name or own_name or "eventapp"), local, domain)
    message["To"] = _address(address)
    with contextlib.suppress(EmailNotValidError):
        if mail.reply_to:
            message["Reply-To"] = _address(ascii_domain(mail.reply_to))
    message["Date"] = format_datetime(clock.now())
    message["Message-ID"] = envelope.message_id
    message["Auto-Submitted"] = "auto-generated"
    message["X-Auto-Response-Suppress"] = "All"
    message.set_content(mail.text)
    message.add_alternative(mail.html, subtype="html")
    page = message.get_payload()[-1]  # type: ignore[index]
    for part in mail.attachments:
        kind, _, subtype = part.media_type.partition("/")
        if part.content_id:
            cid = f"<{part.content_id}>"
            page.add_related(part.data, kind, subtype, cid=cid, filename=part.name, disposition="inline")  # type: ignore[union-attr]
        else:
            message.add_attachment(part.data, maintype=kind, subtype=subtype, filename=part.name)
    message["Content-Language"] = envelope.language  # last: parts that are added take "Content-" headers with them
    return message


def as_file(config: Config, row: Message, mail: Mail) -> bytes:
    """Return a mail as an .eml file; raise EmailNotValidError when its recipient is no address."""
    address = ascii_domain(row.recipient)
    return _bytes(compose(config, Envelope.of(row), mail, address), address)


def _bytes(message: EmailMessage, address: str) -> bytes:
    return message.as_bytes(policy=_POLICY if address.isascii() else _POLICY_UTF8)


def _address(address: str) -> Address:
    local, _, domain = address.rpartition("@")
    return Address("", local, domain)


def _connect(config: Config) -> smtplib.SMTP:
    url = urlsplit(config.smtp_url)
    host, port = str(url.hostname), url.port or _PORTS[url.scheme]
    context = ssl.create_default_context()
    if url.scheme == "smtps":
        connection: smtplib.SMTP = smtplib.SMTP_SSL(host, port, timeout=PATIENCE, context=context)
    else:
        connection = smtplib.SMTP(host, port, timeout=PATIENCE)
    try:
        connection.ehlo_or_helo_if_needed()
        if url.scheme == "smtp+starttls":
            connection.starttls(context=context)
        if url.username:
            connection.login(unquote(url.username), unquote(url.password or ""))
    except BaseException:
        connection.close()
        raise
    return connection


def _words(error: Exception) -> str:
    if isinstance(error, smtplib.SMTPResponseException):
        return f"mail server: {error.smtp_code}"
    return f"mail server: {type(error).__name__}"
