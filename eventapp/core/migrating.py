"""How revisions of the database run and are written; called by `migrations/env.py`, `flask up` and the backup.

On SQLite a change of a table makes a new one, copies the rows and drops the old one. With foreign keys on, dropping a
parent deletes its children without a word; the driver's own transactions commit before such a change, so that a
failing revision would leave half of it. Both are prevented here.
"""

import contextlib
from collections.abc import Iterator, Sequence
from typing import Any, Literal

from alembic import command
from alembic.autogenerate.api import AutogenContext
from alembic.config import Config
from alembic.operations import MigrationScript, ops
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from flask import current_app
from sqlalchemy import Connection, Engine, ForeignKeyConstraint
from sqlalchemy.types import TypeDecorator

from eventapp.core.db import WRITE, db

_ANY_NUMBER = 7207901  # names our lock among the advisory locks of a Postgres database


class BrokenReferencesError(RuntimeError):
    """A revision left rows that name a row which is not there; everything was rolled back."""


def upgrade(revision: str = "head") -> None:
    """Bring the database of the current application to `revision`, the newest if none is given."""
    command.upgrade(_settings(), revision)


def downgrade(revision: str) -> None:
    """Take the database of the current application back to `revision`; "base" leaves no table."""
    command.downgrade(_settings(), revision)


def newest() -> str:
    """Return the newest revision that this code knows."""
    return str(ScriptDirectory.from_config(_settings()).get_current_head() or "")


def current() -> str:
    """Return the revision of the database, empty when it has no tables yet."""
    try:
        return str(MigrationContext.configure(db.session.connection()).get_current_revision() or "")
    finally:
        db.session.rollback()  # no read transaction stays open behind it


@contextlib.contextmanager
def connection(engine: Engine) -> Iterator[Connection]:
    """Give a connection that may change tables; on SQLite foreign keys are off, which only works before BEGIN."""
    with engine.connect().execution_options(**WRITE) as opened:
        raw = opened.connection.driver_connection
        if opened.dialect.name != "sqlite" or raw is None:
            yield opened
            return
        raw.execute("PRAGMA foreign_keys=OFF")
        try:
            yield opened
        finally:
            opened.rollback()
            raw.execute("PRAGMA foreign_keys=ON")


def lock(connection: Connection) -> None:
    """Wait until no other process runs revisions; on SQLite, BEGIN IMMEDIATE has done that."""
    if connection.dialect.name == "postgresql":
        connection.exec_driver_sql("SET LOCAL statement_timeout = 0")
        connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({_ANY_NUMBER})")


def check_foreign_keys(connection: Connection) -> None:
    """Refuse the result when a reference leads nowhere: SQLite did not look while foreign keys were off."""
    if connection.dialect.name == "sqlite":
        broken = connection.exec_driver_sql("PRAGMA foreign_key_check").fetchall()
        if broken:
            raise BrokenReferencesError(f"{len(broken)} rows of {sorted({row[0] for row in broken})}")


def render_item(kind: str, item: Any, _context: AutogenContext) -> str | Literal[False]:
    """Write our own column types as what the database stores: a revision must not change when our code does."""
    if kind == "type" and isinstance(item, TypeDecorator):
        return f"sa.{item.impl_instance!r}"
    return False


def number_revision(context: MigrationContext, _revision: Any, directives: list[MigrationScript]) -> None:
    """Number a new revision and put references of tables that refer to each other behind both tables."""
    script = directives[0]
    known = ScriptDirectory.from_config(context.config).walk_revisions() if context.config else ()
    if script.rev_id is None or not script.rev_id.isdecimal():
        script.rev_id = f"{1 + max((int(one.revision) for one in known), default=0):04d}"
    for up, down in zip(script.upgrade_ops_list, script.downgrade_ops_list, strict=True):
        late = _take_circular(up.ops)
        up.ops.extend(late)
        down.ops[:0] = [_undo(change) for change in reversed(late)]


def _settings() -> Config:
    migrate = current_app.extensions["migrate"].migrate
    settings: Config = migrate.get_config(migrate.directory)
    return settings


def _take_circular(operations: Sequence[Any]) -> list[ops.ModifyTableOps]:
    taken = []
    for create in operations:
        if not isinstance(create, ops.CreateTableOp):
            continue
        for part in list(create.columns):
            if isinstance(part, ForeignKeyConstraint) and part.use_alter:
                late = ops.CreateForeignKeyOp.from_constraint(part)
                late.kw.pop("use_alter", None)
                taken.append(ops.ModifyTableOps(create.table_name, [late]))
                create.columns = [other for other in create.columns if other is not part]
    return taken


def _undo(change: ops.ModifyTableOps) -> ops.ModifyTableOps:
    return ops.ModifyTableOps(change.table_name, [one.reverse() for one in reversed(change.ops)])
