"""Writes of answers; called by sign-up and by a guest's change, in their transaction and under the event's lock."""

from collections.abc import Collection, Mapping

from sqlalchemy import delete, insert, select
from sqlalchemy.orm import Session

from eventapp.core import audit, clock, ids
from eventapp.core.db import transaction
from eventapp.core.refusal import NotFound
from eventapp.questions.answers.refusals import NotAnAnswer, UnknownQuestion
from eventapp.questions.answers.rules import Given, Upload, check_value, settle
from eventapp.questions.models import Answer, AnswerFile, Question
from eventapp.questions.queries import list_questions_now
from eventapp.questions.rules import QuestionKind, Value, as_keys


def write_answers(
    participant_id: int,
    event_id: int,
    answers: Mapping[int, Given],
    *,
    category_id: int | None = None,
    is_complete: bool = False,
    excused: Collection[int] = (),
) -> dict[int, Value]:
    """Replace all that a participant answered; return everything that is stored for them afterwards.

    Answers to questions that are not asked, given the others and the category, are dropped, also earlier ones; answers
    to retired questions stay as they are. With `is_complete` a required answer that lacks raises AnswerMissing,
    unless the question is among the `excused`: consents that were withdrawn.
    """
    with transaction() as session:
        questions = list_questions_now(event_id)
        if not set(answers) <= {question.id for question in questions}:
            raise UnknownQuestion
        if not questions:
            return {}
        mine = select(Answer).where(Answer.participant_id == participant_id).execution_options(populate_existing=True)
        stored = {answer.question_id: answer for answer in session.scalars(mine)}
        asked = [question for question in questions if not question.is_retired]
        checked = {
            question.id: _checked(question, answers[question.id], stored.get(question.id))
            for question in asked
            if question.id in answers
        }
        settled = settle(asked, checked, category_id, is_complete=is_complete, excused=excused)
        for question in asked:
            old = stored.get(question.id)
            if question.id in settled:
                stored[question.id] = _put(session, participant_id, question, old, settled[question.id])
            elif old is not None:
                session.delete(stored.pop(question.id))
        session.flush()
        return {question_id: answer.value for question_id, answer in stored.items()}


def add_answers(given: Mapping[int, Mapping[int, Given]]) -> None:
    """Store what new participants answered, by their id, as `check_answers` gave it back."""
    rows, files = [], []
    for participant_id, answers in given.items():
        for question_id, value in answers.items():
            plain = _described(value) if isinstance(value, Upload) else value
            row = {"participant_id": participant_id, "question_id": question_id, "answered_at": clock.now()}
            rows.append({**row, "value": plain})
            if isinstance(value, Upload):
                files.append((Answer(**row, value=plain), value))
    if rows:
        with transaction() as session:
            session.execute(insert(Answer), rows)
            for answer, upload in files:
                _store(session, answer, upload)


def withdraw_consent(participant_id: int, question_id: int, about: str) -> None:
    """Take a consent back; that it was given and withdrawn stays in the history. Nothing to withdraw: nothing happens.

    `about` is how the history calls the participant.
    Also possible where the consent was required: withdrawing is a right (Art. 7 (3) GDPR).
    """
    with transaction() as session:
        question = session.get(Question, question_id)
        if question is None or question.kind is not QuestionKind.CONSENT:
            raise NotFound
        answer = session.get(Answer, (participant_id, question_id), with_for_update=True)
        if answer is None:
            return
        facts = {"question": question_id, "label": dict(question.label), "given": answer.value}
        session.delete(answer)
        audit.record("consent.withdrawn", about, event_id=question.event_id, facts=facts)


def _checked(question: Question, value: Given, old: Answer | None) -> Given:
    before = old.value if old is not None else None
    checked = check_value(question, value, kept=as_keys(before))
    if isinstance(checked, dict):
        if question.kind is QuestionKind.FILE and checked != before:
            raise NotAnAnswer  # a stored file stays where it was given
        if isinstance(before, dict) and before.get("version") == checked.get("version"):
            return before  # agreed already, at that time
    return checked


def _put(session: Session, participant_id: int, question: Question, old: Answer | None, value: Given) -> Answer:
    plain = _described(value) if isinstance(value, Upload) else value
    if old is not None and old.value == plain and type(old.value) is type(plain):
        return old
    answer = old or Answer(participant_id=participant_id, question_id=question.id)
    answer.value, answer.answered_at = plain, clock.now()
    session.add(answer)
    if isinstance(value, Upload):
        session.flush()
        _store(session, answer, value)
    return answer


def _described(upload: Upload) -> dict[str, str | int]:
    return {"file": ids.public_id(), "name": upload.name, "size": len(upload.data)}


def _store(session: Session, answer: Answer, upload: Upload) -> None:
    mine = AnswerFile.participant_id == answer.participant_id, AnswerFile.question_id == answer.question_id
    session.execute(delete(AnswerFile).where(*mine).execution_options(synchronize_session=False))
    assert isinstance(answer.value, dict)  # noqa: S101 - made by _described
    session.add(
        AnswerFile(
            participant_id=answer.participant_id,
            question_id=answer.question_id,
            public_id=str(answer.value["file"]),
            name=upload.name,
            media_type=upload.media_type,
            data=upload.data,
            created_at=answer.answered_at,
        )
    )
