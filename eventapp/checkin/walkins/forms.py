"""The form for somebody without a ticket where there is no JavaScript; the scanner has a dialog of the same fields."""

import secrets
import uuid
from collections.abc import Sequence
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import HiddenField, RadioField, SelectChoice, SelectField
from wtforms.validators import InputRequired, Length

from eventapp.core.forms import EmailField, Form, LineField, optional
from eventapp.core.i18n import current_language, language_name
from eventapp.core.localized import plain
from eventapp.events.models import Category, Event
from eventapp.registration.forms import languages_of


class WalkInForm(Form):
    """Who stands at the door: as little as possible."""

    given_name = LineField(_l("Given name"))
    family_name = LineField(_l("Family name"))
    organisation = LineField(_l("Organisation"))
    category = RadioField(_l("Group"), [InputRequired(message=_l("Please choose one of the groups."))])
    language = SelectField(_l("Language of the guest"))
    email = EmailField(_l("E-mail address"), [optional()], description=_l("The ticket goes there. It may stay empty."))
    entrance = HiddenField(validators=[Length(max=16)])
    practice = HiddenField(validators=[Length(max=1)])
    key = HiddenField()

    @property
    def id(self) -> str:
        """Id of the person: of this copy of the form, so that a second click is the same one."""
        return str(uuid.uuid5(uuid.NAMESPACE_OID, self.key.data or ""))

    def validate(self, extra_validators: Any = None) -> bool:
        """Check that there is a name: one of the two is enough."""
        valid = bool(super().validate(extra_validators))
        if not (self.given_name.data or self.family_name.data):
            self.given_name.errors = [*self.given_name.errors, _("Please write the name.")]
            return False
        return valid


def walk_in_form(event: Event, entrance: str = "", *, practice: bool = False) -> WalkInForm:
    """Make the form with the groups and languages of an event, and a key that makes a second click harmless."""
    form = WalkInForm(entrance=entrance, practice="1" if practice else "")
    categories = open_categories(event)
    form.category.choices = [SelectChoice(str(one.id), plain(one.label)) for one in categories]
    if len(categories) == 1 and not form.category.data:
        form.category.data = str(categories[0].id)
    form.language.choices = [SelectChoice(key, language_name(key)) for key in languages_of(event)]
    form.language.data = form.language.data or current_language()
    form.key.data = form.key.data or secrets.token_urlsafe(24)
    return form


def open_categories(event: Event) -> Sequence[Category]:
    """Return the groups in which people without a ticket come: those that guests choose, or all if they choose none."""
    return [one for one in event.categories if one.is_open] or event.categories
