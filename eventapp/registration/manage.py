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
from eventapp.registration import queries, service
from eventapp.registration.desk import history
from eventapp.registration.desk import queries as desk
from eventapp.registration.forms import person_form
from eventapp.registration.models import Participant
from eventapp.registration.rules import LIVING, ParticipantState
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
    return render_template(
        "registration/manage/person.html",
        event=g.event,
        guest=guest,
        ticket=ticket,
        code=grouped(ticket.code) if ticket else "",
        place=find_place(guest) if guest.state is ParticipantState.WAITLISTED else None,
        state=history.STATES[guest.state],
        kind=ORGANISATION_KINDS[guest.organisation_kind],
        happened=[(x, history.sentence(x), history.who(x, name)) for x, name in desk.list_history(guest)],
        mails=desk.list_mails(guest),
        mail_kinds=history.MAILS,
        mail_states=history.FATES,
        link=url_for("registration.my", lang=interface(guest.language), token=queries.link_token(guest)),
    )


@bp.route("/manage/events/<slug:event>/participants/new", methods=["GET", "POST"])
@requires(Permission.EDIT_PARTICIPANTS)
def add(event: str) -> Any:
    """Enter a person by hand, also into groups that guests cannot choose; the same limits apply."""
    items = queries.list_choosable(g.event.id)
    form, status = person_form(g.event, items, g.event.categories), 200
    if form.validate_on_submit():
        try:
            done = sign_up(g.event.id, form.person(), idempotency_key=form.key.data or None, via=Via.ORGANISER)
        except Refusal as refusal:
            form.refuse(refusal)
            status = refusal.status
        else:
            flash(_OUTCOMES[done.outcome](), "ok" if done.outcome is Outcome.CONFIRMED else "info")
            return _to_person(event, done.participant)
    elif form.is_submitted():
        status = 422
    shown = describe(g.event.id, form.items)
    return render_template("registration/manage/add.html", event=g.event, form=form, **shown), status


@bp.route("/manage/events/<slug:event>/participants/<participant>/cancel", methods=["GET", "POST"])
@requires(Permission.EDIT_PARTICIPANTS)
def cancel(event: str, participant: str) -> Any:
    """Ask once, then cancel a person; they get a mail and the seat goes to whoever is next."""
    guest = _guest(participant)
    if request.method == "GET" and guest.state in LIVING:
        return render_template("registration/manage/cancel.html", event=g.event, guest=guest)
    service.cancel(guest.id, Via.ORGANISER)
    flash(_("The registration is cancelled."), "ok")
    return _to_person(event, guest)


@bp.post("/manage/events/<slug:event>/participants/<participant>/resend")
@requires(Permission.EDIT_PARTICIPANTS)
def resend(event: str, participant: str) -> Any:
    """Send a person their mail once more."""
    guest = _guest(participant)
    service.resend(guest.id)
    flash(_("The e-mail is on its way."), "ok")
    return _to_person(event, guest)


_OUTCOMES = {
    Outcome.CONFIRMED: lambda: _("Registered. The ticket is on its way by e-mail."),
    Outcome.WAITLISTED: lambda: _("Put on the waiting list: one of the limits is full."),
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
