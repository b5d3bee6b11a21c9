"""Tickets: one living code per participant, and what the door's scans folded into."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from eventapp.core.db import UTC, Base, Enum, one_of
from eventapp.core.personal import Retention, holds


class TicketState(StrEnum):
    """Whether the code opens the door."""

    VALID = "valid"
    CANCELLED = "cancelled"
    """Its holder cancelled."""
    REVOKED = "revoked"
    """A newer code took its place."""


class Ticket(Base):
    """A code that opens the door for one participant; stored plain, because it must be drawn."""

    __tablename__ = "ticket"
    __table_args__ = (
        CheckConstraint(one_of("state", TicketState), name="state"),
        Index("ix_ticket_living", "participant_id", unique=True,
              sqlite_where=text("state = 'valid'"), postgresql_where=text("state = 'valid'")),
        Index("ix_ticket_event", "event_id", "rev"),
    )  # fmt: skip
    not_personal = frozenset({"state"})

    id: Mapped[int] = mapped_column(primary_key=True)
    participant_id: Mapped[int] = mapped_column(ForeignKey("participant.id", ondelete="CASCADE"))
    event_id: Mapped[int] = mapped_column(ForeignKey("event.id", ondelete="CASCADE"))
    code: Mapped[str] = mapped_column(String(20), unique=True, info=holds(Retention.CONTACT))
    state: Mapped[TicketState] = mapped_column(Enum(TicketState))
    inside: Mapped[bool] = mapped_column(default=False)
    entries: Mapped[int] = mapped_column(default=0)
    rev: Mapped[int] = mapped_column(BigInteger, default=0)
    """Grows with every change that the door must know."""
    issued_at: Mapped[datetime] = mapped_column(UTC)
    ended_at: Mapped[datetime | None] = mapped_column(UTC)
