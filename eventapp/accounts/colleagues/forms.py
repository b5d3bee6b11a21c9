"""Forms of colleagues: whom to invite, and which role somebody has."""

from flask_babel import lazy_gettext as _l
from wtforms import RadioField, SelectChoice, SelectField

from eventapp.accounts.colleagues.labels import ROLES
from eventapp.accounts.forms import needed
from eventapp.accounts.rules import Role
from eventapp.core.forms import EmailField, Form
from eventapp.core.i18n import LANGUAGES


def _roles() -> list[SelectChoice]:
    return [SelectChoice(role.value, label) for role, label in ROLES.items()]


class InviteForm(Form):
    """Whom to invite, as what, and in which language."""

    email = EmailField(_l("E-mail address"), [needed()])
    role = RadioField(_l("Role"), [needed()], choices=_roles, default=Role.VIEWER.value)
    language = SelectField(_l("Language of the mail"), choices=[SelectChoice(x.key, x.name) for x in LANGUAGES])


class RoleForm(Form):
    """The role of a colleague."""

    role = RadioField(_l("Role"), [needed()], choices=_roles)
