"""Reads of the notes for the door, and their words."""

from collections.abc import Collection

from flask_babel import gettext as _

from eventapp.core.db import db
from eventapp.registration.attention.models import AttentionNote
from eventapp.registration.attention.rules import Attention, NoteKind


def find_attention(participant_id: int) -> Attention:
    """Return what is noted about a guest."""
    row = db.session.get(AttentionNote, participant_id)
    return Attention(row.is_vip, row.no_photo, row.needs) if row else Attention()


def in_words(noted: Attention, shown: Collection[str]) -> list[tuple[str, str]]:
    """Return those notes that the door sees, each as a label and words."""
    if not noted.kinds:
        return []  # of nearly everybody, and words are looked up with each scan
    words = {
        NoteKind.VIP: (_("Guest of honour"), _("Greet in person")),
        NoteKind.PHOTO: (_("Photo"), _("No photos")),
        NoteKind.NEEDS: (_("Needs"), noted.needs),
    }
    return [words[kind] for kind in noted.kinds if kind.value in shown]
