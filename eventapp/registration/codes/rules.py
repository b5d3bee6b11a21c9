"""What an access code may look like and how it is compared; whether it still opens anything. Pure."""

import re
import unicodedata
from dataclasses import dataclass
from datetime import datetime

SHORTEST, LONGEST = 4, 40
MOST_USES = 1_000_000


@dataclass(frozen=True)
class CodeInput:
    """What an organiser says about a code. `uses` None: any number; `expires_at` None: while registration is open."""

    code: str
    category_id: int
    uses: int | None = None
    expires_at: datetime | None = None
    note: str = ""


def fold_code(typed: str) -> str:
    """Return a code for comparing: case, width and blanks do not matter."""
    return re.sub(r"\s+", "", unicodedata.normalize("NFKC", typed)).casefold()


def is_well_formed(key: str) -> bool:
    """Tell whether a folded code has the right length and only letters, digits and hyphens."""
    return SHORTEST <= len(key) <= LONGEST and all(c.isalnum() or c == "-" for c in key)


def opens(now: datetime, used: int, uses: int | None, expires_at: datetime | None, people: int = 1) -> bool:
    """Tell whether a code still lets so many people in."""
    return (uses is None or used + people <= uses) and (expires_at is None or now < expires_at)
