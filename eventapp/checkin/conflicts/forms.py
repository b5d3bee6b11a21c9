"""The form below a double admission: a sentence, sent with one of three buttons."""

from flask_babel import lazy_gettext as _l
from flask_babel.speaklater import LazyString
from wtforms import RadioField, SelectChoice
from wtforms.validators import InputRequired

from eventapp.checkin.conflicts.rules import Answer
from eventapp.core.forms import Form, LineField

ANSWERS: dict[Answer, LazyString] = {
    Answer.SAME_PERSON: _l("It was the same person"),
    Answer.TWO_PEOPLE: _l("Two people, spoken to"),
    Answer.PHONE: _l("A mistake of the phone"),
}


class NoteForm(Form):
    """What turned out; `answer` comes from the button, `prefix` is the id of the scan: many stand on one page."""

    words = LineField(_l("A sentence about it"), limit=300)
    answer = RadioField(
        _l("What turned out"),
        [InputRequired(message=_l("Say with one of the three buttons what it was."))],
        choices=[SelectChoice(answer.value, label) for answer, label in ANSWERS.items()],
    )
