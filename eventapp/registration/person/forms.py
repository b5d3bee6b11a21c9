"""What the organiser is asked when somebody is entered who does not fit: the list, or a place on purpose."""

from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, HiddenField

from eventapp.core.forms import Form, LineField


class OverForm(Form):
    """Whether somebody is let in although it is full, and why; shown once it is known that they do not fit."""

    is_asked = HiddenField()
    over = BooleanField(_l("Give a place although it is full"))
    over_note = LineField(_l("Why"), limit=1000, description=_l("Your colleagues read it, guests do not."))

    def validate(self, extra_validators: Any = None) -> bool:
        """Check that who is let in on purpose comes with a reason."""
        valid = bool(super().validate(extra_validators))
        if self.over.data and not self.over_note.data:
            self.over_note.errors = [*self.over_note.errors, _("Please write why. Your colleagues read it.")]
            return False
        return valid

    @property
    def note(self) -> str:
        """The reason for letting somebody in over the limit; empty: they wait when they do not fit."""
        return str(self.over_note.data or "") if self.is_asked.data and self.over.data else ""
