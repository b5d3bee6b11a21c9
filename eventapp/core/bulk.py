"""Many rows with one statement: for sign-ups and scans in a rush, and for the history and mails that come of them."""

import contextlib
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from functools import cache, lru_cache
from itertools import product
from typing import Any, cast

from sqlalchemy import ARRAY, Select, Table, TextClause, bindparam, func, insert, inspect, select, text, true
from sqlalchemy.dialects import postgresql
from sqlalchemy.orm import Session
from sqlalchemy.orm.attributes import set_committed_value

from eventapp.core.db import Base, is_sqlite

_DIALECT = postgresql.dialect()  # type: ignore[no-untyped-call]
Rows = Sequence[Mapping[str, Any]]
Found = Select[*tuple[Any, ...]]
Statements = Mapping[str, Found]
"""A statement for each database, by the name of its dialect."""
_Step = tuple[str, str]
"""A statement whose parameter is `rows_{n}`, and the rows in JSON."""
_TOGETHER = "written together"


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
        names, told = _as_json(table, rows)
        step = _insert_json(table, names), told
        together: list[_Step] | None = session.info.get(_TOGETHER)
        if together is None:
            _run(session, [step])
        else:
            together.append(step)


def rewrite(session: Session, rows: Iterable[Base]) -> None:
    """Let those of these rows that have changed, each known by one key, be written by the `as_one` around.

    New rows, and all on SQLite, are left to the session, which takes a statement for each kind.
    """
    together: list[_Step] = session.info[_TOGETHER]
    changed: dict[Table, list[Base]] = {}
    gone = session.deleted
    for row in rows if not is_sqlite(session) else ():
        state = inspect(row)
        if state.persistent and state.modified and row not in gone:
            changed.setdefault(cast(Table, row.__table__), []).append(row)
    for table, same in changed.items():
        names, told = _as_json(table, [{x.name: getattr(row, x.name) for x in table.c} for row in same])
        together.append((_insert_json(table, names) + _or_update(table), told))
        for row, name in product(same, names):
            set_committed_value(row, name, getattr(row, name))


@contextlib.contextmanager
def as_one(session: Session) -> Iterator[None]:
    """Let Postgres write all that is inserted and rewritten inside with one statement at the end.

    Nothing inside may read it; what else has changed is written by the session. In a rush each question to the database
    is asked under the event's lock, while everybody waits.
    """
    together: list[_Step] = []
    session.info[_TOGETHER] = together
    try:
        with session.no_autoflush:
            yield
    finally:
        del session.info[_TOGETHER]
    if together:
        _run(session, together)


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


def _as_json(table: Table, rows: Rows) -> tuple[tuple[str, ...], str]:
    """Return the names of all columns that are written, and the rows in JSON."""
    known = _defaults(table)
    whole = [{**known, **row} for row in rows]
    return tuple(whole[0]), json.dumps(whole, default=_moment)


def _run(session: Session, steps: Sequence[_Step]) -> None:
    statement = _statement(tuple(step for step, _ in steps))
    session.execute(statement, {f"rows_{n}": told for n, (_, told) in enumerate(steps)})


@cache
def _statement(steps: tuple[str, ...]) -> TextClause:
    """Return one statement that takes all steps; foreign keys are looked at when all is written."""
    *others, last = (step.format(n=n) for n, step in enumerate(steps))
    ahead = ", ".join(f"step_{n} AS ({step})" for n, step in enumerate(others))
    return text(f"WITH {ahead} {last}" if ahead else last)


@cache
def _insert_json(table: Table, names: tuple[str, ...]) -> str:
    """Return the step by which Postgres reads rows out of one JSON value; the table itself says their types."""
    columns, name = ", ".join(_quoted(column) for column in names), _quoted(table.name)
    source = f"json_populate_recordset(NULL::{name}, CAST(:rows_{{n}} AS json))"
    return f"INSERT INTO {name} ({columns}) SELECT {columns} FROM {source}"  # noqa: S608 - names are ours


@cache
def _or_update(table: Table) -> str:
    """Return the end of a step by which rows that are there are written anew.

    They are found by their index whatever the plan: an UPDATE of many would read the whole table for as long as it goes
    by a plan from when there was little in it.
    """
    (key,) = (_quoted(column.name) for column in table.primary_key)
    names = [_quoted(column.name) for column in table.c if not column.primary_key]
    return f" ON CONFLICT ({key}) DO UPDATE SET {', '.join(f'{name} = excluded.{name}' for name in names)}"


def _quoted(name: str) -> str:
    return str(_DIALECT.identifier_preparer.quote(name))


def _moment(value: object) -> str:
    """Write a moment for JSON; a naive one is refused, as by `UTC`."""
    if not isinstance(value, datetime) or value.tzinfo is None:
        raise ValueError(f"no moment: {type(value).__name__}")
    return _in_utc(value) if value.tzinfo is UTC else value.isoformat()


@lru_cache(16)
def _in_utc(moment: datetime) -> str:
    """Write a moment in UTC; those of a batch are mostly the same. In other zones unlike ones may be equal (`fold`)."""
    return moment.isoformat()
