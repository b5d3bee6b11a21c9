"""Notes for the door; pure."""

from dataclasses import dataclass
from enum import StrEnum

NEEDS_LENGTH = 120


class NoteKind(StrEnum):
    """What a note is about; the organiser chooses for each event which of them the door sees."""

    VIP = "vip"
    PHOTO = "photo"
    NEEDS = "needs"


@dataclass(frozen=True)
class Attention:
    """What is noted about one guest."""

    is_vip: bool = False
    no_photo: bool = False
    needs: str = ""

    @property
    def kinds(self) -> list[NoteKind]:
        """What is noted, in the order in which it is shown."""
        noted = {NoteKind.VIP: self.is_vip, NoteKind.PHOTO: self.no_photo, NoteKind.NEEDS: bool(self.needs)}
        return [kind for kind, is_noted in noted.items() if is_noted]
