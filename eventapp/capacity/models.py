"""Limits, the seats that participants hold of them, and the row that is the lock of an event."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from eventapp.capacity.rules import Limit, LimitKind, Ref
from eventapp.core.db import UTC, Base, Enum, one_of


class SeatLimit(Base):
    """Anything that can be full. `taken` changes only together with rows of `seat`."""

    __tablename__ = "seat_limit"
    __table_args__ = (
        UniqueConstraint("event_id", "kind", "key"),
        CheckConstraint(one_of("kind", LimitKind), name="kind"),
        CheckConstraint("taken >= 0 AND over >= 0 AND (size IS NULL OR taken <= size + over)", name="fits"),
        CheckConstraint("size IS NULL OR size >= 0", name="size"),
        CheckConstraint("reserved >= 0", name="reserved"),
    )
    not_personal = frozenset({"kind", "key"})

    id: Mapped[int] = mapped_column(primary_key=True)
    event_id: Mapped[int] = mapped_column(ForeignKey("event.id", ondelete="CASCADE"))
    kind: Mapped[LimitKind] = mapped_column(Enum(LimitKind))
    key: Mapped[str] = mapped_column(String(200), default="")
    size: Mapped[int | None]
    """None: no limit."""
    taken: Mapped[int] = mapped_column(default=0)
    over: Mapped[int] = mapped_column(default=0)
    """Seats beyond the size, given on purpose or left when the size was lowered."""
    reserved: Mapped[int] = mapped_column(default=0)
    """Of a category: places of the event that only it may use until `release_at`, always when that is None."""
    release_at: Mapped[datetime | None] = mapped_column(UTC)

    @property
    def ref(self) -> Ref:
        """Name of the limit within its event."""
        return self.kind, self.key

    def state_at(self, now: datetime) -> Limit:
        """Return what a decision at `now` needs to know: nothing is kept once the release date has come."""
        is_kept = self.reserved and (self.release_at is None or now < self.release_at)
        return Limit(self.size, self.taken, self.over, self.reserved if is_kept else 0)


class Seat(Base):
    """One participant holds one seat of one limit."""

    __tablename__ = "seat"
    __table_args__ = (Index("ix_seat_limit_id", "limit_id"),)

    participant_id: Mapped[int] = mapped_column(ForeignKey("participant.id", ondelete="CASCADE"), primary_key=True)
    limit_id: Mapped[int] = mapped_column(ForeignKey("seat_limit.id", ondelete="CASCADE"), primary_key=True)


class EventQueue(Base):
    """One row per event: the lock under which seats are given, and the source of arrival numbers."""

    __tablename__ = "event_queue"

    event_id: Mapped[int] = mapped_column(ForeignKey("event.id", ondelete="CASCADE"), primary_key=True)
    last_number: Mapped[int] = mapped_column(default=0)
    settle_at: Mapped[datetime | None] = mapped_column(UTC)
    """Earliest moment when something falls due by itself."""
