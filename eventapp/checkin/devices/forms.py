"""The organiser's form of a new door link."""

import secrets
from collections.abc import Sequence

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, HiddenField, SelectChoice
from wtforms.validators import DataRequired, Length

from eventapp.checkin.devices.rules import LinkInput
from eventapp.checkin.models import Entrance
from eventapp.checkin.rules import DoorRight
from eventapp.core.forms import CheckboxesField, Form, LineField


class LinkForm(Form):
    """A new door link."""

    key = HiddenField(validators=[Length(max=64)])
    label = LineField(
        _l("Name of the link"),
        [DataRequired(message=_l("Please give the link a name."))],
        limit=60,
        description=_l("For your own list, such as “Volunteers”."),
    )
    entrances = CheckboxesField(
        _l("Opens the entrances"), description=_l("None chosen: all entrances, also those that you add later.")
    )
    rights = CheckboxesField(
        _l("Besides scanning, these phones may"),
        choices=[
            SelectChoice(DoorRight.SEARCH, _l("search for guests by name")),
            SelectChoice(DoorRight.WALK_IN, _l("register guests at the door")),
            SelectChoice(DoorRight.OVERRIDE, _l("admit against the answer")),
        ],
    )
    pin = LineField(_l("PIN"), limit=20, description=_l("Six digits. Leave it empty and we make one."))
    has_supervisor = BooleanField(
        _l("A supervisor can allow it with a PIN of their own"),
        description=_l("The phone may then admit against the answer for two minutes."),
    )
    supervisor_pin = LineField(
        _l("PIN of the supervisor"), limit=20, description=_l("Six digits. Leave it empty and we make one.")
    )

    def renew(self) -> None:
        """Make the form one of another link: nothing came of it so far."""
        self.key.data = secrets.token_urlsafe(24)

    def given(self) -> LinkInput:
        """Return what was typed as input for the service."""
        rights = set(self.rights.data or ())
        return LinkInput(
            label=self.label.data or "",
            entrances=tuple(self.entrances.data or ()),
            may_search=DoorRight.SEARCH in rights,
            may_walk_in=DoorRight.WALK_IN in rights,
            may_override=DoorRight.OVERRIDE in rights,
            pin=self.pin.data or "",
            has_supervisor=self.has_supervisor.data,
            supervisor_pin=self.supervisor_pin.data or "",
            key=self.key.data or "",
        )


def link_form(entrances: Sequence[Entrance]) -> LinkForm:
    """Make the form for the entrances of an event."""
    form = LinkForm(data={"rights": [DoorRight.SEARCH]})
    if not form.key.data:
        form.renew()
    form.entrances.choices = [SelectChoice(one.public_id, one.name) for one in entrances]
    return form
