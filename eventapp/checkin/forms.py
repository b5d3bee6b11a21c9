"""Forms of the door and of its set-up."""

from flask_babel import lazy_gettext as _l
from wtforms.validators import DataRequired

from eventapp.core.forms import Form, LineField


class EntranceForm(Form):
    """The name of an entrance."""

    name = LineField(
        _l("Name of the entrance"),
        [DataRequired(_l("Please give the entrance a name."))],
        limit=100,
        description=_l("As it is written at the door, such as “North”."),
    )


class CodeForm(Form):
    """A code typed where there is no JavaScript; an unreadable one is an answer of the door, no error of the form."""

    code = LineField(_l("Code on the ticket"), limit=200)
    entrance = LineField(limit=16)
    practice = LineField(limit=1)
