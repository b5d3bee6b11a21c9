"""Pages for guests: their own page behind an unguessable link, and the way to have the link sent again."""

from typing import Any

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as Answer

from eventapp.accounts.rules import network
from eventapp.calendar.views import answer
from eventapp.core.access import by_link, public
from eventapp.core.i18n import BY_KEY, interface
from eventapp.core.refusal import NotFound, Refusal
from eventapp.events.models import Event
from eventapp.events.views import get_event_here
from eventapp.questions.answers.queries import read_answers
from eventapp.questions.queries import list_questions
from eventapp.registration import queries, service
from eventapp.registration.agenda.queries import own_agenda, own_version
from eventapp.registration.consents.queries import list_withdrawn, look_at
from eventapp.registration.forms import LinkForm, edit_form
from eventapp.registration.mails import ticket_page
from eventapp.registration.models import Participant
from eventapp.registration.rules import LIVING, ParticipantState
from eventapp.registration.waitlist import labels
from eventapp.registration.waitlist.queries import describe, find_outlook
from eventapp.registration.wishes.queries import list_full, list_open
from eventapp.tickets import pdf, qr
from eventapp.tickets.rules import groups
from eventapp.tickets.service import find_living

bp = Blueprint("registration", __name__)


@bp.route("/<lang:lang>/<slug:event>/link", methods=["GET", "POST"])
@public
def links(lang: str, event: str) -> Any:  # noqa: ARG001 - read by the layout
    """Send somebody their link again; the answer is the same whether the address is known or not."""
    found = get_event_here(event)
    form, sent, status = LinkForm(), False, 200
    if form.validate_on_submit():
        try:
            service.send_links(found.id, form.email.data, network(request.remote_addr))
            sent = True
        except Refusal as refusal:
            form.refuse(refusal)
            status = refusal.status
    elif form.is_submitted():
        status = 422
    page = render_template("registration/links.html", event=found, organiser=found.organiser, form=form, sent=sent)
    return page, status


@bp.get("/<lang:lang>/my/<token>")
@by_link("my")
def my(lang: str, token: str) -> Any:
    """Show a guest's own page: where they stand, ticket, day, what can be changed."""
    del lang
    return show_my(queries.get_by_link(token), token)


@bp.get("/<lang:lang>/my/<token>/ticket")
@by_link("my")
def show(lang: str, token: str) -> Any:
    """Show the ticket alone, as large as the phone, for the door."""
    del lang
    return render_template("registration/show.html", **_guest(_confirmed(token), token))


@bp.get("/<lang:lang>/my/<token>/qr.svg")
@by_link("my")
def qr_code(lang: str, token: str) -> Response:
    """Return the ticket's QR code as a picture."""
    del lang
    ticket = find_living(_confirmed(token).id)
    if ticket is None:
        raise NotFound
    return Response(qr.svg(ticket.code), mimetype="image/svg+xml")


@bp.get("/<lang:lang>/my/<token>/ticket.pdf")
@by_link("my")
def ticket_pdf(lang: str, token: str) -> Response:
    """Return the ticket for printing."""
    del lang
    guest = _confirmed(token)
    ticket = find_living(guest.id)
    if ticket is None:
        raise NotFound
    name = f"ticket-{guest.registration.event.slug}.pdf"
    made = Response(pdf.render(ticket_page(guest, ticket.code)), mimetype="application/pdf")
    made.headers["Content-Disposition"] = f'inline; filename="{name}"'
    return made


@bp.route("/<lang:lang>/my/<token>/change", methods=["GET", "POST"])
@by_link("my")
def change(lang: str, token: str) -> Any:
    """Let a guest change name, organisation, forums and language; the old seat is kept until the new one is sure."""
    guest = _living(token)
    event = guest.registration.event
    if refusal := why_fixed(event):
        return show_my(guest, token, refusal)
    items = queries.list_choosable(event.id, frozenset(choice.item_id for choice in guest.choices))
    questions, stored = list_questions(event.id), read_answers([guest.id])[guest.id]
    form = edit_form(event, items, guest, questions, stored)
    form.excused = list_withdrawn(guest, (question for question in questions if question.id not in stored))
    status = 200
    if form.validate_on_submit():
        try:
            changed = service.change(guest.id, form.person(email=guest.email, category=guest.category))
        except Refusal as refusal:
            form.refuse(refusal)
            status = refusal.status
        else:
            flash(_("Your changes are saved."), "ok")
            return redirect(url_for("registration.my", lang=lang, token=queries.link_token(changed)), 303)
    elif form.is_submitted():
        status = 422
    about = describe(event.id, form.items, guest)
    full, asked = list_full(guest, form.items, about["places"]), form.asked_rows(about["limits"])
    shown = {**_guest(guest, token), **about}
    return render_template("registration/change.html", form=form, full=full, asked=asked, **shown), status


@bp.route("/<lang:lang>/my/<token>/cancel", methods=["GET", "POST"])
@by_link("my")
def cancel(lang: str, token: str) -> Any:
    """Ask once, then cancel; the seat goes to whoever is next."""
    guest = queries.get_by_link(token)
    if request.method == "POST" or guest.state not in LIVING:
        try:
            service.cancel(guest.id)
        except Refusal as refusal:
            return show_my(guest, token, refusal)
        return redirect(url_for("registration.my", lang=lang, token=token), 303)
    return render_template("registration/cancel.html", **_guest(guest, token))


@bp.get("/calendar/<token>.ics")
@by_link("feed")
def feed(token: str) -> Response:
    """Send a guest's own agenda: nothing personal in it and no ticket, because people share calendars."""
    guest = queries.get_by_link(token, queries.FEED)
    language = interface(request.args.get("lang") or guest.language)
    version = own_version(guest)
    return answer(version, language, lambda: own_agenda(guest, language), name="agenda", is_private=True)


@bp.post("/<lang:lang>/my/<token>/language")
@by_link("my")
def language(lang: str, token: str) -> Answer:
    """Write to the guest in another language from now on, and show the page in it."""
    guest = _living(token)
    chosen = request.form.get("language", "")
    if chosen not in BY_KEY:
        raise NotFound
    service.set_language(guest.id, chosen)
    del lang
    return redirect(url_for("registration.my", lang=chosen, token=token), 303)


def show_my(guest: Participant, token: str, refusal: Refusal | None = None) -> tuple[str, int]:
    """Return a guest's own page, with the sentence and status of a refusal if something was not possible."""
    about = _guest(guest, token)
    page = render_template(
        "registration/my.html",
        **about,
        refusal=refusal,
        outlook=find_outlook(guest) if about["standing"] == "waitlisted" else None,
        labels=labels,
        wishes=list_open(guest) if about["standing"] == "ticket" else [],
        fixed=why_fixed(about["event"]),
        told=look_at(guest),
        is_new="new" in request.args,
        feed=queries.link_token(guest, queries.FEED),
    )
    return page, refusal.status if refusal else 200


def why_fixed(event: Event) -> Refusal | None:
    """Return why guests of an event cannot change anything any more; None when they can."""
    try:
        service.check_changes(event)
    except Refusal as refusal:
        return refusal
    return None


def _living(token: str) -> Participant:
    guest = queries.get_by_link(token)
    if guest.state not in LIVING:
        raise NotFound
    return guest


def _confirmed(token: str) -> Participant:
    guest = queries.get_by_link(token)
    if guest.state is not ParticipantState.CONFIRMED:
        raise NotFound
    return guest


def _guest(guest: Participant, token: str) -> dict[str, Any]:
    """Return what all of a guest's pages show."""
    event = guest.registration.event
    ticket = find_living(guest.id) if guest.state is ParticipantState.CONFIRMED else None
    chosen = sorted((choice.item for choice in guest.choices), key=lambda item: (item.starts_at, item.position))
    return {
        "guest": guest,
        "standing": queries.find_standing(guest),
        "event": event,
        "organiser": event.organiser,
        "token": token,
        "ticket": ticket,
        "code": groups(ticket.code) if ticket else (),
        "chosen": chosen,
        "written": interface(guest.language),
    }
