"""Questions of an event, the texts of consents by version, and the answers of participants with their files."""

from datetime import datetime
from typing import Any

from sqlalchemy import (
    JSON,
    CheckConstraint,
    Dialect,
    ForeignKey,
    ForeignKeyConstraint,
    LargeBinary,
    String,
    UniqueConstraint,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship
from sqlalchemy.types import TypeDecorator

from eventapp.core.db import UTC, Base, Enum, Json, one_of
from eventapp.core.localized import Localized, LocalizedText
from eventapp.core.personal import Retention, holds
from eventapp.questions.rules import MEGABYTE, Choice, Condition, QuestionKind, Value


class ChoiceList(TypeDecorator[tuple[Choice, ...]]):
    """The choices of a question in their order, stored as JSON: they are read and written together."""

    impl = JSON
    cache_ok = True

    def process_bind_param(self, value: tuple[Choice, ...] | None, dialect: Dialect) -> Any:  # noqa: ARG002
        """Store plain lists and mappings."""
        return [{"key": c.key, "label": dict(c.label), "retired": c.is_retired} for c in value or ()]

    def process_result_value(self, value: Any, dialect: Dialect) -> tuple[Choice, ...]:  # noqa: ARG002
        """Give the choices back."""
        return tuple(Choice(c["key"], Localized(c["label"]), c["retired"]) for c in value or ())


class ConditionList(TypeDecorator[tuple[Condition, ...]]):
    """The conditions of a question, stored as JSON; all must hold."""

    impl = JSON
    cache_ok = True

    def process_bind_param(self, value: tuple[Condition, ...] | None, dialect: Dialect) -> Any:  # noqa: ARG002
        """Store plain lists and mappings."""
        return [{"question": c.question_id, "values": list(c.values)} for c in value or ()]

    def process_result_value(self, value: Any, dialect: Dialect) -> tuple[Condition, ...]:  # noqa: ARG002
        """Give the conditions back."""
        return tuple(Condition(c["question"], tuple(c["values"])) for c in value or ())


class Question(Base):
    """One question that an organiser asks everybody, or some groups, or on conditions."""

    __tablename__ = "question"
    __table_args__ = (
        UniqueConstraint("event_id", "code"),
        CheckConstraint(one_of("kind", QuestionKind), name="kind"),
        CheckConstraint(one_of("retention", Retention), name="retention"),
    )
    not_personal = frozenset(
        {"code", "kind", "label", "help", "why", "category_ids", "conditions", "choices", "retention"}
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    event_id: Mapped[int] = mapped_column(ForeignKey("event.id", ondelete="CASCADE"))
    code: Mapped[str] = mapped_column(String(60))
    """Its name in addresses, made once from the first label."""
    kind: Mapped[QuestionKind] = mapped_column(Enum(QuestionKind))
    position: Mapped[int]
    label: Mapped[Localized] = mapped_column(LocalizedText)
    """The question; of a consent the text to which guests agree."""
    help: Mapped[Localized] = mapped_column(LocalizedText)
    why: Mapped[Localized] = mapped_column(LocalizedText)
    is_required: Mapped[bool] = mapped_column(default=False)
    category_ids: Mapped[list[int]] = mapped_column(Json)
    """Groups that are asked; empty: all."""
    conditions: Mapped[tuple[Condition, ...]] = mapped_column(ConditionList)
    choices: Mapped[tuple[Choice, ...]] = mapped_column(ChoiceList)
    """Their places are limits of kind `choice` with the key `<question id>:<choice key>`."""
    retention: Mapped[Retention] = mapped_column(Enum(Retention))
    consent_version: Mapped[int] = mapped_column(default=1)
    """+1 when the text of a consent changes."""
    max_bytes: Mapped[int] = mapped_column(default=5 * MEGABYTE)
    retired_at: Mapped[datetime | None] = mapped_column(UTC)
    created_at: Mapped[datetime] = mapped_column(UTC)

    @property
    def is_retired(self) -> bool:
        """No longer asked; its answers stay."""
        return self.retired_at is not None


class ConsentText(Base):
    """What guests read when they agreed to a version of a consent: the proof that it was this text."""

    __tablename__ = "consent_text"
    not_personal = frozenset({"label", "help"})

    question_id: Mapped[int] = mapped_column(ForeignKey("question.id", ondelete="CASCADE"), primary_key=True)
    version: Mapped[int] = mapped_column(primary_key=True)
    label: Mapped[Localized] = mapped_column(LocalizedText)
    help: Mapped[Localized] = mapped_column(LocalizedText)
    made_at: Mapped[datetime] = mapped_column(UTC)


class Answer(Base):
    """What one participant answered to one question."""

    __tablename__ = "answer"

    participant_id: Mapped[int] = mapped_column(ForeignKey("participant.id", ondelete="CASCADE"), primary_key=True)
    question_id: Mapped[int] = mapped_column(ForeignKey("question.id"), primary_key=True, index=True)
    """Nothing deletes a question that somebody answered."""
    value: Mapped[Value] = mapped_column(Json, info=holds(Retention.CONTACT))
    """The question's `retention` says whether it stays as long as contact data, or for the day only."""
    answered_at: Mapped[datetime] = mapped_column(UTC)
    question: Mapped[Question] = relationship()


class AnswerFile(Base):
    """A file that a participant gave as an answer: never public, only for organisers who may see participants."""

    __tablename__ = "answer_file"
    __table_args__ = (
        ForeignKeyConstraint(
            ["participant_id", "question_id"], ["answer.participant_id", "answer.question_id"], ondelete="CASCADE"
        ),
    )
    not_personal = frozenset({"public_id", "media_type"})

    participant_id: Mapped[int] = mapped_column(primary_key=True)
    question_id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(16), unique=True)
    name: Mapped[str] = mapped_column(String(120), info=holds(Retention.CONTACT))
    media_type: Mapped[str] = mapped_column(String(40))
    data: Mapped[bytes] = mapped_column(LargeBinary, deferred=True)
    created_at: Mapped[datetime] = mapped_column(UTC)
