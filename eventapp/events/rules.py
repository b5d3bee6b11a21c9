"""What an event may be and become: kinds of organisation, states and their moves, inputs, changes and refusals."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo, available_timezones

from flask_babel import lazy_gettext as _l

from eventapp.core.i18n import BY_KEY, CONTENT_LANGUAGES, FALLBACK
from eventapp.core.localized import Localized
from eventapp.core.refusal import Refusal


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

EMPTY = Localized()
LANGUAGES_OF_CONTENT = (*BY_KEY, *(key for key in CONTENT_LANGUAGES if key not in BY_KEY))
"""Every language in which content may be written."""
ZONES = frozenset(available_timezones())
"""Every time zone that there is; asking anew would read the whole folder of them."""
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
    organisation_seats: int | None = None
    offer_hours: int | None = 48
    confirms_on_the_day: bool = True
    confirms_address: bool = False
    address_minutes: int = 120
    changes_until: datetime | None = None
    reviews_changes: bool = False


@dataclass(frozen=True)
class CategoryInput:
    """What an organiser says about a category. `code` empty: made from the label. `seats` None: no limit of its own.

    `reserved` places of the event are kept for it until `release_at` (None: always).
    """

    label: Localized
    seats: int | None = None
    reserved: int = 0
    release_at: datetime | None = None
    organisation_kind: OrganisationKind | None = None
    is_open: bool = True
    needs_approval: bool = False
    position: int = 0
    code: str = ""


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
    if given.zone not in ZONES:
        raise UnknownZone
    check_times(given)
    ordered_languages(given.languages)
    for name in ("seats", "organisation_seats"):
        check_seats(getattr(given, name), name)
    if given.offer_hours is not None and not 1 <= given.offer_hours <= 24 * 60:
        raise WrongHours
    if not 5 <= given.address_minutes <= 7 * 24 * 60:
        raise WrongMinutes
    for name, limit in (("latitude", 90), ("longitude", 180)):
        value = getattr(given, name)
        if value is not None and not -limit <= value <= limit:
            raise WrongPosition(field=name)
    if (given.latitude is None) != (given.longitude is None):
        raise WrongPosition(field="latitude" if given.latitude is None else "longitude")


def check_seats(seats: int | None, field: str = "seats") -> None:
    """Raise WrongSeats at `field` unless this is a number of places, or None for no limit."""
    if seats is not None and not 0 <= seats <= 1_000_000:
        raise WrongSeats(field=field)


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


class TitleMissing(Refusal):
    code, status, field = "title_missing", 422, "title"
    message = _l("Please give the event a title.")


class EndBeforeStart(Refusal):
    code, status, field = "end_before_start", 422, "ends_at"
    message = _l("The end must be after the start.")


class DoorsAfterStart(Refusal):
    code, status, field = "doors_after_start", 422, "doors_at"
    message = _l("The doors must open before the event starts.")


class DoorsOnAnotherDay(Refusal):
    code, status, field = "doors_on_another_day", 422, "doors_at"
    message = _l("The doors open on another day than the event starts. Please check the day.")


class WindowClosed(Refusal):
    code, status, field = "window_closed", 422, "registration_closes_at"
    message = _l("Registration must close after it opens.")


class WindowTooLong(Refusal):
    code, status, field = "window_too_long", 422, "registration_closes_at"
    message = _l("Registration must close before the event ends.")


class UnknownZone(Refusal):
    code, status, field = "unknown_zone", 422, "zone"
    message = _l("We do not know this time zone.")


class UnknownLanguage(Refusal):
    code, status, field = "unknown_language", 422, "languages"
    message = _l("We do not know the language “%(language)s”.")


class WrongSeats(Refusal):
    code, status, field = "wrong_seats", 422, "seats"
    message = _l("Please give the number of places as a whole number, 0 or more.")


class WrongHours(Refusal):
    code, status, field = "wrong_hours", 422, "offer_hours"
    message = _l("Please give whole hours, 1 to 1440, or leave it empty.")


class WrongMinutes(Refusal):
    code, status, field = "wrong_minutes", 422, "address_minutes"
    message = _l("Please give whole minutes, 5 to 10080.")


class ReleaseTooLate(Refusal):
    code, status, field = "release_too_late", 422, "release_at"
    message = _l("Places that are kept must be released before the event ends.")


class WrongPosition(Refusal):
    code, status, field = "wrong_position", 422, "latitude"
    message = _l("Please give both latitude (-90 to 90) and longitude (-180 to 180), or neither.")


class ForeignPicture(Refusal):
    code, status, field = "foreign_picture", 422, "picture"
    message = _l("We could not find this picture.")


class LabelMissing(Refusal):
    code, status, field = "label_missing", 422, "label"
    message = _l("Please give the category a name.")


class CategoryInUse(Refusal):
    code, status = "category_in_use", 409
    message = _l("People are registered in this category. Close it for guests instead of removing it.")


class MoveNotPossible(Refusal):
    code, status = "move_not_possible", 409
    message = _l("This is not possible in the event's present state.")


class NotADraft(Refusal):
    code, status = "not_a_draft", 409
    message = _l("Only a draft can be deleted.")


class HasRegistrations(Refusal):
    code, status = "has_registrations", 409
    message = _l("People have registered for this event.")
