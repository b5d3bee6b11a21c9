"""The row of an access code."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from eventapp.core.db import UTC, Base
from eventapp.events.models import Category


class AccessCode(Base):
    """A word that opens a category. Stored plain: it is printed on posters and says nothing about a person."""

    __tablename__ = "access_code"
    __table_args__ = (
        UniqueConstraint("event_id", "key"),
        CheckConstraint("used >= 0 AND (uses IS NULL OR used <= uses)", name="uses"),
    )
    not_personal = frozenset({"code", "key", "note"})

    id: Mapped[int] = mapped_column(primary_key=True)
    event_id: Mapped[int] = mapped_column(ForeignKey("event.id", ondelete="CASCADE"))
    category_id: Mapped[int] = mapped_column(ForeignKey("category.id", ondelete="CASCADE"), index=True)
    code: Mapped[str] = mapped_column(String(40))
    """As it is printed."""
    key: Mapped[str] = mapped_column(String(80))
    """As it is compared."""
    uses: Mapped[int | None]
    """How many people may sign up with it; None: any number."""
    used: Mapped[int] = mapped_column(default=0)
    """How many did. Counted under the event's lock; a cancelled registration gives nothing back."""
    expires_at: Mapped[datetime | None] = mapped_column(UTC)
    note: Mapped[str] = mapped_column(String(200), default="")
    created_at: Mapped[datetime] = mapped_column(UTC)
    category: Mapped[Category] = relationship()

    @property
    def left(self) -> int | None:
        """How many more people it lets in; None: any number."""
        return None if self.uses is None else self.uses - self.used
