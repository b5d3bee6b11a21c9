"""Lists that leave the house: rows of participants as plain text, in the reader's language."""

from collections.abc import Iterator, Sequence

from flask_babel import gettext as _

from eventapp.core.i18n import language_name
from eventapp.core.localized import plain
from eventapp.events.labels import ORGANISATION_KINDS
from eventapp.events.models import Event
from eventapp.questions.answers.queries import in_words, read_answers
from eventapp.questions.queries import list_questions
from eventapp.registration.desk.history import STATES
from eventapp.registration.models import Participant


def participant_rows(event: Event, guests: Sequence[Participant]) -> Iterator[list[str]]:
    """Yield the heading and a row per participant; times in the event's zone as ISO, so that tables sort them.

    Each of the event's own questions has a column, those that are no longer asked at the end.
    """
    questions = list_questions(event.id, with_retired=True)
    questions.sort(key=lambda question: question.is_retired)
    answers = read_answers(guest.id for guest in guests) if questions else {}
    yield [
        _("Arrival number"), _("State"), _("Title before the name"), _("Given name"), _("Family name"),
        _("E-mail address"), _("Organisation"), _("Kind of organisation"), _("Group"), _("Forum"),
        _("Language"), _("Signed up"), *(plain(question.label) for question in questions),
    ]  # fmt: skip
    for guest in guests:
        told = answers.get(guest.id, {})
        yield [
            str(guest.registration.number),
            str(STATES[guest.state][0]),
            guest.title,
            guest.given_name,
            guest.family_name,
            guest.email,
            guest.organisation,
            str(ORGANISATION_KINDS[guest.organisation_kind]),
            plain(guest.category.label),
            "; ".join(plain(choice.item.title) for choice in guest.choices),
            language_name(guest.language),
            guest.created_at.astimezone(event.tz).strftime("%Y-%m-%d %H:%M"),
            *(in_words(question, told[question.id]) if question.id in told else "" for question in questions),
        ]
