"""Forms of an edition's life: a new event, a copy, the reason for calling off."""

from flask_babel import lazy_gettext as _l
from wtforms import DateField
from wtforms.validators import InputRequired

from eventapp.core.forms import Form, LocalizedField, ZonedDateTimeField
from eventapp.core.sections import SectionForm

_NEEDED = _l("Please fill this in.")


class NewEventForm(SectionForm):
    """The least that an event needs; everything else follows in the editor."""

    names = ("title", "starts_at", "ends_at")
    title = LocalizedField(_l("Title"), required=True)
    starts_at = ZonedDateTimeField(_l("Begins"), [InputRequired(message=_NEEDED)])
    ends_at = ZonedDateTimeField(_l("Ends"), [InputRequired(message=_NEEDED)])


class CopyForm(Form):
    """On which day the next edition begins, and what it is called."""

    day = DateField(
        _l("First day"),
        [InputRequired(message=_NEEDED)],
        description=_l("All times move by whole days; 9:30 stays 9:30, also when the clocks change in between."),
    )
    title = LocalizedField(_l("Title"), required=True)


class CallOffForm(Form):
    """Why the event does not take place."""

    reason = LocalizedField(
        _l("Why does it not take place?"),
        limit=1000,
        multiline=True,
        required=True,
        description=_l("Guests read this in the mail."),
    )
