"""The form of a decision: what is written to those who are not approved."""

from flask_babel import lazy_gettext as _l

from eventapp.core.forms import Form, TextField


class DecisionForm(Form):
    """The reason, as the guests read it."""

    reason = TextField(
        _l("Reason"), limit=1000, description=_l("It stands in the e-mail, in the words that you write here.")
    )
