"""The form of a notice: one text in every language of the organiser."""

from collections.abc import Sequence

from flask_babel import lazy_gettext as _l
from wtforms.validators import DataRequired

from eventapp.core.forms import EmailField, Form, LocalizedField, TextField, optional

LONGEST = 20_000


class NoticeForm(Form):
    """The text as Markdown."""

    body = LocalizedField(_l("Text"), limit=LONGEST, multiline=True, required=True)

    def speak(self, languages: Sequence[str]) -> None:
        """Offer the text in these languages."""
        self.body.languages = languages


class FeedbackForm(Form):
    """What somebody could not use, and where to answer."""

    text = TextField(_l("What could you not read or use?"), [DataRequired(_l("Please fill this in."))], limit=4000)
    email = EmailField(_l("E-mail address, if you wish an answer"), [optional()])
