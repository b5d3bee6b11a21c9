"""Keeps simple robots out of sign-up without any service of others: a trap that people never see, and a pace.

Called by the pages that show and take a sign-up form, one person's or a group's, with `components/guard.html`.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta

from eventapp.core import clock, signing
from eventapp.registration import refusals

TRAP, SHOWN = "website", "shown"
"""Names of the two controls: one that only a robot fills in, one that says when the form was shown."""
AT_LEAST = timedelta(seconds=2)
"""No person fills in the form faster."""
_PURPOSE = "sign-up-shown"


def shown_at(moment: datetime) -> str:
    """Return the signed value of SHOWN of a form that was shown at a moment."""
    return signing.make(_PURPOSE, f"{int(moment.timestamp() * 1000):x}", 0)


def shown(sent: Mapping[str, str]) -> str:
    """Return the value of SHOWN for a page: that of the form that was just sent, so that time goes on, or now's."""
    given = sent.get(SHOWN, "")
    return given if _read(given) is not None else shown_at(clock.moment())


def check(sent: Mapping[str, str]) -> None:
    """Raise Robot when the trap is filled in, TooFast when no person can have read the form that was sent."""
    if sent.get(TRAP):
        raise refusals.Robot
    moment = _read(sent.get(SHOWN, ""))
    if moment is None or clock.moment().timestamp() < moment + AT_LEAST.total_seconds():
        raise refusals.TooFast


def _read(value: str) -> float | None:
    """Return the second at which a form was shown, None when we did not write it."""
    claim = signing.read(_PURPOSE, value)
    if claim is None or not claim.fits(0):
        return None
    return int(claim.public_id, 16) / 1000
