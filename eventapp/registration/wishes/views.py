"""What a confirmed guest does about full items from their own page: wait, take what is offered, wait no more."""

from typing import Any

from flask import Blueprint, flash, redirect, request, url_for
from flask_babel import gettext as _

from eventapp.core import ids
from eventapp.core.access import by_link
from eventapp.core.refusal import Refusal
from eventapp.registration import queries, refusals
from eventapp.registration.models import Participant
from eventapp.registration.views import show_my
from eventapp.registration.wishes import service

bp = Blueprint("wishes", __name__)


@bp.post("/<lang:lang>/my/<token>/wishes")
@by_link("my")
def add(lang: str, token: str) -> Any:
    """Wait for a full item and keep the present choice."""
    guest = queries.get_by_link(token)
    try:
        service.add(guest.id, _item())
    except Refusal as refusal:
        return show_my(guest, token, refusal)
    flash(_("You wait for a place there. What you have chosen so far stays yours."), "ok")
    return redirect(url_for("registration.my", lang=lang, token=token), 303)


@bp.post("/<lang:lang>/my/<token>/wishes/accept")
@by_link("my")
def accept(lang: str, token: str) -> Any:
    """Swap to the offered item; a second click finds it done."""
    guest = queries.get_by_link(token)
    try:
        _accept(guest, _item())
    except Refusal as refusal:
        return show_my(queries.get_by_link(token), token, refusal)
    flash(_("Your choice has been changed."), "ok")
    return redirect(url_for("registration.my", lang=lang, token=token), 303)


@bp.post("/<lang:lang>/my/<token>/wishes/withdraw")
@by_link("my")
def withdraw(lang: str, token: str) -> Any:
    """Wait no more, or give the offered seat back; a second click changes nothing."""
    guest = queries.get_by_link(token)
    wish = service.find_open(guest.id, _item())
    if wish is not None:
        service.withdraw(wish.id)
    flash(_("You do not wait for it any more. Your choice stays as it is."), "ok")
    return redirect(url_for("registration.my", lang=lang, token=token), 303)


def _accept(guest: Participant, item_id: int) -> None:
    wish = service.find_open(guest.id, item_id)
    if wish is not None:
        service.accept(wish.id)
    elif item_id not in {choice.item_id for choice in guest.choices}:
        raise refusals.NotOffered


def _item() -> int:
    item_id = request.form.get("item", type=ids.number)
    return item_id if item_id is not None else 0
