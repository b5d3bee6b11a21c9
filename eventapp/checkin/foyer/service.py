"""Makes a new link for the screen in the foyer; the organiser's page calls it."""

from eventapp.core import audit
from eventapp.core.db import transaction
from eventapp.events.models import Event
from eventapp.events.service import lock_event


def renew(event_id: int) -> Event:
    """End the link of an event's screen; a new one takes its place."""
    with transaction():
        event = lock_event(event_id)
        event.foyer_version += 1
        audit.record("foyer.renewed", f"event:{event.public_id}", event_id=event_id)
    return event
