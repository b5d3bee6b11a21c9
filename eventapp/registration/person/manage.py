"""What an organiser does with one registration beside looking at it: change, a deputy, restore."""

from dataclasses import replace

from flask import Blueprint, flash, g, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from eventapp.accounts.rules import Permission
from eventapp.core.access import requires
from eventapp.core.refusal import NotFound, Refusal
from eventapp.questions.answers.queries import read_answers
from eventapp.questions.queries import list_questions
from eventapp.questions.rules import QuestionKind
from eventapp.registration import queries, service
from eventapp.registration.deputy.service import send_deputy
from eventapp.registration.forms import PersonForm, edit_form
from eventapp.registration.models import Participant
from eventapp.registration.rules import LIVING, ParticipantState
from eventapp.registration.signup.rules import Person, Via
from eventapp.registration.waitlist import service as waitlist
from eventapp.registration.waitlist.queries import describe

bp = Blueprint("registration_person_manage", __name__)


@bp.route("/manage/events/<slug:event>/participants/<participant>/change", methods=["GET", "POST"])
@requires(Permission.EDIT_PARTICIPANTS)
def change(event: str, participant: str) -> ResponseReturnValue:
    """Change anything that a person told, also address and group; seats are taken before old ones are given back."""
    del event
    guest = _living(participant)
    form = _form(guest)
    if form.validate_on_submit():
        try:
            service.change(guest.id, _with_consents(guest, form.person()), Via.ORGANISER)
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            flash(_("Saved."), "ok")
            return _to_person(guest)
    return _page("registration/person/manage/change.html", guest, form)


@bp.route("/manage/events/<slug:event>/participants/<participant>/deputy", methods=["GET", "POST"])
@requires(Permission.EDIT_PARTICIPANTS)
def deputy(event: str, participant: str) -> ResponseReturnValue:
    """Let somebody else come in a person's place: the ticket and links of the first one end."""
    del event
    guest = _living(participant)
    form = _form(guest, is_new=True)
    if form.validate_on_submit():
        try:
            send_deputy(guest.id, form.person(), Via.ORGANISER)
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            flash(_("Entered. Both are told by e-mail."), "ok")
            return _to_person(guest)
    return _page("registration/person/manage/deputy.html", guest, form)


@bp.post("/manage/events/<slug:event>/participants/<participant>/restore")
@requires(Permission.EDIT_PARTICIPANTS)
def restore(event: str, participant: str) -> ResponseReturnValue:
    """Let somebody who had left join again, at the end of the list; who fits has a place at once."""
    del event
    guest = _find(participant)
    try:
        waitlist.restore([guest.id])
    except Refusal as refusal:
        flash(str(refusal), "bad")
    else:
        if _find(participant).state is ParticipantState.CONFIRMED:
            flash(_("Registered again. The ticket is on its way by e-mail."), "ok")
        else:
            flash(_("Registered again, at the end of the waiting list."), "info")
    return _to_person(guest)


def _form(guest: Participant, *, is_new: bool = False) -> PersonForm:
    """Make the form; what a deputy answers they say themselves, and nobody consents for somebody else."""
    event = guest.registration.event
    items = queries.list_choosable(event.id, frozenset(choice.item_id for choice in guest.choices))
    asked = [] if is_new else [x for x in list_questions(event.id) if x.kind is not QuestionKind.CONSENT]
    stored = read_answers([guest.id])[guest.id] if asked else {}
    return edit_form(event, items, guest, asked, stored, categories=event.categories, is_new=is_new)


def _with_consents(guest: Participant, person: Person) -> Person:
    """Keep the consents that the guest gave: the organiser's form does not ask them."""
    if person.answers is None:
        return person
    consents = {question.id for question in list_questions(guest.event_id) if question.kind is QuestionKind.CONSENT}
    given = {key: value for key, value in read_answers([guest.id])[guest.id].items() if key in consents}
    return replace(person, answers={**given, **person.answers})


def _page(name: str, guest: Participant, form: PersonForm) -> ResponseReturnValue:
    shown = describe(guest.event_id, form.items, guest)
    asked = form.asked_rows(shown["limits"])
    return render_template(name, event=g.event, guest=guest, form=form, asked=asked, **shown), form.status


def _find(public_id: str) -> Participant:
    guest = queries.find_participant(public_id, g.event.id)
    if guest is None:
        raise NotFound
    return guest


def _living(public_id: str) -> Participant:
    guest = _find(public_id)
    if guest.state not in LIVING:
        raise NotFound
    return guest


def _to_person(guest: Participant) -> ResponseReturnValue:
    address = url_for("registration.manage.person", event=g.event.slug, participant=guest.public_id)
    return redirect(address, 303)
