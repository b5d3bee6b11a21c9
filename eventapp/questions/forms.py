"""Forms of the form builder: one question with its answers to choose from and its conditions.

The fields of choices and conditions are made per question: a row for each choice and some empty ones, a group of
checkboxes for each other question on which this one may depend.
"""

from collections.abc import Sequence
from typing import Any, ClassVar

from flask import request
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, HiddenField, RadioField, SelectChoice, SelectField

from eventapp.core.changes import fingerprint
from eventapp.core.forms import CheckboxesField, Form, LocalizedField
from eventapp.core.localized import Localized, plain
from eventapp.core.personal import Retention
from eventapp.core.sections import PlacesField, SectionForm
from eventapp.events.models import Event
from eventapp.questions.answers.fields import countries, languages
from eventapp.questions.answers.forms import NOT_CHOSEN, answer_fields
from eventapp.questions.labels import RETENTIONS
from eventapp.questions.models import Question
from eventapp.questions.queries import input_of_question
from eventapp.questions.rules import (
    CONSENT_LABEL,
    FILE_SIZES,
    HAS_CHOICES,
    HELP,
    LABEL,
    MOST_CHOICES,
    ChoiceInput,
    ChoiceWithoutLabel,
    Condition,
    QuestionInput,
    QuestionKind,
)

ANY = "*"
"""Value of "any answer" among the answers on which a question may depend."""
OFFERED, RETIRED, REMOVED = "offered", "retired", "removed"
_EMPTY_ROWS = 3


class QuestionForm(SectionForm):
    """One question."""

    names = ("label", "help", "why", "is_required", "category_ids", "conditions", "choices", "retention", "largest_mb")
    kind: ClassVar[QuestionKind]
    others: ClassVar[tuple[Question, ...]] = ()
    """Questions on which this one may depend."""
    rows: ClassVar[int] = 0
    """How many rows of choices the page shows."""
    label = LocalizedField(_l("Question"), limit=LABEL, required=True)
    help = LocalizedField(
        _l("Help"), limit=HELP, multiline=True, description=_l("Stands below the question: what you mean, an example.")
    )
    why = LocalizedField(
        _l("Why you ask"), limit=HELP, multiline=True, description=_l("Guests can open it. It builds trust.")
    )
    is_required = BooleanField(_l("Guests must answer"), description=_l("Only when the question is shown to them."))
    category_ids = CheckboxesField(
        _l("Only for these groups"), coerce=int, description=_l("None ticked: for everybody.")
    )
    retention = SelectField(_l("Answers are deleted"), coerce=Retention)
    largest_mb = SelectField(_l("Largest file"), coerce=int)
    row_count = HiddenField()

    def section(self) -> dict[str, Any]:
        """Return the fields of a `QuestionInput` as they were typed."""
        typed = {name: self._typed(name) for name in self.names if name in self}
        return {
            **typed,
            "kind": self.kind,
            "category_ids": tuple(sorted(typed["category_ids"] or ())),
            "conditions": tuple(self._conditions()),
            "choices": tuple(self._choices()),
        }

    def given(self) -> QuestionInput:
        """Return the input for the service."""
        return QuestionInput(**self.section())

    def choice_rows(self) -> list[tuple[int, Any, Any, Any, Any]]:
        """Return number, label, places, state and key of every row of choices, for the template."""
        return [
            (number, *(self[f"choice_{number}_{part}"] for part in ("label", "places", "state", "key")))
            for number in range(1, self.rows + 1)
        ]

    def condition_rows(self) -> list[tuple[Question, Any]]:
        """Return every question on which this one may depend, with its field."""
        return [(other, self[f"when_{other.id}"]) for other in self.others]

    def validate(self, extra_validators: Any = None) -> bool:
        """Check also that no answer that is there has lost its words."""
        valid = bool(super().validate(extra_validators))
        for _number, label, _places, state, key in self.choice_rows():
            if key.data and not label.data and state.data != REMOVED:
                label.errors = [*label.errors, str(ChoiceWithoutLabel.message)]
                valid = False
        return valid

    def _choices(self) -> list[ChoiceInput]:
        made = []
        for _number, label, places, state, key in self.choice_rows():
            if (label.data or key.data) and state.data != REMOVED:
                text = Localized(dict(label.data))
                made.append(ChoiceInput(text, places.data, state.data == RETIRED, key.data or ""))
        return made

    def _conditions(self) -> list[Condition]:
        made = []
        for other, field in self.condition_rows():
            if field.data:
                values = () if ANY in field.data else tuple(field.data)
                made.append(Condition(other.id, values))
        return made


def question_form(
    event: Event,
    kind: QuestionKind,
    beside: Sequence[str],
    questions: Sequence[Question],
    question: Question | None = None,
) -> QuestionForm:
    """Make the form for a new question of a kind, or for one that is there; `questions`: those that are asked."""
    given = input_of_question(question) if question is not None else QuestionInput(kind, Localized())
    others = tuple(other for other in questions if other is not question and not other.is_retired)
    rows = _row_count(given) if kind in HAS_CHOICES else 0
    fields: dict[str, Any] = {"kind": kind, "others": others, "rows": rows}
    values = {**vars(given), "row_count": str(rows)}
    if kind is QuestionKind.CONSENT:
        words = _l("Each change of this text makes a new version.")
        fields["label"] = LocalizedField(
            _l("Text to which guests agree"), limit=CONSENT_LABEL, multiline=True, required=True, description=words
        )
    for number in range(1, rows + 1):
        fields |= _choice_fields(number)
        if (choice := _choice_at(number, given.choices)) is not None:
            values |= _choice_values(number, choice)
    for other in others:
        field = f"when_{other.id}"
        fields[field] = CheckboxesField(plain(other.label), choices=_possible(other))
        values[field] = [v for c in given.conditions if c.question_id == other.id for v in c.values or (ANY,)]
    made: type[QuestionForm] = type("QuestionFormOfEvent", (QuestionForm,), fields)
    mark = fingerprint(given, QuestionForm.names) if question is not None else ""
    return _with_choices(made.start(values, beside, event.zone, mark), event)


def _with_choices(form: QuestionForm, event: Event) -> QuestionForm:
    form.category_ids.choices = [SelectChoice(str(c.id), plain(c.label)) for c in event.categories]
    form.retention.choices = [SelectChoice(kept.value, words) for kept, words in RETENTIONS.items()]
    form.largest_mb.choices = [SelectChoice(str(size), _("%(size)s MB", size=size)) for size in FILE_SIZES]
    if not form.is_submitted():
        known = {c.id for c in event.categories}
        form.category_ids.data = [each for each in form.category_ids.data or () if each in known]
    if form.kind is not QuestionKind.FILE:
        del form["largest_mb"]
    return form


def _row_count(given: QuestionInput) -> int:
    sent = request.form.get("row_count", "")
    wished = int(sent) if sent.isascii() and sent.isdigit() and len(sent) < 4 else 0
    more = _EMPTY_ROWS if "more" in request.form else 0
    return min(max(len(given.choices) + _EMPTY_ROWS, wished + more), MOST_CHOICES + _EMPTY_ROWS)


def _choice_at(number: int, choices: tuple[ChoiceInput, ...]) -> ChoiceInput | None:
    """Return the choice of a row: the one that the page showed there, also when others have come or gone meanwhile."""
    if "row_count" in request.form:
        key = request.form.get(f"choice_{number}_key", "")
        return next((choice for choice in choices if choice.key == key), None)
    return choices[number - 1] if number <= len(choices) else None


def _choice_fields(number: int) -> dict[str, Any]:
    states = [
        SelectChoice(OFFERED, _("offered")),
        SelectChoice(RETIRED, _("no longer offered")),
        SelectChoice(REMOVED, _("remove")),
    ]
    return {
        f"choice_{number}_label": LocalizedField(_("Answer %(number)s", number=number), limit=LABEL),
        f"choice_{number}_places": PlacesField(_("Places"), description=""),
        f"choice_{number}_state": SelectField(_("For guests"), choices=states, default=OFFERED),
        f"choice_{number}_key": HiddenField(),
    }


def _choice_values(number: int, choice: ChoiceInput) -> dict[str, Any]:
    return {
        f"choice_{number}_label": choice.label,
        f"choice_{number}_places": choice.places,
        f"choice_{number}_state": RETIRED if choice.is_retired else OFFERED,
        f"choice_{number}_key": choice.key,
    }


def _possible(question: Question) -> list[SelectChoice]:
    """Return the answers to a question on which another one may depend."""
    known: list[tuple[str, str]] = {
        QuestionKind.YES_NO: lambda: [("yes", _("Yes")), ("no", _("No"))],
        QuestionKind.COUNTRY: countries,
        QuestionKind.LANGUAGE: languages,
    }.get(question.kind, lambda: [(choice.key, plain(choice.label)) for choice in question.choices])()
    any_words = _("agreed") if question.kind is QuestionKind.CONSENT else _("any answer")
    return [SelectChoice(ANY, any_words), *(SelectChoice(key, word) for key, word in known)]


class TryForm(Form):
    """The questions as guests see them, to be tried by an organiser; nothing is stored."""


def try_form(event: Event, questions: Sequence[Question]) -> TryForm:
    """Make the form with the questions of an event and the choice of a group."""
    groups = [SelectChoice(str(c.id), plain(c.label)) for c in event.categories]
    fields = {"category": RadioField(_l("Group"), choices=groups, validate_choice=False)} if groups else {}
    form: TryForm = type("TryFormOfEvent", (TryForm,), {**fields, **answer_fields(questions)})()
    return form


def category_of(form: Form) -> int:
    """Return the group that was chosen, or that none is yet."""
    chosen = form["category"].data if "category" in form else None
    return int(chosen) if chosen and chosen.isascii() and chosen.isdigit() and len(chosen) < 10 else NOT_CHOSEN
