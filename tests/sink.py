"""A real mail server on this machine for the tests: takes what it is sent, or refuses whom it is told to refuse."""
# ruff: noqa: ARG002, N802 - the server calls its handlers by these names and with these arguments

import contextlib
import socket
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any

from aiosmtpd.controller import Controller


@dataclass
class Sink:
    """What the server got; `refuse` maps an address to the answer that it gets instead of 250."""

    url: str = ""
    mails: list[EmailMessage] = field(default_factory=list)
    envelopes: list[tuple[str, str]] = field(default_factory=list)
    refuse: dict[str, str] = field(default_factory=dict)
    connections: int = 0
    _lock: threading.Lock = field(default_factory=threading.Lock)

    async def handle_EHLO(
        self, server: Any, session: Any, envelope: Any, hostname: str, responses: list[str]
    ) -> list[str]:
        """Count connections."""
        self.connections += 1
        session.host_name = hostname
        return responses

    async def handle_RCPT(self, server: Any, session: Any, envelope: Any, address: str, rcpt_options: list[str]) -> str:
        """Take or refuse a recipient."""
        if address in self.refuse:
            return self.refuse[address]
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
        """Take a mail."""
        with self._lock:
            self.mails.append(message_from_bytes(envelope.content, policy=policy.default))
            self.envelopes.append((envelope.mail_from, envelope.rcpt_tos[0]))
        return "250 OK"

    @property
    def ids(self) -> list[str]:
        """Message-IDs of what came, in order."""
        return [str(mail["Message-ID"]) for mail in self.mails]


@contextlib.contextmanager
def listening(**settings: Any) -> Iterator[Sink]:
    """Start a server on a free port; `settings` go to aiosmtpd."""
    sink = Sink()
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    controller = Controller(sink, hostname="127.0.0.1", port=port, **settings)
    controller.start()
    try:
        sink.url = f"smtp://127.0.0.1:{port}"
        sink.connections = 0
        yield sink
    finally:
        controller.stop()


def refused() -> str:
    """Return the address of a port at which nobody listens."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return f"smtp://127.0.0.1:{free.getsockname()[1]}"
