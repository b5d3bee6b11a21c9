"""What makes a notice unfinished; pure."""

import re
from collections.abc import Mapping

_BLANK = re.compile(r"\[(?:bitte|please|يُرجى)[^\]\n]{0,200}\]", re.IGNORECASE)


def find_blank(body: Mapping[str, str]) -> str:
    """Return the first blank that a draft left, such as "[bitte ergänzen: Registernummer]", or nothing."""
    found = (match for text in body.values() if (match := _BLANK.search(text)))
    return next((match[0] for match in found), "")
