"""Writes mails into the outbox and delivers them: each once, whatever dies in between.

A use case calls `post` inside its transaction. The worker claims due rows in one short transaction, renders and sends
outside any, and marks each in one of its own. Only a death between the mail server's answer and that mark can repeat
a mail, and then with the same Message-ID.
"""

import contextlib
import random
import time
from collections.abc import Callable, Iterator, Sequence
from contextvars import ContextVar
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from flask import current_app
from sqlalchemy import delete, or_, select, update

from eventapp.core import clock, i18n, ids, log
from eventapp.core.bulk import insert_all
from eventapp.core.db import db, transaction
from eventapp.core.refusal import NotFound
from eventapp.outbox import transport
from eventapp.outbox.models import Message, MessageState
from eventapp.outbox.rules import LEASE, Fate, Letter, Mail, wait_after

Renderer = Callable[[Message], Mail]
Claim = tuple[int, int, datetime]
"""Row id, number of the try and end of the lease: only who holds all three may mark the row."""
_LONGEST_BATCH = LEASE.total_seconds() / 8
_is_story: ContextVar[bool] = ContextVar("is_story", default=False)


def post(
    kind: str,
    to: str,
    language: str,
    facts: dict[str, Any],
    *,
    event_id: int | None = None,
    organiser_id: int | None = None,
    about: str | None = None,
) -> None:
    """Put a mail into the outbox, in the transaction of the use case; raise KeyError for a kind that nobody renders.

    `facts` are what may have changed when it is rendered (an old time, a reason), never tokens or passwords.
    """
    post_all([Letter(kind, to, language, facts, event_id, organiser_id, about)])


def post_all(letters: Sequence[Letter]) -> None:
    """Put several mails into the outbox with one statement, as `post` does one; who gave no address gets none."""
    rows = [_row(letter) for letter in letters if letter.to]
    if rows:
        with transaction() as session:
            insert_all(session, Message, rows)


def recall(about: str) -> None:
    """Take back the mails about a thing that have not gone out yet, because what they say is no longer true."""
    with transaction() as session:
        waiting = Message.about == about, Message.state == MessageState.WAITING
        session.execute(delete(Message).where(*waiting).execution_options(synchronize_session=False))


def _row(letter: Letter) -> dict[str, Any]:
    _renderers()[letter.kind]
    now, public_id, is_story = clock.now(), ids.public_id(), _is_story.get()
    return {
        "public_id": public_id,
        "kind": letter.kind,
        "recipient": letter.to,
        "language": i18n.interface(letter.language),
        "facts": dict(letter.facts),
        "about": letter.about,
        "event_id": letter.event_id,
        "organiser_id": letter.organiser_id,
        "state": MessageState.SENT if is_story else MessageState.WAITING,
        "attempts": int(is_story),
        "created_at": now,
        "due_at": now,
        "sent_at": now if is_story else None,
        "message_id": f"<{public_id}@{urlsplit(current_app.config['EVENTAPP'].base_url).hostname}>",
    }


@contextlib.contextmanager
def as_sent() -> Iterator[None]:
    """Write mails down as sent the moment they are written, so that no worker ever sends them: for the demo's story."""
    token = _is_story.set(True)
    try:
        yield
    finally:
        _is_story.reset(token)


def retry(public_id: str) -> Message:
    """Send a mail that was given up once more, from the first try on; raise NotFound."""
    with transaction() as session:
        found = select(Message).where(Message.public_id == public_id).with_for_update()
        message = session.scalar(found)
        if message is None:
            raise NotFound
        if message.state is MessageState.FAILED:
            message.state, message.attempts = MessageState.WAITING, 0
            message.due_at, message.error = clock.now(), None
    return message


def deliver_due(limit: int = 20, is_over: Callable[[], bool] = lambda: False) -> int:
    """Send up to `limit` due mails over one connection; return how many were tried.

    When `is_over` says so, or when the mail server is so slow that the lease might end, the rest goes back at once.
    """
    claims = _claim(limit)
    if not claims:
        return 0
    began, tried = time.monotonic(), 0
    with transport.open_door(current_app.config["EVENTAPP"]) as door:
        for claim in claims:
            if is_over() or time.monotonic() - began > _LONGEST_BATCH:
                break
            _mark(claim, _send(claim[0], door))
            tried += 1
    for claim in claims[tried:]:
        _write(claim, state=MessageState.WAITING, due_at=clock.now(), attempts=claim[1] - 1)
    return tried


def render(message: Message) -> Mail:
    """Write the mail that a row stands for."""
    return _renderers()[message.kind](message)


def _due(now: datetime) -> Any:
    open_states = (MessageState.WAITING, MessageState.SENDING)
    return or_(*[(Message.state == state) & (Message.due_at <= now) for state in open_states])


def _claim(limit: int) -> list[Claim]:
    now = clock.now()
    nothing = db.session.scalar(select(Message.id).where(_due(now)).limit(1)) is None
    db.session.rollback()  # an idle worker holds no read transaction
    if nothing:
        return []
    with transaction() as session:
        rows = select(Message).where(_due(now)).order_by(Message.due_at, Message.id).limit(limit)
        claims = []
        for message in session.scalars(rows.with_for_update(skip_locked=True)):
            message.state, message.due_at = MessageState.SENDING, now + LEASE
            message.attempts += 1
            claims.append((message.id, message.attempts, message.due_at))
    return claims


def _send(row_id: int, door: transport.Door) -> Fate:
    try:
        message = db.session.get_one(Message, row_id)
        mail, addressed = render(message), transport.Envelope.of(message)
    except Exception as error:
        log.failure(error)
        return Fate(error=f"not rendered: {type(error).__name__}")
    finally:
        db.session.rollback()  # nothing is locked or read while the network is slow
    return door.send(addressed, mail)


def _mark(claim: Claim, fate: Fate) -> None:
    wait = wait_after(claim[1], random.random())  # noqa: S311 - spreads tries, guards nothing
    now = clock.now()
    if fate.is_sent:
        _write(claim, state=MessageState.SENT, sent_at=now, error=None)
    elif fate.is_final or wait is None:
        _write(claim, state=MessageState.FAILED, error=fate.error)
    else:
        _write(claim, state=MessageState.WAITING, due_at=now + wait, error=fate.error)


def _write(claim: Claim, **values: Any) -> None:
    row_id, attempts, lease = claim
    mine = (Message.id == row_id, Message.state == MessageState.SENDING)
    held = (Message.attempts == attempts, Message.due_at == lease)
    with transaction() as session:
        session.execute(update(Message).where(*mine, *held).values(**values))
    log.job("mail", state=values["state"].value, attempts=attempts)


def _renderers() -> dict[str, Renderer]:
    renderers: dict[str, Renderer] = current_app.extensions["mails"]
    return renderers
