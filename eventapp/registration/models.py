"""A registration is the unit that waits; it has participants, each with choices among the agenda's items."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from eventapp.agenda.models import AgendaItem
from eventapp.core.db import UTC, Base, Enum, one_of
from eventapp.core.personal import Retention, holds
from eventapp.events.models import Category, Event
from eventapp.events.rules import OrganisationKind
from eventapp.registration.rules import LIVING, OPEN_WISH, MailsTo, ParticipantState, WishState

_ALIVE = text("state IN (" + ", ".join(f"'{state.value}'" for state in sorted(LIVING)) + ")")
FIRST_VERSION = 1
"""Version of all links of a new registration."""
_OPEN = text("state IN (" + ", ".join(f"'{state.value}'" for state in sorted(OPEN_WISH)) + ")")


class Registration(Base):
    """One arrival, a person or a group: the unit that waits. Its number, drawn under the lock, is its place in line.

    The living participants of a unit all wait, or none does.
    """

    __tablename__ = "registration"
    __table_args__ = (
        UniqueConstraint("event_id", "number", "part"),
        UniqueConstraint("idempotency_key", "event_id"),
        CheckConstraint(one_of("mails_to", MailsTo), name="mails_to"),
        Index("ix_registration_offers", "event_id", "offer_until"),
        Index("ix_registration_holds", "event_id", "hold_until"),
    )
    not_personal = frozenset({"public_id", "idempotency_key", "via", "contact_language", "mails_to"})

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(16), unique=True)
    event_id: Mapped[int] = mapped_column(ForeignKey("event.id"))
    number: Mapped[int]
    part: Mapped[int] = mapped_column(default=0)
    """A waiting group that divides itself keeps its number in all parts."""
    first_id: Mapped[int | None] = mapped_column(ForeignKey("registration.id", ondelete="SET NULL"), index=True)
    """The unit from which this one was parted, or left to join the list again; None: it is the first itself."""
    ahead: Mapped[int] = mapped_column(default=0)
    """More than 0: moved ahead by hand, the highest first."""
    idempotency_key: Mapped[str | None] = mapped_column(String(64))
    """From the form: the second click of a double click finds the first."""
    via: Mapped[str] = mapped_column(String(20), default="form")
    """form, organiser, door"""
    offer_until: Mapped[datetime | None] = mapped_column(UTC)
    """Until when the offer of a place stands."""
    hold_until: Mapped[datetime | None] = mapped_column(UTC)
    """Until when the e-mail address must be confirmed; None: it is, or need not be."""
    review_since: Mapped[datetime | None] = mapped_column(UTC)
    """Since when a change by a confirmed guest waits for the organiser's look."""
    is_over: Mapped[bool] = mapped_column(default=False)
    """Let in beyond a limit on purpose."""
    note: Mapped[str] = mapped_column(String(1000), default="", info=holds(Retention.CONTACT))
    """By the organiser: why it is ahead or over a limit."""
    is_group: Mapped[bool] = mapped_column(default=False)
    contact_name: Mapped[str] = mapped_column(String(400), default="", info=holds(Retention.CONTACT))
    contact_email: Mapped[str] = mapped_column(String(254), default="", info=holds(Retention.CONTACT))
    contact_language: Mapped[str] = mapped_column(String(12), default="")
    """Who registered a group; empty for one person."""
    mails_to: Mapped[MailsTo] = mapped_column(Enum(MailsTo), default=MailsTo.EACH)
    link_version: Mapped[int] = mapped_column(default=1)
    """Version of the links of the group's page and of the address's confirmation; +1 revokes them."""
    created_at: Mapped[datetime] = mapped_column(UTC)
    event: Mapped[Event] = relationship()
    participants: Mapped[list["Participant"]] = relationship(back_populates="registration", order_by="Participant.id")

    @property
    def living(self) -> list["Participant"]:
        """The participants who have not cancelled, expired or been declined."""
        return [person for person in self.participants if person.state in LIVING]


class Participant(Base):
    """One person of a registration."""

    __tablename__ = "participant"
    __table_args__ = (
        CheckConstraint(one_of("state", ParticipantState), name="state"),
        CheckConstraint(one_of("organisation_kind", OrganisationKind), name="kind"),
        Index("ix_participant_identity", "event_id", "identity", unique=True,
              sqlite_where=_ALIVE, postgresql_where=_ALIVE),
        Index("ix_participant_list", "event_id", "state", "sort_key"),
        Index("ix_participant_desk", "event_id", "state", "category_id", "organisation_kind"),
        Index("ix_participant_email", "email_key", "event_id"),
    )  # fmt: skip
    not_personal = frozenset({"public_id", "state", "organisation_kind", "language"})

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(16), unique=True)
    registration_id: Mapped[int] = mapped_column(ForeignKey("registration.id", ondelete="CASCADE"), index=True)
    event_id: Mapped[int] = mapped_column(ForeignKey("event.id"))
    state: Mapped[ParticipantState] = mapped_column(Enum(ParticipantState))
    title: Mapped[str] = mapped_column(String(60), default="", info=holds(Retention.CONTACT))
    given_name: Mapped[str] = mapped_column(String(200), info=holds(Retention.CONTACT))
    family_name: Mapped[str] = mapped_column(String(200), default="", info=holds(Retention.CONTACT))
    email: Mapped[str] = mapped_column(String(254), info=holds(Retention.CONTACT))
    email_key: Mapped[str] = mapped_column(String(254), info=holds(Retention.CONTACT))
    identity: Mapped[str] = mapped_column(String(500), info=holds(Retention.CONTACT))
    search_text: Mapped[str] = mapped_column(String(1000), info=holds(Retention.CONTACT))
    sort_key: Mapped[str] = mapped_column(String(300), info=holds(Retention.CONTACT))
    organisation: Mapped[str] = mapped_column(String(200), default="", info=holds(Retention.CONTACT))
    organisation_key: Mapped[str] = mapped_column(String(200), default="", info=holds(Retention.CONTACT))
    """The organisation's name folded, by which people of one organisation are counted."""
    organisation_kind: Mapped[OrganisationKind] = mapped_column(Enum(OrganisationKind))
    category_id: Mapped[int] = mapped_column(ForeignKey("category.id"))
    language: Mapped[str] = mapped_column(String(12))
    """Any language; where there is no catalogue, pages and mails are German."""
    notice_id: Mapped[int | None] = mapped_column(ForeignKey("notice.id", ondelete="SET NULL"))
    """The version of the privacy notice that was shown."""
    link_version: Mapped[int] = mapped_column(default=FIRST_VERSION)
    """Version of the guest's link; +1 revokes it."""
    feed_version: Mapped[int] = mapped_column(default=1)
    """Version of the calendar feed's own link."""
    created_at: Mapped[datetime] = mapped_column(UTC)
    changed_at: Mapped[datetime] = mapped_column(UTC)
    registration: Mapped[Registration] = relationship(back_populates="participants")
    category: Mapped[Category] = relationship()
    choices: Mapped[list["ItemChoice"]] = relationship(back_populates="participant", cascade="all, delete-orphan")

    @property
    def name(self) -> str:
        """Title, given name and family name as one says them."""
        return " ".join(part for part in (self.title, self.given_name, self.family_name) if part)

    @property
    def list_name(self) -> str:
        """Family name first, for lists."""
        return ", ".join(part for part in (self.family_name, self.given_name) if part)


class ItemChoice(Base):
    """An item that a participant wishes to attend; the seat itself is a row of `seat`."""

    __tablename__ = "item_choice"

    participant_id: Mapped[int] = mapped_column(ForeignKey("participant.id", ondelete="CASCADE"), primary_key=True)
    item_id: Mapped[int] = mapped_column(ForeignKey("agenda_item.id", ondelete="CASCADE"), primary_key=True, index=True)
    participant: Mapped[Participant] = relationship(back_populates="choices")
    item: Mapped[AgendaItem] = relationship()


class Wish(Base):
    """A confirmed guest waits for another item: a unit of its own whose need is that one limit."""

    __tablename__ = "wish"
    __table_args__ = (
        UniqueConstraint("event_id", "number"),
        CheckConstraint(one_of("state", WishState), name="state"),
        Index("ix_wish_open", "participant_id", "item_id", unique=True, sqlite_where=_OPEN, postgresql_where=_OPEN),
        Index("ix_wish_event", "event_id", "state"),
    )
    not_personal = frozenset({"state"})

    id: Mapped[int] = mapped_column(primary_key=True)
    event_id: Mapped[int] = mapped_column(ForeignKey("event.id", ondelete="CASCADE"))
    participant_id: Mapped[int] = mapped_column(ForeignKey("participant.id", ondelete="CASCADE"))
    item_id: Mapped[int] = mapped_column(ForeignKey("agenda_item.id", ondelete="CASCADE"))
    number: Mapped[int]
    """Of the same count as the registrations' numbers."""
    state: Mapped[WishState] = mapped_column(Enum(WishState))
    offer_until: Mapped[datetime | None] = mapped_column(UTC)
    created_at: Mapped[datetime] = mapped_column(UTC)
    participant: Mapped[Participant] = relationship()
    item: Mapped[AgendaItem] = relationship()
