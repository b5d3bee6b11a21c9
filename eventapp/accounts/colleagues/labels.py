"""Words for the roles and what each may do."""

from flask_babel import lazy_gettext as _l
from flask_babel.speaklater import LazyString

from eventapp.accounts.rules import Role

ROLES: dict[Role, LazyString] = {
    Role.OWNER: _l("Owner"),
    Role.EDITOR: _l("Editor"),
    Role.VIEWER: _l("Viewer"),
    Role.DOOR: _l("Door"),
}
ROLE_NOTES: dict[Role, LazyString] = {
    Role.OWNER: _l("may do everything, also invite colleagues and give roles"),
    Role.EDITOR: _l("edits and publishes events, sees and changes registrations"),
    Role.VIEWER: _l("sees events and registrations, changes nothing"),
    Role.DOOR: _l("scans tickets at the entrance, nothing else"),
}
