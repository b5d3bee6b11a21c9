"""The form with which an organiser acts on somebody who waits: the words that stay with it."""

from flask_babel import lazy_gettext as _l

from eventapp.core.forms import Form, TextField


class NoteForm(Form):
    """Why somebody passes others by."""

    reason = TextField(_l("Why"), limit=1000, description=_l("Your colleagues read it, guests do not."))
