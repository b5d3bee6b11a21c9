"""Fields of own questions for guests' forms: one a question, named `<prefix>q_<question id>`.

They check nothing by themselves, because a question that is not shown is never an error: `forms.read_answers_of` does.
"""

from collections.abc import Mapping
from typing import Any

from babel import Locale
from flask_babel import get_locale
from flask_babel import gettext as _
from wtforms import (
    BooleanField,
    FileField,
    RadioField,
    SelectChoice,
    SelectField,
    StringField,
    TextAreaField,
)
from wtforms.widgets import DateInput, EmailInput, TelInput, TextInput

from eventapp.core.forms import CheckboxesField, clean_line, clean_text
from eventapp.core.i18n import language_name
from eventapp.core.localized import plain
from eventapp.core.refusal import Refusal
from eventapp.questions.answers.rules import COUNTRIES, LANGUAGES, LONG, SHORT, Upload
from eventapp.questions.files.service import check_file
from eventapp.questions.models import Question
from eventapp.questions.rules import QuestionKind, Value, as_keys


class NeedsAnswer:
    """Marks a field as required for readers; whether it is decides `read_answers_of`."""

    field_flags: Mapping[str, Any] = {"required": True}

    def __call__(self, form: Any, field: Any) -> None:
        """Check nothing."""


class ConsentField(BooleanField):
    """A checkbox that sends the version of the text to which somebody agrees."""

    def __init__(self, label: Any = None, validators: Any = None, *, version: int, **kwargs: Any) -> None:
        super().__init__(label, validators, **kwargs)
        self.version, self.typed = version, getattr(self, "typed", "")

    def process_formdata(self, valuelist: list[Any]) -> None:
        """Keep the version that was agreed to."""
        self.typed = valuelist[0] if valuelist and isinstance(valuelist[0], str) else ""
        self.data = bool(self.typed)

    def process_data(self, value: Any) -> None:
        """Tick the box only for an agreement to the present text."""
        self.typed = str(value) if value else ""
        self.data = bool(self.typed)

    def _value(self) -> str:
        return str(self.version)


class AnswerFileField(FileField):
    """A file; data is the checked new one, or what is stored, as long as nobody removes it by `<name>-remove`."""

    data: Any

    def __init__(self, label: Any = None, validators: Any = None, *, max_bytes: int, **kwargs: Any) -> None:
        self.max_bytes = max_bytes
        self.refusal: Refusal | None = None
        super().__init__(label, validators, **kwargs)

    def process(self, formdata: Any, data: Any = None, extra_filters: Any = None) -> None:
        """Take what was sent; the stored file goes only when its box is ticked."""
        self.refusal = None
        super().process(formdata, data, extra_filters)
        if formdata and f"{self.name}-remove" in formdata and self.data is self.stored:
            self.data = None

    def process_formdata(self, valuelist: list[Any]) -> None:
        """Check the file that was sent, if any."""
        self.data = self.stored
        sent: Any = valuelist[0] if valuelist else None
        if not getattr(sent, "filename", ""):
            return
        sent.stream.seek(0)  # another form of this request may have read it already
        try:
            self.data = check_file(sent.filename, sent.read(self.max_bytes + 1), self.max_bytes)
        except Refusal as refusal:
            self.refusal = refusal

    @property
    def again(self) -> str:
        """Name of a good file that came and is not stored: when the page is shown again, it must be chosen again."""
        return self.data.name if isinstance(self.data, Upload) else ""

    @property
    def stored(self) -> dict[str, Any] | None:
        """What is stored and stays unless another file comes or the box is ticked."""
        return self.object_data if isinstance(self.object_data, dict) else None


def make_field(question: Question, stored: Value | None) -> Any:
    """Return the unbound field of a question; `stored`: what this person answered before."""
    label, marks = plain(question.label), [NeedsAnswer()] if question.is_required else []
    if question.kind in _LINES:
        return StringField(
            label,
            marks,
            filters=[clean_line],
            widget=_LINES[question.kind](),
            render_kw={
                "maxlength": SHORT,
                **({"inputmode": "decimal"} if question.kind is QuestionKind.NUMBER else {}),
            },
        )
    kind, more = _special(question, stored)
    return kind(label, marks, **more)


def _special(question: Question, stored: Value | None) -> tuple[Any, dict[str, Any]]:
    """Return the class of a field that is no single line, and what it needs beside its label."""
    choices = _choices(question, stored)
    if question.kind in (QuestionKind.YES_NO, QuestionKind.ONE_OF):
        return RadioField, choices
    specials: dict[QuestionKind, tuple[Any, dict[str, Any]]] = {
        QuestionKind.LONG: (TextAreaField, {"filters": [clean_text], "render_kw": {"maxlength": LONG, "rows": 4}}),
        QuestionKind.SEVERAL_OF: (CheckboxesField, choices),
        QuestionKind.COUNTRY: (SelectField, choices),
        QuestionKind.LANGUAGE: (SelectField, choices),
        QuestionKind.FILE: (AnswerFileField, {"max_bytes": question.max_bytes}),
        QuestionKind.CONSENT: (ConsentField, {"version": question.consent_version}),
    }
    return specials[question.kind]


def _choices(question: Question, stored: Value | None) -> dict[str, Any]:
    mine = as_keys(stored)
    known = {
        QuestionKind.YES_NO: lambda: [("yes", _("Yes")), ("no", _("No"))],
        QuestionKind.COUNTRY: lambda: [("", _("Please choose")), *countries()],
        QuestionKind.LANGUAGE: lambda: [("", _("Please choose")), *languages()],
    }.get(
        question.kind, lambda: [(c.key, plain(c.label)) for c in question.choices if not c.is_retired or c.key in mine]
    )()
    if question.kind in (QuestionKind.YES_NO, QuestionKind.ONE_OF) and not question.is_required and stored is not None:
        known = [*known, ("", _("No answer"))]  # a radio cannot be taken back otherwise
    return {"choices": [SelectChoice(key, word) for key, word in known], "validate_choice": False}


def countries() -> list[tuple[str, str]]:
    """Return the code and the name of every country in the language of the page, by name."""
    names = (get_locale() or Locale.parse("de")).territories
    return sorted(((key, str(names.get(key, key))) for key in COUNTRIES), key=lambda each: each[1])


def languages() -> list[tuple[str, str]]:
    """Return the key and the own name of every language that we know."""
    return [(key, language_name(key)) for key in LANGUAGES]


_LINES: dict[QuestionKind, Any] = {
    QuestionKind.SHORT: TextInput,
    QuestionKind.NUMBER: TextInput,
    QuestionKind.DATE: DateInput,
    QuestionKind.EMAIL: EmailInput,
    QuestionKind.PHONE: TelInput,
}
"""Kinds that are typed in one line, with the input of each."""
