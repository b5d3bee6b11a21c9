"""The programme of the day: rooms, items, speakers with their role on an item, partners."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from eventapp.agenda.rules import ItemKind, SpeakerRole
from eventapp.core.db import UTC, Base, Enum, one_of
from eventapp.core.localized import Localized, LocalizedText
from eventapp.core.personal import Retention, holds
from eventapp.events.models import Event
from eventapp.events.rules import OrganisationKind
from eventapp.media.models import Picture


class Room(Base):
    """A room of the venue."""

    __tablename__ = "room"
    __table_args__ = (UniqueConstraint("event_id", "name"),)
    not_personal = frozenset({"name", "notes"})

    id: Mapped[int] = mapped_column(primary_key=True)
    event_id: Mapped[int] = mapped_column(ForeignKey("event.id", ondelete="CASCADE"))
    name: Mapped[str] = mapped_column(String(100))
    seats: Mapped[int | None]
    position: Mapped[int] = mapped_column(default=0)
    notes: Mapped[Localized] = mapped_column(LocalizedText)
    """How to get there, steps, hearing loop."""


class AgendaItem(Base):
    """One point of the programme. When guests choose it, its seats are the limit of kind `item` with its id as key."""

    __tablename__ = "agenda_item"
    __table_args__ = (
        UniqueConstraint("event_id", "slug"),
        CheckConstraint(one_of("kind", ItemKind), name="kind"),
        CheckConstraint("ends_at > starts_at", name="times"),
        Index("ix_agenda_item_event", "event_id", "starts_at"),
    )
    not_personal = frozenset({"slug", "kind", "title", "description", "uid"})

    id: Mapped[int] = mapped_column(primary_key=True)
    event_id: Mapped[int] = mapped_column(ForeignKey("event.id", ondelete="CASCADE"))
    slug: Mapped[str] = mapped_column(String(60))
    kind: Mapped[ItemKind] = mapped_column(Enum(ItemKind))
    title: Mapped[Localized] = mapped_column(LocalizedText)
    description: Mapped[Localized] = mapped_column(LocalizedText)
    starts_at: Mapped[datetime] = mapped_column(UTC)
    ends_at: Mapped[datetime] = mapped_column(UTC)
    room_id: Mapped[int | None] = mapped_column(ForeignKey("room.id", ondelete="SET NULL"))
    position: Mapped[int] = mapped_column(default=0)
    """Order among items that start together: number of the forum."""
    is_chosen: Mapped[bool] = mapped_column(default=False)
    """Guests choose it at sign-up; a limit of kind `item` exists."""
    is_cancelled: Mapped[bool] = mapped_column(default=False)
    uid: Mapped[str] = mapped_column(String(80), unique=True)
    sequence: Mapped[int] = mapped_column(default=0)
    created_at: Mapped[datetime] = mapped_column(UTC)
    changed_at: Mapped[datetime] = mapped_column(UTC)
    event: Mapped[Event] = relationship()
    room: Mapped[Room | None] = relationship()
    people: Mapped[list["ItemSpeaker"]] = relationship(
        back_populates="item", cascade="all, delete-orphan", order_by="ItemSpeaker.position, ItemSpeaker.id"
    )


class Speaker(Base):
    """Somebody on the stage."""

    __tablename__ = "speaker"
    __table_args__ = (UniqueConstraint("event_id", "slug"),)
    not_personal = frozenset({"slug", "organisation", "organisation_kind"})

    id: Mapped[int] = mapped_column(primary_key=True)
    event_id: Mapped[int] = mapped_column(ForeignKey("event.id", ondelete="CASCADE"))
    slug: Mapped[str] = mapped_column(String(60))
    name: Mapped[str] = mapped_column(String(200), info=holds(Retention.PUBLIC_ROLE))
    """As it is said and printed, title included."""
    role: Mapped[Localized] = mapped_column("position", LocalizedText, info=holds(Retention.PUBLIC_ROLE))
    """Position, such as Bürgermeisterin."""
    organisation: Mapped[str] = mapped_column(String(200), default="")
    organisation_kind: Mapped[OrganisationKind | None] = mapped_column(Enum(OrganisationKind))
    about: Mapped[Localized] = mapped_column(LocalizedText, info=holds(Retention.PUBLIC_ROLE))
    picture_id: Mapped[int | None] = mapped_column(ForeignKey("picture.id", ondelete="SET NULL"))
    order: Mapped[int] = mapped_column(default=0)
    picture: Mapped[Picture | None] = relationship()
    items: Mapped[list["ItemSpeaker"]] = relationship(back_populates="speaker", cascade="all, delete-orphan")


class ItemSpeaker(Base):
    """A speaker's role on an item."""

    __tablename__ = "item_speaker"
    __table_args__ = (
        UniqueConstraint("item_id", "speaker_id"),
        CheckConstraint(one_of("role", SpeakerRole), name="role"),
    )
    not_personal = frozenset({"role"})

    id: Mapped[int] = mapped_column(primary_key=True)
    item_id: Mapped[int] = mapped_column(ForeignKey("agenda_item.id", ondelete="CASCADE"))
    speaker_id: Mapped[int] = mapped_column(ForeignKey("speaker.id", ondelete="CASCADE"))
    role: Mapped[SpeakerRole] = mapped_column(Enum(SpeakerRole))
    position: Mapped[int] = mapped_column(default=0)
    """Moderator first: `ROLE_ORDER` of the role, then the organiser's order."""
    item: Mapped[AgendaItem] = relationship(back_populates="people")
    speaker: Mapped[Speaker] = relationship(back_populates="items")


class Partner(Base):
    """An organisation that carries the event, with its logo."""

    __tablename__ = "partner"
    not_personal = frozenset({"name", "organisation_kind", "website"})

    id: Mapped[int] = mapped_column(primary_key=True)
    event_id: Mapped[int] = mapped_column(ForeignKey("event.id", ondelete="CASCADE"))
    name: Mapped[str] = mapped_column(String(200))
    organisation_kind: Mapped[OrganisationKind | None] = mapped_column(Enum(OrganisationKind))
    website: Mapped[str] = mapped_column(String(300), default="")
    picture_id: Mapped[int | None] = mapped_column(ForeignKey("picture.id", ondelete="SET NULL"))
    position: Mapped[int] = mapped_column(default=0)
    picture: Mapped[Picture | None] = relationship()
