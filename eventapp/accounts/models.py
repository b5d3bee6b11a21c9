"""People who sign in, the organisers they work for, and the role they have there."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from eventapp.accounts.rules import Role, session_id
from eventapp.core.db import UTC, Base, Enum, one_of
from eventapp.core.localized import Localized, LocalizedText
from eventapp.core.personal import Retention, holds
from eventapp.media.models import Picture


class Account(Base):
    """A person who signs in with e-mail and password."""

    __tablename__ = "account"
    not_personal = frozenset({"language"})

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(16), unique=True, info=holds(Retention.STAFF))
    email: Mapped[str] = mapped_column(String(254), info=holds(Retention.STAFF))
    email_key: Mapped[str] = mapped_column(String(254), unique=True, info=holds(Retention.STAFF))
    name: Mapped[str] = mapped_column(String(200), info=holds(Retention.STAFF))
    password_hash: Mapped[str] = mapped_column(String(200), info=holds(Retention.STAFF))
    language: Mapped[str] = mapped_column(String(12), default="de")
    link_version: Mapped[int] = mapped_column(default=1)
    """Raised by every password change: ends open sessions and reset links."""
    created_at: Mapped[datetime] = mapped_column(UTC)
    signed_in_at: Mapped[datetime | None] = mapped_column(UTC)
    memberships: Mapped[list["Membership"]] = relationship(back_populates="account")

    is_authenticated = is_active = True
    is_anonymous = False

    def get_id(self) -> str:
        """Return what the session keeps."""
        return session_id(self.public_id, self.link_version)


class Organiser(Base):
    """Who holds events: a ministry, a city, a chamber, an association."""

    __tablename__ = "organiser"
    not_personal = frozenset({"slug", "name", "name_detail", "website", "accent", "address"})

    id: Mapped[int] = mapped_column(primary_key=True)
    slug: Mapped[str] = mapped_column(String(60), unique=True)
    name: Mapped[Localized] = mapped_column(LocalizedText)
    name_detail: Mapped[Localized] = mapped_column(LocalizedText)
    """Second line below the name, such as "des Landes Nordrhein-Westfalen"."""
    email: Mapped[str] = mapped_column(String(254), info=holds(Retention.PUBLIC_ROLE))
    phone: Mapped[str] = mapped_column(String(60), default="", info=holds(Retention.PUBLIC_ROLE))
    website: Mapped[str] = mapped_column(String(300), default="")
    address: Mapped[str] = mapped_column(String(400), default="")
    privacy_contact: Mapped[str] = mapped_column(String(400), default="", info=holds(Retention.PUBLIC_ROLE))
    accent: Mapped[str] = mapped_column(String(7), default="#00505f")
    logo_id: Mapped[int | None] = mapped_column(
        ForeignKey("picture.id", ondelete="SET NULL", use_alter=True, name="fk_organiser_logo_id_picture")
    )
    logo: Mapped[Picture | None] = relationship(foreign_keys=[logo_id], post_update=True)
    created_at: Mapped[datetime] = mapped_column(UTC)


class Membership(Base):
    """The role of an account for an organiser, or for one of its events only."""

    __tablename__ = "membership"
    __table_args__ = (
        CheckConstraint(one_of("role", Role), name="role"),
        Index("ix_membership_whole", "account_id", "organiser_id", unique=True,
              sqlite_where=text("event_id IS NULL"), postgresql_where=text("event_id IS NULL")),
        Index("ix_membership_event", "account_id", "event_id", unique=True,
              sqlite_where=text("event_id IS NOT NULL"), postgresql_where=text("event_id IS NOT NULL")),
    )  # fmt: skip
    not_personal = frozenset({"role"})

    id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id", ondelete="CASCADE"))
    organiser_id: Mapped[int] = mapped_column(ForeignKey("organiser.id", ondelete="CASCADE"))
    event_id: Mapped[int | None] = mapped_column(ForeignKey("event.id", ondelete="CASCADE"))
    role: Mapped[Role] = mapped_column(Enum(Role))
    account: Mapped[Account] = relationship(back_populates="memberships")
    organiser: Mapped[Organiser] = relationship()


class ColleagueInvitation(Base):
    """A colleague invited by mail; the link in it ends when it is used, withdrawn or expired."""

    __tablename__ = "colleague_invitation"
    __table_args__ = (CheckConstraint(one_of("role", Role), name="role"),)
    not_personal = frozenset({"public_id", "role", "language"})

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(16), unique=True)
    organiser_id: Mapped[int] = mapped_column(ForeignKey("organiser.id", ondelete="CASCADE"))
    event_id: Mapped[int | None] = mapped_column(ForeignKey("event.id", ondelete="CASCADE"))
    email: Mapped[str] = mapped_column(String(254), info=holds(Retention.STAFF))
    role: Mapped[Role] = mapped_column(Enum(Role))
    language: Mapped[str] = mapped_column(String(12))
    link_version: Mapped[int] = mapped_column(default=1)
    created_at: Mapped[datetime] = mapped_column(UTC)
    expires_at: Mapped[datetime] = mapped_column(UTC)
    accepted_at: Mapped[datetime | None] = mapped_column(UTC)
    organiser: Mapped[Organiser] = relationship()
