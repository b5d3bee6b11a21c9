"""What a question may be: kinds, conditions, choices, inputs and refusals; and which questions a guest is asked.

Pure: the models are taken as `Asked`, answers as a plain dict question id → value (see `questions.answers.rules`).
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Protocol, TypeVar

from flask_babel import lazy_gettext as _l

from eventapp.core.localized import Localized
from eventapp.core.personal import Retention
from eventapp.core.refusal import Refusal

Value = str | float | bool | list[str] | dict[str, Any]
"""An answer: text, date (ISO), e-mail, phone (E.164), choice, country, language: str; number: float; yes/no: bool;
several of: list[str]; consent: {"version", "at"}; file: {"file", "name", "size"} once it is stored."""


class QuestionKind(StrEnum):
    """What is asked for, and so how it is answered."""

    SHORT = "short"
    LONG = "long"
    NUMBER = "number"
    DATE = "date"
    EMAIL = "email"
    PHONE = "phone"
    YES_NO = "yes_no"
    ONE_OF = "one_of"
    SEVERAL_OF = "several_of"
    COUNTRY = "country"
    LANGUAGE = "language"
    FILE = "file"
    CONSENT = "consent"


HAS_CHOICES = frozenset({QuestionKind.ONE_OF, QuestionKind.SEVERAL_OF})
CAN_BE_KEPT = (Retention.CONTACT, Retention.DAY)
"""How long an organiser may keep answers: as long as names and addresses, or only for the day."""
MEGABYTE = 1024 * 1024
FILE_SIZES = (1, 2, 5)
"""Largest files that an organiser can ask for, in MB."""
MOST_QUESTIONS, MOST_CHOICES = 100, 100
LABEL, CONSENT_LABEL, HELP = 300, 2000, 1000
"""Longest label, longest text of a consent, longest help."""
LONGEST_KEY = 40
EMPTY = Localized()


@dataclass(frozen=True)
class Choice:
    """One answer among which guests choose; its key is made once. Retired: no longer offered."""

    key: str
    label: Localized
    is_retired: bool = False


@dataclass(frozen=True)
class Condition:
    """Another question of the event, and the answers to it of which one must be given; none: any answer.

    Values are keys of choices, countries or languages, or "yes" and "no".
    """

    question_id: int
    values: tuple[str, ...] = ()


@dataclass(frozen=True)
class ChoiceInput:
    """What an organiser says about a choice. `key` empty: a new one. `places` None: no limit."""

    label: Localized
    places: int | None = None
    is_retired: bool = False
    key: str = ""


@dataclass(frozen=True)
class QuestionInput:
    """What an organiser says about a question. `category_ids` empty: all groups; every condition must hold."""

    kind: QuestionKind
    label: Localized
    help: Localized = EMPTY
    why: Localized = EMPTY
    is_required: bool = False
    category_ids: tuple[int, ...] = ()
    conditions: tuple[Condition, ...] = ()
    choices: tuple[ChoiceInput, ...] = ()
    retention: Retention = Retention.CONTACT
    largest_mb: int = FILE_SIZES[-1]


class Asked(Protocol):
    """What decisions need to know of a question; the model is one."""

    @property
    def id(self) -> int: ...
    @property
    def kind(self) -> QuestionKind: ...
    @property
    def label(self) -> Localized: ...
    @property
    def is_required(self) -> bool: ...
    @property
    def category_ids(self) -> list[int]: ...
    @property
    def conditions(self) -> tuple[Condition, ...]: ...
    @property
    def choices(self) -> tuple[Choice, ...]: ...
    @property
    def consent_version(self) -> int: ...
    @property
    def is_retired(self) -> bool: ...


Q = TypeVar("Q", bound=Asked)


def shown(questions: Sequence[Q], answers: Mapping[int, Value], category_id: int | None) -> list[Q]:
    """Return the questions that somebody of a category with these answers is asked, in their order.

    Answers to questions that are not asked count as not given; chains work. `category_id` None: whatever the category.
    """
    by_id = {question.id: question for question in questions}
    known: dict[int, bool] = {}

    def is_shown(question_id: int) -> bool:
        if question_id not in known:
            known[question_id] = False  # a circle, which nobody can store, would be asked never
            question = by_id.get(question_id)
            known[question_id] = (
                question is not None
                and not question.is_retired
                and (category_id is None or not question.category_ids or category_id in question.category_ids)
                and all(holds_true(c, answers) and is_shown(c.question_id) for c in question.conditions)
            )
        return known[question_id]

    return [question for question in questions if is_shown(question.id)]


def holds_true(condition: Condition, answers: Mapping[int, Value]) -> bool:
    """Tell whether the answers fulfil a condition, whether or not its question is asked."""
    value = answers.get(condition.question_id)
    if not is_answered(value):
        return False
    return not condition.values or bool(set(condition.values) & set(as_keys(value)))


def is_answered(value: Value | None) -> bool:
    """Tell whether something was answered: also "no" and 0 are answers."""
    return value is not None and value not in ("", [], {})


def as_keys(value: Value | None) -> tuple[str, ...]:
    """Return an answer as the values that conditions name."""
    if isinstance(value, bool):
        return ("yes" if value else "no",)
    if isinstance(value, list):
        return tuple(value)
    return (value,) if isinstance(value, str) else ()


def circle(needs: Mapping[int, Iterable[int]]) -> list[int]:
    """Return the questions of a circle of conditions, in its order, or nothing; `needs`: question → those it names."""
    done: set[int] = set()

    def follow(question_id: int, path: list[int]) -> list[int]:
        if question_id in path:
            return path[path.index(question_id) :]
        if question_id in done:
            return []
        for other in needs.get(question_id, ()):
            if found := follow(other, [*path, question_id]):
                return found
        done.add(question_id)
        return []

    return next((found for question_id in needs if (found := follow(question_id, []))), [])


def check(given: QuestionInput) -> None:
    """Raise the refusal that an input deserves by itself; conditions are checked against the other questions."""
    if not given.label:
        raise QuestionMissing
    if given.retention not in CAN_BE_KEPT:
        raise UnknownRetention
    if given.largest_mb not in FILE_SIZES:
        raise WrongFileSize
    if given.kind not in HAS_CHOICES:
        return
    if not any(not choice.is_retired for choice in given.choices):
        raise ChoicesMissing
    if len(given.choices) > MOST_CHOICES:
        raise TooManyChoices(most=MOST_CHOICES)
    for choice in given.choices:
        if not choice.label:
            raise ChoiceWithoutLabel
        if choice.places is not None and not 0 <= choice.places <= 1_000_000:
            raise WrongPlaces


class QuestionMissing(Refusal):
    code, status, field = "question_missing", 422, "label"
    message = _l("Please write the question, at least in German.")


class UnknownRetention(Refusal):
    code, status, field = "unknown_retention", 422, "retention"
    message = _l("Please choose how long answers are kept.")


class WrongFileSize(Refusal):
    code, status, field = "wrong_file_size", 422, "largest_mb"
    message = _l("Please choose how large a file may be.")


class ChoicesMissing(Refusal):
    code, status, field = "choices_missing", 422, "choice_1_label"
    message = _l("Please write at least one answer that guests can choose.")


class TooManyChoices(Refusal):
    code, status, field = "too_many_choices", 422, "choice_1_label"
    message = _l("A question has at most %(most)s answers to choose from.")


class ChoiceWithoutLabel(Refusal):
    code, status = "choice_without_label", 422
    message = _l("Please write the words of every answer.")


class WrongPlaces(Refusal):
    code, status = "wrong_places", 422
    message = _l("Please give the number of places as a whole number, 0 or more.")


class TooManyQuestions(Refusal):
    code, status = "too_many_questions", 409
    message = _l("An event has at most %(most)s questions.")


class ForeignCategory(Refusal):
    code, status, field = "foreign_category", 422, "category_ids"
    message = _l("We could not find one of these groups in this event.")


class ConditionCircle(Refusal):
    code, status, field = "condition_circle", 422, "conditions"
    message = _l("These conditions run in a circle: %(questions)s. None of these questions would ever be asked.")


class ConditionOnNothing(Refusal):
    code, status, field = "condition_on_nothing", 422, "conditions"
    message = _l("A condition names a question that this event does not have, or no longer.")


class ConditionOnRetired(Refusal):
    code, status, field = "condition_on_retired", 422, "conditions"
    message = _l("The question %(question)s is no longer asked, so nothing can depend on it.")


class ConditionOnUnknownAnswer(Refusal):
    code, status, field = "condition_on_unknown_answer", 422, "conditions"
    message = _l("The question %(question)s does not have one of the answers that a condition names.")


class QuestionNeeded(Refusal):
    code, status = "question_needed", 409
    message = _l("Other questions depend on this one. Change their conditions first: %(questions)s.")


class ChoiceNeeded(Refusal):
    code, status = "choice_needed", 409
    message = _l("Other questions depend on the answer %(choice)s. Change their conditions first: %(questions)s.")


class QuestionAnswered(Refusal):
    code, status = "question_answered", 409
    message = _l("People have answered this question. Retire it: it is no longer asked, and the answers stay.")


class ChoiceAnswered(Refusal):
    code, status = "choice_answered", 409
    message = _l("People have chosen %(choice)s. It can no longer be removed, but you can stop offering it.")


class OrderChanged(Refusal):
    code, status = "order_changed", 409
    message = _l("Somebody has added or removed a question meanwhile. Please look at the list again.")
