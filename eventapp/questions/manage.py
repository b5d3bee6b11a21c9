"""The form builder: questions of an event, their order, what they say, how guests see them; files of answers."""

from typing import Any

from flask import Blueprint, Response, abort, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from eventapp.accounts.rules import Permission
from eventapp.capacity.queries import read_limits
from eventapp.core import ids
from eventapp.core.access import requires
from eventapp.core.refusal import Refusal
from eventapp.core.sections import beside
from eventapp.questions import service
from eventapp.questions.answers.forms import answer_rows, needs_multipart, read_answers_of
from eventapp.questions.answers.queries import get_file
from eventapp.questions.conditions.queries import conditions_in_words
from eventapp.questions.forms import QuestionForm, category_of, question_form, try_form
from eventapp.questions.labels import KINDS
from eventapp.questions.models import Question
from eventapp.questions.queries import (
    count_answers,
    get_question,
    input_of_question,
    list_questions,
)
from eventapp.questions.rules import HAS_CHOICES, QuestionKind

bp = Blueprint("questions_manage", __name__)


@bp.get("/manage/events/<slug:event>/questions")
@requires(Permission.EDIT_EVENT)
def questions(event: str) -> str:
    """List the questions in their order, and those that are no longer asked."""
    del event
    return _list()


@bp.route("/manage/events/<slug:event>/questions/new", methods=["GET", "POST"])
@requires(Permission.EDIT_EVENT)
def new_question(event: str) -> ResponseReturnValue:
    """Choose a kind, then write the question."""
    kind = next((kind for kind in QuestionKind if kind.value == request.args.get("kind")), None)
    if kind is None:
        return _page("questions/manage/kinds.html", kinds=KINDS)
    shown = beside(g.event.languages)
    form = question_form(g.event, kind, shown, list_questions(g.event.id))
    if "more" not in request.form and form.validate_on_submit():
        try:
            service.add_question(g.event.id, form.given())
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            flash(_("The question is there."), "ok")
            return redirect(url_for("questions.manage.questions", event=event))
    return _edit(form, None, shown)


@bp.route("/manage/events/<slug:event>/questions/<slug:question>/edit", methods=["GET", "POST"])
@requires(Permission.EDIT_EVENT)
def question(event: str, question: str) -> ResponseReturnValue:
    """Edit a question."""
    found = get_question(g.event.id, question)
    shown = beside(g.event.languages)
    form = question_form(g.event, found.kind, shown, list_questions(g.event.id), found)
    if "more" not in request.form and form.validate_on_submit():
        try:
            service.update_question(found.id, form.given(), form.was_seen())
        except Refusal as refusal:
            form.refuse_for(refusal, input_of_question(found))
        else:
            flash(_("Saved."), "ok")
            return redirect(url_for("questions.manage.questions", event=event))
    return _edit(form, found, shown)


@bp.post("/manage/events/<slug:event>/questions/<slug:question>/move")
@requires(Permission.EDIT_EVENT)
def move(event: str, question: str) -> ResponseReturnValue:
    """Move a question up or down by one place."""
    service.move(get_question(g.event.id, question).id, up=request.form.get("to") == "up")
    return redirect(url_for("questions.manage.questions", event=event, _anchor=f"question-{question}"))


@bp.post("/manage/events/<slug:event>/questions/order")
@requires(Permission.EDIT_EVENT)
def order(event: str) -> ResponseReturnValue:
    """Put all questions into an order at once: `order`, their ids parted by blanks; the script sends it."""
    try:
        service.reorder(g.event.id, [ids.number(word) for word in request.form.get("order", "").split()])
    except ValueError:
        abort(400)
    except Refusal as refusal:
        flash(str(refusal), "bad")
        return _list(), refusal.status
    return redirect(url_for("questions.manage.questions", event=event))


@bp.post("/manage/events/<slug:event>/questions/<slug:question>/retire")
@requires(Permission.EDIT_EVENT)
def retire(event: str, question: str) -> ResponseReturnValue:
    """Ask a question no longer."""
    return _do(event, question, service.retire, _("The question is no longer asked. Its answers stay."))


@bp.post("/manage/events/<slug:event>/questions/<slug:question>/restore")
@requires(Permission.EDIT_EVENT)
def restore(event: str, question: str) -> ResponseReturnValue:
    """Ask a retired question again."""
    return _do(event, question, service.restore, _("The question is asked again."))


@bp.post("/manage/events/<slug:event>/questions/<slug:question>/remove")
@requires(Permission.EDIT_EVENT)
def remove(event: str, question: str) -> ResponseReturnValue:
    """Delete a question that nobody answered."""
    return _do(event, question, service.remove, _("The question is gone."))


@bp.route("/manage/events/<slug:event>/questions/preview", methods=["GET", "POST"])
@requires(Permission.EDIT_EVENT)
def preview(event: str) -> ResponseReturnValue:
    """Show the questions as guests see them, and try answers; nothing is stored."""
    del event
    asked = list_questions(g.event.id)
    form, is_fine = try_form(g.event, asked), False
    if form.validate_on_submit():
        read_answers_of(form, asked, category_of(form))
        is_fine = not form.errors
    rows = answer_rows(form, asked, category_of(form), limits=read_limits(g.event.id))
    page = _page(
        "questions/manage/preview.html", form=form, rows=rows, is_fine=is_fine, multipart=needs_multipart(asked)
    )
    return page, form.status


@bp.get("/manage/events/<slug:event>/answers/<file>")
@requires(Permission.SEE_PARTICIPANTS)
def file(event: str, file: str) -> Response:
    """Send a file that a guest gave as an answer; only to be kept, never shown inside the site."""
    del event
    found = get_file(g.event.id, file)
    response = Response(found.data, mimetype=found.media_type)
    response.headers.set("Content-Disposition", "attachment", filename=found.name)
    response.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response.headers["Cache-Control"] = "no-store"
    return response


def _do(event: str, code: str, act: Any, words: str) -> ResponseReturnValue:
    try:
        act(get_question(g.event.id, code).id)
    except Refusal as refusal:
        if refusal.status == 404:
            raise
        flash(str(refusal), "bad")
        return _list(), refusal.status
    flash(words, "ok")
    return redirect(url_for("questions.manage.questions", event=event))


def _list() -> str:
    every = list_questions(g.event.id, with_retired=True)
    return _page(
        "questions/manage/questions.html",
        asked=[each for each in every if not each.is_retired],
        retired=[each for each in every if each.is_retired],
        answers=count_answers(g.event.id),
        when={each.id: conditions_in_words(each, every) for each in every},
        groups={category.id: category.label for category in g.event.categories},
        kinds=KINDS,
    )


def _edit(form: QuestionForm, question: Question | None, shown: list[str]) -> ResponseReturnValue:
    page = _page(
        "questions/manage/question.html",
        form=form,
        question=question,
        shown=shown,
        kind=KINDS[form.kind],
        has_choices=form.kind in HAS_CHOICES,
    )
    return page, form.status


def _page(template: str, **context: Any) -> str:
    return render_template(template, event=g.event, organiser=g.organiser, **context)
