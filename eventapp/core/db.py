"""The one place that begins, commits and rolls back. Reads never lock; a write is one `transaction()` block.

A read on Postgres is one statement, which may not write: BEGIN and ROLLBACK around it would see no more, because each
statement has its own view there, and cost two ways to the server. What needs one view of everything, or a cursor of the
server, says so with the isolation level REPEATABLE READ.

SQLite writers of all threads and processes queue on a file lock, because its busy handler only polls and starves
single writers; Postgres writers meet at row locks.
"""

import contextlib
import fcntl
import json
import math
import time
from collections.abc import Iterator
from datetime import UTC as UTC_ZONE
from datetime import datetime
from typing import Any

from flask import Flask
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import JSON, Connection, DateTime, Dialect, Engine, MetaData, String, event
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.exc import InvalidatePoolError
from sqlalchemy.orm import DeclarativeBase, ORMExecuteState, Session
from sqlalchemy.pool import ConnectionPoolEntry
from sqlalchemy.types import TypeDecorator

WRITE = {"writing": True}
ONE_VIEW = "REPEATABLE READ"
_PRAGMAS = ("busy_timeout=30000", "journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON")
_AWAKE = 1.0
"""Seconds after which a connection is asked whether it still lives before it is used again."""
_TIMEOUTS = "-c lock_timeout=20s -c statement_timeout=60s -c idle_in_transaction_session_timeout=60s"


class Base(DeclarativeBase):
    """Parent of all models; constraint names are predictable so that migrations can name them."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(column_0_N_label)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "pk": "pk_%(table_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
        }
    )

    not_personal: frozenset[str] = frozenset()
    """Text columns that hold nothing about a person; all others of a table with personal data are marked."""


db = SQLAlchemy(model_class=Base, session_options={"join_transaction_mode": "create_savepoint"})


class OutsideTransaction(RuntimeError):
    """Something was written, or changed and not written, outside `transaction()`."""


class Doomed(RuntimeError):
    """An inner `transaction()` failed and its exception was swallowed; nothing was committed."""


class UTC(TypeDecorator[datetime]):
    """A moment: aware in Python, stored in UTC; a naive value is refused."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Turn an aware moment into UTC; SQLite keeps it without zone."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("naive datetime")
        moment = value.astimezone(UTC_ZONE)
        return moment.replace(tzinfo=None) if dialect.name == "sqlite" else moment

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002
        """Give the moment back in UTC."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC_ZONE) if value.tzinfo is None else value.astimezone(UTC_ZONE)


class Enum(TypeDecorator[Any]):
    """A StrEnum stored as its value in a string column; the CHECK constraint stands in the model."""

    impl = String(40)
    cache_ok = True

    def __init__(self, kind: type) -> None:
        super().__init__()
        self.kind = kind

    def process_bind_param(self, value: Any, dialect: Dialect) -> str | None:  # noqa: ARG002
        """Refuse a value that the enum does not know."""
        return None if value is None else str(self.kind(value).value)

    def process_result_value(self, value: Any, dialect: Dialect) -> Any:  # noqa: ARG002
        """Give the enum's member back."""
        return None if value is None else self.kind(value)


def one_of(column: str, kind: type) -> str:
    """Return the SQL of a CHECK that `column` holds a value of the enum `kind`."""
    values = ", ".join(f"'{member.value}'" for member in kind)  # type: ignore[attr-defined]
    return f"{column} IN ({values})"


Json = JSON(none_as_null=True)
"""A JSON column; None is NULL."""


@contextlib.contextmanager
def transaction() -> Iterator[Session]:
    """Open the write transaction or join the open one; the outermost commits, any exception rolls all back."""
    session = db.session()
    if session.info.get("writing"):
        try:
            yield session
        except BaseException:
            session.info["doomed"] = True  # an outer block that swallows it must not commit half of the work
            raise
        return
    session.rollback()  # ends the read transaction, expires what was read before the lock
    with _one_writer(db.engine):
        session.info.update(writing=True, doomed=False)
        try:
            session.connection(execution_options=WRITE)
            yield session
            if session.info["doomed"]:
                raise Doomed("an inner transaction() failed and its exception was swallowed")
            session.commit()
        except BaseException:
            session.rollback()
            raise
        finally:
            session.info["writing"] = False


def is_writing() -> bool:
    """Tell whether this thread is inside `transaction()`."""
    return db.session.registry.has() and bool(db.session().info.get("writing"))


def let_go() -> None:
    """Give this thread's connection back before it waits for another: a process has more threads than connections."""
    if is_writing():
        raise RuntimeError("waits for another thread inside transaction()")
    if db.session.registry.has():  # most who wait have asked nothing yet
        db.session.rollback()


def insert_missing(session: Session, model: type[Base], **values: Any) -> None:
    """Insert a row unless its key is there already, also when another process inserts it at the same moment."""
    insert = sqlite.insert if is_sqlite(session) else postgresql.insert
    session.execute(insert(model).values(**values).on_conflict_do_nothing())


def dialect_of(session: Session) -> str:
    """Return the name of the database that the session speaks to, for the few places where they differ."""
    return session.get_bind().dialect.name


def is_sqlite(session: Session) -> bool:
    """Tell whether the session speaks to SQLite."""
    return dialect_of(session) == "sqlite"


@contextlib.contextmanager
def _one_writer(engine: Engine | Connection) -> Iterator[None]:
    """Queue SQLite writers of all threads and processes."""
    path = engine.engine.url.database if engine.dialect.name == "sqlite" else None
    if not path or path == ":memory:":
        yield
        return
    with open(path + ".lock", "a") as lock:  # noqa: PTH123 - one open file per block: flock then also parts threads
        fcntl.flock(lock, fcntl.LOCK_EX)
        try:
            yield
        finally:
            fcntl.flock(lock, fcntl.LOCK_UN)  # by name: a forked child that inherited the file would keep it


def listen(engine: Engine) -> None:
    """Make `engine` begin read-only or writing transactions as its connection's options say."""
    on_sqlite = engine.dialect.name == "sqlite"
    if on_sqlite:

        @event.listens_for(engine, "connect")
        def _connect(raw: DBAPIConnection, _record: object) -> None:
            raw.isolation_level = None  # the driver must not begin by itself
            cursor = raw.cursor()
            for pragma in _PRAGMAS:
                cursor.execute(f"PRAGMA {pragma}")
            cursor.close()

    else:
        _ask_who_rested(engine)

        @event.listens_for(engine, "connect")
        def _only_read(raw: Any, _record: object) -> None:
            raw.autocommit = True
            raw.execute("SET SESSION CHARACTERISTICS AS TRANSACTION READ ONLY")

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        writing = connection.get_execution_options().get("writing", False)
        if on_sqlite:
            connection.exec_driver_sql(f"PRAGMA query_only={int(not writing)}")
            connection.exec_driver_sql("BEGIN IMMEDIATE" if writing else "BEGIN")
        else:
            raw: Any = connection.connection.driver_connection
            raw.autocommit = not writing and connection.get_execution_options().get("isolation_level") != ONE_VIEW
            raw.read_only = not writing


def _ask_who_rested(engine: Engine) -> None:
    """Ask a connection that rested whether it still lives; one that was used within a second is taken as living."""

    @event.listens_for(engine, "checkin")
    def _rest(_raw: DBAPIConnection | None, record: ConnectionPoolEntry) -> None:
        record.info["rests_since"] = time.monotonic()

    @event.listens_for(engine, "checkout")
    def _wake(raw: DBAPIConnection, record: ConnectionPoolEntry, _proxy: object) -> None:
        if time.monotonic() - record.info.get("rests_since", math.inf) < _AWAKE:
            return
        try:
            engine.dialect.do_ping(raw)
        except engine.dialect.loaded_dbapi.Error as error:
            raise InvalidatePoolError from error  # the pool makes a new one, and asks no other of that time


def engine_options(url: str, pool_size: int) -> dict[str, Any]:
    """Return the engine's options for `url`: a fixed pool, JSON that keeps every script readable, time limits."""
    options: dict[str, Any] = {"json_serializer": lambda value: json.dumps(value, ensure_ascii=False)}
    if url in ("sqlite://", "sqlite:///:memory:"):
        return options
    options |= {"pool_size": pool_size, "max_overflow": 0, "pool_timeout": 60}
    if url.startswith("postgresql"):
        options |= {"connect_args": {"options": _TIMEOUTS}}
    return options


def init(app: Flask) -> None:
    """Bind the database to `app` and forbid writes outside `transaction()`."""
    db.init_app(app)
    with app.app_context():
        listen(db.engine)

    @app.teardown_appcontext
    def _nothing_unsaved(error: BaseException | None) -> None:
        if not db.session.registry.has():
            return  # this request never asked the database
        session = db.session()
        lost = error is None and (session.new or session.dirty or session.deleted)
        db.session.remove()  # before raising: a session left open would hold its locks
        if lost and app.testing:
            raise OutsideTransaction("changed outside transaction() and silently lost")

    factory = db.session.session_factory
    event.listen(factory, "before_flush", lambda session, *_: _forbid(session))

    @event.listens_for(factory, "do_orm_execute")
    def _execute(state: ORMExecuteState) -> None:
        if state.is_insert or state.is_update or state.is_delete:
            _forbid(state.session)


def _forbid(session: Session) -> None:
    if not session.info.get("writing"):
        raise OutsideTransaction("write outside transaction()")
