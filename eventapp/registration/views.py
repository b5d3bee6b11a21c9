"""Pages for guests: sign-up, and the guest's own page behind an unguessable link."""

from typing import Any

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as Answer

from eventapp.accounts.rules import network
from eventapp.calendar.views import answer
from eventapp.core import ids
from eventapp.core.access import by_link, public
from eventapp.core.i18n import BY_KEY, interface
from eventapp.core.kept import kept
from eventapp.core.limits import TooMany
from eventapp.core.refusal import NotFound, Refusal
from eventapp.events.models import Event
from eventapp.events.views import get_event_here
from eventapp.notices.models import NoticeKind
from eventapp.notices.queries import find_current
from eventapp.registration import queries, service
from eventapp.registration.agenda.queries import own_agenda, own_version
from eventapp.registration.forms import LinkForm, PersonForm, edit_form, fill
from eventapp.registration.mails import ticket_page
from eventapp.registration.models import Participant
from eventapp.registration.rules import LIVING, ParticipantState
from eventapp.registration.signup import guard
from eventapp.registration.signup.forms import form_now, open_counter
from eventapp.registration.signup.rules import Outcome
from eventapp.registration.signup.service import check_open, sign_up
from eventapp.registration.waitlist.queries import describe, find_place
from eventapp.tickets import pdf, qr
from eventapp.tickets.rules import groups
from eventapp.tickets.service import find_living

bp = Blueprint("registration", __name__)


@bp.get("/<lang:lang>/<slug:event>/register")
@public
def register(lang: str, event: str) -> Any:
    """Show the sign-up form, or why there is none now."""
    found = get_event_here(event)
    try:
        check_open(found)
    except Refusal as refusal:
        return render_template("registration/closed.html", event=found, organiser=found.organiser, why=refusal)
    form = form_now(found)
    form.language.data = form.language.data or lang
    notice = find_current(found.organiser_id, NoticeKind.PRIVACY)
    form.notice.data = str(notice.id) if notice else ""
    return _show_form(found, form)


@bp.post("/<lang:lang>/<slug:event>/register")
@public
def register_post(lang: str, event: str) -> Any:
    """Sign a person up and lead them to their page; what was typed stays when it is refused."""
    counter = kept(lambda: open_counter(get_event_here(event)))
    form = fill(counter.form)
    if not form.validate_on_submit():  # nothing that is kept refuses anybody
        counter = open_counter(get_event_here(event))
        form = fill(counter.form)
        if not form.validate_on_submit():
            return _show_again(event)
    try:
        guard.check(request.form)
        done = sign_up(
            counter.event_id,
            form.person(),
            idempotency_key=form.key.data or None,
            notice_id=counter.notice_id(request.form.get("notice", type=ids.number)),
            network=network(request.remote_addr),
        )
    except Refusal as refusal:
        return _show_again(event, refusal)
    if done.outcome is Outcome.ALREADY:
        found, email = get_event_here(event), form.email.data
        return render_template("registration/already.html", event=found, organiser=found.organiser, email=email)
    is_new = done.outcome is not Outcome.REPEATED
    token = queries.first_link_token(done.people[0][1]) if is_new else queries.link_token(done.participant)
    return redirect(url_for("registration.my", lang=lang, token=token, new=1), 303)


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
    """Show a guest's own page: ticket, day, what can be changed."""
    del lang
    guest = queries.get_by_link(token)
    place = find_place(guest) if guest.state is ParticipantState.WAITLISTED else None
    return render_template(
        "registration/my.html",
        **_guest(guest, token),
        place=place,
        lacks=queries.name_limits(guest.event_id, place.lacks) if place else [],
        is_new="new" in request.args,
        feed=queries.link_token(guest, queries.FEED),
    )


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
    items = queries.list_choosable(event.id, frozenset(choice.item_id for choice in guest.choices))
    form = edit_form(event, items, guest)
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
    page = render_template(
        "registration/change.html", **_guest(guest, token), form=form, **describe(event.id, form.items, guest)
    )
    return page, status


@bp.route("/<lang:lang>/my/<token>/cancel", methods=["GET", "POST"])
@by_link("my")
def cancel(lang: str, token: str) -> Any:
    """Ask once, then cancel; the seat goes to whoever is next."""
    guest = queries.get_by_link(token)
    if request.method == "POST" or guest.state not in LIVING:
        service.cancel(guest.id)
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


def _show_again(slug: str, refusal: Refusal | None = None) -> Any:
    """Show the form with what was typed and what is wrong with it."""
    event = get_event_here(slug)
    form = form_now(event)
    if refusal is not None:
        form.refuse(refusal)
    else:
        form.validate_on_submit()
    headers = {"Retry-After": str(refusal.seconds)} if isinstance(refusal, TooMany) else {}
    return _show_form(event, form), refusal.status if refusal is not None else 422, headers


def _show_form(event: Event, form: PersonForm) -> str:
    return render_template(
        "registration/register.html",
        event=event,
        organiser=event.organiser,
        form=form,
        shown=guard.shown(request.form),
        notice=find_current(event.organiser_id, NoticeKind.PRIVACY),
        **describe(event.id, form.items),
    )


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
        "event": event,
        "organiser": event.organiser,
        "token": token,
        "ticket": ticket,
        "code": groups(ticket.code) if ticket else (),
        "chosen": chosen,
        "written": interface(guest.language),
    }
