"""Use cases over all features: the next edition as a copy, publishing, calling off, deleting a draft."""

from dataclasses import replace
from datetime import date, datetime, timedelta

from flask_babel import lazy_gettext as _l

from eventapp.agenda import copying as agenda_copy
from eventapp.agenda import service as agenda
from eventapp.capacity import service as capacity
from eventapp.checkin.entrances import service as entrances
from eventapp.core import clock, signing
from eventapp.core.db import transaction
from eventapp.core.localized import Localized
from eventapp.core.refusal import Refusal
from eventapp.editions.changes.queries import count_living, list_told
from eventapp.editions.changes.service import tell_guests
from eventapp.editions.checklist import find_gaps
from eventapp.events import service as events
from eventapp.events.models import Event
from eventapp.events.queries import get_event_by_id, input_of
from eventapp.events.rules import EventAction, EventState, HasRegistrations, local_day, shifted
from eventapp.questions import copying as questions_copy

COPIES = (events.copy_to, agenda_copy.copy_to, questions_copy.copy_to, entrances.copy_to)
"""What each feature takes over into the next edition, in the order of the map."""


PREVIEW_LIVES = timedelta(days=14)


class NotReady(Refusal):
    """Something that the law or the guests need is missing; the checklist says what."""

    code = "not_ready"
    message = _l("The event cannot be published yet. The list says what is missing.")


class ReasonMissing(Refusal):
    """Guests are told why."""

    code, status, field = "reason_missing", 422, "reason"
    message = _l("Please write why the event does not take place. Guests read it.")


class WrongDay(Refusal):
    """A year that nobody means."""

    code, status, field = "wrong_day", 422, "day"
    message = _l("This year cannot be right.")


class SameDay(Refusal):
    """A copy on the day of its model is nearly always a mistake."""

    code, status, field = "same_day", 422, "day"
    message = _l("Please choose another day than that of the event you copy.")


def copy(event_id: int, day: date, title: Localized | None = None) -> Event:
    """Make a draft like an earlier event, moved by whole days so that it begins on `day`; times on the wall stay.

    Rooms, programme, people, partners, categories, sizes and questions come along; registrations, state and address
    do not.
    """
    with transaction():
        old = get_event_by_id(event_id)
        shift = timedelta(days=(day - local_day(old.starts_at, old.zone)).days)
        if not shift:
            raise SameDay
        if not 2000 <= day.year <= 2100:
            raise WrongDay
        given = input_of(old)

        def moved(moment: datetime | None) -> datetime | None:
            return shifted(moment, shift, old.zone) if moment is not None else None

        new = events.create(
            old.organiser_id,
            replace(
                given,
                title=title or given.title,
                slug="",
                starts_at=shifted(given.starts_at, shift, old.zone),
                ends_at=shifted(given.ends_at, shift, old.zone),
                doors_at=moved(given.doors_at),
                registration_opens_at=moved(given.registration_opens_at),
                registration_closes_at=moved(given.registration_closes_at),
                changes_until=moved(given.changes_until),
                is_example=False,
            ),
        )
        for copy_to in COPIES:
            copy_to(old, new, shift)
    return new


def preview_token(event: Event) -> str:
    """Return the token of a link that shows an event before it is public; it ends by itself and by `renew_preview`."""
    return signing.make("preview", event.public_id, event.link_version, clock.now() + PREVIEW_LIVES)


def publish(event_id: int) -> Event:
    """Show an event to everybody; raise NotReady while the checklist has something that must be there."""
    with transaction():
        event = events.lock_event(event_id)
        if event.state is EventState.PUBLISHED:
            return event
        if any(gap.is_required for gap in find_gaps(event, clock.now())):
            raise NotReady
        return events.move(event_id, EventAction.PUBLISH)


def unpublish(event_id: int) -> Event:
    """Hide an event again; refused while people are registered: they would lose their page."""
    with transaction():
        event = events.lock_event(event_id)
        if event.state is EventState.DRAFT:
            return event
        capacity.lock(event_id)  # a sign-up that is under way is counted
        if count_living(event_id):
            raise HasRegistrations
        return events.move(event_id, EventAction.UNPUBLISH)


def call_off(event_id: int, reason: Localized) -> int:
    """Call an event off and tell everybody who is coming or waiting; return how many. Twice is once."""
    if not reason:
        raise ReasonMissing
    with transaction():
        event = events.lock_event(event_id)
        if event.state is EventState.CALLED_OFF:
            return 0
        capacity.lock(event_id)  # a sign-up that is under way is told; a later one is refused
        events.move(event_id, EventAction.CALL_OFF, reason)
        agenda.follow_event(event_id)
        return tell_guests("editions.called_off", event, list_told(event), {"reason": dict(reason)})
