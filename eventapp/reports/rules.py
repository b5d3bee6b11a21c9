"""CSV that spreadsheet programs open rightly and that cannot run as a formula; pure."""

import csv
import io
import unicodedata
from collections.abc import Iterable, Iterator, Sequence

_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
BOM = "\ufeff"


def safe(cell: str) -> str:
    """Return a cell that a spreadsheet shows as text: one that begins like a formula gets an apostrophe before it.

    Source: OWASP, CSV injection. Blanks before the sign do not protect, so they are looked through.
    """
    return f"'{cell}" if cell.lstrip(" \u00a0").startswith(_FORMULA) or cell.startswith(_FORMULA) else cell


def csv_lines(rows: Iterable[Sequence[str]]) -> Iterator[str]:
    """Yield CSV (RFC 4180) with BOM and semicolons, as German spreadsheet programs expect it."""
    yield BOM
    for row in rows:
        line = io.StringIO()
        csv.writer(line, delimiter=";", quoting=csv.QUOTE_MINIMAL, lineterminator="\r\n").writerow(map(safe, row))
        yield line.getvalue()


def first_letter(key: str) -> str:
    """Return the letter under which a folded name stands in a list A–Z; "#" for what begins with no letter."""
    return next((c.upper() for c in key if unicodedata.category(c).startswith("L")), "#")
