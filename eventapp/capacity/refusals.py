"""Why a limit cannot be changed, in words for the organiser."""

from flask_babel import lazy_gettext as _l

from eventapp.core.refusal import Refusal


class LimitInUse(Refusal):
    """A limit with seats taken cannot be removed."""

    code = "limit_in_use"


class ReserveTooLarge(Refusal):
    """More places would be kept than there are."""

    code = "reserve_too_large"
    status = 422
    field = "reserved"
    message = _l(
        "There are not so many places to keep: a category cannot keep more than its own places, and all categories "
        "together not more than the event has. Give the event a number of places first."
    )
