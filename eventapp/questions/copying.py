"""Copies the questions of one event into another; called by `editions` when an organiser makes the next edition."""

from dataclasses import replace
from datetime import timedelta

from eventapp.core.db import transaction
from eventapp.events.models import Event
from eventapp.questions.models import Question
from eventapp.questions.queries import input_of_question, list_category_ids, list_questions
from eventapp.questions.rules import Condition, QuestionInput
from eventapp.questions.service import add_question, update_question


def copy_to(old: Event, new: Event, shift: timedelta) -> None:  # noqa: ARG001 - same shape in every feature
    """Copy the questions that are asked, with the places of their choices; conditions and groups follow the copies.

    Answers do not come along, retired questions neither; groups are the same when their codes are.
    """
    with transaction():
        codes = {code: category_id for category_id, code in list_category_ids(new.id).items()}
        groups = {key: codes[code] for key, code in list_category_ids(old.id).items() if code in codes}
        made: dict[int, Question] = {}
        for question in list_questions(old.id):
            made[question.id] = add_question(new.id, _without_conditions(question, groups))
        ids = {key: copy.id for key, copy in made.items()}
        for question in list_questions(old.id):
            if question.conditions:
                given = input_of_question(made[question.id])
                update_question(ids[question.id], replace(given, conditions=_moved(question.conditions, ids)))


def _without_conditions(question: Question, groups: dict[int, int]) -> QuestionInput:
    given = input_of_question(question)
    return replace(
        given,
        conditions=(),
        category_ids=tuple(groups[key] for key in given.category_ids if key in groups),
    )


def _moved(conditions: tuple[Condition, ...], ids: dict[int, int]) -> tuple[Condition, ...]:
    return tuple(replace(each, question_id=ids[each.question_id]) for each in conditions)
