"""Which people of a long form are meant, and what holds for all of them unless a person says otherwise. Pure."""

import re
from collections.abc import Iterable

from eventapp.registration.signup.rules import GROUP_SIZE

FIRST_ROWS = 2
"""Rows for people that an empty form shows."""
MOST_ROWS = 2 * GROUP_SIZE
"""No form of ours has more rows; what a program sends beyond is not read."""
OWN = "me_"
"""Prefix of what the contact chooses when they come too."""
BLANK = "pN_"
"""Prefix of the row that a script copies for one more person."""
_ROW = re.compile(r"p([1-9][0-9]{0,3})_given_name")


def prefix(number: int) -> str:
    """Return how the fields of the row with this number begin: "p3_" for the third that was added."""
    return f"p{number}_"


def row_numbers(names: Iterable[str]) -> list[int]:
    """Return the numbers of the rows that were sent, in order; a removed row leaves a gap."""
    found = sorted({int(row[1]) for name in names if (row := _ROW.fullmatch(name))})
    return found[:MOST_ROWS]


def next_number(numbers: Iterable[int]) -> int:
    """Return the number of one more row."""
    return max(numbers, default=0) + 1
