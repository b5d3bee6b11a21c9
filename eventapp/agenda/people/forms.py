"""Forms of people on the stage and of partners."""

from typing import Any, Self

from flask_babel import lazy_gettext as _l
from flask_wtf.file import FileField
from wtforms import BooleanField, IntegerField, SelectField
from wtforms.validators import InputRequired

from eventapp.core.forms import LineField, LocalizedField, optional
from eventapp.core.sections import SectionForm
from eventapp.events.forms import kind_choices, kind_or_none

_NEEDED = _l("Please fill this in.")
_PICTURE = _l("JPEG, PNG or WebP, at most 8 MB. Details about place and camera are removed.")
_ORDER = _l("Position in the list")


class PictureForm(SectionForm):
    """Base of forms with a picture; `picture_id` is what is stored."""

    picture_id: int | None = None

    @classmethod
    def start(cls, values: dict[str, Any], *args: Any, **kwargs: Any) -> Self:
        """Make the form with the kinds of organisation and the present picture."""
        form = super().start(values, *args, **kwargs)
        form.organisation_kind.choices = kind_choices()
        form.picture_id = values.get("picture_id")
        return form

    def whole(self, picture_id: int | None) -> dict[str, Any]:
        """Return all that was typed, with the picture that was stored now, the one before, or none."""
        kept = None if self.remove.data else self.picture_id
        return {**self.section(), "picture_id": picture_id or kept}

    def _place(self, name: str) -> dict[str, Any]:
        typed = super().section()
        return {**typed, name: max(0, min(typed[name] or 0, 10_000))}


class SpeakerForm(PictureForm):
    """Somebody on the stage."""

    names = ("name", "position", "organisation", "organisation_kind", "about", "order")
    name = LineField(_l("Name, with title"), [InputRequired(message=_NEEDED)])
    position = LocalizedField(_l("Position"), description=_l("For example mayor or managing director."))
    organisation = LineField(_l("Organisation"))
    organisation_kind = SelectField(_l("Kind of organisation"), coerce=kind_or_none)
    about = LocalizedField(_l("In a few sentences"), limit=2000, multiline=True)
    picture = FileField(_l("Photo"), description=_PICTURE)
    remove = BooleanField(_l("Remove the present picture"))
    order = IntegerField(_ORDER, [optional()])

    def section(self) -> dict[str, Any]:
        """Return what was typed; no position means where it is, or last."""
        return self._place("order")


class PartnerForm(PictureForm):
    """An organisation that carries the event."""

    names = ("name", "organisation_kind", "website", "position")
    name = LineField(_l("Name of the partner"), [InputRequired(message=_NEEDED)])
    organisation_kind = SelectField(_l("Kind of organisation"), coerce=kind_or_none)
    website = LineField(_l("Website"), limit=300)
    picture = FileField(_l("Logo"), description=_PICTURE)
    remove = BooleanField(_l("Remove the present picture"))
    position = IntegerField(_ORDER, [optional()])

    def section(self) -> dict[str, Any]:
        """Return what was typed; no position means where it is, or last."""
        return self._place("position")
