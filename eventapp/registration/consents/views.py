"""A guest withdraws a consent from their own page: asked once, then done (Art. 7 (3) GDPR)."""

from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from eventapp.core.access import by_link
from eventapp.questions.answers.service import withdraw_consent
from eventapp.questions.queries import get_question
from eventapp.registration import queries
from eventapp.registration.consents.queries import find_consent
from eventapp.registration.moves import about

bp = Blueprint("consents", __name__)


@bp.route("/<lang:lang>/my/<token>/consents/<slug:consent>", methods=["GET", "POST"])
@by_link("my")
def withdraw(lang: str, token: str, consent: str) -> Any:
    """Ask once, then take a consent back; who has withdrawn it already is led back to their page."""
    guest = queries.get_by_link(token)
    event, asked = guest.registration.event, get_question(guest.event_id, consent)
    given = find_consent(guest, consent)
    if request.method == "GET" and given is not None:
        return render_template(
            "registration/consents/withdraw.html", event=event, organiser=event.organiser, token=token, consent=given
        )
    if request.method == "POST":
        withdraw_consent(guest.id, asked.id, about(guest.public_id))
        flash(_("Your consent is withdrawn."), "ok")
    return redirect(url_for("registration.my", lang=lang, token=token), 303)
