"""The guest's field for an access code and the organiser's forms."""

from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import IntegerField, SelectChoice, SelectField
from wtforms.validators import InputRequired

from eventapp.core.forms import Form, LineField, ZonedDateTimeField, optional
from eventapp.core.localized import plain
from eventapp.events.models import Event
from eventapp.registration.codes.models import AccessCode
from eventapp.registration.codes.rules import CodeInput

_NEEDED = _l("Please fill this in.")


class TypedCodeForm(Form):
    """What a guest types; sent with GET, because it changes nothing."""

    class Meta(Form.Meta):
        """How the form reads what was sent."""

        csrf = False

    code = LineField(_l("Access code"), limit=80, description=_l("Capital letters and blanks do not matter."))


class EditCodeForm(Form):
    """What can be changed of a code."""

    uses = IntegerField(_l("For how many people"), [optional()], description=_l("Leave it empty if there is no limit."))
    expires_at = ZonedDateTimeField(
        _l("Works until"), description=_l("Leave it empty: as long as registration is open.")
    )
    note = LineField(_l("Note"), description=_l("Only you and your colleagues see it. Where is the code printed?"))


class CodeForm(EditCodeForm):
    """A new code."""

    code = LineField(
        _l("Access code"),
        [InputRequired(message=_NEEDED)],
        limit=80,
        description=_l("4 to 40 letters, digits or hyphens. Capital letters and blanks do not matter."),
    )
    category = SelectField(_l("Opens the group"), coerce=int)

    def given(self) -> CodeInput:
        """Return what was typed as input for the service."""
        return CodeInput(
            self.code.data or "", self.category.data, self.uses.data, self.expires_at.data, self.note.data or ""
        )


def code_form(event: Event) -> CodeForm:
    """Make the form of a new code; groups that guests cannot choose otherwise come first."""
    form = CodeForm()
    form.expires_at.zone = event.zone
    ordered = sorted(event.categories, key=lambda category: category.is_open)
    form.category.choices = [SelectChoice(category.id, plain(category.label)) for category in ordered]
    return form


def edit_form(event: Event, code: AccessCode) -> EditCodeForm:
    """Make the form in which a code is changed."""
    values: dict[str, Any] = {"uses": code.uses, "expires_at": code.expires_at, "note": code.note}
    form = EditCodeForm(data=values)
    form.expires_at.zone = event.zone
    return form
