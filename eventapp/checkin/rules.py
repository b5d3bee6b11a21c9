"""What a scan is, what the server decides and why, and what all scans of a ticket fold into; pure."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo


class ScanKind(StrEnum):
    """What the scan is about."""

    ENTRY = "entry"
    EXIT = "exit"
    UNDO = "undo"


class ScanMode(StrEnum):
    """Whether the phone waits for the answer (ask) or reports what the door did already (tell)."""

    ASK = "ask"
    TELL = "tell"


class Decision(StrEnum):
    """What the server says."""

    ADMIT = "admit"
    DENY = "deny"


class Outcome(StrEnum):
    """What the door did; only outcomes move people."""

    ADMITTED = "admitted"
    REFUSED = "refused"
    UNKNOWN = "unknown"


class Reason(StrEnum):
    """Why."""

    OK = "ok"
    ALREADY_ADMITTED = "already_admitted"
    UNKNOWN = "unknown"
    OTHER_EVENT = "other_event"
    OTHER_ENTRANCE = "other_entrance"
    CANCELLED = "cancelled"
    REVOKED = "revoked"
    NOT_CONFIRMED = "not_confirmed"
    NOT_YET = "not_yet"
    OVER = "over"
    FULL = "full"
    NOT_INSIDE = "not_inside"
    UNDONE = "undone"
    MALFORMED = "malformed"


_UNHEARD = timedelta(seconds=2)
_WARN = timedelta(seconds=30)
AFTER_END = timedelta(hours=12)
"""How long after an event's end its door stays open and its devices signed on."""
OVERRIDE_LASTS = timedelta(minutes=2)
"""How long a device may decide against the answer after a supervisor gave the PIN."""
OVERRIDE_WAITS = timedelta(minutes=10)
"""How long before that the scan may have been made for which the supervisor came."""


class DoorRight(StrEnum):
    """One thing that an account or a device may do at the door."""

    SCAN = "scan"
    SEARCH = "search"
    WALK_IN = "walk_in"
    OVERRIDE = "override"


STAFF_RIGHTS = frozenset({DoorRight.SCAN, DoorRight.SEARCH, DoorRight.WALK_IN})
"""What every account may do that may scan."""


@dataclass(frozen=True)
class Entry:
    """A stored scan, as far as the fold needs it."""

    id: str
    at: datetime
    kind: ScanKind
    outcome: Outcome
    undo_of: str | None = None
    zone: int | None = None
    """Item whose door it was; None: a door of the house."""


@dataclass(frozen=True)
class Folded:
    """What all scans of a ticket come to."""

    inside: bool = False
    entries: int = 0
    admission: str | None = None
    """The scan by which its holder is inside now."""
    last: str | None = None
    """The admission before which there was none while the holder was inside: the last that was right."""
    conflicts: frozenset[str] = frozenset()
    """Admissions while the holder was inside already."""


@dataclass(frozen=True)
class Opening:
    """When the door of an event is open."""

    starts_at: datetime
    ends_at: datetime
    zone: str
    is_called_off: bool = False

    def closed_because(self, at: datetime) -> Reason | None:
        """Say why nobody is let in at this moment: before the event's day, or twelve hours after its end."""
        if self.is_called_off:
            return Reason.CANCELLED
        zone = ZoneInfo(self.zone)
        if at.astimezone(zone).date() < self.starts_at.astimezone(zone).date():
            return Reason.NOT_YET
        return Reason.OVER if at > self.ends_at + AFTER_END else None


@dataclass(frozen=True)
class Standing:
    """What is known of a ticket when its code is shown."""

    is_of_this_event: bool = True
    is_cancelled: bool = False
    is_revoked: bool = False
    is_confirmed: bool = True


def decide(
    kind: ScanKind,
    standing: Standing | None,
    inside: bool,
    closed: Reason | None,
    *,
    refused: Reason | None = None,
    is_used: bool = False,
    is_full: bool = False,
) -> Reason:
    """Decide a scan; OK admits, everything else denies. No standing: nobody has this code.

    `refused` is what the entrance's own rules say, `is_used` that the ticket comes in here once and did, `is_full` that
    as many are inside as the room takes.
    """
    if standing is None:
        return Reason.UNKNOWN
    checks = (
        (not standing.is_of_this_event, Reason.OTHER_EVENT),
        (standing.is_revoked, Reason.REVOKED),
        (standing.is_cancelled, Reason.CANCELLED),
        (not standing.is_confirmed, Reason.NOT_CONFIRMED),
    )
    for is_so, reason in checks:
        if is_so:
            return reason
    if kind is ScanKind.EXIT:
        return Reason.OK if inside else Reason.NOT_INSIDE
    if closed is not None or refused is not None:
        return closed or refused or Reason.OK
    if inside or is_used:
        return Reason.ALREADY_ADMITTED
    return Reason.FULL if is_full else Reason.OK


def outcome_of(mode: ScanMode, decision: Decision, told: Outcome) -> Outcome:
    """Return what the door did: it follows the server when it asks, and says so itself when it tells."""
    if mode is ScanMode.TELL:
        return told
    return Outcome.ADMITTED if decision is Decision.ADMIT else Outcome.REFUSED


def fold(scans: Iterable[Entry], zone: int | None = None) -> Folded:
    """Fold the scans of a ticket in one zone, by the time when they happened, whatever the order in which they came.

    It takes all scans of the ticket: who undoes may stand at another door by then.
    """
    ordered = sorted(scans, key=lambda scan: (scan.at, scan.id))
    undone = {scan.undo_of for scan in ordered if scan.kind is ScanKind.UNDO}
    admission, last, entries, conflicts = None, None, 0, set()
    for scan in ordered:
        counts = scan.outcome is Outcome.ADMITTED and scan.kind is not ScanKind.UNDO
        if scan.zone != zone or scan.id in undone or not counts:
            continue
        if scan.kind is ScanKind.EXIT:
            admission = None
            continue
        entries += 1
        if admission is None:
            admission = last = scan.id
        else:
            conflicts.add(scan.id)
    return Folded(admission is not None, entries, admission, last, frozenset(conflicts))


def skew(sent_at: datetime, received_at: datetime) -> timedelta:
    """Return how far a phone's clock is ahead; what a slow network may have caused counts as nothing."""
    ahead = sent_at - received_at
    return ahead if abs(ahead) >= _UNHEARD else timedelta()


def is_clock_wrong(ahead: timedelta) -> bool:
    """Tell whether somebody should set the phone's clock."""
    return abs(ahead) > _WARN


def corrected(at: datetime, ahead: timedelta, received_at: datetime) -> datetime:
    """Return when a scan happened by the server's clock; never later than it arrived."""
    return min(at - ahead, received_at)


GREETINGS: dict[str, str] = {
    "de": "Herzlich willkommen!", "en": "Welcome!", "ar": "أهلًا وسهلًا!", "uk": "Ласкаво просимо!",
    "ru": "Добро пожаловать!", "tr": "Hoş geldiniz!", "fa": "خوش آمدید!", "fr": "Bienvenue !",
    "pl": "Serdecznie witamy!",
    "ti": "እንቋዕ ብደሓን መጻእኩም!", "vi": "Xin chào mừng!", "bg": "Добре дошли!", "ro": "Bun venit!", "es": "¡Bienvenidos!",
    "it": "Benvenuti!", "ku": "Bi xêr hatin!", "ps": "ښه راغلاست!", "sq": "Mirë se vini!", "so": "Soo dhawoow!",
    "zh": "欢迎！",
}  # fmt: skip
"""What the phone shows the guest in the guest's own language: data like the languages' own names, in no catalogue,
because a catalogue holds one text in the reader's language."""
