"""What a guest's own page says about the event's own questions: what still lacks, and what they agreed to."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select

from eventapp.core.audit import AuditEntry
from eventapp.core.db import db
from eventapp.core.localized import Localized
from eventapp.questions.answers.queries import list_consent_texts, read_answers
from eventapp.questions.models import Question
from eventapp.questions.queries import list_questions
from eventapp.questions.rules import QuestionKind, Value, shown
from eventapp.registration.models import Participant


@dataclass(frozen=True)
class Consent:
    """What a guest agreed to: the text as they read it, its version and when."""

    code: str
    label: Localized
    help: Localized
    version: int
    at: datetime


@dataclass(frozen=True)
class Told:
    """How many required questions a guest has not answered, and what they agreed to."""

    missing: int = 0
    consents: tuple[Consent, ...] = ()


def look_at(guest: Participant) -> Told:
    """Return what a guest's page says about their answers; in one query where nothing is asked."""
    questions = list_questions(guest.event_id, with_retired=True)
    if not questions:
        return Told()
    stored = read_answers([guest.id])[guest.id]
    asked = shown([question for question in questions if not question.is_retired], stored, guest.category_id)
    missing = {question.id for question in asked if question.is_required and question.id not in stored}
    missing -= list_withdrawn(guest, (question for question in asked if question.id in missing))
    return Told(len(missing), tuple(_consents(questions, stored)))


def list_withdrawn(guest: Participant, questions: Iterable[Question]) -> frozenset[int]:
    """Return those of these questions that are consents which this guest withdrew: nobody asks for them again.

    What somebody withdrew in whose place a deputy comes does not count for the deputy.
    """
    consents = {question.id for question in questions if question.kind is QuestionKind.CONSENT}
    if not consents:
        return frozenset()
    mine = AuditEntry.about == f"participant:{guest.public_id}"
    actions = AuditEntry.action.in_(("consent.withdrawn", "registration.deputy"))
    found: set[int] = set()
    for entry in db.session.scalars(select(AuditEntry).where(mine, actions).order_by(AuditEntry.id)):
        found = found | {entry.facts["question"]} if entry.action == "consent.withdrawn" else set()
    return frozenset(found & consents)


def find_consent(guest: Participant, code: str) -> Consent | None:
    """Find what a guest agreed to by the code of the question; None when they did not, or no longer."""
    return next((consent for consent in look_at(guest).consents if consent.code == code), None)


def _consents(questions: Iterable[Question], stored: Mapping[int, Value]) -> Iterable[Consent]:
    given: dict[int, Any] = {x.id: stored[x.id] for x in questions if x.kind is QuestionKind.CONSENT and x.id in stored}
    texts = list_consent_texts((question_id, value["version"]) for question_id, value in given.items())
    for question in questions:
        if question.id in given:
            version, at = given[question.id]["version"], datetime.fromisoformat(given[question.id]["at"])
            text = texts.get((question.id, version), question)
            yield Consent(question.code, text.label, text.help, version, at)
