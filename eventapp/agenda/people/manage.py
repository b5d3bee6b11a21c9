"""The organiser's pages for people on the stage and for partners."""

from typing import Any

from flask import Blueprint, flash, g, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from eventapp.accounts.rules import Permission
from eventapp.agenda.people import service
from eventapp.agenda.people.forms import PartnerForm, PictureForm, SpeakerForm
from eventapp.agenda.queries import (
    get_partner,
    get_speaker,
    input_of_partner,
    input_of_speaker,
    list_partners,
    list_speakers,
)
from eventapp.agenda.rules import PartnerInput, SpeakerInput
from eventapp.core.access import requires
from eventapp.core.refusal import Refusal
from eventapp.core.sections import beside
from eventapp.media.service import store

bp = Blueprint("agenda_people", __name__)
_PHOTO, _LOGO = (800, 800), (800, 400)


@bp.get("/manage/events/<slug:event>/people")
@requires(Permission.SEE_EVENT)
def speakers(event: str) -> str:
    """List the people on the stage."""
    del event
    return _page("agenda/people/speakers.html", speakers=list_speakers(g.event.id))


@bp.route("/manage/events/<slug:event>/people/new", methods=["GET", "POST"])
@requires(Permission.EDIT_EVENT)
def new_speaker(event: str) -> ResponseReturnValue:
    """Add somebody who will be on the stage."""
    form = SpeakerForm.start({}, beside(g.event.languages))
    if form.validate_on_submit():
        try:
            service.add_speaker(g.event.id, SpeakerInput(**form.whole(_stored(form, _PHOTO))))
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            flash(_("Saved."), "ok")
            return redirect(url_for("agenda.people.speakers", event=event))
    return _page("agenda/people/speaker.html", form=form, speaker=None), form.status


@bp.route("/manage/events/<slug:event>/people/<slug:person>/edit", methods=["GET", "POST"])
@requires(Permission.EDIT_EVENT)
def speaker(event: str, person: str) -> ResponseReturnValue:
    """Edit somebody on the stage."""
    found = get_speaker(g.event.id, person)
    form = SpeakerForm.of(input_of_speaker(found), beside(g.event.languages))
    if form.validate_on_submit():
        try:
            given = SpeakerInput(**form.whole(_stored(form, _PHOTO)))
            service.update_speaker(found.id, given, form.was_seen())
        except Refusal as refusal:
            form.refuse_for(refusal, input_of_speaker(found))
        else:
            flash(_("Saved."), "ok")
            return redirect(url_for("agenda.people.speakers", event=event))
    return _page("agenda/people/speaker.html", form=form, speaker=found), form.status


@bp.post("/manage/events/<slug:event>/people/<slug:person>/remove")
@requires(Permission.EDIT_EVENT)
def remove_speaker(event: str, person: str) -> ResponseReturnValue:
    """Take somebody off the stage."""
    service.remove_speaker(get_speaker(g.event.id, person).id)
    flash(_("The person is gone from the programme."), "ok")
    return redirect(url_for("agenda.people.speakers", event=event))


@bp.get("/manage/events/<slug:event>/partners")
@requires(Permission.SEE_EVENT)
def partners(event: str) -> str:
    """List the partners."""
    del event
    return _page("agenda/people/partners.html", partners=list_partners(g.event.id))


@bp.route("/manage/events/<slug:event>/partners/new", methods=["GET", "POST"])
@requires(Permission.EDIT_EVENT)
def new_partner(event: str) -> ResponseReturnValue:
    """Add a partner."""
    form = PartnerForm.start({}, ("de",))
    if form.validate_on_submit():
        try:
            service.add_partner(g.event.id, PartnerInput(**form.whole(_stored(form, _LOGO))))
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            flash(_("Saved."), "ok")
            return redirect(url_for("agenda.people.partners", event=event))
    return _page("agenda/people/partner.html", form=form, partner=None), form.status


@bp.route("/manage/events/<slug:event>/partners/<int:partner>", methods=["GET", "POST"])
@requires(Permission.EDIT_EVENT)
def partner(event: str, partner: int) -> ResponseReturnValue:
    """Edit a partner."""
    found = get_partner(g.event.id, partner)
    form = PartnerForm.of(input_of_partner(found))
    if form.validate_on_submit():
        try:
            service.update_partner(found.id, PartnerInput(**form.whole(_stored(form, _LOGO))), form.was_seen())
        except Refusal as refusal:
            form.refuse_for(refusal, input_of_partner(found))
        else:
            flash(_("Saved."), "ok")
            return redirect(url_for("agenda.people.partners", event=event))
    return _page("agenda/people/partner.html", form=form, partner=found), form.status


@bp.post("/manage/events/<slug:event>/partners/<int:partner>/remove")
@requires(Permission.EDIT_EVENT)
def remove_partner(event: str, partner: int) -> ResponseReturnValue:
    """Remove a partner."""
    service.remove_partner(get_partner(g.event.id, partner).id)
    flash(_("The partner is gone."), "ok")
    return redirect(url_for("agenda.people.partners", event=event))


def _stored(form: PictureForm, largest: tuple[int, int]) -> int | None:
    """Store the picture that was sent, if any, and return its id."""
    return store(g.organiser.id, form.picture.data.read(), largest=largest).id if form.picture.data else None


def _page(name: str, **context: Any) -> str:
    return render_template(name, event=g.event, organiser=g.organiser, **context)
