"""Use cases of signing in: e-mail and password, forgotten password, change of password. Called by views."""

from datetime import datetime, timedelta

from flask_babel import lazy_gettext as _l
from sqlalchemy import select

from eventapp.accounts import passwords
from eventapp.accounts.models import Account
from eventapp.accounts.queries import find_account
from eventapp.core import audit, clock, limits, signing
from eventapp.core.db import db, transaction
from eventapp.core.refusal import Refusal
from eventapp.core.search import fold_email
from eventapp.outbox.service import post

RESET = "reset"
RESET_LASTS = timedelta(hours=2)
_WINDOW = timedelta(minutes=15)
_TRIES_HERE, _TRIES_ADDRESS, _TRIES_NETWORK = 10, 40, 200
"""Tries in a window: for one address from one network, for it from anywhere, from one network for all addresses.

An office or a hall sits behind one network address, so that one is wide.
"""
_MAILS_ADDRESS, _MAILS_NETWORK = 3, 30
_MAIL_WINDOW = timedelta(hours=1)


class WrongPassword(Refusal):
    """No account has this pair of e-mail and password; which of both was wrong is not said."""

    code = "wrong_password"
    status = 422
    message = _l("E-mail address and password do not fit together.")


class OldPasswordWrong(Refusal):
    """The present password was not given rightly."""

    code = "old_password_wrong"
    status = 422
    message = _l("This is not your present password.")
    field = "present"


class LinkEnded(Refusal):
    """A link that was used, withdrawn, changed or is too old."""

    code = "link_ended"
    status = 404
    message = _l("This link is no longer valid. Links work once and for a limited time; ask for a new one.")


def sign_in(email: str, password: str, network: str) -> Account:
    """Check e-mail and password and return the account; raise WrongPassword, or TooMany after too many tries."""
    address = fold_email(email)
    limits.hit("sign-in-network", network, _TRIES_NETWORK, _WINDOW)
    limits.hit("sign-in-address", address, _TRIES_ADDRESS, _WINDOW)
    limits.hit("sign-in", f"{address}|{network}", _TRIES_HERE, _WINDOW)
    account = find_account(email)
    if not passwords.is_right(account.password_hash if account else None, password) or account is None:
        raise WrongPassword
    limits.clear("sign-in", f"{address}|{network}")
    limits.clear("sign-in-address", address)
    renewed = passwords.make_hash(password) if passwords.is_old(account.password_hash) else None
    with transaction() as session:
        account = session.get_one(Account, account.id)
        account.signed_in_at = clock.now()
        account.password_hash = renewed or account.password_hash
        _act_as(account, "account.signed_in")
        return account


def ask_reset(email: str, network: str) -> None:
    """Mail a link for a new password, if there is an account; the asker learns nothing about that."""
    limits.hit("reset-network", network, _MAILS_NETWORK, _MAIL_WINDOW)
    limits.hit("reset", fold_email(email), _MAILS_ADDRESS, _MAIL_WINDOW)
    with transaction():
        account = find_account(email)
        if account is not None:
            about = f"account:{account.public_id}"
            post("accounts.reset", account.email, account.language, {"version": account.link_version}, about=about)
            audit.record("account.reset_asked", about)


def reset_token(account: Account, version: int, asked_at: datetime) -> str:
    """Return the token of the link that sets a new password; it ends with the next change of the password.

    `version` is the account's link version when the link was asked for: a mail that is sent late opens nothing anew.
    """
    return signing.make(RESET, account.public_id, version, asked_at + RESET_LASTS)


def get_by_reset(token: str, *, lock: bool = False) -> Account:
    """Return the account that a reset link belongs to; raise LinkEnded."""
    claim = signing.read(RESET, token)
    wanted = select(Account).where(Account.public_id == (claim.public_id if claim else ""))
    account = db.session.scalar(wanted.with_for_update() if lock else wanted)
    if claim is None or account is None or not claim.fits(account.link_version):
        raise LinkEnded
    return account


def reset_password(token: str, password: str) -> Account:
    """Set a new password by link; the link and all open sessions end."""
    passwords.check(password, get_by_reset(token).email)
    password_hash = passwords.make_hash(password)
    with transaction():
        account = get_by_reset(token, lock=True)
        _set(account, password_hash, "account.password_reset")
        return account


def change_password(account_id: int, present: str, password: str, network: str) -> Account:
    """Set a new password; all other sessions end, the caller renews this one."""
    limits.hit("change-password", f"{account_id}|{network}", _TRIES_HERE, _WINDOW)
    account = db.session.get_one(Account, account_id)
    if not passwords.is_right(account.password_hash, present):
        raise OldPasswordWrong
    passwords.check(password, account.email)
    password_hash = passwords.make_hash(password)
    with transaction() as session:
        account = session.get_one(Account, account_id, with_for_update=True)
        _set(account, password_hash, "account.password_changed")
        return account


def _set(account: Account, password_hash: str, action: str) -> None:
    account.password_hash = password_hash
    account.link_version += 1
    _act_as(account, action)


def _act_as(account: Account, action: str) -> None:
    audit.actor.set(f"account:{account.public_id}")
    audit.record(action, f"account:{account.public_id}")
