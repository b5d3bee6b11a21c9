"""Rows of the outbox: what is to be told to whom, and what became of it."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from eventapp.core.db import UTC, Base, Enum, Json, one_of
from eventapp.core.personal import Retention, holds


class MessageState(StrEnum):
    """Fate of a message."""

    WAITING = "waiting"
    """To be sent at `due_at`, for the first time or again."""
    SENDING = "sending"
    """A worker has it until `due_at`; after that it died and another may take it."""
    SENT = "sent"
    """The mail server took it, or it was written to the mail folder."""
    FAILED = "failed"
    """Given up: refused for good or tried too often."""


class Message(Base):
    """One mail to one person."""

    __tablename__ = "message"
    __table_args__ = (
        CheckConstraint(one_of("state", MessageState), name="state"),
        Index("ix_message_due", "state", "due_at"),
        Index("ix_message_event", "event_id", "id"),
        Index("ix_message_about", "about"),
    )
    not_personal = frozenset({"kind", "language", "state", "message_id", "error"})

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(16), unique=True, info=holds(Retention.MAIL))
    kind: Mapped[str] = mapped_column(String(60))
    recipient: Mapped[str] = mapped_column(String(254), info=holds(Retention.MAIL))
    language: Mapped[str] = mapped_column(String(12))
    facts: Mapped[dict[str, Any]] = mapped_column(Json, info=holds(Retention.MAIL))
    about: Mapped[str | None] = mapped_column(String(80), info=holds(Retention.MAIL))
    event_id: Mapped[int | None] = mapped_column(ForeignKey("event.id", ondelete="CASCADE"))
    organiser_id: Mapped[int | None] = mapped_column(ForeignKey("organiser.id", ondelete="CASCADE"))
    state: Mapped[MessageState] = mapped_column(Enum(MessageState))
    attempts: Mapped[int] = mapped_column(default=0)
    created_at: Mapped[datetime] = mapped_column(UTC)
    due_at: Mapped[datetime] = mapped_column(UTC)
    sent_at: Mapped[datetime | None] = mapped_column(UTC)
    message_id: Mapped[str] = mapped_column(String(200))
    error: Mapped[str | None] = mapped_column(String(400))
