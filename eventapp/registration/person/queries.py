"""Reads for the organiser's work on one person: whether somebody new would fit, and why not."""

from eventapp.capacity.queries import list_limits
from eventapp.capacity.rules import Limit, LimitKind, Ref, lacking, need, wanted
from eventapp.core import clock
from eventapp.events.models import Event
from eventapp.registration.rules import organisation_key
from eventapp.registration.signup.rules import Person
from eventapp.registration.waitlist.listing.reasons import explain, tell_from


def why_not(event: Event, person: Person) -> list[str]:
    """Return in words what would hold this person back if they were entered now; nothing: they fit."""
    limits, now = list_limits(event.id), clock.now()
    states: dict[Ref, Limit] = {ref: limit.state_at(now) for ref, limit in limits.items()}
    key = organisation_key(person.organisation)
    if key and event.organisation_seats is not None:
        states.setdefault((LimitKind.ORGANISATION, key), Limit(event.organisation_seats, 0))
    lack = lacking(need([wanted(person.category_id, person.item_ids, key)]), states)
    return explain(lack, {key: person.organisation}, tell_from(event, limits)) if lack else []
