"""Many rows with one statement: for sign-ups and scans in a rush, and for the history and mails that come of them."""

import contextlib
import json
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from functools import cache
from typing import Any, cast

from sqlalchemy import ARRAY, Select, Table, TextClause, bindparam, func, insert, select, text, true
from sqlalchemy.dialects import postgresql
from sqlalchemy.orm import Session

from eventapp.core.db import Base, is_sqlite

_DIALECT = postgresql.dialect()  # type: ignore[no-untyped-call]
Rows = Sequence[Mapping[str, Any]]
Found = Select[*tuple[Any, ...]]
Statements = Mapping[str, Found]
"""A statement for each database, by the name of its dialect."""
_Together = list[tuple[Table, tuple[str, ...], str]]
_TOGETHER = "inserted together"


def each(found: Found, column: Any, keys: str) -> Statements:
    """Return the statements that give the rows of `found` whose `column` is in the list bound as `keys`.

    Postgres looks each key up by itself. For a list it may read the whole table, and go on doing so when that has
    grown: the plan of a statement is kept from when there was little in it.
    """
    asked = select(func.unnest(bindparam(keys, type_=ARRAY(column.type))).label("key")).distinct().subquery("asked")
    one = found.where(column == asked.c.key).offset(0).lateral("one")
    return {
        "sqlite": found.where(column.in_(bindparam(keys, expanding=True))),
        "postgresql": select(one).select_from(asked.join(one, true())),
    }


def keep_plans(session: Session) -> None:
    """Let Postgres take the plans that it keeps, for the rest of the transaction.

    To look a handful of keys up, it would rather plan anew each time, which takes longer than the look-up.
    """
    if not is_sqlite(session):
        session.connection().exec_driver_sql("SET LOCAL plan_cache_mode = force_generic_plan")


def insert_all(session: Session, model: type[Base], rows: Rows) -> None:
    """Insert rows, which all name the same columns, with one statement.

    Postgres gets them as one JSON value: bound one by one, fifty values a person cost more than all the rest of a
    sign-up. SQLite is in this process and is told row by row.
    """
    table = cast(Table, model.__table__)
    if rows and is_sqlite(session):
        session.execute(insert(table), list(rows))
    elif rows:
        names, given = _as_json(table, rows)
        together: _Together | None = session.info.get(_TOGETHER)
        if together is None:
            session.execute(text(_insert_json(table, names)), given)
        else:
            together.append((table, names, given["rows"]))


@contextlib.contextmanager
def as_one(session: Session) -> Iterator[None]:
    """Let Postgres write all that is inserted inside with one statement at the end; nothing inside may read it.

    In a rush each question to the database is asked under the event's lock, while everybody waits.
    """
    together: _Together = []
    session.info[_TOGETHER] = together
    try:
        yield
    finally:
        del session.info[_TOGETHER]
    if together:
        known = tuple((table, names) for table, names, _ in together)
        session.execute(_insert_many(known), {f"rows_{n}": rows for n, (*_, rows) in enumerate(together)})


def draw_ids(session: Session, wanted: Mapping[type[Base], int]) -> list[list[int]]:
    """Return for each of these models so many row ids that nothing else gets, for rows that name each other."""
    if is_sqlite(session):  # one writer at a time
        newest = [select(func.coalesce(func.max(x.__table__.c.id), 0)).scalar_subquery() for x in wanted]
        last: Sequence[Any] = session.execute(select(*newest)).one()
        return [list(range(n + 1, n + many + 1)) for n, many in zip(last, wanted.values(), strict=True)]
    tables = tuple(model.__tablename__ for model in wanted)
    drawn = session.execute(_draw(tables), {f"many_{n}": many for n, many in enumerate(wanted.values())}).all()
    return [[row.id for row in drawn if row.place == n] for n in range(len(tables))]


@cache
def _draw(tables: tuple[str, ...]) -> TextClause:
    each = [
        f"SELECT {n} AS place, nextval(pg_get_serial_sequence('{name}', 'id')) AS id FROM generate_series(1, :many_{n})"  # noqa: S608 - names are ours
        for n, name in enumerate(tables)
    ]
    return text(" UNION ALL ".join(each))


@cache
def _defaults(table: Table) -> dict[str, Any]:
    """Return what columns hold that a row does not name."""
    return {column.name: column.default.arg for column in table.c if column.default is not None}  # type: ignore[attr-defined]


def _as_json(table: Table, rows: Rows) -> tuple[tuple[str, ...], dict[str, str]]:
    """Return the names of all columns that are written, and the parameter that holds the rows."""
    known = _defaults(table)
    whole = [{**known, **row} for row in rows]
    return tuple(whole[0]), {"rows": json.dumps(whole, default=_moment)}


@cache
def _insert_json(table: Table, names: tuple[str, ...], parameter: str = "rows") -> str:
    """Return the statement by which Postgres reads rows out of one JSON value; the table itself says their types."""
    quote = _DIALECT.identifier_preparer.quote
    columns, name = ", ".join(quote(column) for column in names), quote(table.name)
    source = f"json_populate_recordset(NULL::{name}, CAST(:{parameter} AS json))"
    return f"INSERT INTO {name} ({columns}) SELECT {columns} FROM {source}"  # noqa: S608 - names are ours


@cache
def _insert_many(known: tuple[tuple[Table, tuple[str, ...]], ...]) -> TextClause:
    """Return one statement that inserts into several tables; foreign keys are looked at when all is written."""
    each = [_insert_json(table, names, f"rows_{n}") for n, (table, names) in enumerate(known)]
    steps = ", ".join(f"step_{n} AS ({one})" for n, one in enumerate(each[:-1]))
    return text(f"WITH {steps} {each[-1]}" if steps else each[-1])


def _moment(value: object) -> str:
    """Write a moment for JSON; a naive one is refused, as by `UTC`."""
    if not isinstance(value, datetime) or value.tzinfo is None:
        raise ValueError(f"no moment: {type(value).__name__}")
    return value.isoformat()
