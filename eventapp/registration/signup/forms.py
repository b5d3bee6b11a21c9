"""What a sign-up needs to know before it is decided; called by the sign-up page, which keeps it for a second."""

from dataclasses import dataclass

from eventapp.events.models import Category, Event
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
    items = queries.list_choosable(event.id)
    kind, notices = form_class(event, items, _open_to_all(event)), queries.list_notice_ids(event.organiser_id)
    counter = Counter(event.id, event.organiser_id, kind, notices)
    queries.detach(event, items)
    return counter


def form_now(event: Event) -> PersonForm:
    """Make the form of this event as it is at this moment, to be shown."""
    return person_form(event, queries.list_choosable(event.id), _open_to_all(event))


def _open_to_all(event: Event) -> list[Category]:
    return [category for category in event.categories if category.is_open]
