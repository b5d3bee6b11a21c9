"""Own questions inside a form for guests: its fields, what was answered, and what a template draws.

`registration` adds `answer_fields` to the form that it makes per event, calls `read_answers_of` after the form's own
checks, and hands `answer_rows` to the macro `questions_fields`.

Conditions work without script. The page holds every question; one that is not asked for the answers so far is hidden.
A hidden field says which ones the page showed. When the answers that came lead to others, the form is shown again with
them and a sentence; with script (static/js/questions.js) they appear at once, by the same rules.
"""

import json
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask_babel import gettext as _
from wtforms import HiddenField

from eventapp.capacity.rules import Limit, Ref
from eventapp.core import clock
from eventapp.core.forms import Form
from eventapp.core.refusal import Refusal
from eventapp.questions.answers.fields import AnswerFileField, ConsentField, make_field
from eventapp.questions.answers.rules import Given, as_values, choice_ref, read, written
from eventapp.questions.models import Question
from eventapp.questions.rules import HAS_CHOICES, QuestionKind, Value, as_keys, shown

NOT_CHOSEN = 0
"""Category of somebody who has not chosen one yet: questions for some groups only are not shown."""


@dataclass(frozen=True)
class AnswerRow:
    """One question as a template draws it."""

    question: Question
    field: Any
    is_shown: bool
    shown_if: str
    """Its conditions as JSON, for the script."""
    places: Mapping[str, int | None]
    """Places left by key of a choice; choices without a limit are not in it."""


def answer_fields(
    questions: Sequence[Question], prefix: str = "", stored: Mapping[int, Value] | None = None
) -> dict[str, Any]:
    """Return the fields to put into a subclass of `Form`, by name; several people have several prefixes.

    `stored`: what this person answered before; also give `answer_data` of it to the form's `data`.
    """
    known = stored or {}
    made = {name_of(question, prefix): make_field(question, known.get(question.id)) for question in questions}
    return {**made, f"{prefix}asked": HiddenField()} if made else {}


def answer_data(questions: Iterable[Question], stored: Mapping[int, Value], prefix: str = "") -> dict[str, Any]:
    """Return stored answers as values of the form's fields."""
    return {name_of(q, prefix): _as_typed(q, stored[q.id]) for q in questions if q.id in stored}


def read_answers_of(
    form: Form,
    questions: Sequence[Question],
    category_id: int | None,
    prefix: str = "",
    excused: Collection[int] = (),
) -> dict[int, Given]:
    """Return the answers of a form that was sent, and put what is wrong with them at their fields.

    Call it after `form.validate()` (which forgets errors) and look at `form.errors` then. Only questions that are asked
    for the category and the other answers count; the rest is left out, without an error. The `excused` may lack
    although they are required.
    """
    typed, refused = _typed(form, questions, prefix)
    seen = _seen(form, prefix)
    asked = shown(questions, as_values(typed), category_id)
    for question in asked:
        field = form[name_of(question, prefix)]
        if question.id in refused:
            field.errors = [*field.errors, str(refused[question.id])]
        elif question.is_required and question.id in seen - typed.keys() - set(excused):
            field.errors = [*field.errors, _missing(question)]
    if any(question.id not in seen for question in asked) and not asks_more(form):
        form.form_errors.append(_more())
    return {question.id: typed[question.id] for question in asked if question.id in typed}


def asks_more(form: Form) -> bool:
    """Tell whether `read_answers_of` found questions that the page had not shown yet."""
    return _more() in form.form_errors


def answer_rows(
    form: Form,
    questions: Sequence[Question],
    category_id: int | None,
    prefix: str = "",
    limits: Mapping[Ref, Limit] | None = None,
) -> list[AnswerRow]:
    """Return what the macro `questions_fields` draws; `limits`: those of the event, for the places left."""
    typed, _refused = _typed(form, questions, prefix)
    asked = {question.id for question in shown(questions, as_values(typed), category_id)}
    return [
        AnswerRow(
            question=question,
            field=form[name_of(question, prefix)],
            is_shown=question.id in asked,
            shown_if=json.dumps([{"question": c.question_id, "values": list(c.values)} for c in question.conditions]),
            places=_places(question, limits or {}),
        )
        for question in questions
    ]


def needs_multipart(questions: Iterable[Question]) -> bool:
    """Tell whether the form must be sent as multipart/form-data: it asks for a file."""
    return any(question.kind is QuestionKind.FILE for question in questions)


def name_of(question: Question, prefix: str = "") -> str:
    """Return the name of a question's field."""
    return f"{prefix}q_{question.id}"


def _typed(form: Form, questions: Sequence[Question], prefix: str) -> tuple[dict[int, Given], dict[int, Refusal]]:
    now = clock.now().isoformat()
    typed: dict[int, Given] = {}
    refused: dict[int, Refusal] = {}
    for question in questions:
        field = form[name_of(question, prefix)]
        if isinstance(field, AnswerFileField) and field.refusal is not None:
            refused[question.id] = field.refusal
            continue
        raw = field.typed if isinstance(field, ConsentField) else field.data
        kept = as_keys(field.object_data) if question.kind in HAS_CHOICES else ()
        try:
            value = read(question, raw, now, kept)
        except Refusal as refusal:
            refused[question.id] = refusal
        else:
            if value is not None:
                typed[question.id] = value
    return typed, refused


def _seen(form: Form, prefix: str) -> set[int]:
    name = f"{prefix}asked"
    told = str(form[name].data or "") if name in form else ""
    return {int(word) for word in told.split()[:1000] if word.isascii() and word.isdigit() and len(word) < 10}


def _as_typed(question: Question, value: Value) -> Any:
    if question.kind is QuestionKind.YES_NO:
        return "yes" if value else "no"
    if question.kind is QuestionKind.CONSENT and isinstance(value, dict):
        return str(value["version"]) if value["version"] == question.consent_version else ""
    return written(value) if question.kind is QuestionKind.NUMBER and isinstance(value, float | int) else value


def _missing(question: Question) -> str:
    if question.kind is QuestionKind.CONSENT:
        return str(_("Please agree, or you cannot sign up."))
    if question.kind is QuestionKind.FILE:
        return str(_("Please choose a file."))
    if question.kind in HAS_CHOICES or question.kind is QuestionKind.YES_NO:
        return str(_("Please choose one of the answers."))
    return str(_("Please answer this question."))


def _more() -> str:
    return str(_("Your answers led to more questions. Please look at them below."))


def _places(question: Question, limits: Mapping[Ref, Limit]) -> dict[str, int | None]:
    refs = {choice.key: choice_ref(question.id, choice.key) for choice in question.choices}
    return {key: limits[ref].left for key, ref in refs.items() if ref in limits}
