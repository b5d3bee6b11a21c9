"""What differs between two inputs, and whether somebody else changed a thing since an editor opened it.

Inputs are frozen dataclasses; services compare the one that was sent with the one that is stored.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, fields
from typing import Any

from flask_babel import lazy_gettext as _l

from eventapp.core.localized import Localized
from eventapp.core.refusal import Refusal


class ChangedMeanwhile(Refusal):
    code, status = "changed_meanwhile", 409
    message = _l(
        "Somebody else has changed this since you opened it. What you typed is still here: compare, then save."
    )


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
    moving: frozenset[str] = frozenset()

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


def differences(old: Any, new: Any, moving: frozenset[str] = frozenset()) -> Changes:
    """Return what differs between two inputs (instances of one frozen dataclass)."""
    found = [(f.name, getattr(old, f.name), getattr(new, f.name)) for f in fields(old)]
    return Changes(tuple(Change(*each) for each in found if each[1] != each[2]), moving)


def fingerprint(given: Any, names: Sequence[str] = ()) -> str:
    """Return a short mark of an input's fields; it differs as soon as somebody changes one of them."""
    wanted = names or [f.name for f in fields(given)]
    told = [(name, _told(getattr(given, name))) for name in wanted]
    return hashlib.sha256(repr(told).encode()).hexdigest()[:20]


def check_unchanged(present: Any, seen: Seen | None) -> None:
    """Raise ChangedMeanwhile when the stored input is no longer what the editor saw; None checks nothing."""
    if seen is not None and fingerprint(present, seen.names) != seen.mark:
        raise ChangedMeanwhile


def _told(value: Any) -> Any:
    return sorted(value.items()) if isinstance(value, Localized) else value
