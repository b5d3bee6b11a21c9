"""Sending a deputy: the guest names who comes instead; from then on the guest's own link opens nothing any more."""

from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from eventapp.core import ids
from eventapp.core.access import by_link
from eventapp.core.refusal import Refusal
from eventapp.notices.models import NoticeKind
from eventapp.notices.queries import find_current
from eventapp.registration import queries, refusals
from eventapp.registration.deputy.forms import deputy_form
from eventapp.registration.deputy.service import send_deputy
from eventapp.registration.models import Participant
from eventapp.registration.views import show_my, why_fixed

bp = Blueprint("deputy", __name__)
_STANDINGS = frozenset({"ticket", "waitlisted", "offer"})


@bp.route("/<lang:lang>/my/<token>/deputy", methods=["GET", "POST"])
@by_link("my")
def send(lang: str, token: str) -> Any:
    """Ask who comes instead, and pass the place on to them."""
    guest = queries.get_by_link(token)
    event = guest.registration.event
    if refusal := _why_not(guest):
        return show_my(guest, token, refusal)
    form, status, notice = deputy_form(guest), 200, find_current(event.organiser_id, NoticeKind.PRIVACY)
    if form.validate_on_submit():
        shown = request.form.get("notice", type=ids.number)
        try:
            came = send_deputy(
                guest.id, form.person(guest), notice_id=queries.find_notice_id(event.organiser_id, shown)
            )
        except Refusal as why:
            form.refuse(why)
            status = why.status
        else:
            flash(_("%(name)s comes in your place. We have written to both of you.", name=came.name), "ok")
            return redirect(url_for("editions.event", lang=lang, event=event.slug), 303)
    elif form.is_submitted():
        status = 422
    form.notice.data = str(notice.id) if notice else ""
    page = render_template(
        "registration/deputy/send.html",
        guest=guest, event=event, organiser=event.organiser, token=token, form=form, notice=notice,
    )  # fmt: skip
    return page, status


def _why_not(guest: Participant) -> Refusal | None:
    fixed = why_fixed(guest.registration.event)
    if fixed is not None:
        return fixed
    standing = queries.find_standing(guest)
    if standing in _STANDINGS:
        return None
    return refusals.AddressOpen() if standing == "address" else refusals.NotRegistered()
