"""Puts one row into every table of a database, whatever its columns are: for revisions and backups.

It reads the tables from the database, not from the models, so that it also fits an older revision. What a CHECK allows
is taken from the CHECK's own list of values.
"""

import datetime
import itertools
import re
from typing import Any

import sqlalchemy as sa

_LIST = re.compile(r"\(?\"?(\w+)\"?\)?(?:::text)?\s*(?:IN|= ANY)\s*\(+(?:ARRAY\[)?\(?'([^']*)'", re.IGNORECASE)
_MOMENT = datetime.datetime(2026, 6, 15, 8, 0)  # noqa: DTZ001 - each database gets it in its own form
_numbers = itertools.count(1)


def fill(connection: sa.Connection) -> dict[str, dict[str, Any]]:
    """Insert a row into each table, parents first, and return what was inserted."""
    tables = sa.MetaData()
    tables.reflect(connection)
    written: dict[str, dict[str, Any]] = {}
    for table in _parents_first(tables):
        if table.name != "alembic_version":
            written[table.name] = _row(connection, table, written)
            connection.execute(table.insert().values(written[table.name]))
    return written


def _parents_first(tables: sa.MetaData) -> list[sa.Table]:
    left, done = sorted(tables.tables.values(), key=lambda table: table.name), list[sa.Table]()
    while left:
        ready = [table for table in left if not _needs(table) & {other.name for other in left} - {table.name}]
        if not ready:
            raise AssertionError(f"tables need each other: {[table.name for table in left]}")
        done += ready
        left = [table for table in left if table not in ready]
    return done


def _needs(table: sa.Table) -> set[str]:
    return {key.column.table.name for key in table.foreign_keys if not key.parent.nullable}


def _row(connection: sa.Connection, table: sa.Table, written: dict[str, dict[str, Any]]) -> dict[str, Any]:
    checks = " ".join(str(one["sqltext"]) for one in sa.inspect(connection).get_check_constraints(table.name))
    allowed = dict(reversed(_LIST.findall(checks)))
    row: dict[str, Any] = {}
    for column in table.columns:
        parent = next((key.column for key in column.foreign_keys), None)
        if parent is not None:
            row[column.name] = written.get(parent.table.name, {}).get(parent.name)
        elif column.name in allowed:
            row[column.name] = allowed[column.name]
        else:
            row[column.name] = _value(column)
    for start, end in (("starts_at", "ends_at"), ("opens_at", "closes_at")):
        if start in row and end in row:
            row[end] += datetime.timedelta(hours=6)
    return row


def _value(column: sa.Column[Any]) -> Any:
    number, kind = next(_numbers), column.type
    if isinstance(kind, sa.DateTime):
        return _MOMENT.replace(tzinfo=datetime.UTC) if kind.timezone else _MOMENT
    if isinstance(kind, sa.Integer):
        return number if column.primary_key else 1
    known: tuple[tuple[Any, Any], ...] = (
        (sa.Date, _MOMENT.date()),
        (sa.JSON, {"de": f"Übung {number} – د"}),
        (sa.LargeBinary, bytes(range(256))),
        (sa.Boolean, True),
        ((sa.Float, sa.Numeric), number + 0.5),
    )
    text = f"{column.name[:3]}{number}"[: getattr(kind, "length", None) or 40]
    return next((value for one, value in known if isinstance(kind, one)), text)
