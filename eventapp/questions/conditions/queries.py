"""What must hold between the questions of an event, and conditions in words.

The service of questions calls the checks under its lock; they raise the refusal that they find.
"""

from collections.abc import Iterable, Mapping, Sequence

from babel import Locale
from flask_babel import get_locale
from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import Session

from eventapp.core.i18n import language_name
from eventapp.core.localized import plain
from eventapp.questions.answers.rules import COUNTRIES, LANGUAGES
from eventapp.questions.models import Answer, Question
from eventapp.questions.queries import list_category_ids, name, quoted
from eventapp.questions.rules import (
    Choice,
    ChoiceAnswered,
    ChoiceNeeded,
    Condition,
    ConditionCircle,
    ConditionOnNothing,
    ConditionOnRetired,
    ConditionOnUnknownAnswer,
    ForeignCategory,
    QuestionInput,
    QuestionKind,
    QuestionNeeded,
    as_keys,
    circle,
)


def check_place(event_id: int, given: QuestionInput) -> None:
    """Raise ForeignCategory when the input names a category of another event."""
    if given.category_ids and not set(given.category_ids) <= set(list_category_ids(event_id)):
        raise ForeignCategory


def check_conditions(others: Sequence[Question], given: QuestionInput, itself: Question | None) -> None:
    """Raise a refusal unless every condition names an asked question of this event, its answers, and no circle."""
    by_id = {other.id: other for other in others}
    for condition in given.conditions:
        found = by_id.get(condition.question_id)
        if found is None:
            raise ConditionOnNothing
        if found.is_retired and found is not itself:
            raise ConditionOnRetired(question=name([found]))
        if not set(condition.values) <= possible_values(found):
            raise ConditionOnUnknownAnswer(question=name([found]))
    if itself is None:
        return
    needs = {other.id: _named(other.conditions) for other in others if not other.is_retired}
    needs[itself.id] = _named(given.conditions)
    if found_circle := circle(needs):
        raise ConditionCircle(questions=name(by_id[question_id] for question_id in found_circle))


def possible_values(question: Question) -> set[str]:
    """Return the values that a condition on a question may name; none for free text."""
    match question.kind:
        case QuestionKind.YES_NO:
            return {"yes", "no"}
        case QuestionKind.ONE_OF | QuestionKind.SEVERAL_OF:
            return {choice.key for choice in question.choices}
        case QuestionKind.COUNTRY:
            return set(COUNTRIES)
        case QuestionKind.LANGUAGE:
            return set(LANGUAGES)
    return set()


def check_unneeded(others: Sequence[Question], question: Question) -> None:
    """Raise QuestionNeeded while a condition of another question that is asked names this one."""
    if needing := list_dependants((o for o in others if not o.is_retired and o is not question), question.id):
        raise QuestionNeeded(questions=name(needing))


def check_choices_stay(
    session: Session, others: Sequence[Question], question: Question, keyed: tuple[Choice, ...]
) -> None:
    """Raise a refusal when a choice is left out that somebody chose, or that a condition names."""
    gone = {choice.key: choice for choice in question.choices if choice.key not in {made.key for made in keyed}}
    if not gone:
        return
    for value in session.scalars(select(Answer.value).where(Answer.question_id == question.id)):
        for key in as_keys(value):
            if key in gone:
                raise ChoiceAnswered(choice=quoted(gone[key].label))
    for key, choice in gone.items():
        if needing := list_dependants(others, question.id, key):
            raise ChoiceNeeded(choice=quoted(choice.label), questions=name(needing))


def _named(conditions: tuple[Condition, ...]) -> list[int]:
    return [condition.question_id for condition in conditions]


def list_dependants(questions: Iterable[Question], question_id: int, choice_key: str | None = None) -> list[Question]:
    """Return those of `questions` with a condition on a question, or on one of its choices."""
    return [
        question
        for question in questions
        if any(
            condition.question_id == question_id and (choice_key is None or choice_key in condition.values)
            for condition in question.conditions
        )
    ]


def conditions_in_words(question: Question, questions: Iterable[Question]) -> list[str]:
    """Return each condition of a question as a sentence's end: “Food” is “vegan” or “vegetarian”."""
    by_id = {other.id: other for other in questions}
    return [_in_words(by_id[c.question_id], c) for c in question.conditions if c.question_id in by_id]


def _in_words(other: Question, condition: Condition) -> str:
    if not condition.values:
        return str(_("%(question)s is answered", question=quoted(other.label)))
    labels = {choice.key: plain(choice.label) for choice in other.choices} | {"yes": _("Yes"), "no": _("No")}
    told = [_("“%(words)s”", words=_value_name(other, value, labels)) for value in condition.values]
    either = _("or")
    between = f" {either} "
    return str(_("%(question)s is %(answers)s", question=quoted(other.label), answers=between.join(told)))


def _value_name(question: Question, value: str, labels: Mapping[str, str]) -> str:
    """Return one value of a condition in words."""
    if question.kind is QuestionKind.COUNTRY:
        return str((get_locale() or Locale.parse("de")).territories.get(value, value))
    if question.kind is QuestionKind.LANGUAGE:
        return language_name(value)
    return labels.get(value, value)
