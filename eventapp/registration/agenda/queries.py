"""What stands in a guest's own calendar: the event and what they chose; called off or cancelled, it says so."""

from dataclasses import replace

from eventapp.calendar.ical import Calendar
from eventapp.calendar.queries import Version, event_entry, item_entry, version_of
from eventapp.core.localized import plain
from eventapp.registration.models import Participant
from eventapp.registration.rules import ParticipantState

ALARM = 30
"""Minutes before an item at which a guest's calendar reminds."""


def own_version(guest: Participant) -> Version:
    """Return what changes whenever the guest's calendar changes."""
    event = guest.registration.event
    mark = f"own-{guest.public_id}-{int(guest.changed_at.timestamp())}-{guest.state.value}"
    return Version(f"{version_of(event).mark}-{mark}", max(event.changed_at, guest.changed_at))


def own_agenda(guest: Participant, language: str) -> Calendar:
    """Return the guest's calendar: nothing while they have no place for good; cancelled entries when it has ended."""
    event = guest.registration.event
    chosen = sorted((choice.item for choice in guest.choices), key=lambda item: (item.starts_at, item.id))
    entries = [event_entry(event, language), *(item_entry(item, language, ALARM) for item in chosen)]
    if guest.state in (ParticipantState.CANCELLED, ParticipantState.DECLINED):
        entries = [replace(entry, cancelled=True, sequence=entry.sequence + 1, alarm=None) for entry in entries]
    elif guest.state is not ParticipantState.CONFIRMED:
        entries = []
    return Calendar(name=plain(event.title, language), entries=tuple(entries))
