"""Notes what was done about a double admission; the pages of the organiser call it."""

from eventapp.checkin.conflicts.models import ConflictNote
from eventapp.checkin.conflicts.queries import find_last_note, get_conflict
from eventapp.checkin.conflicts.rules import Answer
from eventapp.core import audit, clock
from eventapp.core.db import transaction


def note(event_id: int, scan_id: str, answer: Answer, words: str, account_id: int | None) -> None:
    """Add a note to a double admission; the same one again, as by a double click, adds nothing. Raise NotFound."""
    with transaction() as session:
        scan = get_conflict(event_id, scan_id)
        last = find_last_note(scan.id)
        if last is not None and (last.answer, last.words, last.account_id) == (answer, words, account_id):
            return
        session.add(ConflictNote(scan_id=scan.id, answer=answer, words=words, account_id=account_id, at=clock.now()))
        audit.record("conflict.noted", f"scan:{scan.id}", event_id=event_id, facts={"answer": answer.value})
