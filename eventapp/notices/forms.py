"""The form of a notice: one text in every language of the organiser."""

from collections.abc import Sequence

from flask_babel import lazy_gettext as _l

from eventapp.core.forms import Form, LocalizedField

LONGEST = 20_000


class NoticeForm(Form):
    """The text as Markdown."""

    body = LocalizedField(_l("Text"), limit=LONGEST, multiline=True, required=True)

    def speak(self, languages: Sequence[str]) -> None:
        """Offer the text in these languages."""
        self.body.languages = languages
