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
from eventapp.core.refusal import NotFound, Refusal
from eventapp.events.models import Event
from eventapp.events.views import get_event_here
from eventapp.notices.models import NoticeKind
from eventapp.notices.queries import find_current
from eventapp.questions.answers.queries import read_answers
from eventapp.questions.queries import list_questions
from eventapp.registration import queries, service
from eventapp.registration.agenda.queries import own_agenda, own_version
from eventapp.registration.codes.forms import TypedCodeForm
from eventapp.registration.codes.queries import has_codes
from eventapp.registration.codes.refusals import CodeNotValid
from eventapp.registration.codes.service import try_code
from eventapp.registration.forms import LinkForm, PersonForm, edit_form, fill
from eventapp.registration.mails import ticket_page
from eventapp.registration.models import Participant
from eventapp.registration.rules import LIVING, ParticipantState
from eventapp.registration.signup.forms import form_now, open_counter
from eventapp.registration.signup.rules import Outcome
from eventapp.registration.signup.service import SignUp, check_open, sign_up
from eventapp.registration.waitlist import labels
from eventapp.registration.waitlist.queries import describe, find_outlook
from eventapp.registration.wishes.queries import list_full, list_open
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
    typed, opened = _code(found)
    form = form_now(found, opened)
    form.language.data = form.language.data or lang
    notice = find_current(found.organiser_id, NoticeKind.PRIVACY)
    form.notice.data = str(notice.id) if notice else ""
    if opened is not None:
        form["category"].data = str(opened)
    return _show_form(found, form, typed), typed.status


@bp.post("/<lang:lang>/<slug:event>/register")
@public
def register_post(lang: str, event: str) -> Any:
    """Sign a person up and lead them to their page; what was typed stays when it is refused."""
    if "code" in request.args:
        return _register_by_code(lang, get_event_here(event))
    counter = kept(lambda: open_counter(get_event_here(event)))
    form = fill(counter.form)
    if not form.validate_on_submit():  # nothing that is kept refuses anybody
        counter = open_counter(get_event_here(event))
        form = fill(counter.form)
        if not form.validate_on_submit():
            return _show_again(event)
    try:
        done = sign_up(
            counter.event_id,
            form.person(),
            idempotency_key=form.key.data or None,
            notice_id=counter.notice_id(request.form.get("notice", type=ids.number)),
        )
    except Refusal as refusal:
        return _show_again(event, refusal)
    return _answer(lang, event, form, done)


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


def _register_by_code(lang: str, event: Event) -> Any:
    """Sign a person up in the group that an access code opens; the code is used in the same moment, or not at all."""
    typed, opened = _code(event)
    form = form_now(event, opened)
    if typed.refused and (first := queries.find_first(event.id, form.key.data or "")) is not None:
        # the second click of the one who used the code up
        return redirect(url_for("registration.my", lang=lang, token=queries.link_token(first), new=1), 303)
    if not form.validate_on_submit() or typed.errors:
        form.form_errors += [sentence for _, _, sentence in typed.each_error()]
        return _show_form(event, form, typed), max(typed.status, 422)
    notice = request.form.get("notice", type=ids.number)
    try:
        done = sign_up(
            event.id,
            form.person(),
            idempotency_key=form.key.data or None,
            notice_id=queries.find_notice_id(event.organiser_id, notice),
            code=typed.code.data or "",
        )
    except Refusal as refusal:
        (typed if isinstance(refusal, CodeNotValid) else form).refuse(refusal)
        return _show_form(event, form, typed), refusal.status
    return _answer(lang, event.slug, form, done)


def _answer(lang: str, slug: str, form: PersonForm, done: SignUp) -> Any:
    """Lead who has signed up to their page; who was registered before is told so."""
    if done.outcome is Outcome.ALREADY:
        found, email = get_event_here(slug), form.email.data
        return render_template("registration/already.html", event=found, organiser=found.organiser, email=email)
    is_new = done.outcome is not Outcome.REPEATED
    token = queries.first_link_token(done.people[0][1]) if is_new else queries.link_token(done.participant)
    return redirect(url_for("registration.my", lang=lang, token=token, new=1), 303)


def _show_again(slug: str, refusal: Refusal | None = None) -> tuple[str, int]:
    """Show the form with what was typed and what is wrong with it."""
    event = get_event_here(slug)
    form = form_now(event)
    form.validate_on_submit()
    if refusal is not None:
        form.refuse(refusal)
    return _show_form(event, form, TypedCodeForm()), refusal.status if refusal is not None else 422


def _code(event: Event) -> tuple[TypedCodeForm, int | None]:
    """Read the access code in the address: the form that holds it, and the category that it opens now."""
    typed = TypedCodeForm(formdata=request.args)
    if not typed.code.data or not typed.validate():
        return typed, None
    try:
        return typed, try_code(event.id, typed.code.data, network(request.remote_addr)).category_id
    except Refusal as refusal:
        typed.refuse(refusal)
        return typed, None


def _show_form(event: Event, form: PersonForm, typed: TypedCodeForm) -> str:
    open_ids = [c.id for c in event.categories if c.is_open or c.id == form.category_id]
    shown = describe(event.id, form.items, category_ids=open_ids)
    return render_template(
        "registration/register.html",
        event=event,
        organiser=event.organiser,
        form=form,
        typed=typed,
        asks_code=bool(typed.code.data) or has_codes(event.id),
        notice=find_current(event.organiser_id, NoticeKind.PRIVACY),
        asked=form.asked_rows(shown["limits"]),
        **shown,
    )


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
