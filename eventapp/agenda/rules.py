"""Kinds of agenda items and roles on them, inputs; clashes of rooms and people, as pure functions."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from itertools import combinations

from flask_babel import lazy_gettext as _l

from eventapp.core.localized import Localized
from eventapp.core.refusal import Refusal
from eventapp.events.rules import EMPTY, OrganisationKind, WrongSeats, local_day


class ItemKind(StrEnum):
    """Kind of an agenda item."""

    WELCOME = "welcome"
    TALK = "talk"
    PANEL = "panel"
    FORUM = "forum"
    WORKSHOP = "workshop"
    BREAK = "break"
    MARKET = "market"


class SpeakerRole(StrEnum):
    """Role of a speaker on an item, in the order in which they are shown."""

    MODERATOR = "moderator"
    WELCOME = "welcome"
    SPEAKER = "speaker"
    PANELIST = "panelist"


ROLE_ORDER = {role: place for place, role in enumerate(SpeakerRole)}
MOVING = frozenset({"starts_at", "ends_at", "room_id"})
"""Fields of an item whose change raises SEQUENCE in calendars and is told to guests."""
MOST_SEATS = 1_000_000


@dataclass(frozen=True)
class RoomInput:
    """What an organiser says about a room. `seats` None: not known; it limits nobody, items have seats of their own."""

    name: str
    seats: int | None = None
    notes: Localized = EMPTY
    position: int = 0


@dataclass(frozen=True)
class ItemInput:
    """What an organiser says about an agenda item. `seats` counts only when guests choose the item; None: no limit."""

    kind: ItemKind
    title: Localized
    starts_at: datetime
    ends_at: datetime
    room_id: int | None = None
    description: Localized = EMPTY
    is_chosen: bool = False
    seats: int | None = None
    position: int = 0


@dataclass(frozen=True)
class SpeakerInput:
    """What an organiser says about somebody on the stage; `position` is their office, `order` their place in lists."""

    name: str
    position: Localized = EMPTY
    organisation: str = ""
    organisation_kind: OrganisationKind | None = None
    about: Localized = EMPTY
    picture_id: int | None = None
    order: int = 0


@dataclass(frozen=True)
class PartnerInput:
    """What an organiser says about a partner."""

    name: str
    organisation_kind: OrganisationKind | None = None
    website: str = ""
    picture_id: int | None = None
    position: int = 0


def check_room(given: RoomInput) -> None:
    """Raise the refusal that a room deserves, if any."""
    if not given.name:
        raise RoomNameMissing
    _check_seats(given.seats)


def check_item(given: ItemInput) -> None:
    """Raise the refusal that an item deserves, if any."""
    if not given.title:
        raise ItemTitleMissing
    if given.ends_at <= given.starts_at:
        raise ItemEndBeforeStart
    if given.ends_at - given.starts_at > timedelta(days=1):
        raise ItemTooLong
    _check_seats(given.seats)


def check_speaker(given: SpeakerInput) -> None:
    """Raise the refusal that a speaker deserves, if any."""
    if not given.name:
        raise SpeakerNameMissing


def check_partner(given: PartnerInput) -> None:
    """Raise the refusal that a partner deserves, if any."""
    if not given.name:
        raise PartnerNameMissing
    if given.website and not re.match(r"https?://[^\s/]+", given.website):
        raise WrongWebsite


def _check_seats(seats: int | None) -> None:
    if seats is not None and not 0 <= seats <= MOST_SEATS:
        raise WrongSeats


def is_outside(starts_at: datetime, ends_at: datetime, first: datetime, last: datetime, zone: str) -> bool:
    """Tell whether an item lies outside the days of its event, which go from `first` to `last`."""
    return local_day(starts_at, zone) < local_day(first, zone) or local_day(ends_at, zone) > local_day(last, zone)


@dataclass(frozen=True)
class Slot:
    """What clashes are worked out from: an item's time, room and people."""

    item_id: int
    starts_at: datetime
    ends_at: datetime
    room_id: int | None
    speaker_ids: frozenset[int]


@dataclass(frozen=True)
class Clash:
    """Two items at the same time need the same room or the same person."""

    first: int
    second: int
    room_id: int | None
    speaker_ids: frozenset[int]


def overlap(first: Slot, second: Slot) -> bool:
    """Tell whether two items run at the same time; one may begin when the other ends."""
    return first.starts_at < second.ends_at and second.starts_at < first.ends_at


def clashes(slots: Iterable[Slot]) -> Iterator[Clash]:
    """Yield every pair of items that clash, with the room and the people they share."""
    for first, second in combinations(sorted(slots, key=lambda s: (s.starts_at, s.item_id)), 2):
        if not overlap(first, second):
            continue
        room = first.room_id if first.room_id == second.room_id else None
        people = first.speaker_ids & second.speaker_ids
        if room is not None or people:
            yield Clash(first.item_id, second.item_id, room, people)


class RoomNameMissing(Refusal):
    code, status, field = "room_name_missing", 422, "name"
    message = _l("Please give the room a name.")


class RoomNameTaken(Refusal):
    code, status, field = "room_name_taken", 409, "name"
    message = _l("There is a room of this name already.")


class RoomInUse(Refusal):
    code, status = "room_in_use", 409
    message = _l("Items of the programme take place in this room. Please move them first.")


class ItemTitleMissing(Refusal):
    code, status, field = "item_title_missing", 422, "title"
    message = _l("Please give the item a title.")


class ItemEndBeforeStart(Refusal):
    code, status, field = "item_end_before_start", 422, "ends_at"
    message = _l("The end must be after the start.")


class ItemTooLong(Refusal):
    code, status, field = "item_too_long", 422, "ends_at"
    message = _l("An item lasts at most 24 hours.")


class ForeignRoom(Refusal):
    code, status, field = "foreign_room", 422, "room_id"
    message = _l("We could not find this room.")


class ItemChosen(Refusal):
    code, status, field = "item_chosen", 409, "is_chosen"
    message = _l("Guests have chosen this item already, so it stays one that guests choose.")


class ItemIsPublic(Refusal):
    code, status = "item_is_public", 409
    message = _l("Guests have seen this item, and it is in their calendars. Cancel it instead of removing it.")


class SpeakerNameMissing(Refusal):
    code, status, field = "speaker_name_missing", 422, "name"
    message = _l("Please give a name.")


class ForeignSpeaker(Refusal):
    code, status, field = "foreign_speaker", 422, "people"
    message = _l("We could not find this person.")


class PersonTwice(Refusal):
    code, status, field = "person_twice", 422, "people"
    message = _l("%(name)s is on this item twice.")


class PartnerNameMissing(Refusal):
    code, status, field = "partner_name_missing", 422, "name"
    message = _l("Please give the partner a name.")


class WrongWebsite(Refusal):
    code, status, field = "wrong_website", 422, "website"
    message = _l("A web address begins with https:// or http://.")
