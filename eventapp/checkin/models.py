"""Entrances, the devices at them, and the append-only log of scans."""

from datetime import datetime

from sqlalchemy import CheckConstraint, Column, ForeignKey, Index, String, Table, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from eventapp.checkin.rules import Decision, DoorRight, Outcome, Reason, ScanKind, ScanMode
from eventapp.core.db import UTC, Base, Enum, Json, one_of
from eventapp.core.personal import Retention, holds


class Entrance(Base):
    """A door of the event, with its own rules: a main door, or the door of one item of the programme."""

    __tablename__ = "entrance"
    __table_args__ = (
        UniqueConstraint("event_id", "name"),
        CheckConstraint("closes_at > opens_at", name="times"),
        CheckConstraint("room_limit > 0", name="room_limit"),
    )
    not_personal = frozenset({"public_id", "name", "category_ids"})

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(16), unique=True)
    event_id: Mapped[int] = mapped_column(ForeignKey("event.id", ondelete="CASCADE"))
    name: Mapped[str] = mapped_column(String(100))
    position: Mapped[int] = mapped_column(default=0)
    item_id: Mapped[int | None] = mapped_column(ForeignKey("agenda_item.id", ondelete="CASCADE"))
    """The item whose guests come in here; None: a door of the house."""
    category_ids: Mapped[list[int]] = mapped_column(Json)
    """Categories that come in here; empty: all."""
    opens_at: Mapped[datetime | None] = mapped_column(UTC)
    closes_at: Mapped[datetime | None] = mapped_column(UTC)
    reentry: Mapped[bool] = mapped_column(default=True)
    """Who left may come back; otherwise a ticket comes in here once."""
    limit: Mapped[int | None] = mapped_column("room_limit")
    """From so many people inside on the door warns."""


_link_entrance = Table(
    "door_link_entrance",
    Base.metadata,
    Column("link_id", ForeignKey("door_link.id", ondelete="CASCADE"), primary_key=True),
    Column("entrance_id", ForeignKey("entrance.id", ondelete="CASCADE"), primary_key=True, index=True),
)


class DoorLink(Base):
    """A link that lets phones without an account scan, with its PIN; secrets are kept as hashes only.

    It ends when the organiser ends it, and twelve hours after the event.
    """

    __tablename__ = "door_link"
    not_personal = frozenset({"public_id", "label", "secret_hash", "pin_hash", "supervisor_pin_hash"})

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(16), unique=True)
    event_id: Mapped[int] = mapped_column(ForeignKey("event.id", ondelete="CASCADE"), index=True)
    label: Mapped[str] = mapped_column(String(60))
    secret_hash: Mapped[str] = mapped_column(String(64), unique=True)
    pin_hash: Mapped[str] = mapped_column(String(200))
    supervisor_pin_hash: Mapped[str | None] = mapped_column(String(200))
    """Of the PIN by which a device may decide against the answer for two minutes; None: nobody may."""
    opens_all: Mapped[bool]
    """Whether it opens every entrance, also those that are added later; else those of `entrances`."""
    may_search: Mapped[bool]
    may_walk_in: Mapped[bool]
    may_override: Mapped[bool]
    made_by: Mapped[int | None] = mapped_column(ForeignKey("account.id", ondelete="SET NULL"))
    made_at: Mapped[datetime] = mapped_column(UTC)
    ended_at: Mapped[datetime | None] = mapped_column(UTC)
    entrances: Mapped[list[Entrance]] = relationship(
        secondary=_link_entrance, order_by=[Entrance.position, Entrance.id]
    )

    @property
    def rights(self) -> frozenset[DoorRight]:
        """What devices with this link may do; all of them scan."""
        extra = {
            DoorRight.SEARCH: self.may_search,
            DoorRight.WALK_IN: self.may_walk_in,
            DoorRight.OVERRIDE: self.may_override,
        }
        return frozenset({DoorRight.SCAN} | {right for right, is_given in extra.items() if is_given})


class Device(Base):
    """A phone or tablet at the door, named by the person who holds it."""

    __tablename__ = "device"
    __table_args__ = (UniqueConstraint("event_id", "public_id"),)
    not_personal = frozenset({"public_id", "token_hash"})

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(36))
    """Made by the device itself (UUID)."""
    event_id: Mapped[int] = mapped_column(ForeignKey("event.id", ondelete="CASCADE"))
    account_id: Mapped[int | None] = mapped_column(ForeignKey("account.id", ondelete="SET NULL"))
    entrance_id: Mapped[int | None] = mapped_column(ForeignKey("entrance.id", ondelete="SET NULL"))
    name: Mapped[str] = mapped_column(String(60), info=holds(Retention.TRACE))
    seen_at: Mapped[datetime] = mapped_column(UTC)
    unsent: Mapped[int | None]
    """How many scans lay on it when it last said so."""
    link_id: Mapped[int | None] = mapped_column(ForeignKey("door_link.id", ondelete="SET NULL"), index=True)
    """The door link by which it signed on; None: only accounts used it."""
    token_hash: Mapped[str | None] = mapped_column(String(64), unique=True)
    """Of the token in its cookie; None: not signed on."""
    revoked_at: Mapped[datetime | None] = mapped_column(UTC)
    override_until: Mapped[datetime | None] = mapped_column(UTC)


class Scan(Base):
    """One scan, kept for ever: what was read, what the server decided, what the door did."""

    __tablename__ = "scan"
    __table_args__ = (
        CheckConstraint(one_of("kind", ScanKind), name="kind"),
        CheckConstraint(one_of("mode", ScanMode), name="mode"),
        CheckConstraint(one_of("decision", Decision), name="decision"),
        CheckConstraint(one_of("outcome", Outcome), name="outcome"),
        CheckConstraint(one_of("reason", Reason), name="reason"),
        Index("ix_scan_ticket", "ticket_id", "at"),
        Index("ix_scan_event", "event_id", "at"),
        Index("ix_scan_moves", "event_id", "kind", "outcome", "entrance_id", "zone", "at", "id"),
        Index("ix_scan_conflict", "event_id", "at", sqlite_where=text("conflict"), postgresql_where=text("conflict")),
    )
    not_personal = frozenset({"id", "kind", "undo_of", "mode", "decision", "reason", "outcome", "local_reason"})

    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    """Made by the device (UUID): the same scan sent twice is one row."""
    event_id: Mapped[int] = mapped_column(ForeignKey("event.id", ondelete="CASCADE"))
    ticket_id: Mapped[int | None] = mapped_column(ForeignKey("ticket.id", ondelete="SET NULL"))
    """None: no ticket of this event has the code."""
    code: Mapped[str] = mapped_column(String(64), info=holds(Retention.TRACE))
    """As read, cut at 64 characters."""
    kind: Mapped[ScanKind] = mapped_column(Enum(ScanKind))
    undo_of: Mapped[str | None] = mapped_column(String(36))
    mode: Mapped[ScanMode] = mapped_column(Enum(ScanMode))
    at: Mapped[datetime] = mapped_column(UTC)
    """When it happened, by the device's clock, corrected by its skew."""
    received_at: Mapped[datetime] = mapped_column(UTC)
    device_id: Mapped[int | None] = mapped_column(ForeignKey("device.id", ondelete="SET NULL"))
    entrance_id: Mapped[int | None] = mapped_column(ForeignKey("entrance.id", ondelete="SET NULL"))
    zone: Mapped[int | None] = mapped_column(ForeignKey("agenda_item.id", ondelete="CASCADE"))
    """Where it lets in: an item of the programme, None the house. Stays when the entrance's rules change."""
    account_id: Mapped[int | None] = mapped_column(ForeignKey("account.id", ondelete="SET NULL"))
    decision: Mapped[Decision] = mapped_column(Enum(Decision))
    reason: Mapped[Reason] = mapped_column(Enum(Reason))
    outcome: Mapped[Outcome] = mapped_column(Enum(Outcome))
    conflict: Mapped[bool] = mapped_column(default=False)
    """An admission beyond the first while the ticket was inside."""
    override: Mapped[bool] = mapped_column(default=False)
    authorised: Mapped[bool] = mapped_column(default=False)
    """Whether who decided against the answer had the right to, or a supervisor's PIN."""
    local_reason: Mapped[str | None] = mapped_column(String(40))


class Presence(Base):
    """Where a ticket is in an item of the programme, folded from the scans at its doors; the house is on the ticket."""

    __tablename__ = "presence"
    __table_args__ = (Index("ix_presence_item", "item_id", "inside"),)

    ticket_id: Mapped[int] = mapped_column(ForeignKey("ticket.id", ondelete="CASCADE"), primary_key=True)
    item_id: Mapped[int] = mapped_column(ForeignKey("agenda_item.id", ondelete="CASCADE"), primary_key=True)
    inside: Mapped[bool] = mapped_column(default=False)
    entries: Mapped[int] = mapped_column(default=0)
