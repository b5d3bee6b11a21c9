"""History entries: who did what to what, written in the transaction that did it.

Services call `record`; the gate sets `actor` for each request, commands and jobs leave it at "system".
"""

from collections.abc import Mapping, Sequence
from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from eventapp.core import clock
from eventapp.core.bulk import insert_all
from eventapp.core.db import UTC, Base, Json, transaction
from eventapp.core.personal import Retention, holds

actor: ContextVar[str] = ContextVar("actor", default="system")
"""Who acts now: "account:<public id>", "guest:<public id>" or "system"."""


class AuditEntry(Base):
    """One thing that happened; never changed afterwards."""

    __tablename__ = "audit_entry"
    __table_args__ = (Index("ix_audit_entry_about", "about", "id"), Index("ix_audit_entry_event", "event_id", "id"))
    not_personal = frozenset({"action"})

    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime] = mapped_column(UTC)
    actor: Mapped[str] = mapped_column(String(60), info=holds(Retention.TRACE))
    action: Mapped[str] = mapped_column(String(60))
    about: Mapped[str] = mapped_column(String(80), info=holds(Retention.TRACE))
    event_id: Mapped[int | None] = mapped_column(ForeignKey("event.id", ondelete="CASCADE"))
    organiser_id: Mapped[int | None] = mapped_column(ForeignKey("organiser.id", ondelete="CASCADE"))
    facts: Mapped[dict[str, Any]] = mapped_column(Json, info=holds(Retention.TRACE))


@dataclass(frozen=True)
class Entry:
    """What is to be recorded: `action` like "registration.cancelled", `about` like "participant:<public id>"."""

    action: str
    about: str
    event_id: int | None = None
    organiser_id: int | None = None
    facts: Mapping[str, Any] = field(default_factory=dict)
    by: str | None = None
    """Who did it, when it is not the one who acts now."""


def record(
    action: str,
    about: str,
    *,
    event_id: int | None = None,
    organiser_id: int | None = None,
    facts: Mapping[str, Any] | None = None,
) -> None:
    """Write a history entry: `action` like "registration.cancelled", `about` like "participant:<public id>"."""
    record_all([Entry(action, about, event_id, organiser_id, facts or {})])


def record_all(entries: Sequence[Entry]) -> None:
    """Write several history entries with one statement."""
    rows = [
        {"at": clock.now(), **vars(entry), "facts": dict(entry.facts), "actor": entry.by or actor.get()}
        for entry in entries
    ]
    for row in rows:
        del row["by"]
    if rows:
        with transaction() as session:
            insert_all(session, AuditEntry, rows)
