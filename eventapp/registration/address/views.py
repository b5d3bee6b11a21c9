"""The page behind the link in the mail that asks to confirm an address: opening it does nothing, its button does.

Programs that look through mails open every link; so a GET shows and a POST confirms.
"""

from typing import Any

from flask import Blueprint, flash, redirect, render_template, url_for
from flask_babel import gettext as _

from eventapp.core import clock
from eventapp.core.access import by_link
from eventapp.core.refusal import Refusal
from eventapp.registration.address.queries import get_by_address
from eventapp.registration.models import Registration
from eventapp.registration.queries import link_token
from eventapp.registration.rules import ParticipantState, is_running
from eventapp.registration.waitlist.service import confirm_address

bp = Blueprint("address", __name__)


@bp.get("/<lang:lang>/address/<token>")
@by_link("address")
def confirm(lang: str, token: str) -> Any:
    """Show the button that confirms an address, or that it is done, or too late."""
    del lang
    return _show(get_by_address(token), token)


@bp.post("/<lang:lang>/address/<token>")
@by_link("address")
def confirm_post(lang: str, token: str) -> Any:
    """Confirm the address; whoever is too late joins the list again. A second click changes nothing."""
    unit = get_by_address(token)
    try:
        confirm_address(unit.id)
    except Refusal as refusal:
        return _show(get_by_address(token), token, refusal)
    unit = get_by_address(token)
    if unit.is_group or not unit.living:
        return redirect(url_for("registration.address.confirm", lang=lang, token=token), 303)
    flash(_("Thank you. Your e-mail address is confirmed."), "ok")
    return redirect(url_for("registration.my", lang=lang, token=link_token(unit.participants[0])), 303)


def _show(unit: Registration, token: str, refusal: Refusal | None = None) -> tuple[str, int]:
    person = None if unit.is_group else unit.participants[0]
    page = render_template(
        "registration/address/confirm.html",
        event=unit.event,
        organiser=unit.event.organiser,
        unit=unit,
        token=token,
        refusal=refusal,
        step=_step(unit),
        my=link_token(person) if person is not None else None,
    )
    return page, refusal.status if refusal else 200


def _step(unit: Registration) -> str:
    """Say what there is to do: confirm, nothing (done), join again (late), or nothing any more (ended)."""
    now = clock.now()
    if not is_running(unit.event.state, unit.event.ends_at, now):
        return "ended"
    if any(person.state is ParticipantState.EXPIRED for person in unit.participants) and not unit.living:
        return "late"
    if not unit.living:
        return "ended"
    if unit.hold_until is None:
        return "done"
    return "confirm" if unit.hold_until > now else "late"
