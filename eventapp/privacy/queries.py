"""The register of personal data: every column that holds some with its retention class, as the models mark it."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta

from eventapp.core.db import Base
from eventapp.core.personal import Retention
from eventapp.privacy.rules import KEEP


@dataclass(frozen=True)
class Entry:
    """A column with personal data, why it belongs to its class, and how long it may stay after the event."""

    table: str
    column: str
    retention: Retention
    keep: timedelta | None


def list_register() -> list[Entry]:
    """Return all columns with personal data, by table and name: for the record of processing (Art. 30 GDPR)."""
    return sorted(_entries(), key=lambda entry: (entry.table, entry.column))


def _entries() -> Iterator[Entry]:
    for table in Base.metadata.tables.values():
        for column in table.columns:
            retention = column.info.get("personal")
            if isinstance(retention, Retention):
                yield Entry(table.name, column.name, retention, KEEP[retention])
