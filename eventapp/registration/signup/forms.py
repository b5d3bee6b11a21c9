"""What a sign-up needs to know before it is decided; called by the sign-up page, which keeps it for a second."""

from dataclasses import dataclass

from eventapp.events.models import Category, Event
from eventapp.questions.queries import list_questions
from eventapp.registration import queries
from eventapp.registration.forms import PersonForm, form_class, person_form


@dataclass(frozen=True)
class Counter:
    """Where guests of one event hand in their form; all requests of a process share it.

    It says only what may be typed: the decision reads everything again under the event's lock. Its objects belong to
    no session, so pages are never made from them.
    """

    event_id: int
    organiser_id: int
    form: type[PersonForm]
    notice_ids: frozenset[int]

    def notice_id(self, told: int | None) -> int | None:
        """Return the version of the privacy notice that a form says it showed, if it is this organiser's."""
        return told if told in self.notice_ids else queries.find_notice_id(self.organiser_id, told)


def open_counter(event: Event) -> Counter:
    """Read what the form of this event asks."""
    items, questions = queries.list_choosable(event.id), list_questions(event.id)
    kind = form_class(event, items, _choosable(event), questions=questions)
    counter = Counter(event.id, event.organiser_id, kind, queries.list_notice_ids(event.organiser_id))
    queries.detach(event, items, questions)
    return counter


def form_now(event: Event, opened: int | None = None) -> PersonForm:
    """Make the form of this event as it is at this moment, to be shown; `opened` is a category that a code opens."""
    items, questions = queries.list_choosable(event.id), list_questions(event.id)
    return person_form(event, items, _choosable(event, opened), questions=questions)


def _choosable(event: Event, opened: int | None = None) -> list[Category]:
    return [category for category in event.categories if category.is_open or category.id == opened]
