"""Pictures as rows: a backup of the database holds them, and several machines see the same."""

from datetime import datetime

from sqlalchemy import ForeignKey, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from eventapp.core.db import UTC, Base


class Picture(Base):
    """One re-encoded picture without metadata; never changed, so its address may be cached for ever."""

    __tablename__ = "picture"
    not_personal = frozenset({"public_id", "media_type"})

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(16), unique=True)
    organiser_id: Mapped[int] = mapped_column(ForeignKey("organiser.id", ondelete="CASCADE"))
    media_type: Mapped[str] = mapped_column(String(40))
    width: Mapped[int]
    height: Mapped[int]
    data: Mapped[bytes] = mapped_column(LargeBinary, deferred=True)
    created_at: Mapped[datetime] = mapped_column(UTC)

    @property
    def extension(self) -> str:
        """The ending of its address: png or webp."""
        return self.media_type.rpartition("/")[2]
