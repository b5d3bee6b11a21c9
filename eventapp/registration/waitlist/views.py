"""What a guest who waits does from their own page: answer an offer, join again, take an item that has a place."""

from collections.abc import Callable
from typing import Any

from flask import Blueprint, flash, redirect, request, url_for
from flask_babel import gettext as _

from eventapp.core import ids
from eventapp.core.access import by_link
from eventapp.core.refusal import Refusal
from eventapp.registration import queries, refusals
from eventapp.registration.models import Participant
from eventapp.registration.rules import ParticipantState
from eventapp.registration.service import send_again, take_instead
from eventapp.registration.views import show_my
from eventapp.registration.waitlist import service

bp = Blueprint("waitlist", __name__)


@bp.post("/<lang:lang>/my/<token>/accept")
@by_link("my")
def accept(lang: str, token: str) -> Any:
    """Take the offered place, or join again when the time to answer is over; a second click changes nothing."""

    def act(guest: Participant) -> None:
        _check_alone(guest)
        service.accept(guest.registration_id)

    return _answer(lang, token, act)


@bp.post("/<lang:lang>/my/<token>/decline")
@by_link("my")
def decline(lang: str, token: str) -> Any:
    """Give the offered place back; a second click changes nothing."""

    def act(guest: Participant) -> None:
        _check_alone(guest)
        service.decline(guest.registration_id)

    return _answer(lang, token, act)


@bp.post("/<lang:lang>/my/<token>/instead")
@by_link("my")
def instead(lang: str, token: str) -> Any:
    """Take an item that has a place now instead of the full one at the same time."""
    item_id = request.form.get("item", type=ids.number) or 0
    return _answer(lang, token, lambda guest: take_instead(guest.id, item_id))


@bp.post("/<lang:lang>/my/<token>/again")
@by_link("my")
def again(lang: str, token: str) -> Any:
    """Send the mail that says where the guest stands once more, a few times an hour at most."""
    guest = queries.get_by_link(token)
    try:
        send_again(guest.id)
    except Refusal as refusal:
        return show_my(guest, token, refusal)
    flash(_("The e-mail is on its way. Please look under “spam” too."), "ok")
    return redirect(url_for("registration.my", lang=lang, token=token), 303)


def _answer(lang: str, token: str, act: Callable[[Participant], None]) -> Any:
    """Do what the guest asks and say on their page where they stand now."""
    try:
        act(queries.get_by_link(token))
    except Refusal as refusal:
        return show_my(queries.get_by_link(token), token, refusal)
    guest = queries.get_by_link(token)
    if guest.state is ParticipantState.CONFIRMED:
        flash(_("The place is yours."), "ok")
    elif guest.state is ParticipantState.CANCELLED:
        flash(_("Thank you. Somebody else gets the place."), "ok")
    elif guest.registration.hold_until is not None:
        flash(_("Please confirm your e-mail address. We have written to you."), "info")
    else:
        flash(_("The time to answer was over and no place is free now. You are at the end of the waiting list."), "few")
    return redirect(url_for("registration.my", lang=lang, token=token), 303)


def _check_alone(guest: Participant) -> None:
    if guest.registration.is_group:
        raise refusals.ByContact
