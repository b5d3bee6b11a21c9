"""What a phone sends: an envelope with up to 200 scans, read from JSON into plain values and checked.

A wrong envelope is refused as a whole; a wrong scan only spoils itself.
"""

import re
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, fields, is_dataclass
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any, Generic, TypeVar

from flask_babel import lazy_gettext as _l
from sqlalchemy import Row

from eventapp.agenda.labels import ITEM_KINDS
from eventapp.agenda.rules import ItemKind
from eventapp.checkin.devices.rules import SignOn
from eventapp.checkin.rules import GREETINGS, Decision, Outcome, Reason, ScanKind, ScanMode
from eventapp.core.forms import clean_line
from eventapp.core.localized import plain
from eventapp.core.refusal import Refusal
from eventapp.registration.attention.queries import in_words
from eventapp.registration.attention.rules import Attention

MOST = 200
CODE_LIMIT = 64
T = TypeVar("T")
_UUID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")
_LATEST = 4102444800000  # the year 2100


class Unreadable(Refusal):
    """The envelope is not what a phone of ours sends."""

    code = "unreadable"
    status = 422
    message = _l("The door cannot read this. Please load the page again.")


class TooManyScans(Refusal):
    """More scans in one envelope than are taken at once."""

    code = "too_many_scans"
    status = 413
    message = _l("Too many scans at once.")


@dataclass(frozen=True)
class Item:
    """One scan as a phone reports it."""

    id: str
    code: str
    kind: ScanKind
    undo_of: str | None
    mode: ScanMode
    at: datetime
    outcome: Outcome
    override: bool
    local_reason: str | None


@dataclass(frozen=True)
class Envelope(Generic[T]):
    """What one phone at one entrance reports; an item that could not be read is the id that it names, or None."""

    device_id: str
    device_name: str
    entrance: str | None
    practice: bool
    sent_at: datetime
    items: tuple[T | str | None, ...]


@dataclass(frozen=True)
class Forum:
    """An item of the programme at which the guest has a seat; or, where a guest is sent, an entrance by its name."""

    label: str
    title: str = ""
    room: str = ""
    starts_at: datetime | None = None


@dataclass(frozen=True)
class Remark:
    """Something that the door should know about the guest."""

    label: str
    words: str


@dataclass(frozen=True)
class Guest:
    """Whom the ticket belongs to, in the words of the person at the door."""

    name: str
    category: str
    entries: int
    language: str
    greeting: str
    items: tuple[Forum, ...] = ()
    note: tuple[Remark, ...] = ()
    """Only in the answer to a scan that admits: it must not lie on the phone."""


@dataclass(frozen=True)
class First:
    """The admission by which the guest is inside already."""

    at: datetime
    device: str
    entrance: str


class Notice(StrEnum):
    """What the door should know about a guest at a forum door who has no seat there."""

    CHOSE_NOTHING = "chose_nothing"
    """Nothing chosen for this time, and the room is not full."""
    CHOSE_NOTHING_FULL = "chose_nothing_full"


@dataclass(frozen=True)
class Result:
    """The answer to one scan. A denial is an answer like any other; what is not `stored` stays on the phone."""

    id: str | None
    decision: Decision
    reason: Reason
    outcome: Outcome
    stored: bool = True
    replayed: bool = False
    conflict: bool = False
    ticket: Guest | None = None
    first: First | None = None
    right: tuple[Forum, ...] = ()
    """Where a guest belongs who stands at the wrong entrance."""
    notice: Notice | None = None

    def as_json(self) -> dict[str, Any]:
        """Return it as it goes to the phone: moments in milliseconds since 1970."""
        found: dict[str, Any] = _plain(self)
        return found


def guest_of(ticket: Row[Any], entries: int, forums: Iterable[Row[Any]] = (), notes: Collection[str] = ()) -> Guest:
    """Return the holder of a ticket as the person at the door sees them, with their items and these kinds of notes."""
    noted = Attention(bool(ticket.is_vip), bool(ticket.no_photo), ticket.needs or "")
    return Guest(
        name=name_of(ticket),
        category=plain(ticket.label),
        entries=entries,
        language=ticket.language,
        greeting=GREETINGS.get(ticket.language, ""),
        items=tuple(forum_of(row) for row in forums),
        note=tuple(Remark(*words) for words in in_words(noted, notes)),
    )


def name_of(row: Row[Any]) -> str:
    """Return what the door calls a guest."""
    return " ".join(part for part in (row.title, row.given_name, row.family_name) if part)


def forum_of(row: Row[Any]) -> Forum:
    """Return an item of the programme as the person at the door sees it."""
    return Forum(
        label=item_label(row.kind, row.position),
        title=plain(row.title),
        room=row.room or "",
        starts_at=row.starts_at,
    )


def first_of(row: Row[Any] | None) -> First | None:
    """Return an admission as the person at the door sees it."""
    return First(row.at, row.device or row.person or "", row.entrance or "") if row else None


def item_label(kind: ItemKind, position: int) -> str:
    """Return what an item is called at the door: "Forum 2"."""
    return f"{ITEM_KINDS[kind]} {position or ''}".strip()


def milliseconds(moment: datetime) -> int:
    """Return a moment as phones count."""
    return round(moment.timestamp() * 1000)


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return milliseconds(value)
    if is_dataclass(value):
        return {part.name: _plain(getattr(value, part.name)) for part in fields(value)}
    return [_plain(part) for part in value] if isinstance(value, tuple) else value


def read(body: Any) -> Envelope[Item]:
    """Read an envelope with scans; raise Unreadable or TooManyScans."""
    return read_envelope(body, "scans", MOST, _item)


def read_envelope(body: Any, name: str, most: int, read_one: Callable[[Mapping[str, Any]], T]) -> Envelope[T]:
    """Read an envelope whose items stand under `name`; raise Unreadable or TooManyScans."""

    def one(item: Any) -> T | str | None:
        try:
            return read_one(item)
        except (KeyError, TypeError, ValueError, AttributeError):
            found = item.get("id") if isinstance(item, Mapping) else None
            return found[:36] if isinstance(found, str) else None

    try:
        device, items = body["device"], body[name]
        if not isinstance(items, list) or not items:
            raise Unreadable
        if len(items) > most:
            raise TooManyScans
        return Envelope(
            device_id=read_uuid(device["id"]),
            device_name=read_text(device.get("name") or "", 60),
            entrance=read_text(body.get("entrance") or "", 16) or None,
            practice=body.get("practice") is True,
            sent_at=read_moment(body["sent_at"]),
            items=tuple(one(item) for item in items),
        )
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise Unreadable from error


def phone_of(body: Any) -> str:
    """Return the id of the phone that an envelope names; empty when it names none."""
    try:
        return read_uuid(body["device"]["id"])
    except (KeyError, TypeError, ValueError):
        return ""


def read_sign_on(body: Any) -> SignOn:
    """Read what a phone says when it signs on; raise Unreadable."""
    try:
        return SignOn(
            link=read_text(body["link"], 100),
            pin=read_text(body["pin"], 20),
            device_id=read_uuid(body["device_id"]),
            device_name=read_text(body.get("device_name") or "", 60),
        )
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise Unreadable from error


def read_pin(body: Any) -> str:
    """Read a supervisor's PIN; raise Unreadable."""
    try:
        return read_text(body["pin"], 20)
    except (KeyError, TypeError) as error:
        raise Unreadable from error


def _item(scan: Mapping[str, Any]) -> Item:
    kind, undo_of = ScanKind(scan.get("kind", "entry")), scan.get("undo_of")
    if kind is ScanKind.UNDO:
        undo_of = read_uuid(undo_of)
    return Item(
        id=read_uuid(scan["id"]),
        code=read_text(scan["code"], CODE_LIMIT),
        kind=kind,
        undo_of=undo_of if kind is ScanKind.UNDO else None,
        mode=ScanMode(scan.get("mode", "ask")),
        at=read_moment(scan["at"]),
        outcome=Outcome(scan.get("outcome", "unknown")),
        override=scan.get("override") is True,
        local_reason=read_text(scan.get("local_reason") or "", 40) or None,
    )


def read_uuid(value: Any) -> str:
    """Read an id that a phone made; raise ValueError."""
    if not isinstance(value, str) or not _UUID.fullmatch(value):
        raise ValueError("no UUID")
    return value


def read_text(value: Any, limit: int) -> str:
    """Read one line, cleaned and cut at `limit` characters; raise TypeError."""
    if not isinstance(value, str):
        raise TypeError("no text")
    return str(clean_line(value.encode("utf-8", "replace").decode()))[:limit]


def read_moment(value: Any) -> datetime:
    """Read milliseconds since 1970; raise ValueError."""
    if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value <= _LATEST:
        raise ValueError("no milliseconds")
    return datetime.fromtimestamp(value / 1000, UTC)
