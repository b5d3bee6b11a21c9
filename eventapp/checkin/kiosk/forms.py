"""The forms of self check-in: start it, and end it."""

from flask_babel import lazy_gettext as _l
from wtforms import HiddenField, PasswordField
from wtforms.validators import Length

from eventapp.core.forms import Form


class StartForm(Form):
    """At which entrance guests check in themselves."""

    entrance = HiddenField(validators=[Length(max=16)])


class LeaveForm(Form):
    """What only staff knows."""

    secret = PasswordField(_l("PIN or password"), [Length(max=200)])
