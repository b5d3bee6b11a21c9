"""What a mail is before it is sent, and when a failed one is tried again; pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any


@dataclass(frozen=True)
class Letter:
    """What is to be told to whom: the kind of mail, and as facts what may have changed when it is rendered.

    Facts are never tokens or passwords. `about` names the participant or thing, as history entries do.
    """

    kind: str
    to: str
    language: str
    facts: Mapping[str, Any]
    event_id: int | None = None
    organiser_id: int | None = None
    about: str | None = None


@dataclass(frozen=True)
class Attachment:
    """A file of a mail; with a `content_id` it is shown inside the HTML as `cid:<content_id>`."""

    name: str
    media_type: str
    data: bytes
    content_id: str | None = None


@dataclass(frozen=True)
class Mail:
    """A mail as its reader sees it; without `sender_name` and `reply_to` it comes from the site itself."""

    subject: str
    text: str
    html: str
    attachments: tuple[Attachment, ...] = ()
    sender_name: str = ""
    reply_to: str = ""


@dataclass(frozen=True)
class Fate:
    """What became of one try: sent, refused for good, or to be tried again."""

    is_sent: bool = False
    is_final: bool = False
    error: str = ""


SENT = Fate(is_sent=True)

LEASE = timedelta(minutes=10)
"""How long a worker may keep a mail; after that it counts as dead and another worker takes it."""

_WAITS = (
    timedelta(minutes=1),
    timedelta(minutes=5),
    timedelta(minutes=15),
    timedelta(hours=1),
    timedelta(hours=3),
    timedelta(hours=8),
    *[timedelta(hours=12)] * 5,
)
"""After each failed try; together three days, as mail servers do it themselves."""


def wait_after(attempts: int, spread: float) -> timedelta | None:
    """Return how long to wait after the `attempts`th failed try, None to give up.

    `spread` from 0 to 1 moves it by up to a fifth, so that what failed together does not come back together.
    """
    if attempts > len(_WAITS):
        return None
    return _WAITS[max(attempts, 1) - 1] * (0.9 + 0.2 * spread)


def one_line(text: str) -> str:
    """Return `text` as a mail header may carry it: one line, no control characters."""
    return " ".join("".join(c if c.isprintable() else " " for c in text).split())


def answer_to_code(code: int, text: str) -> Fate:
    """Return what a mail server's answer means: 5xx is final, everything else may pass (RFC 5321, 4.2.1)."""
    return Fate(is_final=500 <= code < 600, error=one_line(f"{code} {text}")[:400])
