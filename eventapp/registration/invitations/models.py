"""The row of an invitation, and the list of guests from a file that waits for the organiser's second look."""

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from eventapp.core.db import UTC, Base, Enum, Json, one_of
from eventapp.core.personal import Retention, holds
from eventapp.events.models import Category, Event
from eventapp.events.rules import OrganisationKind
from eventapp.registration.invitations.rules import InvitationState, ends
from eventapp.registration.models import Registration

_OPEN = text("state = 'open'")


class Invitation(Base):
    """Somebody whom the organiser asks to come. It holds no seat; it opens its category for one sign-up."""

    __tablename__ = "invitation"
    __table_args__ = (
        CheckConstraint(one_of("state", InvitationState), name="state"),
        CheckConstraint(f"organisation_kind IS NULL OR {one_of('organisation_kind', OrganisationKind)}", name="kind"),
        Index("ix_invitation_open", "event_id", "identity", unique=True, sqlite_where=_OPEN, postgresql_where=_OPEN),
        Index("ix_invitation_list", "event_id", "state", "id"),
        Index("ix_invitation_category", "category_id", "state"),
    )
    not_personal = frozenset({"public_id", "organisation_kind", "language", "state"})

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(16), unique=True)
    event_id: Mapped[int] = mapped_column(ForeignKey("event.id", ondelete="CASCADE"))
    category_id: Mapped[int] = mapped_column(ForeignKey("category.id", ondelete="CASCADE"))
    version: Mapped[int] = mapped_column(default=1)
    """Version of the link; +1 revokes it."""
    state: Mapped[InvitationState] = mapped_column(Enum(InvitationState))
    title: Mapped[str] = mapped_column(String(60), default="", info=holds(Retention.CONTACT))
    given_name: Mapped[str] = mapped_column(String(200), default="", info=holds(Retention.CONTACT))
    family_name: Mapped[str] = mapped_column(String(200), default="", info=holds(Retention.CONTACT))
    email: Mapped[str] = mapped_column(String(254), info=holds(Retention.CONTACT))
    email_key: Mapped[str] = mapped_column(String(254), info=holds(Retention.CONTACT))
    identity: Mapped[str] = mapped_column(String(500), info=holds(Retention.CONTACT))
    """Folded address and name: nobody has two open invitations."""
    organisation: Mapped[str] = mapped_column(String(200), default="", info=holds(Retention.CONTACT))
    organisation_kind: Mapped[OrganisationKind | None] = mapped_column(Enum(OrganisationKind))
    language: Mapped[str] = mapped_column(String(12))
    words: Mapped[str] = mapped_column(String(1000), default="", info=holds(Retention.CONTACT))
    """The organiser's own lines in the mails."""
    expires_at: Mapped[datetime | None] = mapped_column(UTC)
    """None: until registration closes, or the event starts."""
    created_at: Mapped[datetime] = mapped_column(UTC)
    sent_at: Mapped[datetime] = mapped_column(UTC)
    reminded_at: Mapped[datetime | None] = mapped_column(UTC)
    registration_id: Mapped[int | None] = mapped_column(ForeignKey("registration.id", ondelete="SET NULL"), index=True)
    """What came of it."""
    event: Mapped[Event] = relationship()
    category: Mapped[Category] = relationship()
    registration: Mapped[Registration | None] = relationship()

    @property
    def name(self) -> str:
        """Title, given name and family name as one says them; empty when none is known."""
        return " ".join(part for part in (self.title, self.given_name, self.family_name) if part)

    @property
    def ends(self) -> datetime:
        """Until when the link works."""
        event = self.event
        return ends(self.expires_at, event.registration_closes_at, event.starts_at, event.ends_at)


class InvitationDraft(Base):
    """The people of a file, read and checked; nobody is invited before an organiser confirms it, within a day."""

    __tablename__ = "invitation_draft"
    not_personal = frozenset({"public_id"})

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(16), unique=True)
    event_id: Mapped[int] = mapped_column(ForeignKey("event.id", ondelete="CASCADE"), index=True)
    columns: Mapped[list[Any]] = mapped_column(Json, info=holds(Retention.CONTACT))
    """Pairs of a heading in the file and the field that it fills, or none."""
    rows: Mapped[list[Any]] = mapped_column(Json, info=holds(Retention.CONTACT))
    words: Mapped[str] = mapped_column(String(1000), default="", info=holds(Retention.CONTACT))
    expires_at: Mapped[datetime | None] = mapped_column(UTC)
    created_at: Mapped[datetime] = mapped_column(UTC, index=True)
