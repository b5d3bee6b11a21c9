"""Pages for organisers: the list of participants, a page per person, adding, cancelling, sending again."""

from enum import StrEnum
from typing import Any, TypeVar

from flask import Blueprint, flash, g, redirect, render_template, request, url_for
from flask_babel import gettext as _

from eventapp.accounts.rules import Permission
from eventapp.agenda.queries import list_items
from eventapp.core import ids
from eventapp.core.access import requires
from eventapp.core.i18n import interface
from eventapp.core.refusal import NotFound, Refusal
from eventapp.events.labels import ORGANISATION_KINDS
from eventapp.events.rules import OrganisationKind
from eventapp.questions.answers.queries import answers_in_words
from eventapp.registration import queries, service
from eventapp.registration.attention.queries import find_attention
from eventapp.registration.desk import history
from eventapp.registration.desk import queries as desk
from eventapp.registration.forms import PersonForm, person_form
from eventapp.registration.models import Participant
from eventapp.registration.person.forms import OverForm
from eventapp.registration.person.queries import why_not
from eventapp.registration.rules import LIVING, MOVES, Action, ParticipantState
from eventapp.registration.signup.batch import SignUp
from eventapp.registration.signup.rules import Outcome, Via
from eventapp.registration.signup.service import sign_up
from eventapp.registration.waitlist.queries import describe, find_place
from eventapp.tickets.rules import grouped
from eventapp.tickets.service import find_living

bp = Blueprint("registration_manage", __name__)

E = TypeVar("E", bound=StrEnum)


@bp.get("/manage/events/<slug:event>/participants")
@requires(Permission.SEE_PARTICIPANTS)
def participants(event: str) -> str:
    """List participants with search and filters."""
    del event
    filters = read_filters()
    page = desk.page_participants(g.event.id, filters, request.args.get("page", 1, type=ids.number))
    return render_template(
        "registration/manage/participants.html",
        event=g.event,
        page=page,
        filters=filters,
        kept=(kept := _kept()),
        without_words={name: value for name, value in kept.items() if name != "q"},
        without_state={name: value for name, value in kept.items() if name != "state"},
        counts=desk.count_states(g.event.id),
        states=history.STATES,
        kinds=ORGANISATION_KINDS,
        items=[item for item in list_items(g.event.id) if item.is_chosen],
        guest_languages=desk.list_languages(g.event.id),
    )


@bp.get("/manage/events/<slug:event>/participants/<participant>")
@requires(Permission.SEE_PARTICIPANTS)
def person(event: str, participant: str) -> str:
    """Show one person and everything that happened to them."""
    del event
    guest = _guest(participant)
    ticket = find_living(guest.id)
    entries = desk.list_history(guest)
    titles = desk.name_items(entry for entry, _name in entries)
    zone = g.event.zone
    return render_template(
        "registration/manage/person.html",
        event=g.event,
        guest=guest,
        ticket=ticket,
        code=grouped(ticket.code) if ticket else "",
        place=find_place(guest) if guest.state is ParticipantState.WAITLISTED else None,
        state=history.STATES[guest.state],
        kind=ORGANISATION_KINDS[guest.organisation_kind],
        answers=answers_in_words([guest.id])[guest.id],
        attention=find_attention(guest.id),
        others=[x for x in guest.registration.participants if x.id != guest.id],
        states=history.STATES,
        is_living=guest.state in LIVING,
        may_restore=Action.RESTORE in MOVES[guest.state],
        happened=[
            (x, history.sentence(x, zone, titles), history.changes_of(x), history.who(x, name)) for x, name in entries
        ],
        mails=desk.list_mails(guest),
        mail_kinds=history.MAILS,
        mail_states=history.FATES,
        link=url_for("registration.my", lang=interface(guest.language), token=queries.link_token(guest)),
    )


@bp.route("/manage/events/<slug:event>/participants/new", methods=["GET", "POST"])
@requires(Permission.EDIT_PARTICIPANTS)
def add(event: str) -> Any:
    """Enter a person by hand, also into groups that guests cannot choose.

    The same limits apply: when they hold the person back, the form says so and asks: the list, or a place on purpose.
    """
    items = queries.list_choosable(g.event.id)
    form, over = person_form(g.event, items, g.event.categories), OverForm()
    reasons: list[str] = []
    if form.validate_on_submit() and over.validate():
        reasons = why_not(g.event, form.person())
        if not reasons or over.is_asked.data:
            try:
                done = _enter(form, over)
            except Refusal as refusal:
                form.refuse(refusal)
            else:
                flash(_OUTCOMES[done.outcome](), "ok" if done.outcome is Outcome.CONFIRMED else "info")
                return _to_person(event, done.participant)
        over.is_asked.data = "yes"
    shown = describe(g.event.id, form.items)
    page = render_template(
        "registration/manage/add.html", event=g.event, form=form, over=over, reasons=reasons, **shown
    )
    return page, 409 if reasons and form.status == 200 else max(form.status, over.status)


def _enter(form: PersonForm, over: OverForm) -> SignUp:
    key = form.key.data or None
    return sign_up(g.event.id, form.person(), idempotency_key=key, via=Via.ORGANISER, over_note=over.note)


@bp.route("/manage/events/<slug:event>/participants/<participant>/cancel", methods=["GET", "POST"])
@requires(Permission.EDIT_PARTICIPANTS)
def cancel(event: str, participant: str) -> Any:
    """Ask once, then cancel a person; they get a mail and the seat goes to whoever is next."""
    guest = _guest(participant)
    if request.method == "GET" and guest.state in LIVING:
        return render_template("registration/manage/cancel.html", event=g.event, guest=guest)
    try:
        service.cancel(guest.id, Via.ORGANISER)
    except Refusal as refusal:
        flash(str(refusal), "bad")
    else:
        flash(_("The registration is cancelled."), "ok")
    return _to_person(event, guest)


@bp.post("/manage/events/<slug:event>/participants/<participant>/resend")
@requires(Permission.EDIT_PARTICIPANTS)
def resend(event: str, participant: str) -> Any:
    """Send a person their mail once more."""
    guest = _guest(participant)
    try:
        service.resend(guest.id)
    except Refusal as refusal:
        flash(str(refusal), "bad")
    else:
        flash(_("The e-mail is on its way."), "ok")
    return _to_person(event, guest)


_OUTCOMES = {
    Outcome.CONFIRMED: lambda: _("Registered. The ticket is on its way by e-mail."),
    Outcome.WAITLISTED: lambda: _("Put on the waiting list: one of the limits is full."),
    Outcome.UNCONFIRMED: lambda: _("A place is kept until the e-mail address is confirmed."),
    Outcome.TO_APPROVE: lambda: _("Waits for your approval."),
    Outcome.REPEATED: lambda: _("This form was sent already."),
    Outcome.ALREADY: lambda: _("This person is registered already and gets the e-mail once more."),
}


def read_filters() -> desk.Filters:
    """Read the filters from the address; what nobody knows is left out."""
    args = request.args
    return desk.Filters(
        words=args.get("q", "")[:200].strip(),
        state=_member(ParticipantState, args.get("state")),
        category_id=args.get("category", type=ids.number),
        kind=_member(OrganisationKind, args.get("kind")),
        item_id=args.get("item", type=ids.number),
        language=args.get("language", "")[:12],
    )


def _kept() -> dict[str, str]:
    names = ("q", "state", "category", "kind", "item", "language")
    return {name: request.args[name] for name in names if request.args.get(name)}


def _member(kind: type[E], value: str | None) -> E | None:
    return kind(value) if value in set(kind) else None


def _guest(public_id: str) -> Participant:
    guest = queries.find_participant(public_id, g.event.id)
    if guest is None:
        raise NotFound
    return guest


def _to_person(event: str, guest: Participant) -> Any:
    return redirect(url_for("registration.manage.person", event=event, participant=guest.public_id), 303)
