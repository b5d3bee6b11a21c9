"""Notes what the door should know about a guest, and which notes it sees."""

from collections.abc import Collection

from eventapp.core import audit
from eventapp.core.db import transaction
from eventapp.events.service import lock_event
from eventapp.registration.attention.models import AttentionNote
from eventapp.registration.attention.rules import Attention, NoteKind
from eventapp.registration.models import Participant
from eventapp.registration.moves import note


def set_attention(participant_id: int, given: Attention) -> None:
    """Note this about a guest instead of what was noted; the history keeps what it is about, not the words."""
    with transaction() as session:
        guest = session.get_one(Participant, participant_id, with_for_update=True)
        row = session.get(AttentionNote, participant_id)
        if row is None and not given.kinds:
            return
        if row is None:
            row = AttentionNote(participant_id=participant_id)
            session.add(row)
        row.is_vip, row.no_photo, row.needs = given.is_vip, given.no_photo, given.needs
        note(guest, "registration.attention", kinds=[kind.value for kind in given.kinds])


def show_at_door(event_id: int, kinds: Collection[NoteKind], *, names_offline: bool = False) -> None:
    """Choose which notes the door of an event sees, and whether its phones keep names for when the network fails."""
    with transaction():
        event = lock_event(event_id)
        chosen = [kind.value for kind in NoteKind if kind in kinds]
        if (event.door_notes, event.names_offline) != (chosen, names_offline):
            event.door_notes, event.names_offline = chosen, names_offline
            facts = {"kinds": chosen, "names_offline": names_offline}
            audit.record("door.notes", f"event:{event.public_id}", event_id=event_id, facts=facts)
