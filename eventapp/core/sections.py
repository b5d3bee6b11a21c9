"""Forms of an editor: one section of what an organiser says about a thing, saved on its own.

A section knows which fields of the input it shows, what they were when the page was opened, and which two languages
stand beside each other.
"""

from collections.abc import Sequence
from typing import Any, ClassVar, Self

from flask import request
from flask_babel import lazy_gettext as _l
from wtforms import FloatField, HiddenField, IntegerField

from eventapp.core.changes import ChangedMeanwhile, Seen, fingerprint
from eventapp.core.forms import Form, LocalizedField, ZonedDateTimeField, optional
from eventapp.core.i18n import BY_KEY, CONTENT_LANGUAGES, FALLBACK
from eventapp.core.localized import Localized
from eventapp.core.refusal import Refusal

_KNOWN = frozenset(BY_KEY) | frozenset(CONTENT_LANGUAGES)


class SectionForm(Form):
    """Base of all sections; `names` are the fields of the input that it shows and writes."""

    names: ClassVar[tuple[str, ...]] = ()
    seen = HiddenField()

    @classmethod
    def of(cls, given: Any, languages: Sequence[str] = (FALLBACK,), zone: str = "Europe/Berlin") -> Self:
        """Make the form for an input (a frozen dataclass); what was typed wins over what is stored."""
        return cls.start(vars(given), languages, zone, fingerprint(given, cls.names))

    @classmethod
    def start(
        cls, values: dict[str, Any], languages: Sequence[str], zone: str = "Europe/Berlin", mark: str = ""
    ) -> Self:
        """Make the form for something new, with its first values."""
        form = cls(data={**values, "seen": mark})
        for field in form:
            if isinstance(field, LocalizedField):
                field.languages = languages
            if isinstance(field, ZonedDateTimeField):
                field.zone = zone
        return form

    def section(self) -> dict[str, Any]:
        """Return the fields of the input as they were typed."""
        return {name: self._typed(name) for name in self.names}

    def was_seen(self) -> Seen:
        """Return what the editor had before their eyes when the page was opened."""
        return Seen(self.names, self.seen.data or "")

    def refuse_for(self, refusal: Refusal, present: Any) -> None:
        """Show a refusal; after somebody else's change the next save counts as seen."""
        self.refuse(refusal)
        if isinstance(refusal, ChangedMeanwhile):
            self.seen.data = fingerprint(present, self.names)

    def lacks(self, languages: Sequence[str]) -> set[str]:
        """Return the languages in which a text is missing that is written in German."""
        texts = [field.data for field in self if isinstance(field, LocalizedField) and field.data]
        return {key for key in languages if any(key not in text for text in texts)}

    def _typed(self, name: str) -> Any:
        field = self[name]
        if isinstance(field, LocalizedField):
            return Localized({key: text for key, text in field.data.items() if key in _KNOWN})
        is_text = not isinstance(field, ZonedDateTimeField) and hasattr(field, "limit")
        return (field.data or "") if is_text else field.data


class PlacesField(IntegerField):
    """A number of places; empty means no limit."""

    def __init__(self, label: Any = None, **kwargs: Any) -> None:
        kwargs.setdefault("description", _l("Leave it empty if there is no limit."))
        super().__init__(label, [optional()], **kwargs)


class DegreesField(FloatField):
    """Latitude or longitude; a comma is taken for a point."""

    def __init__(self, label: Any = None, **kwargs: Any) -> None:
        super().__init__(label, [optional()], **kwargs)

    def process_formdata(self, valuelist: list[str]) -> None:
        """Read the number."""
        super().process_formdata([text.strip().replace(",", ".") for text in valuelist])


def beside(languages: Sequence[str]) -> list[str]:
    """Return German and the language that the page shows beside it: `?beside=`, else the first other one."""
    others = [key for key in languages if key != FALLBACK]
    chosen = request.args.get("beside", "")
    return [FALLBACK, *([chosen] if chosen in others else others[:1])]
