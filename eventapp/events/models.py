"""The data of an event: what, where, when, for whom, and the categories of its guests."""

from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from eventapp.accounts.models import Organiser
from eventapp.core.db import UTC, Base, Enum, Json, one_of
from eventapp.core.localized import Localized, LocalizedText
from eventapp.core.personal import Retention, holds
from eventapp.events.rules import EventState, OrganisationKind
from eventapp.media.models import Picture


class Event(Base):
    """One day (or a few) to which people come. Its size is the limit of kind `event` in `capacity`."""

    __tablename__ = "event"
    __table_args__ = (
        CheckConstraint(one_of("state", EventState), name="state"),
        CheckConstraint("ends_at > starts_at", name="times"),
        Index("ix_event_state", "state", "ends_at"),
    )
    not_personal = frozenset(
        {"public_id", "slug", "state", "series", "title", "summary", "description", "audience", "cost", "spoken",
         "venue_name", "venue_street", "venue_postcode", "venue_city", "venue_country", "venue_notes", "access_summary",
         "access_notes", "zone", "languages", "uid", "called_off_reason", "door_notes"}
    )  # fmt: skip

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(16), unique=True)
    organiser_id: Mapped[int] = mapped_column(ForeignKey("organiser.id"))
    slug: Mapped[str] = mapped_column(String(60), unique=True)
    state: Mapped[EventState] = mapped_column(Enum(EventState))
    is_example: Mapped[bool] = mapped_column(default=False)
    """Shown with a mark "example"; for demonstrations."""
    series: Mapped[Localized] = mapped_column(LocalizedText)
    title: Mapped[Localized] = mapped_column(LocalizedText)
    summary: Mapped[Localized] = mapped_column(LocalizedText)
    """One sentence below the title."""
    description: Mapped[Localized] = mapped_column(LocalizedText)
    """Markdown."""
    audience: Mapped[Localized] = mapped_column(LocalizedText)
    cost: Mapped[Localized] = mapped_column(LocalizedText)
    spoken: Mapped[Localized] = mapped_column(LocalizedText)
    """Languages spoken and interpreted on the day, in words."""
    venue_name: Mapped[str] = mapped_column(String(200), default="")
    venue_street: Mapped[str] = mapped_column(String(200), default="")
    venue_postcode: Mapped[str] = mapped_column(String(20), default="")
    venue_city: Mapped[str] = mapped_column(String(100), default="")
    venue_country: Mapped[str] = mapped_column(String(2), default="DE")
    latitude: Mapped[float | None]
    longitude: Mapped[float | None]
    venue_notes: Mapped[Localized] = mapped_column(LocalizedText)
    """How to find the entrance."""
    access_summary: Mapped[Localized] = mapped_column(LocalizedText)
    access_notes: Mapped[Localized] = mapped_column(LocalizedText)
    """Accessibility of the place, one point a line."""
    zone: Mapped[str] = mapped_column(String(60), default="Europe/Berlin")
    starts_at: Mapped[datetime] = mapped_column(UTC)
    ends_at: Mapped[datetime] = mapped_column(UTC)
    doors_at: Mapped[datetime | None] = mapped_column(UTC)
    registration_opens_at: Mapped[datetime | None] = mapped_column(UTC)
    registration_closes_at: Mapped[datetime | None] = mapped_column(UTC)
    organisation_seats: Mapped[int | None]
    """At most so many people of one organisation; None: no limit."""
    offer_hours: Mapped[int | None]
    """How long a place that came free is offered to the next who waits; None: they get it at once, without asking."""
    confirms_on_the_day: Mapped[bool] = mapped_column(default=True)
    """On the day itself who waits gets a free place at once."""
    confirms_address: Mapped[bool] = mapped_column(default=False)
    """Guests confirm their e-mail address by a link; until then their place is held for `address_minutes`."""
    address_minutes: Mapped[int] = mapped_column(default=120)
    changes_until: Mapped[datetime | None] = mapped_column(UTC)
    """Until when guests may change what they told; None: until the event ends. They may cancel until it ends."""
    reviews_changes: Mapped[bool] = mapped_column(default=False)
    """Changes by guests in categories that need approval are shown to the organiser, who may take the place back."""
    languages: Mapped[list[str]] = mapped_column(Json)
    """Languages in which content is written, German first."""
    picture_id: Mapped[int | None] = mapped_column(ForeignKey("picture.id", ondelete="SET NULL"))
    contact_email: Mapped[str] = mapped_column(String(254), default="", info=holds(Retention.PUBLIC_ROLE))
    link_version: Mapped[int] = mapped_column(default=1)
    """Version of the preview link."""
    door_notes: Mapped[list[str]] = mapped_column(Json, default=list)
    """Which notes about guests the door sees."""
    names_offline: Mapped[bool] = mapped_column(default=False)
    """Phones at the door keep the guests' names, each encrypted under the code of its ticket."""
    foyer_version: Mapped[int] = mapped_column(default=1)
    """Version of the link of the screen in the foyer."""
    uid: Mapped[str] = mapped_column(String(80), unique=True)
    """UID in calendars, made once."""
    sequence: Mapped[int] = mapped_column(default=0)
    """SEQUENCE in calendars: +1 when start, end, place or state changes."""
    version: Mapped[int] = mapped_column(default=1)
    """+1 with every change of anything that public pages show."""
    called_off_reason: Mapped[Localized] = mapped_column(LocalizedText)
    created_at: Mapped[datetime] = mapped_column(UTC)
    changed_at: Mapped[datetime] = mapped_column(UTC)
    organiser: Mapped[Organiser] = relationship()
    picture: Mapped[Picture | None] = relationship()
    categories: Mapped[list["Category"]] = relationship(
        back_populates="event", order_by="Category.position, Category.id", cascade="all, delete-orphan"
    )

    @property
    def tz(self) -> ZoneInfo:
        """The zone as an object."""
        return ZoneInfo(self.zone)

    @property
    def place_line(self) -> str:
        """Venue and city in one line."""
        return ", ".join(part for part in (self.venue_name, self.venue_city) if part)

    @property
    def address_line(self) -> str:
        """Venue, street, postcode and city in one line."""
        town = " ".join(part for part in (self.venue_postcode, self.venue_city) if part)
        return ", ".join(part for part in (self.venue_name, self.venue_street, town) if part)


class OldAddress(Base):
    """An address that an event once had; it redirects for ever."""

    __tablename__ = "old_address"
    not_personal = frozenset({"slug"})

    slug: Mapped[str] = mapped_column(String(60), primary_key=True)
    event_id: Mapped[int] = mapped_column(ForeignKey("event.id", ondelete="CASCADE"))


class Category(Base):
    """What an organiser plans seats by. Its cap is the limit of kind `category` with its id as key."""

    __tablename__ = "category"
    __table_args__ = (
        UniqueConstraint("event_id", "code"),
        CheckConstraint(f"organisation_kind IS NULL OR {one_of('organisation_kind', OrganisationKind)}", name="kind"),
    )
    not_personal = frozenset({"code", "label", "organisation_kind"})

    id: Mapped[int] = mapped_column(primary_key=True)
    event_id: Mapped[int] = mapped_column(ForeignKey("event.id", ondelete="CASCADE"))
    code: Mapped[str] = mapped_column(String(60))
    label: Mapped[Localized] = mapped_column(LocalizedText)
    position: Mapped[int] = mapped_column(default=0)
    organisation_kind: Mapped[OrganisationKind | None] = mapped_column(Enum(OrganisationKind))
    """When set, guests of this category are not asked for their kind."""
    is_open: Mapped[bool] = mapped_column(default=True)
    """Guests may choose it themselves; otherwise only by invitation, with an access code or by the organiser."""
    needs_approval: Mapped[bool] = mapped_column(default=False)
    """Who signs up by the form gets a place only when the organiser approves."""
    event: Mapped[Event] = relationship(back_populates="categories")
