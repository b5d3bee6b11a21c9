"""What a phone sends about people without a ticket, up to 50 in an envelope, and what it hears of each."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from eventapp.checkin.envelope import Envelope, Result, read_envelope, read_moment, read_text, read_uuid
from eventapp.checkin.rules import Outcome, ScanMode
from eventapp.checkin.walkins.rules import WalkIn, WalkInState
from eventapp.core.forms import LINE, is_email
from eventapp.core.i18n import CONTENT_LANGUAGES, FALLBACK

MOST = 50


@dataclass(frozen=True)
class Answer:
    """What came of one walk-in; what is not `stored` stays on the phone. `scan` is the answer to the admission."""

    id: str | None
    state: WalkInState
    reason: str
    stored: bool = True
    replayed: bool = False
    code: str = ""
    name: str = ""
    why: str = ""
    """The reason as a sentence, for a refusal."""
    scan: Result | None = None

    def as_json(self) -> dict[str, Any]:
        """Return it as it goes to the phone."""
        plain = {name: getattr(self, name) for name in ("id", "state", "reason", "stored", "replayed")}
        told = {name: getattr(self, name) for name in ("code", "name", "why")}
        return {**plain, **told, "scan": self.scan.as_json() if self.scan else None}


def unreadable(item_id: str | None) -> Answer:
    """Return the answer to a person that cannot be read, or whose id stands for something else."""
    return Answer(item_id, WalkInState.REFUSED, "malformed", stored=False)


def read(body: Any) -> Envelope[WalkIn]:
    """Read an envelope; raise Unreadable or TooManyScans."""
    return read_envelope(body, "walk_ins", MOST, _walk_in)


def _walk_in(one: Mapping[str, Any]) -> WalkIn:
    admitted = one.get("admitted") is True
    category = one["category"]
    if isinstance(category, bool) or not isinstance(category, int):
        raise TypeError("no number")
    language = one.get("language")
    return WalkIn(
        id=read_uuid(one["id"]),
        at=read_moment(one["at"]),
        given_name=_line(one, "given_name"),
        family_name=_line(one, "family_name"),
        email=_email(one),
        organisation=_line(one, "organisation"),
        category_id=category,
        language=language if language in CONTENT_LANGUAGES else FALLBACK,
        mode=ScanMode(one.get("mode") or ("tell" if admitted else "ask")),
        outcome=Outcome(one.get("outcome") or ("admitted" if admitted else "unknown")),
        override=one.get("override") is True,
    )


def _line(one: Mapping[str, Any], name: str) -> str:
    """Read one line; what is too long is refused, not cut: half a name is a wrong one."""
    found = read_text(one.get(name) or "", LINE + 1)
    if len(found) > LINE:
        raise ValueError("too long")
    return found


def _email(one: Mapping[str, Any]) -> str:
    """Read the address; one that nobody can be reached at is left out: the person stands at the door."""
    address = _line(one, "email")
    return address if is_email(address) else ""
