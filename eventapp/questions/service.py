"""Writes of questions: the organiser's form builder; answers are written in `questions.answers.service`.

Everything here is done under the lock of the event, so that no sign-up answers a question that changes meanwhile.
"""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from eventapp.capacity.rules import LimitKind
from eventapp.capacity.service import drop_limit, lock, set_size
from eventapp.core import audit, clock, ids
from eventapp.core.changes import Changes, Seen, check_unchanged, differences
from eventapp.core.db import transaction
from eventapp.core.refusal import NotFound
from eventapp.events.service import lock_event, touch
from eventapp.questions.answers.rules import choice_ref
from eventapp.questions.conditions.queries import check_choices_stay, check_conditions, check_place, check_unneeded
from eventapp.questions.models import Answer, ConsentText, Question
from eventapp.questions.queries import input_of_question, list_questions_now
from eventapp.questions.rules import (
    HAS_CHOICES,
    LONGEST_KEY,
    MEGABYTE,
    MOST_QUESTIONS,
    Choice,
    ChoiceInput,
    OrderChanged,
    QuestionAnswered,
    QuestionInput,
    QuestionKind,
    TooManyQuestions,
    check,
)


def add_question(event_id: int, given: QuestionInput) -> Question:
    """Add a question at the end of the form; raise a Refusal when the input cannot be."""
    check(given)
    with transaction() as session:
        others = _locked(event_id)
        if len(others) >= MOST_QUESTIONS:
            raise TooManyQuestions(most=MOST_QUESTIONS)
        check_place(event_id, given)
        check_conditions(others, given, None)
        question = Question(
            event_id=event_id,
            code=_free_code(others, given),
            kind=given.kind,
            position=max((other.position for other in others), default=0) + 1,
            created_at=clock.now(),
        )
        _write(question, given, _keyed((), given))
        session.add(question)
        session.flush()
        _keep_text(session, question)
        _set_places(question, given)
        _record(question, "question.added")
    return question


def update_question(question_id: int, given: QuestionInput, seen: Seen | None = None) -> Changes:
    """Write all that an organiser says about a question; its kind, code and place in the form stay.

    `seen` is what the editor had before their eyes; ChangedMeanwhile when somebody else changed it since. A choice that
    is left out is removed; refused when somebody chose it or a condition names it.
    """
    check(given)
    with transaction() as session:
        question, others = _lock_one(session, question_id)
        before = input_of_question(question)
        given = replace(given, kind=question.kind)
        keyed = _keyed(question.choices, given)
        given = replace(given, choices=_with_keys(given.choices, keyed))
        changes = differences(before, given)
        if not changes:
            return changes
        check_unchanged(before, seen)
        check_place(question.event_id, given)
        check_conditions(others, given, question)
        if changes.has("choices"):
            check_choices_stay(session, others, question, keyed)
            gone = {choice.key for choice in question.choices} - {choice.key for choice in keyed}
            for key in sorted(gone):
                drop_limit(question.event_id, *choice_ref(question.id, key))
        is_new_text = question.kind is QuestionKind.CONSENT and (changes.has("label") or changes.has("help"))
        question.consent_version += is_new_text
        _write(question, given, keyed)
        if is_new_text:
            _keep_text(session, question)
        session.flush()
        _set_places(question, given)
        _record(question, "question.changed", fields=[change.field for change in changes.each])
    return changes


def retire(question_id: int) -> None:
    """Ask a question no longer; its answers stay. Refused while conditions of others need it. Twice is once."""
    with transaction() as session:
        question, others = _lock_one(session, question_id)
        if question.is_retired:
            return
        check_unneeded(others, question)
        question.retired_at = clock.now()
        _record(question, "question.retired")


def restore(question_id: int) -> None:
    """Ask a retired question again, on its old place; refused when its own conditions no longer hold together."""
    with transaction() as session:
        question, others = _lock_one(session, question_id)
        if not question.is_retired:
            return
        check_conditions(others, input_of_question(question), question)
        question.retired_at = None
        _record(question, "question.restored")


def remove(question_id: int) -> None:
    """Delete a question that nobody answered and no condition needs."""
    with transaction() as session:
        question, others = _lock_one(session, question_id)
        if session.scalar(select(Answer.participant_id).where(Answer.question_id == question_id).limit(1)) is not None:
            raise QuestionAnswered
        check_unneeded(others, question)
        for choice in question.choices:
            drop_limit(question.event_id, *choice_ref(question.id, choice.key))
        _record(question, "question.removed")
        session.delete(question)


def move(question_id: int, *, up: bool) -> None:
    """Move a question one place up or down among those that are asked; at the end nothing happens."""
    with transaction() as session:
        question, others = _lock_one(session, question_id)
        order = [other.id for other in others if not other.is_retired]
        if question_id not in order:
            return
        here = order.index(question_id)
        there = here + (-1 if up else 1)
        if 0 <= there < len(order):
            order[here], order[there] = order[there], order[here]
            _put_in_order(question.event_id, others, order)


def reorder(event_id: int, question_ids: Sequence[int]) -> None:
    """Put the questions that are asked into this order; raise OrderChanged unless it names exactly these."""
    with transaction():
        questions = _locked(event_id)
        asked = [question.id for question in questions if not question.is_retired]
        if sorted(asked) != sorted(question_ids):
            raise OrderChanged
        if asked != list(question_ids):
            _put_in_order(event_id, questions, question_ids)


def _put_in_order(event_id: int, questions: Sequence[Question], order: Sequence[int]) -> None:
    places = {question_id: place for place, question_id in enumerate(order, start=1)}
    for question in questions:
        question.position = places.get(question.id, len(order) + 1)
    touch(event_id)
    audit.record("question.moved", f"event:{event_id}", event_id=event_id, facts={"order": list(order)})


def _locked(event_id: int) -> list[Question]:
    """Lock the event against other editors and sign-ups; return its questions as they are now, in their order."""
    lock_event(event_id)
    lock(event_id)
    return list_questions_now(event_id)


def _lock_one(session: Session, question_id: int) -> tuple[Question, list[Question]]:
    event_id = session.scalar(select(Question.event_id).where(Question.id == question_id))
    questions = _locked(event_id) if event_id is not None else []
    found = next((question for question in questions if question.id == question_id), None)
    if found is None:
        raise NotFound
    return found, questions


def _write(question: Question, given: QuestionInput, choices: tuple[Choice, ...]) -> None:
    question.label, question.help, question.why = given.label, given.help, given.why
    question.is_required = given.is_required
    question.category_ids = sorted(given.category_ids)
    question.conditions = given.conditions
    question.choices = choices
    question.retention = given.retention
    question.max_bytes = given.largest_mb * MEGABYTE


def _keyed(present: tuple[Choice, ...], given: QuestionInput) -> tuple[Choice, ...]:
    """Return the choices with their keys: what has one keeps it, new ones get a free one from their label."""
    if given.kind not in HAS_CHOICES:
        return ()
    taken = {choice.key for choice in present} | {choice.key for choice in given.choices}
    made: dict[str, Choice] = {}
    for choice in given.choices:
        key = choice.key if ids.SLUG.fullmatch(choice.key) and len(choice.key) <= LONGEST_KEY else ""
        if not key or key in made:
            key = _free(ids.slug(choice.label.pick("de").text, LONGEST_KEY - 6) or "choice", taken | set(made))
        made[key] = Choice(key, choice.label, choice.is_retired)
    return tuple(made.values())


def _with_keys(given: tuple[ChoiceInput, ...], keyed: tuple[Choice, ...]) -> tuple[ChoiceInput, ...]:
    return tuple(replace(choice, key=made.key) for choice, made in zip(given, keyed, strict=False))


def _set_places(question: Question, given: QuestionInput) -> None:
    """Make, change or lift the limits of choices; a limit that was never there is not made."""
    known = {c.key: c.places for c in input_of_question(question).choices}
    for choice, wish in zip(question.choices, given.choices, strict=False):
        if known.get(choice.key) != wish.places:
            set_size(question.event_id, LimitKind.CHOICE, f"{question.id}:{choice.key}", wish.places)


def _keep_text(session: Session, question: Question) -> None:
    if question.kind is QuestionKind.CONSENT:
        version = question.consent_version
        text = ConsentText(question_id=question.id, version=version, label=question.label, help=question.help)
        text.made_at = clock.now()
        session.add(text)


def _free_code(others: Sequence[Question], given: QuestionInput) -> str:
    wanted = ids.slug(given.label.pick("de").text, 40) or given.kind.value.replace("_", "-")
    return _free(wanted, {other.code for other in others} | {"new", "order", "preview"})


def _free(wanted: str, taken: set[str]) -> str:
    return next(name for n in range(1, 10_000) if (name := wanted if n == 1 else f"{wanted}-{n}") not in taken)


def _record(question: Question, action: str, **facts: Any) -> None:
    touch(question.event_id)
    audit.record(action, f"question:{question.code}", event_id=question.event_id, facts=facts)
