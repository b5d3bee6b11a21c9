"""What an organiser can say about a double admission, and which admission came before it; pure."""

from collections.abc import Iterable
from enum import StrEnum

from eventapp.checkin.rules import Entry, ScanKind, fold


class Answer(StrEnum):
    """What turned out about a double admission."""

    SAME_PERSON = "same_person"
    TWO_PEOPLE = "two_people"
    PHONE = "phone"


def admission_before(conflict: Entry, scans: Iterable[Entry]) -> str | None:
    """Return the scan by which the holder was inside when `conflict` let somebody in with the same ticket."""
    place = (conflict.at, conflict.id)
    earlier = [scan for scan in scans if scan.kind is ScanKind.UNDO or (scan.at, scan.id) < place]
    return fold(earlier, conflict.zone).admission
