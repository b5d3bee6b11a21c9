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
    SelectMultipleField,
    StringField,
    TextAreaField,
)
from wtforms.widgets import CheckboxInput, DateInput, EmailInput, ListWidget, TelInput

from eventapp.core.forms import clean_line, clean_text
from eventapp.core.i18n import language_name
from eventapp.core.localized import plain
from eventapp.core.refusal import Refusal
from eventapp.questions.answers.files import check_file
from eventapp.questions.answers.rules import COUNTRIES, LANGUAGES, LONG, SHORT, Upload
from eventapp.questions.models import Question
from eventapp.questions.rules import QuestionKind, Value, as_keys


class NeedsAnswer:
    """Marks a field as required for readers; whether it is decides `read_answers_of`."""

    field_flags: Mapping[str, Any] = {"required": True}

    def __call__(self, form: Any, field: Any) -> None:
        """Check nothing."""


class AnswerChoices(SelectMultipleField):
    """Several choices as checkboxes."""

    widget = ListWidget(prefix_label=False)
    option_widget = CheckboxInput()


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

    def __init__(self, label: Any = None, validators: Any = None, *, max_bytes: int, **kwargs: Any) -> None:
        self.max_bytes = max_bytes
        self.refusal: Refusal | None = None
        super().__init__(label, validators, **kwargs)

    def process(self, formdata: Any, data: Any = None, extra_filters: Any = None) -> None:
        """Take what was sent; the stored file goes only when its box is ticked."""
        self.refusal = None
        super().process(formdata, data, extra_filters)
        if formdata and f"{self.name}-remove" in formdata and not isinstance(self.data, Upload):
            self.data = None

    def process_formdata(self, valuelist: list[Any]) -> None:
        """Check the file that was sent, if any."""
        stored = self.object_data if isinstance(self.object_data, dict) else None
        self.data: Upload | dict[str, Any] | None = stored
        sent = valuelist[0] if valuelist else None
        if not getattr(sent, "filename", ""):
            return
        try:
            self.data = check_file(sent.filename, sent.read(self.max_bytes + 1), self.max_bytes)
        except Refusal as refusal:
            self.refusal = refusal

    @property
    def stored(self) -> dict[str, Any] | None:
        """What is stored and stays unless another file comes or the box is ticked."""
        return self.object_data if isinstance(self.object_data, dict) else None


def make_field(question: Question, stored: Value | None) -> Any:
    """Return the unbound field of a question; `stored`: what this person answered before."""
    label, marks = plain(question.label), [NeedsAnswer()] if question.is_required else []
    match question.kind:
        case QuestionKind.LONG:
            return TextAreaField(label, marks, filters=[clean_text], render_kw={"maxlength": LONG, "rows": 4})
        case QuestionKind.YES_NO:
            choices = [SelectChoice("yes", _("Yes")), SelectChoice("no", _("No"))]
            return _radio(question, choices, marks, stored)
        case QuestionKind.ONE_OF:
            return _radio(question, _offered(question, stored), marks, stored)
        case QuestionKind.SEVERAL_OF:
            return AnswerChoices(label, marks, choices=_offered(question, stored), validate_choice=False)
        case QuestionKind.COUNTRY:
            return SelectField(label, marks, choices=_first_empty(countries()), validate_choice=False)
        case QuestionKind.LANGUAGE:
            return SelectField(label, marks, choices=_first_empty(languages()), validate_choice=False)
        case QuestionKind.FILE:
            return AnswerFileField(label, marks, max_bytes=question.max_bytes)
        case QuestionKind.CONSENT:
            return ConsentField(label, marks, version=question.consent_version)
    kinds = {QuestionKind.DATE: DateInput, QuestionKind.EMAIL: EmailInput, QuestionKind.PHONE: TelInput}
    widget = {"widget": kinds[question.kind]()} if question.kind in kinds else {}
    return StringField(label, marks, filters=[clean_line], render_kw={"maxlength": SHORT}, **widget)


def countries() -> list[tuple[str, str]]:
    """Return the code and the name of every country in the language of the page, by name."""
    names = (get_locale() or Locale.parse("de")).territories
    return sorted(((key, str(names.get(key, key))) for key in COUNTRIES), key=lambda each: each[1])


def languages() -> list[tuple[str, str]]:
    """Return the key and the own name of every language that we know."""
    return [(key, language_name(key)) for key in LANGUAGES]


def _first_empty(known: list[tuple[str, str]]) -> list[SelectChoice]:
    return [SelectChoice("", _("Please choose")), *(SelectChoice(key, word) for key, word in known)]


def _offered(question: Question, stored: Value | None) -> list[SelectChoice]:
    mine = as_keys(stored)
    offered = [choice for choice in question.choices if not choice.is_retired or choice.key in mine]
    return [SelectChoice(choice.key, plain(choice.label)) for choice in offered]


def _radio(question: Question, choices: list[SelectChoice], marks: list[Any], stored: Value | None) -> Any:
    if not question.is_required and stored is not None:
        choices = [*choices, SelectChoice("", _("No answer"))]  # a radio cannot be taken back otherwise
    return RadioField(plain(question.label), marks, choices=choices, validate_choice=False)
