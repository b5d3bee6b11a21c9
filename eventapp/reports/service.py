"""Exports, each written into the event's history."""

from collections.abc import Iterator

from eventapp.core import audit
from eventapp.events.models import Event
from eventapp.registration.desk.queries import Filters, list_filtered
from eventapp.reports.queries import participant_rows


def export_participants(event: Event, filters: Filters) -> Iterator[list[str]]:
    """Return the rows of the participants that the filters leave, and note that they left the house."""
    size = len(list_filtered(event.id, filters))
    audit.record("reports.exported", f"event:{event.public_id}", event_id=event.id, facts={"rows": size})
    return participant_rows(event, list_filtered(event.id, filters))
