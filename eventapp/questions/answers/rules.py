"""What an answer may be: what was typed becomes a value or is refused; pure.

`read` takes what came from a form, `check_value` what a service is told; `settle` says what counts after conditions.
"""

import math
import re
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any
from unicodedata import decimal

import phonenumbers
from babel import Locale
from email_validator import EmailNotValidError, validate_email

from eventapp.capacity.rules import LimitKind, Ref
from eventapp.core.i18n import BY_KEY, CONTENT_LANGUAGES
from eventapp.questions.answers.refusals import (
    AnswerMissing,
    AnswerTooLong,
    ChoiceGone,
    ConsentChanged,
    DateOutOfRange,
    NotADate,
    NotAnAnswer,
    NotAnEmail,
    NotANumber,
    NotAPhone,
    NumberOutOfRange,
    ThousandsMark,
    UnknownQuestion,
)
from eventapp.questions.rules import HAS_CHOICES, Asked, QuestionKind, Value, is_answered, shown

SHORT, LONG = 200, 4000
LARGEST_NUMBER = 1e12
FIRST_YEAR, LAST_YEAR = 1900, 2200
_NO_COUNTRIES = frozenset({"EU", "EZ", "UN", "ZZ", "XA", "XB", "QO"})
COUNTRIES = frozenset(
    key for key in map(str, Locale("en").territories) if len(key) == 2 and key.isalpha() and key not in _NO_COUNTRIES
)
"""ISO 3166-1 codes that Babel can name in every language."""
LANGUAGES = tuple(dict.fromkeys((*BY_KEY, *CONTENT_LANGUAGES)))
_NUMBER = re.compile(r"[+-]?(\d+([.,]\d*)?|[.,]\d+)")
_THOUSANDS = re.compile(r"[+-]?[1-9]\d{0,2}[.,]\d{3}")
"""1.500 is fifteen hundred to some and one and a half to others."""
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
_HOME = "DE"
"""Whose telephone numbers are meant when they begin with a single zero."""


@dataclass(frozen=True)
class Upload:
    """A checked file that is not stored yet; `write_answers` stores it."""

    name: str
    media_type: str
    data: bytes


Given = Value | Upload
"""A value as a form gives it to the service: a new file comes with its bytes."""


def read(question: Asked, raw: Any, at: str = "", kept: Iterable[str] = ()) -> Given | None:
    """Return what was typed for a question as a value, None for nothing; raise a refusal that says what is wrong.

    `raw`: text, list of keys, checked file; `at`: now, in ISO format, for a consent; `kept`: choices that are no longer
    offered and that this person chose before.
    """
    if raw is None or raw in ("", []):
        return None
    if question.kind is QuestionKind.SEVERAL_OF:
        return _choices(question, raw, kept)
    if question.kind is QuestionKind.FILE:
        return _file(raw)
    if not isinstance(raw, str):
        raise NotAnAnswer
    if question.kind is QuestionKind.ONE_OF:
        return _choices(question, [raw], kept)[0]
    if question.kind is QuestionKind.CONSENT:
        return _consent(question, raw, at)
    return _READERS[question.kind](raw)


def check_value(question: Asked, value: Given, kept: Iterable[str] = ()) -> Given:
    """Return a value that a service was given as it is stored; raise a refusal when it is none of its kind."""
    if question.kind is QuestionKind.CONSENT:
        if not isinstance(value, dict) or value.get("version") != question.consent_version or not value.get("at"):
            raise ConsentChanged
        return {"version": value["version"], "at": str(value["at"])}
    if question.kind is QuestionKind.NUMBER:
        if isinstance(value, bool) or not isinstance(value, int | float):
            raise NotANumber
        return _finite(float(value))
    if question.kind is QuestionKind.YES_NO:
        if not isinstance(value, bool):
            raise NotAnAnswer
        return value
    found = read(question, value, kept=kept)
    if found is None:
        raise NotAnAnswer
    return found


def settle(
    questions: Sequence[Asked],
    answers: Mapping[int, Given],
    category_id: int | None,
    *,
    is_complete: bool = True,
    excused: Collection[int] = (),
) -> dict[int, Given]:
    """Return those answers that count: of questions that are asked; raise AnswerMissing for the first that lacks.

    The `excused` may lack.
    """
    asked = shown(questions, as_values(answers), category_id)
    if is_complete:
        for question in asked:
            if question.is_required and question.id not in answers and question.id not in excused:
                raise AnswerMissing(question=str(question.label), field=f"q_{question.id}")
    return {question.id: answers[question.id] for question in asked if question.id in answers}


def check_answers(
    questions: Sequence[Asked], answers: Mapping[int, Given], category_id: int | None, *, is_complete: bool
) -> dict[int, Given]:
    """Return what counts of the answers of somebody new, checked; raise UnknownQuestion, AnswerMissing and others.

    A stored file is of somebody else, so that it cannot be an answer.
    """
    asked = [question for question in questions if not question.is_retired]
    if not set(answers) <= {question.id for question in questions}:
        raise UnknownQuestion
    checked = {question.id: check_value(question, answers[question.id]) for question in asked if question.id in answers}
    if any(question.kind is QuestionKind.FILE and isinstance(checked.get(question.id), dict) for question in asked):
        raise NotAnAnswer
    return settle(asked, checked, category_id, is_complete=is_complete)


def as_values(answers: Mapping[int, Given]) -> dict[int, Value]:
    """Return answers for looking at conditions: a new file is an answer like a stored one."""
    return {key: {"name": v.name} if isinstance(v, Upload) else v for key, v in answers.items() if _is_given(v)}


def wanted_choices(questions: Iterable[Asked], answers: Mapping[int, Given]) -> frozenset[Ref]:
    """Return the limits of which these answers want a seat: every choice that was taken, limited or not."""
    found: set[Ref] = set()
    for question in questions:
        value = answers.get(question.id)
        if question.kind not in HAS_CHOICES or value is None:
            continue
        keys = value if isinstance(value, list) else [str(value)]
        found |= {choice_ref(question.id, key) for key in keys}
    return frozenset(found)


def choice_ref(question_id: int, choice_key: str) -> Ref:
    """Return the name of the limit of a choice."""
    return LimitKind.CHOICE, f"{question_id}:{choice_key}"


def _is_given(value: Given | None) -> bool:
    return isinstance(value, Upload) or is_answered(value)


def _text(raw: str) -> str:
    return _at_most(" ".join(raw.split()), SHORT)


def _long(raw: str) -> str:
    return _at_most(raw.strip(), LONG)


def _at_most(text: str, limit: int) -> str:
    if len(text) > limit:
        raise AnswerTooLong(max=limit)
    return text


def _number(raw: str) -> float:
    bare = re.sub(r"\s", "", _plain_digits(raw))
    if len(bare) > 40 or not _NUMBER.fullmatch(bare):
        raise NotANumber
    if _THOUSANDS.fullmatch(bare):
        raise ThousandsMark
    return _finite(float(bare.replace(",", ".")))


def written(number: float) -> str:
    """Return a number as `read` takes it: 12, 3.5; 1.125 as 1.1250, which nobody takes for thousands."""
    text = f"{Decimal(repr(float(number))):f}".removesuffix(".0")
    return f"{text}0" if _THOUSANDS.fullmatch(text) else text


def _plain_digits(raw: str) -> str:
    """Return a text with the digits of every script as 0 to 9."""
    return "".join(str(digit) if (digit := decimal(c, None)) is not None else c for c in raw)


def _finite(number: float) -> float:
    if not math.isfinite(number) or abs(number) > LARGEST_NUMBER:
        raise NumberOutOfRange
    return number


def _date(raw: str) -> str:
    typed = _plain_digits(raw).strip()
    if not _DAY.fullmatch(typed):
        raise NotADate
    try:
        day = date.fromisoformat(typed)
    except ValueError as error:
        raise NotADate from error
    if not FIRST_YEAR <= day.year <= LAST_YEAR:
        raise DateOutOfRange(first=FIRST_YEAR, last=LAST_YEAR)
    return day.isoformat()


def _email(raw: str) -> str:
    try:
        return validate_email(_text(raw), check_deliverability=False).normalized
    except EmailNotValidError as error:
        raise NotAnEmail from error


def _phone(raw: str) -> str:
    try:
        number = phonenumbers.parse(_plain_digits(raw), _HOME)
    except phonenumbers.NumberParseException as error:
        raise NotAPhone from error
    if not phonenumbers.is_valid_number(number) or number.extension or any(letter.isalpha() for letter in raw):
        raise NotAPhone
    return str(phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164))


def _yes_no(raw: str) -> bool:
    if raw not in ("yes", "no"):
        raise NotAnAnswer
    return raw == "yes"


def _country(raw: str) -> str:
    if raw not in COUNTRIES:
        raise NotAnAnswer
    return raw


def _language(raw: str) -> str:
    if raw not in LANGUAGES:
        raise NotAnAnswer
    return raw


def _choices(question: Asked, raw: Any, kept: Iterable[str]) -> list[str]:
    if not isinstance(raw, list | tuple) or not all(isinstance(key, str) for key in raw):
        raise NotAnAnswer
    mine = set(kept)
    offered = [choice.key for choice in question.choices if not choice.is_retired or choice.key in mine]
    if not set(raw) <= set(offered):
        raise ChoiceGone
    return [key for key in offered if key in raw]


def _consent(question: Asked, raw: str, at: str) -> dict[str, Any]:
    if raw != str(question.consent_version):
        raise ConsentChanged
    return {"version": question.consent_version, "at": at}


def _file(raw: Any) -> Given:
    if isinstance(raw, Upload):
        return raw
    if isinstance(raw, dict) and set(raw) == {"file", "name", "size"}:
        return raw
    raise NotAnAnswer


_READERS: Mapping[QuestionKind, Callable[[str], Value]] = {
    QuestionKind.SHORT: _text,
    QuestionKind.LONG: _long,
    QuestionKind.NUMBER: _number,
    QuestionKind.DATE: _date,
    QuestionKind.EMAIL: _email,
    QuestionKind.PHONE: _phone,
    QuestionKind.YES_NO: _yes_no,
    QuestionKind.COUNTRY: _country,
    QuestionKind.LANGUAGE: _language,
}
