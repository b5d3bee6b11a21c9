"""Words of the door: what a scan is, what the server decides and why, what the door did; pure."""

from enum import StrEnum


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
    NOT_INSIDE = "not_inside"
    UNDONE = "undone"
    MALFORMED = "malformed"
