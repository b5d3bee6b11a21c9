"""The row of a note for the door."""

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from eventapp.core.db import Base
from eventapp.core.personal import Retention, holds
from eventapp.registration.attention.rules import NEEDS_LENGTH


class AttentionNote(Base):
    """What the door should know about a guest; it never lies on a phone, only in the answer to a scan."""

    __tablename__ = "attention_note"

    participant_id: Mapped[int] = mapped_column(ForeignKey("participant.id", ondelete="CASCADE"), primary_key=True)
    is_vip: Mapped[bool] = mapped_column(default=False, info=holds(Retention.DAY))
    no_photo: Mapped[bool] = mapped_column(default=False, info=holds(Retention.DAY))
    needs: Mapped[str] = mapped_column(String(NEEDS_LENGTH), default="", info=holds(Retention.DAY))
