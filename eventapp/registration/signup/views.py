"""The page where guests sign up, also with an access code; what is typed is never lost."""

from typing import Any

from flask import Blueprint, redirect, render_template, request, url_for

from eventapp.accounts.rules import network
from eventapp.core import ids
from eventapp.core.access import public
from eventapp.core.kept import kept
from eventapp.core.limits import TooMany
from eventapp.core.refusal import Refusal
from eventapp.events.models import Event
from eventapp.events.views import get_event_here
from eventapp.notices.models import NoticeKind
from eventapp.notices.queries import find_current
from eventapp.registration import queries
from eventapp.registration.codes.forms import TypedCodeForm
from eventapp.registration.codes.queries import has_codes
from eventapp.registration.codes.refusals import CodeNotValid
from eventapp.registration.codes.service import try_code
from eventapp.registration.forms import PersonForm, fill
from eventapp.registration.guard import service as guard
from eventapp.registration.signup.batch import SignUp, check_open
from eventapp.registration.signup.forms import form_now, open_counter
from eventapp.registration.signup.rules import Outcome
from eventapp.registration.signup.service import sign_up
from eventapp.registration.waitlist.queries import describe

bp = Blueprint("registration_signup", __name__)


@bp.get("/<lang:lang>/<slug:event>/register")
@public
def register(lang: str, event: str) -> Any:
    """Show the sign-up form, or why there is none now."""
    found = get_event_here(event)
    try:
        check_open(found)
    except Refusal as refusal:
        return render_template("registration/signup/closed.html", event=found, organiser=found.organiser, why=refusal)
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
    return _answer(lang, event, form, done)


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
        guard.check(request.form)
        done = sign_up(
            event.id,
            form.person(),
            idempotency_key=form.key.data or None,
            notice_id=queries.find_notice_id(event.organiser_id, notice),
            code=typed.code.data or "",
            network=network(request.remote_addr),
        )
    except Refusal as refusal:
        (typed if isinstance(refusal, CodeNotValid) else form).refuse(refusal)
        return _show_form(event, form, typed), refusal.status
    return _answer(lang, event.slug, form, done)


def _answer(lang: str, slug: str, form: PersonForm, done: SignUp) -> Any:
    """Lead who has signed up to their page; who was registered before is told so."""
    if done.outcome is Outcome.ALREADY:
        found, email = get_event_here(slug), form.email.data
        return render_template("registration/signup/already.html", event=found, organiser=found.organiser, email=email)
    is_new = done.outcome is not Outcome.REPEATED
    token = queries.first_link_token(done.people[0][1]) if is_new else queries.link_token(done.participant)
    return redirect(url_for("registration.my", lang=lang, token=token, new=1), 303)


def _show_again(slug: str, refusal: Refusal | None = None) -> Any:
    """Show the form with what was typed and what is wrong with it."""
    event = get_event_here(slug)
    form = form_now(event)
    if refusal is not None:
        form.refuse(refusal)
    else:
        form.validate_on_submit()
    headers = {"Retry-After": str(refusal.seconds)} if isinstance(refusal, TooMany) else {}
    return _show_form(event, form, TypedCodeForm()), refusal.status if refusal is not None else 422, headers


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
    places = describe(event.id, form.items, category_ids=open_ids)
    return render_template(
        "registration/signup/register.html",
        event=event,
        organiser=event.organiser,
        form=form,
        typed=typed,
        asks_code=bool(typed.code.data) or has_codes(event.id),
        notice=find_current(event.organiser_id, NoticeKind.PRIVACY),
        shown=guard.shown(request.form),
        asked=form.asked_rows(places["limits"]),
        **places,
    )
