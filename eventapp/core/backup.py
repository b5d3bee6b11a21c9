"""Writing the whole database into one file and reading it back, from SQLite or Postgres into either.

Called by `flask backup` and `flask restore`. The file is gzipped text: a line about the backup, for each table a line
with its columns followed by a line for each row, and a last line with the counts, without which the file is cut off.
Tables are read from the database and not from the models, so a backup of an older version can be restored: the
database is taken to the revision of the backup, filled, and then brought to the newest.
"""

import base64
import gzip
import json
import os
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from flask import current_app

from eventapp.core import clock, migrating
from eventapp.core.db import ONE_VIEW, db

_FORMAT = 1
_AT_ONCE = 500
Row = dict[str, Any]


class BackupError(RuntimeError):
    """A backup cannot be written or restored; the message says why in one sentence."""


def save(path: Path) -> Counter[str]:
    """Write all tables as they are at one moment into a new file that only we may read; return the counts."""
    if path.exists():
        raise BackupError(f"{path} exists already.")
    revision = migrating.current()
    if not revision:
        raise BackupError("This database has no tables yet.")
    partial = path.with_name(path.name + ".part")
    partial.unlink(missing_ok=True)
    descriptor = os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as raw, gzip.open(raw, "wt", encoding="utf-8", newline="\n") as out:
        about = {"backup_of": "eventapp", "format": _FORMAT, "revision": revision, "made_at": str(clock.now())}
        _line(out, about | {"secret_key": _secret_file().read_text() if _secret_file().exists() else None})
        with _at_one_moment() as connection:
            counts = _dump(connection, out)
        _line(out, {"end": counts})
    partial.rename(path)
    return counts


def load(path: Path, *, replace: bool = False) -> Counter[str]:
    """Fill the database from a backup; return the counts.

    Refuses when the database holds rows, unless `replace` is given: then they are deleted in the same transaction.
    """
    about, counts = _examine(path)
    revision, present = about["revision"], migrating.current()
    if int(revision) > int(migrating.newest()):
        raise BackupError(f"The backup is of a newer version (revision {revision}); update eventapp first.")
    filled = bool(present) and _has_rows()
    if filled and not replace:
        raise BackupError("This database holds data already; give --replace to delete them.")
    if filled and present != revision:
        raise BackupError(f"The backup is of revision {revision}, the data here of {present}: use an empty database.")
    if present > revision:
        migrating.downgrade(revision)
    elif present < revision:
        migrating.upgrade(revision)
    with migrating.connection(db.engine) as connection, connection.begin():
        migrating.lock(connection)
        _fill(connection, path, delete=filled)
        migrating.check_foreign_keys(connection)
    migrating.upgrade()
    _restore_secret(about["secret_key"])
    return counts


def _at_one_moment() -> sa.Connection:
    """Return a read-only connection that sees one moment of the whole database."""
    connection = db.engine.connect()
    if connection.dialect.name == "postgresql":
        connection = connection.execution_options(isolation_level=ONE_VIEW)
    return connection


def _dump(connection: sa.Connection, out: Any) -> Counter[str]:
    counts: Counter[str] = Counter()
    for table in _tables(connection):
        _line(out, {"table": table.name, "columns": [column.name for column in table.columns]})
        rows = connection.execution_options(yield_per=_AT_ONCE).execute(sa.select(table).order_by(*table.primary_key))
        for row in rows:
            _line(out, [_plain(value) for value in row])
            counts[table.name] += 1
    return counts


def _examine(path: Path) -> tuple[Row, Counter[str]]:
    """Read the whole file before anything is touched; return what it says of itself and the counts."""
    counts: Counter[str] = Counter()
    about: Row = {}
    last: Row = {}
    try:
        for value in _lines(path):
            if isinstance(value, list):
                counts[last["table"]] += 1
            else:
                about, last = about or value, value
        known = (about["backup_of"], about["format"]) == ("eventapp", _FORMAT)
    except EOFError as error:
        raise BackupError(f"{path} is incomplete.") from error
    except (OSError, ValueError, LookupError, TypeError) as error:
        raise BackupError(f"{path} cannot be read as a backup of eventapp.") from error
    if not known:
        raise BackupError(f"{path} is a backup that this version cannot read.")
    if "end" not in last or Counter(last["end"]) != counts:
        raise BackupError(f"{path} is incomplete.")
    return about, counts


def _fill(connection: sa.Connection, path: Path, *, delete: bool) -> None:
    tables = {table.name: table for table in _tables(connection)}
    late = _late_columns(list(tables.values()))
    if delete:
        _delete(connection, list(tables.values()))
    later: list[tuple[sa.Table, Row]] = []
    for table, rows in _batches(path, tables):
        names = late[table.name]
        later += [(table, row) for row in rows if any(row[name] is not None for name in names)]
        connection.execute(table.insert(), [{**row, **dict.fromkeys(names)} for row in rows])
    for table, row in later:
        key = [column == row[column.name] for column in table.primary_key]
        connection.execute(table.update().where(*key).values({name: row[name] for name in late[table.name]}))
    if connection.dialect.name == "postgresql":
        _set_sequences(connection, list(tables.values()))


def _batches(path: Path, tables: dict[str, sa.Table]) -> Iterator[tuple[sa.Table, list[Row]]]:
    """Give the rows of the file in order, at most `_AT_ONCE` of one table at a time."""
    table: sa.Table | None = None
    columns: list[sa.Column[Any]] = []
    rows: list[Row] = []
    for number, value in enumerate(_lines(path)):
        if table is not None and rows and (isinstance(value, dict) or len(rows) == _AT_ONCE):
            yield table, rows
            rows = []
        if isinstance(value, list):
            rows.append({c.name: _typed(c, one) for c, one in zip(columns, value, strict=True)})
        elif number and "table" in value:
            table = tables[value["table"]]
            columns = [table.columns[name] for name in value["columns"]]


def _tables(connection: sa.Connection) -> list[sa.Table]:
    """Return all tables, parents before children; references that can be empty do not count."""
    known = sa.MetaData()
    known.reflect(connection)
    left = sorted((t for t in known.tables.values() if t.name != "alembic_version"), key=lambda t: t.name)
    done: list[sa.Table] = []
    while left:
        waiting = {table.name for table in left}
        ready = [table for table in left if not _parents(table) & (waiting - {table.name})]
        if not ready:
            raise BackupError(f"These tables need each other: {', '.join(sorted(waiting))}.")
        done += ready
        left = [table for table in left if table not in ready]
    for column in (column for table in done for column in table.columns):
        if isinstance(column.type, sa.JSON):
            column.type.none_as_null = True
    return done


def _parents(table: sa.Table) -> set[str]:
    return {key.column.table.name for key in table.foreign_keys if not key.parent.nullable}


def _late_columns(tables: list[sa.Table]) -> dict[str, list[str]]:
    """Return for each table the columns that name a row which is inserted only after it."""
    place = {table.name: number for number, table in enumerate(tables)}
    return {
        table.name: [key.parent.name for key in table.foreign_keys if place[key.column.table.name] >= place[table.name]]
        for table in tables
    }


def _has_rows() -> bool:
    with db.engine.connect() as connection:
        return any(connection.execute(sa.select(1).select_from(t).limit(1)).first() for t in _tables(connection))


def _delete(connection: sa.Connection, tables: list[sa.Table]) -> None:
    if connection.dialect.name == "postgresql":
        names = ", ".join(connection.dialect.identifier_preparer.format_table(table) for table in tables)
        connection.exec_driver_sql(f"TRUNCATE {names}")
        return
    for table in tables:
        connection.execute(table.delete())


def _set_sequences(connection: sa.Connection, tables: list[sa.Table]) -> None:
    """Let numbering go on behind the highest id; inserting given ids does not move it."""
    for table in tables:
        for column in table.primary_key:
            owned = sa.func.pg_get_serial_sequence(table.name, column.name)
            highest = sa.select(sa.func.max(column)).scalar_subquery()
            if isinstance(column.type, sa.Integer) and connection.scalar(sa.select(owned)):
                move = sa.func.setval(owned, sa.func.coalesce(highest, 1), highest.is_not(None))
                connection.execute(sa.select(move))


def _plain(value: Any) -> Any:
    """Return a value as JSON can hold it."""
    if isinstance(value, datetime):
        return (value if value.tzinfo else value.replace(tzinfo=UTC)).astimezone(UTC).isoformat()
    if isinstance(value, date):
        return value.isoformat()
    return base64.b64encode(value).decode() if isinstance(value, bytes | memoryview) else value


def _typed(column: sa.Column[Any], value: Any) -> Any:
    """Return a value of the file as the column takes it."""
    kind = column.type
    if value is None:
        return None
    if isinstance(kind, sa.DateTime):
        moment = datetime.fromisoformat(value)
        return moment if kind.timezone else moment.replace(tzinfo=None)
    if isinstance(kind, sa.Date):
        return date.fromisoformat(value)
    return base64.b64decode(value) if isinstance(kind, sa.LargeBinary) else value


def _line(out: Any, value: Any) -> None:
    out.write(json.dumps(value, ensure_ascii=False, separators=(",", ":")) + "\n")


def _lines(path: Path) -> Iterator[Any]:
    with gzip.open(path, "rt", encoding="utf-8", newline="\n") as lines:
        for line in lines:
            yield json.loads(line)


def _secret_file() -> Path:
    instance: Path = current_app.config["EVENTAPP"].instance
    return instance / "secret_key"


def _restore_secret(secret: str | None) -> None:
    """Put the made secret key back: without it every link that guests have is dead."""
    if secret is None or (_secret_file().exists() and _secret_file().read_text() == secret):
        return
    _secret_file().unlink(missing_ok=True)
    descriptor = os.open(_secret_file(), os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w") as out:
        out.write(secret)
