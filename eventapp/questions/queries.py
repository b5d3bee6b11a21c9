"""Reads of questions."""

from collections.abc import Iterable

from flask_babel import gettext as _
from sqlalchemy import func, select

from eventapp.capacity.queries import list_limits
from eventapp.core.db import db
from eventapp.core.localized import Localized, plain
from eventapp.core.refusal import NotFound
from eventapp.events.models import Category
from eventapp.questions.answers.rules import choice_ref
from eventapp.questions.models import Answer, Question
from eventapp.questions.rules import MEGABYTE, Choice, ChoiceInput, QuestionInput


def list_questions(event_id: int, with_retired: bool = False) -> list[Question]:
    """Return the questions of an event in their order, in one query; their choices come along."""
    wanted = select(Question).where(Question.event_id == event_id).order_by(Question.position, Question.id)
    if not with_retired:
        wanted = wanted.where(Question.retired_at.is_(None))
    return list(db.session.scalars(wanted))


def list_questions_now(event_id: int) -> list[Question]:
    """Return all questions of an event as they are under the lock, in their order, retired ones too."""
    wanted = select(Question).where(Question.event_id == event_id).order_by(Question.position, Question.id)
    return list(db.session.scalars(wanted.execution_options(populate_existing=True)))


def get_question(event_id: int, code: str) -> Question:
    """Return a question of this event by its code; raise NotFound."""
    found = db.session.scalar(select(Question).where(Question.event_id == event_id, Question.code == code))
    if found is None:
        raise NotFound
    return found


def input_of_question(question: Question) -> QuestionInput:
    """Return what an organiser has said about a question, as one says it to the service."""
    limits = list_limits(question.event_id) if question.choices else {}
    sizes = {key: limit.size for key, limit in limits.items()}
    return QuestionInput(
        kind=question.kind,
        label=question.label,
        help=question.help,
        why=question.why,
        is_required=question.is_required,
        category_ids=tuple(question.category_ids),
        conditions=question.conditions,
        choices=tuple(
            ChoiceInput(c.label, sizes.get(choice_ref(question.id, c.key)), c.is_retired, c.key)
            for c in question.choices
        ),
        retention=question.retention,
        largest_mb=question.max_bytes // MEGABYTE,
    )


def count_answers(event_id: int) -> dict[int, int]:
    """Return how many people answered each question of an event; questions without answers are left out."""
    rows = db.session.execute(
        select(Answer.question_id, func.count())
        .join(Question, Question.id == Answer.question_id)
        .where(Question.event_id == event_id)
        .group_by(Answer.question_id)
    )
    return {row[0]: row[1] for row in rows}


def name(questions: Iterable[Question]) -> str:
    """Return the labels of questions in quotation marks, for a sentence."""
    return ", ".join(quoted(question.label) for question in questions)


def quoted(label: Localized) -> str:
    """Return a label in quotation marks; a long one (the text of a consent) is cut."""
    text = plain(label)
    return str(_("“%(words)s”", words=_cut(text)))


def list_category_ids(event_id: int) -> dict[int, str]:
    """Return id and code of the categories of an event."""
    rows = db.session.execute(select(Category.id, Category.code).where(Category.event_id == event_id))
    return {row[0]: row[1] for row in rows}


def name_choices(event_id: int, keys: Iterable[str]) -> dict[str, Localized]:
    """Return what choices with places are called, by the key of their limit: the answer, with its question behind."""
    wanted = {key: key.partition(":") for key in keys}
    if not wanted:
        return {}
    ids = [int(number) for number, _colon, _choice in wanted.values()]
    rows = db.session.scalars(select(Question).where(Question.event_id == event_id, Question.id.in_(ids)))
    named = {f"{question.id}:{choice.key}": (question, choice) for question in rows for choice in question.choices}
    return {key: _with_question(*named[key]) for key in wanted if key in named}


def _with_question(question: Question, choice: Choice) -> Localized:
    keys = dict.fromkeys([*choice.label, *question.label])
    return Localized({key: f"{choice.label.pick(key).text} ({_cut(question.label.pick(key).text)})" for key in keys})


def _cut(text: str) -> str:
    return text if len(text) <= 80 else f"{text[:79].rstrip()}…"
