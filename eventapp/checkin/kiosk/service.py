"""Checks that staff, not a guest, ends the self check-in of a browser."""

from datetime import timedelta

from flask_babel import lazy_gettext as _l

from eventapp.accounts import passwords
from eventapp.accounts.models import Account
from eventapp.checkin.devices.rules import Door, clean_pin
from eventapp.checkin.models import DoorLink
from eventapp.core import audit, limits
from eventapp.core.db import db, transaction
from eventapp.core.refusal import Refusal

_TRIES, _WINDOW = 5, timedelta(minutes=15)


class SecretWrong(Refusal):
    """Neither the PIN of the device's door link nor the password of the account."""

    code = "secret_wrong"
    status = 422
    field = "secret"
    message = _l("This PIN or password is wrong.")


def note_start(door: Door) -> None:
    """Write into the history that a device or account is used for self check-in from now on."""
    with transaction():
        audit.record("kiosk.started", audit.actor.get(), event_id=door.event.id)


def end(door: Door, typed: str) -> None:
    """Let staff end it: with the PIN of the door link, or with the password of the account.

    Raise SecretWrong, or TooMany after five wrong ones.
    """
    who = audit.actor.get()
    limits.hit("kiosk-leave", who, _TRIES, _WINDOW)
    if door.device is not None:
        link = db.session.get_one(DoorLink, door.device.link_id)
        is_right = passwords.is_right(link.pin_hash, clean_pin(typed))
    else:
        account = db.session.get_one(Account, door.account_id)
        is_right = passwords.is_right(account.password_hash, typed)
    if not is_right:
        raise SecretWrong
    limits.give_back("kiosk-leave", who)
    with transaction():
        audit.record("kiosk.ended", who, event_id=door.event.id)
