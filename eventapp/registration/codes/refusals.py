"""Why an access code is refused."""

from flask_babel import lazy_gettext as _l

from eventapp.core.refusal import Refusal


class CodeNotValid(Refusal):
    """Unknown, expired or used up: the answer is the same, so that nobody learns which."""

    code, status, field = "code_not_valid", 422, "code"
    message = _l("This code is not valid (any more).")


class CodeTaken(Refusal):
    """The event has this code."""

    code, field = "code_taken", "code"
    message = _l("There is such a code already. You can change its number and its end.")


class WrongCode(Refusal):
    """Too short, too long, or with characters that people cannot type."""

    code, status, field = "wrong_code", 422, "code"
    message = _l("Please take 4 to 40 letters, digits or hyphens.")


class WrongUses(Refusal):
    """No number, or fewer than have signed up with it."""

    code, status, field = "wrong_uses", 422, "uses"
    message = _l("Please give a whole number, 1 or more, and not less than has been used already.")
