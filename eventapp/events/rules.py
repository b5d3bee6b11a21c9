"""What an event may be and become: kinds of organisation, states and their moves, inputs, changes and refusals."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum
from typing import Any
from zoneinfo import ZoneInfo, available_timezones

from eventapp.core.i18n import BY_KEY, CONTENT_LANGUAGES, FALLBACK
from eventapp.core.ids import SLUG
from eventapp.core.localized import Localized
from eventapp.events.refusals import (
    AddressReserved,
    DoorsAfterStart,
    DoorsOnAnotherDay,
    EndBeforeStart,
    TitleMissing,
    UnknownLanguage,
    UnknownZone,
    WindowClosed,
    WindowTooLong,
    WrongAddress,
    WrongPosition,
    WrongSeats,
)


class OrganisationKind(StrEnum):
    """Where a guest comes from: a fixed list, for balance and reports."""

    MUNICIPALITY = "municipality"
    MINISTRY = "ministry"
    COMPANY = "company"
    JOB_AGENCY = "job_agency"
    CHAMBER = "chamber"
    UNION = "union"
    ASSOCIATION = "association"
    MIGRANT_ASSOCIATION = "migrant_association"
    EDUCATION = "education"
    NEWCOMER = "newcomer"
    PRESS = "press"
    POLITICS = "politics"
    OTHER = "other"


class EventState(StrEnum):
    """Where an event stands; each is explained in docs/states.md."""

    DRAFT = "draft"
    PUBLISHED = "published"
    CALLED_OFF = "called_off"


class EventAction(StrEnum):
    """What can be done with an event."""

    PUBLISH = "publish"
    UNPUBLISH = "unpublish"
    CALL_OFF = "call_off"


MOVES: dict[EventState, dict[EventAction, EventState]] = {
    EventState.DRAFT: {EventAction.PUBLISH: EventState.PUBLISHED},
    EventState.PUBLISHED: {EventAction.UNPUBLISH: EventState.DRAFT, EventAction.CALL_OFF: EventState.CALLED_OFF},
    EventState.CALLED_OFF: {},
}
IS_PUBLIC = frozenset({EventState.PUBLISHED, EventState.CALLED_OFF})

RESERVED_SLUGS = frozenset(
    {"manage", "door", "my", "api", "static", "calendar", "media", "organisers", "events", "event", "t", "ticket",
     "tickets", "agenda", "people", "register", "login", "logout", "sign-in", "sign-out", "admin", "help", "healthz",
     "readyz", "metrics", "favicon", "robots", "sitemap", "well-known", "preview", "link", "new", "search", "about",
     "service-worker", "manifest", "imprint", "privacy", "accessibility", "legal-notice"}
) | frozenset(BY_KEY) | frozenset(CONTENT_LANGUAGES)  # fmt: skip
"""Addresses that the site needs itself."""
EMPTY = Localized()
LANGUAGES_OF_CONTENT = (*BY_KEY, *(key for key in CONTENT_LANGUAGES if key not in BY_KEY))
"""Every language in which content may be written."""
PLACE = ("venue_name", "venue_street", "venue_postcode", "venue_city", "venue_country")
MOVING = frozenset({"starts_at", "ends_at", "zone", *PLACE})
"""Fields whose change raises SEQUENCE in calendars and is told to guests."""


@dataclass(frozen=True)
class EventInput:
    """Everything that an organiser says about an event. `slug` empty: made from the title. `seats` None: no limit."""

    title: Localized
    starts_at: datetime
    ends_at: datetime
    zone: str = "Europe/Berlin"
    slug: str = ""
    series: Localized = EMPTY
    summary: Localized = EMPTY
    description: Localized = EMPTY
    audience: Localized = EMPTY
    cost: Localized = EMPTY
    spoken: Localized = EMPTY
    doors_at: datetime | None = None
    registration_opens_at: datetime | None = None
    registration_closes_at: datetime | None = None
    venue_name: str = ""
    venue_street: str = ""
    venue_postcode: str = ""
    venue_city: str = ""
    venue_country: str = "DE"
    latitude: float | None = None
    longitude: float | None = None
    venue_notes: Localized = EMPTY
    access_summary: Localized = EMPTY
    access_notes: Localized = EMPTY
    languages: tuple[str, ...] = (FALLBACK,)
    picture_id: int | None = None
    contact_email: str = ""
    is_example: bool = False
    seats: int | None = None


@dataclass(frozen=True)
class CategoryInput:
    """What an organiser says about a category. `code` empty: made from the label. `seats` None: no limit of its own."""

    label: Localized
    seats: int | None = None
    organisation_kind: OrganisationKind | None = None
    is_open: bool = True
    position: int = 0
    code: str = ""


@dataclass(frozen=True)
class Change:
    """One field that changes."""

    field: str
    old: Any
    new: Any


@dataclass(frozen=True)
class Changes:
    """What differs between two inputs of one thing; false when nothing does."""

    each: tuple[Change, ...] = ()
    moving: frozenset[str] = MOVING

    def __bool__(self) -> bool:
        return bool(self.each)

    @property
    def moves(self) -> tuple[Change, ...]:
        """The changes of day, time, place or room: what guests have to be told."""
        return tuple(change for change in self.each if change.field in self.moving)

    def has(self, field: str) -> bool:
        """Tell whether this field changes."""
        return any(change.field == field for change in self.each)


@dataclass(frozen=True)
class Seen:
    """What an editor had before their eyes: the fields of the form and their fingerprint then."""

    names: tuple[str, ...]
    mark: str


def differences(old: Any, new: Any, moving: frozenset[str] = MOVING) -> Changes:
    """Return what differs between two inputs (instances of one frozen dataclass)."""
    found = [(f.name, getattr(old, f.name), getattr(new, f.name)) for f in fields(old)]
    return Changes(tuple(Change(*each) for each in found if each[1] != each[2]), moving)


def fingerprint(given: Any, names: Sequence[str] = ()) -> str:
    """Return a short mark of an input's fields; it differs as soon as somebody changes one of them."""
    wanted = names or [f.name for f in fields(given)]
    told = [(name, _told(getattr(given, name))) for name in wanted]
    return hashlib.sha256(repr(told).encode()).hexdigest()[:20]


def _told(value: Any) -> Any:
    return sorted(value.items()) if isinstance(value, Localized) else value


def ordered_languages(languages: Sequence[str]) -> tuple[str, ...]:
    """Return the languages of an event's content without doubles, German first; raise UnknownLanguage."""
    for key in languages:
        if key not in LANGUAGES_OF_CONTENT:
            raise UnknownLanguage(language=key)
    return tuple(dict.fromkeys((FALLBACK, *languages)))


def check(given: EventInput) -> None:
    """Raise the refusal that an input deserves, if any."""
    if not given.title:
        raise TitleMissing
    if given.zone not in available_timezones():
        raise UnknownZone
    check_times(given)
    ordered_languages(given.languages)
    if given.seats is not None and not 0 <= given.seats <= 1_000_000:
        raise WrongSeats
    for name, limit in (("latitude", 90), ("longitude", 180)):
        value = getattr(given, name)
        if value is not None and not -limit <= value <= limit:
            raise WrongPosition(field=name)
    if (given.latitude is None) != (given.longitude is None):
        raise WrongPosition(field="latitude" if given.latitude is None else "longitude")


def check_times(given: EventInput) -> None:
    """Raise a refusal when the event's times contradict each other."""
    if given.ends_at <= given.starts_at:
        raise EndBeforeStart
    if given.doors_at is not None and given.doors_at > given.starts_at:
        raise DoorsAfterStart
    if given.doors_at is not None and local_day(given.doors_at, given.zone) != local_day(given.starts_at, given.zone):
        raise DoorsOnAnotherDay
    opens, closes = given.registration_opens_at, given.registration_closes_at
    if opens is not None and closes is not None and closes <= opens:
        raise WindowClosed
    if closes is not None and closes > given.ends_at:
        raise WindowTooLong


def local_day(moment: datetime, zone: str) -> date:
    """Return the date of a moment in a zone."""
    return moment.astimezone(ZoneInfo(zone)).date()


def shifted(moment: datetime, shift: timedelta, zone: str) -> datetime:
    """Return a moment moved by whole days of its zone: the time on the wall stays, also across summer time."""
    local = moment.astimezone(ZoneInfo(zone))
    return (local.replace(tzinfo=None) + shift).replace(tzinfo=ZoneInfo(zone)).astimezone(UTC)


def check_slug(slug: str) -> None:
    """Raise a refusal when an address has the wrong form or the site needs it itself."""
    if not 3 <= len(slug) <= 60 or not SLUG.fullmatch(slug):
        raise WrongAddress
    if slug in RESERVED_SLUGS:
        raise AddressReserved
