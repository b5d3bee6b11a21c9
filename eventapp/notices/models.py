"""The texts that the law asks for, in versions: which one a guest saw can always be said."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from eventapp.core.db import UTC, Base, Enum, one_of
from eventapp.core.localized import Localized, LocalizedText
from eventapp.core.personal import Retention, holds


class NoticeKind(StrEnum):
    """Which text; the values are also its address."""

    LEGAL = "legal-notice"
    """Impressum, § 5 DDG."""
    PRIVACY = "privacy"
    """Privacy notice, Art. 13 GDPR."""
    ACCESSIBILITY = "accessibility"
    """Declaration on accessibility, BITV 2.0."""


class Notice(Base):
    """One version of one text of an organiser; never changed, a new text is a new version."""

    __tablename__ = "notice"
    __table_args__ = (
        CheckConstraint(one_of("kind", NoticeKind), name="kind"),
        UniqueConstraint("organiser_id", "kind", "version"),
    )
    not_personal = frozenset({"kind"})

    id: Mapped[int] = mapped_column(primary_key=True)
    organiser_id: Mapped[int] = mapped_column(ForeignKey("organiser.id", ondelete="CASCADE"))
    kind: Mapped[NoticeKind] = mapped_column(Enum(NoticeKind))
    version: Mapped[int]
    body: Mapped[Localized] = mapped_column(LocalizedText, info=holds(Retention.PUBLIC_ROLE))
    created_at: Mapped[datetime] = mapped_column(UTC)
