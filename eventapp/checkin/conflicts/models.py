"""What was done about double admissions; rows are added, never changed."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from eventapp.checkin.conflicts.rules import Answer
from eventapp.core.db import UTC, Base, Enum, one_of
from eventapp.core.personal import Retention, holds


class ConflictNote(Base):
    """What somebody noted about a double admission; the newest one counts."""

    __tablename__ = "conflict_note"
    __table_args__ = (
        CheckConstraint(one_of("answer", Answer), name="answer"),
        Index("ix_conflict_note_scan", "scan_id", "id"),
    )
    not_personal = frozenset({"scan_id", "answer"})

    id: Mapped[int] = mapped_column(primary_key=True)
    scan_id: Mapped[str] = mapped_column(ForeignKey("scan.id", ondelete="CASCADE"))
    answer: Mapped[Answer] = mapped_column(Enum(Answer))
    words: Mapped[str] = mapped_column(String(300), info=holds(Retention.TRACE))
    account_id: Mapped[int | None] = mapped_column(ForeignKey("account.id", ondelete="SET NULL"))
    at: Mapped[datetime] = mapped_column(UTC)
