"""Passwords: what a good one is, and how one is kept. Called by the services of sign-in; knows no database."""

from unicodedata import normalize

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from flask_babel import lazy_gettext as _l

from eventapp.core.refusal import Refusal
from eventapp.core.search import fold_email

SHORTEST, LONGEST = 10, 200
hasher = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)
"""Argon2id with the parameters that OWASP names; a sign-in with an older hash makes a new one."""


class PasswordTooShort(Refusal):
    """Fewer characters than `SHORTEST`."""

    code = "password_too_short"
    status = 422
    message = _l("Please choose at least %(least)s characters. Three or four words are easy to remember.")
    field = "password"


class PasswordTooLong(Refusal):
    """More characters than `LONGEST`."""

    code = "password_too_long"
    status = 422
    message = _l("Please choose at most %(most)s characters.")
    field = "password"


class PasswordIsEmail(Refusal):
    """The password is the e-mail address or its first part, or one character again and again."""

    code = "password_easy_to_guess"
    status = 422
    message = _l("This password is too easy to guess. Please choose another one.")
    field = "password"


def check(password: str, email: str) -> None:
    """Raise a refusal unless `password` may be taken; length decides, no signs of any kind are demanded."""
    if len(password) < SHORTEST:
        raise PasswordTooShort(least=SHORTEST)
    if len(password) > LONGEST:
        raise PasswordTooLong(most=LONGEST)
    folded, address = fold_email(password), fold_email(email)
    if folded in (address, address.partition("@")[0]) or len(set(folded)) < 3:
        raise PasswordIsEmail


def make_hash(password: str) -> str:
    """Return the hash to keep; takes some 20 ms, so call it before the transaction."""
    return hasher.hash(normalize("NFC", password))


def is_right(password_hash: str | None, password: str) -> bool:
    """Tell whether the password fits; takes as long for nobody (None) as for somebody."""
    try:
        return (
            hasher.verify(password_hash or _nobody(), normalize("NFC", password[:LONGEST]))
            and password_hash is not None
        )
    except (VerificationError, InvalidHashError):
        return False


def is_old(password_hash: str) -> bool:
    """Tell whether the hash was made with other parameters than today's."""
    return hasher.check_needs_rehash(password_hash)


def _nobody() -> str:
    if hasher not in _FOR_NOBODY:
        _FOR_NOBODY[hasher] = hasher.hash("nobody's password")
    return _FOR_NOBODY[hasher]


_FOR_NOBODY: dict[PasswordHasher, str] = {}
