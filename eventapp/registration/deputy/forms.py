"""Who comes in a guest's place."""

from flask_babel import lazy_gettext as _l
from wtforms import HiddenField, SelectChoice, SelectField
from wtforms.validators import DataRequired, Length

from eventapp.core.forms import EmailField, Form, LineField
from eventapp.core.i18n import CONTENT_LANGUAGES, LANGUAGES, language_name
from eventapp.registration.models import Participant
from eventapp.registration.signup.rules import Person


class DeputyForm(Form):
    """Name, address and language of the deputy; group, organisation and choices are those of the guest."""

    given_name = LineField(_l("Given name"), [DataRequired(message=_l("Please write the name of your deputy."))])
    family_name = LineField(_l("Family name"), description=_l("Leave this empty if they have only one name."))
    title = LineField(_l("Title before the name"), limit=60, description=_l("If you wish, for example Dr."))
    email = EmailField(
        _l("E-mail address"),
        [DataRequired(message=_l("Please write your deputy’s e-mail address."))],
        description=_l("We send the ticket there."),
    )
    language = SelectField(_l("In which language shall we write to your deputy?"))
    notice = HiddenField(validators=[Length(max=20)])

    def person(self, guest: Participant) -> Person:
        """Return what was typed as input for the service."""
        return Person(
            title=self.title.data or "",
            given_name=self.given_name.data or "",
            family_name=self.family_name.data or "",
            email=self.email.data or "",
            language=self.language.data,
            category_id=guest.category_id,
            organisation=guest.organisation,
            organisation_kind=guest.organisation_kind,
            item_ids=tuple(choice.item_id for choice in guest.choices),
        )


def deputy_form(guest: Participant) -> DeputyForm:
    """Make the form for a guest's event, in the guest's language at first."""
    form = DeputyForm(data={"language": guest.language})
    keys = [*(x.key for x in LANGUAGES), *guest.registration.event.languages, *CONTENT_LANGUAGES, guest.language]
    form.language.choices = [SelectChoice(key, language_name(key)) for key in dict.fromkeys(keys)]
    return form
