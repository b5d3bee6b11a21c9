"""The base of all forms: texts are cleaned and limited, refusals of services land on their field.

Forms know the request, never the database; services check again what must be true.
"""

import re
import unicodedata
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from functools import cache
from typing import Any
from zoneinfo import ZoneInfo

from babel.support import NullTranslations, Translations
from email_validator import EmailNotValidError, validate_email
from flask_babel import get_locale
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from werkzeug.datastructures import MultiDict
from wtforms import EmailField as _Email
from wtforms import Field, FileField, SelectMultipleField, StringField, TextAreaField
from wtforms.csrf.core import CSRFTokenField
from wtforms.fields.core import UnboundField
from wtforms.i18n import messages_path
from wtforms.validators import Email, Length, Optional, ValidationError
from wtforms.widgets import CheckboxInput, ListWidget

from eventapp.core.i18n import direction, language_name
from eventapp.core.localized import Localized
from eventapp.core.refusal import Refusal

_CONTROLS = {c: None for c in range(0xA0) if unicodedata.category(chr(c)) == "Cc" and c not in (9, 10, 13)}
LINE, LONG = 200, 8000


def clean_line(value: object) -> object:
    """Drop control characters (a NUL is an error on Postgres), fold blanks to one, trim."""
    if not isinstance(value, str):
        return None if value is None else ""  # a file in place of a text
    return re.sub(r"\s+", " ", unicodedata.normalize("NFC", value.translate(_CONTROLS))).strip()


def clean_text(value: object) -> object:
    """Drop control characters and trailing blanks, keep line breaks as \\n."""
    if not isinstance(value, str):
        return None if value is None else ""  # a file in place of a text
    lines = unicodedata.normalize("NFC", value.translate(_CONTROLS)).replace("\r\n", "\n").replace("\r", "\n")
    return "\n".join(line.rstrip() for line in lines.split("\n")).strip()


class LineField(StringField):
    """One line of text, cleaned, at most `limit` characters."""

    def __init__(self, label: Any = None, validators: Sequence[Any] = (), *, limit: int = LINE, **kwargs: Any) -> None:
        kwargs.setdefault("filters", [clean_line])
        super().__init__(label, [*validators, too_long(limit)], **kwargs)
        self.limit = limit


class TextField(TextAreaField):
    """Several lines of text, cleaned, at most `limit` characters."""

    def __init__(self, label: Any = None, validators: Sequence[Any] = (), *, limit: int = LONG, **kwargs: Any) -> None:
        kwargs.setdefault("filters", [clean_text])
        super().__init__(label, [*validators, too_long(limit)], **kwargs)
        self.limit = limit


class CheckboxesField(SelectMultipleField):
    """Several choices as checkboxes."""

    widget = ListWidget(prefix_label=False)
    option_widget = CheckboxInput()


class EmailField(_Email):
    """An e-mail address, checked for its form only."""

    def __init__(self, label: Any = None, validators: Sequence[Any] = (), **kwargs: Any) -> None:
        wrong = _l("This is not a complete e-mail address. It looks like name@example.org.")
        checks = [*validators, too_long(LINE), Email(message=wrong, check_deliverability=False)]
        super().__init__(label, checks, filters=[clean_line], **kwargs)


def is_email(text: str) -> bool:
    """Tell whether a text has the form of an e-mail address."""
    try:
        validate_email(text, check_deliverability=False)
    except EmailNotValidError:
        return False
    return True


def too_long(limit: int) -> Length:
    """Return the check that a text has at most `limit` characters, with its sentence."""
    return Length(max=limit, message=_l("Please write at most %(max)d characters."))


class LocalizedField(Field):
    """The same text in several languages: one input a language, named `<name>-<language>`; data is a `Localized`.

    `languages` is set by the form before rendering; templates iterate `inputs()`.
    """

    def __init__(
        self,
        label: Any = None,
        *,
        limit: int = LINE,
        multiline: bool = False,
        required: bool = False,
        **kwargs: Any,
    ) -> None:
        super().__init__(label, **kwargs)
        self.limit, self.multiline, self.is_required = limit, multiline, required
        self.languages: Sequence[str] = ("de",)
        self.data = Localized()

    def process_formdata(self, valuelist: list[Any]) -> None:
        """Unused: `process` reads one value a language."""

    def process(self, formdata: Any, data: Any = None, extra_filters: Any = None) -> None:
        """Read `<name>-<language>` for every language that was sent; others keep what they had."""
        super().process(None, data if data is not None else Localized(), extra_filters)
        old = self.object_data if isinstance(self.object_data, Localized) else Localized()
        self.data = old
        if formdata:
            clean = clean_text if self.multiline else clean_line
            prefix = f"{self.name}-"
            sent = {k.removeprefix(prefix): str(clean(formdata[k])) for k in formdata if k.startswith(prefix)}
            self.data = Localized(
                {**old, **{k: v for k, v in sent.items() if re.fullmatch(r"[a-z]{2,3}(-[a-z]+)?", k)}}
            )
            self.cleared = {k for k, v in sent.items() if not v}
            self.data = Localized({k: v for k, v in self.data.items() if k not in self.cleared})

    def pre_validate(self, form: Any) -> None:  # noqa: ARG002
        """Check length and, if required, that German or any first language is there."""
        if any(len(text) > self.limit for text in self.data.values()):
            raise ValidationError(str(_l("Please write at most %(max)d characters.")) % {"max": self.limit})
        if self.is_required and not self.data:
            raise ValidationError(str(_l("Please write something here, at least in German.")))

    def inputs(self) -> list[dict[str, Any]]:
        """Return what a template needs per language: name, id, language, own name, direction, value."""
        return [
            {
                "name": f"{self.name}-{key}",
                "id": f"{self.id}-{key}",
                "language": key,
                "language_name": language_name(key),
                "direction": direction(key),
                "value": self.data.get(key, ""),
            }
            for key in self.languages
        ]


class ZonedDateTimeField(Field):
    """A moment typed as local date and time (`datetime-local`) in the zone that the form names; data is aware UTC.

    `zone` is set by the form before validation. A time that summer time skips is refused with its sentence.
    """

    def __init__(self, label: Any = None, validators: Sequence[Any] = (), **kwargs: Any) -> None:
        super().__init__(label, validators, **kwargs)
        self.zone = "Europe/Berlin"
        self.raw_text: str = getattr(self, "raw_text", "")

    def process_formdata(self, valuelist: list[Any]) -> None:
        """Keep what was typed; it is read when the zone is known."""
        self.raw_text = str(clean_line(valuelist[0])) if valuelist else ""
        self.raw_data = [self.raw_text] if self.raw_text else []  # blanks alone are nothing to `InputRequired`
        self.data: datetime | None = None

    def pre_validate(self, form: Any) -> None:  # noqa: ARG002
        """Turn the typed text into a moment."""
        if self.raw_text:
            self.data = parse_local(self.raw_text, self.zone)

    def _value(self) -> str:
        if self.raw_text or self.data is None:
            return self.raw_text
        return str(self.data.astimezone(ZoneInfo(self.zone)).strftime("%Y-%m-%dT%H:%M"))


def parse_local(typed: str, zone: str) -> datetime:
    """Read `YYYY-MM-DDTHH:MM` as a moment in `zone`; raise ValidationError when it is none or does not exist."""
    try:
        local = datetime.strptime(typed.replace(" ", "T")[:16], "%Y-%m-%dT%H:%M")  # noqa: DTZ007 - the zone follows
    except ValueError as error:
        raise ValidationError(str(_l("Please give day and time, for example 2026-12-04 09:30."))) from error
    if not 2000 <= local.year <= 2100:
        raise ValidationError(str(_l("This year cannot be right.")))
    moment = local.replace(tzinfo=ZoneInfo(zone)).astimezone(UTC)
    if moment.astimezone(ZoneInfo(zone)).replace(tzinfo=None) != local:
        raise ValidationError(str(_l("This time does not exist: the clocks go forward that night.")))
    return moment


class _LateToken(CSRFTokenField):
    """Makes its token when a page is drawn: a form that is only read needs none, and signing one takes its time."""

    def process(self, *args: Any, **kwargs: Any) -> None:
        """Read what was sent."""
        super(CSRFTokenField, self).process(*args, **kwargs)

    def _value(self) -> str:
        return str(self.csrf_impl.generate_csrf_token(self))


class _LateCSRF(FlaskForm.Meta.csrf_class):
    field_class = _LateToken


class Form(FlaskForm):
    """Base of all forms."""

    class Meta(FlaskForm.Meta):
        """How forms read what was sent."""

        csrf_class = _LateCSRF

        def wrap_formdata(self, form: Any, formdata: Any) -> Any:
            """Leave out every NUL (no page can show one, Postgres fails at it) and files that no field asks for."""
            sent = super().wrap_formdata(form, formdata)
            if not sent:
                return sent
            pairs = [(key, value) for key, values in sent.lists() for value in values]
            return MultiDict((key, _fitting(form, key, value)) for key, value in pairs)

        def get_translations(self, form: Any) -> Any:  # noqa: ARG002 - wtforms asks so
            """Return the sentences of wtforms in the reader's language; they are read once, not for each request."""
            return _sentences(str(get_locale() or ""))

    refused: Refusal | None = None

    @property
    def status(self) -> int:
        """HTTP status of the page that shows the form: 200, 422 with errors, or what the service's refusal says."""
        if self.refused is not None:
            return self.refused.status
        return 422 if self.errors else 200

    def refuse(self, refusal: Refusal) -> None:
        """Show a service's refusal at its field, or at the top when it names none."""
        self.refused = refusal
        field = self._fields.get(refusal.at) if refusal.at else None
        if field is None:
            self.form_errors.append(str(refusal))
        else:
            field.errors = [*field.errors, str(refusal)]

    def each_error(self) -> list[tuple[str, str, str]]:
        """Return (id of the input, label, sentence) of every error, in the order of the fields, form-wide first."""
        found = [("main", "", str(text)) for text in self.form_errors]
        for field in self:
            found += [(_first_input(field), str(field.label.text), str(text)) for text in _flat(field.errors)]
        return found


@cache
def _sentences(locale: str) -> NullTranslations:
    return Translations.load(messages_path(), [locale], domain="wtforms") if locale else NullTranslations()


def _fitting(form: Form, name: str, value: Any) -> Any:
    if isinstance(value, str):
        return value.replace("\x00", "")
    asked = getattr(type(form), name.removeprefix(form._prefix), None)
    return value if isinstance(asked, UnboundField) and issubclass(asked.field_class, FileField) else ""


def _first_input(field: Field) -> str:
    if isinstance(field, LocalizedField):
        return f"{field.id}-{field.languages[0]}"
    is_group = getattr(field.widget, "html_tag", None) is not None
    return f"{field.id}-0" if is_group else str(field.id)


def _flat(errors: Any) -> list[Any]:
    return [text for part in errors for text in (_flat(part) if isinstance(part, list | tuple) else [part])]


def optional() -> Optional:
    """Return the check that lets an empty field pass."""
    return Optional(strip_whitespace=True)


Filter = Callable[[object], object]
