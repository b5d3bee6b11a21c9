"""Reads of answers: as values, as words for organisers, as limits that need a seat, as files."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from babel import Locale
from babel.numbers import format_decimal
from flask_babel import format_date, get_locale
from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import undefer

from eventapp.capacity.rules import Ref
from eventapp.core.db import db
from eventapp.core.i18n import language_name
from eventapp.core.localized import plain
from eventapp.core.refusal import NotFound
from eventapp.questions.answers.rules import wanted_choices
from eventapp.questions.models import Answer, AnswerFile, ConsentText, Question
from eventapp.questions.rules import HAS_CHOICES, QuestionKind, Value


@dataclass(frozen=True)
class Told:
    """An answer in words; `file`: the id in the address of a file."""

    label: str
    text: str
    file: str = ""


def read_answers(participant_ids: Iterable[int]) -> dict[int, dict[int, Value]]:
    """Return what participants answered: participant id → question id → value; in one query."""
    found: dict[int, dict[int, Value]] = {participant_id: {} for participant_id in participant_ids}
    rows = db.session.execute(
        select(Answer.participant_id, Answer.question_id, Answer.value).where(Answer.participant_id.in_(found))
    )
    for participant_id, question_id, value in rows:
        found[participant_id][question_id] = value
    return found


def list_wanted_choices(participant_ids: Iterable[int]) -> dict[int, frozenset[Ref]]:
    """Return of which limits of choices each participant needs a seat, by what is stored; in one query.

    Choices of retired questions count: whoever has such a seat keeps it.
    """
    found: dict[int, frozenset[Ref]] = {participant_id: frozenset() for participant_id in participant_ids}
    rows = db.session.execute(
        select(Answer.participant_id, Answer.value, Question)
        .join(Question, Question.id == Answer.question_id)
        .where(Answer.participant_id.in_(found), Question.kind.in_(HAS_CHOICES))
    )
    for participant_id, value, question in rows:
        found[participant_id] |= wanted_choices([question], {question.id: value})
    return found


def answers_in_words(participant_id: int) -> list[Told]:
    """Return what a participant answered as question and words, in the order of the form; in one query."""
    rows = db.session.execute(
        select(Question, Answer.value)
        .join(Answer, Answer.question_id == Question.id)
        .where(Answer.participant_id == participant_id)
        .order_by(Question.retired_at.is_not(None), Question.position, Question.id)
    )
    return [Told(plain(question.label), in_words(question, value), _file_of(value)) for question, value in rows]


def in_words(question: Question, value: Value) -> str:
    """Return an answer as one reads it, in the language of the page."""
    return str(_WORDS[question.kind](question, value)) if question.kind in _WORDS else str(value)


def list_consent_texts(versions: Iterable[tuple[int, int]]) -> dict[tuple[int, int], ConsentText]:
    """Return what guests read who agreed: by question and version; in one query, none for nothing."""
    wanted = set(versions)
    if not wanted:
        return {}
    same = ConsentText.question_id.in_({question_id for question_id, _version in wanted})
    texts = {(text.question_id, text.version): text for text in db.session.scalars(select(ConsentText).where(same))}
    return {key: texts[key] for key in wanted if key in texts}


def get_file(event_id: int, public_id: str) -> AnswerFile:
    """Return a file that somebody gave for a question of this event, with its bytes; raise NotFound."""
    found = db.session.scalar(
        select(AnswerFile)
        .join(Question, Question.id == AnswerFile.question_id)
        .where(Question.event_id == event_id, AnswerFile.public_id == public_id)
        .options(undefer(AnswerFile.data))
    )
    if found is None:
        raise NotFound
    return found


def _file_of(value: Any) -> str:
    return str(value.get("file", "")) if isinstance(value, dict) else ""


def _choices(question: Question, value: Any) -> str:
    labels = {choice.key: plain(choice.label) for choice in question.choices}
    keys: list[str] = value if isinstance(value, list) else [value]
    return ", ".join(labels.get(key, key) for key in keys)


def _consent(question: Question, value: Any) -> str:  # noqa: ARG001 - same shape for every kind
    day = format_date(datetime.fromisoformat(value["at"]), "long")
    return str(_("Agreed on %(day)s, version %(version)s", day=day, version=value["version"]))


def _locale() -> Locale:
    return get_locale() or Locale.parse("de")


_WORDS: dict[QuestionKind, Callable[[Question, Any], Any]] = {
    QuestionKind.YES_NO: lambda _question, value: _("Yes") if value else _("No"),
    QuestionKind.ONE_OF: _choices,
    QuestionKind.SEVERAL_OF: _choices,
    QuestionKind.COUNTRY: lambda _question, value: _locale().territories.get(value, value),
    QuestionKind.LANGUAGE: lambda _question, value: language_name(value),
    QuestionKind.NUMBER: lambda _question, value: format_decimal(value, "0.######", locale=_locale()),
    QuestionKind.DATE: lambda _question, value: format_date(date.fromisoformat(value), "long", rebase=False),
    QuestionKind.CONSENT: _consent,
    QuestionKind.FILE: lambda _question, value: value["name"],
}
"""How answers are said that are not text already."""
