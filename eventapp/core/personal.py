"""Marks on columns that hold personal data: which retention class a value belongs to.

Models put `info=holds(Retention.CONTACT)` on the column; `eventapp.privacy` reads the marks.
"""

from enum import StrEnum
from typing import Any


class Retention(StrEnum):
    """How long a kind of data may stay; the periods stand in `eventapp.privacy.rules`."""

    CONTACT = "contact"
    """Who a guest is and how to reach them."""
    DAY = "day"
    """What is needed for the day alone, such as what somebody eats."""
    PUBLIC_ROLE = "public_role"
    """What people on the stage and in the imprint agreed to publish."""
    STAFF = "staff"
    """People who sign in."""
    MAIL = "mail"
    """What was written to whom."""
    TRACE = "trace"
    """Who did what and when: history entries and scans."""


def holds(retention: Retention) -> dict[str, Any]:
    """Return the `info` of a column with personal data of this class."""
    return {"personal": retention}
