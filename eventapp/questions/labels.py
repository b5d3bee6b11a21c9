"""Words for the kinds of questions and for how long answers stay, for the form builder."""

from dataclasses import dataclass

from flask_babel import lazy_gettext as _l
from flask_babel.speaklater import LazyString

from eventapp.core.personal import Retention
from eventapp.questions.rules import QuestionKind


@dataclass(frozen=True)
class KindLabel:
    """The word for a kind and, in one sentence, what guests do."""

    word: LazyString
    note: LazyString


KINDS: dict[QuestionKind, KindLabel] = {
    QuestionKind.SHORT: KindLabel(_l("Short text"), _l("Guests write one line.")),
    QuestionKind.LONG: KindLabel(_l("Long text"), _l("Guests write some sentences.")),
    QuestionKind.ONE_OF: KindLabel(_l("One of several answers"), _l("Guests choose one. Answers can have places.")),
    QuestionKind.SEVERAL_OF: KindLabel(_l("Several answers"), _l("Guests tick what fits. Answers can have places.")),
    QuestionKind.YES_NO: KindLabel(_l("Yes or no"), _l("Guests choose yes or no.")),
    QuestionKind.NUMBER: KindLabel(_l("Number"), _l("Guests write a number.")),
    QuestionKind.DATE: KindLabel(_l("Date"), _l("Guests choose a day.")),
    QuestionKind.EMAIL: KindLabel(_l("E-mail address"), _l("We check that it is complete.")),
    QuestionKind.PHONE: KindLabel(_l("Telephone number"), _l("From any country; we check that it is complete.")),
    QuestionKind.COUNTRY: KindLabel(_l("Country"), _l("Guests choose a country.")),
    QuestionKind.LANGUAGE: KindLabel(_l("Language"), _l("Guests choose a language, in its own name.")),
    QuestionKind.FILE: KindLabel(_l("File"), _l("A PDF or a picture. Only you and your colleagues see it.")),
    QuestionKind.CONSENT: KindLabel(
        _l("Consent"), _l("Guests agree to a text. Its version and the time are kept; they can withdraw it.")
    ),
}
RETENTIONS: dict[Retention, LazyString] = {
    Retention.CONTACT: _l("six months after the event, like names and addresses"),
    Retention.DAY: _l("two weeks after the event: only for the day itself"),
}
