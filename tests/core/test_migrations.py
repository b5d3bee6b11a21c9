"""The revisions: from nothing to what the models say and back, with rows in every table, and all or nothing.

Seen to fail: with a column that no revision makes.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.operations import Operations
from alembic.script import ScriptDirectory
from flask import Flask

from config import ROOT, Config
from eventapp.app import create_app
from eventapp.core import migrating
from eventapp.core.db import WRITE, Base, db
from tests.databases import Databases
from tests.rows import fill

REVISIONS = [one.revision for one in ScriptDirectory(str(ROOT / "migrations")).walk_revisions()][::-1]


@pytest.fixture
def bare(database_stock: Databases, tmp_path: Path) -> Iterator[Flask]:
    """An application on a database without a single table, its context open."""
    with database_stock.bare() as url:
        app = create_app(Config.for_tests(url, instance=tmp_path))
        with app.app_context():
            yield app
            db.session.remove()
            db.engine.dispose()


def _tables() -> set[str]:
    return set(sa.inspect(db.engine).get_table_names()) - {"alembic_version"}


def _schema() -> dict[str, Any]:
    """Return all that the database knows of its tables, in an order of its own."""
    seen, found = sa.inspect(db.engine), {}
    for table in seen.get_table_names():
        parts = (
            seen.get_columns(table),
            [seen.get_pk_constraint(table)],
            seen.get_foreign_keys(table),
            seen.get_indexes(table),
            seen.get_unique_constraints(table),
            seen.get_check_constraints(table),
        )
        found[table] = [sorted(_plain(one) for one in part) for part in parts]
    found.pop("alembic_version", None)
    return found


def _plain(part: Any) -> str:
    if isinstance(part, dict):
        return str({name: _plain(part[name]) for name in sorted(part)})
    return str(part)


def test_the_revisions_are_numbered_without_a_gap() -> None:
    assert [f"{number:04d}" for number in range(1, len(REVISIONS) + 1)] == REVISIONS


def test_from_nothing_the_revisions_make_what_the_models_say(bare: Flask) -> None:
    migrating.upgrade()
    assert migrating.current() == migrating.newest() == REVISIONS[-1]
    with db.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, Base.metadata) == []
    migrated = _schema()
    migrating.downgrade("base")
    assert _tables() == set()
    with db.engine.connect().execution_options(**WRITE) as connection, connection.begin():
        Base.metadata.create_all(connection)
    assert migrated == _schema()


def test_every_revision_goes_up_and_down_with_rows_in_all_tables(bare: Flask) -> None:
    for revision in REVISIONS:
        migrating.upgrade(revision)
        with db.engine.connect().execution_options(**WRITE) as connection, connection.begin():
            before = fill(connection)
        assert before
        with migrating.connection(db.engine) as connection, connection.begin():
            migrating.check_foreign_keys(connection)
    for revision in [*REVISIONS[:-1][::-1], "base"]:
        migrating.downgrade(revision)
    assert _tables() == set()
    migrating.upgrade()
    assert migrating.current() == REVISIONS[-1]


def _change_parent(connection: sa.Connection, *, fail: bool) -> None:
    operations = Operations(MigrationContext.configure(connection, opts={"render_as_batch": True}))
    on_sqlite = connection.dialect.name == "sqlite"
    with operations.batch_alter_table("organiser", recreate="always" if on_sqlite else "never") as batch:
        batch.add_column(sa.Column("motto", sa.String(40), nullable=True))
    if fail:
        operations.execute("INSERT INTO organiser (id) VALUES (NULL)")


def _count(table: str) -> int:
    with db.engine.connect() as connection:
        return connection.scalar(sa.select(sa.func.count()).select_from(Base.metadata.tables[table])) or 0


def test_changing_a_parent_keeps_its_children(real_app: Flask) -> None:
    with db.engine.connect().execution_options(**WRITE) as connection, connection.begin():
        fill(connection)
    children = {table: _count(table) for table in ("event", "membership", "participant", "seat")}
    assert all(children.values())
    with migrating.connection(db.engine) as connection, connection.begin():
        _change_parent(connection, fail=False)
        migrating.check_foreign_keys(connection)
    assert {table: _count(table) for table in children} == children
    with db.engine.connect() as connection:
        assert "motto" in {one["name"] for one in sa.inspect(connection).get_columns("organiser")}


def test_a_failing_change_leaves_nothing_and_can_be_repeated(real_app: Flask) -> None:
    before = _schema()
    for _ in range(2):
        with pytest.raises(sa.exc.IntegrityError), migrating.connection(db.engine) as connection, connection.begin():
            _change_parent(connection, fail=True)
        assert _schema() == before
    with migrating.connection(db.engine) as connection, connection.begin():
        _change_parent(connection, fail=False)


def test_foreign_keys_are_on_again_after_a_change(real_app: Flask) -> None:
    with migrating.connection(db.engine) as connection, connection.begin():
        _change_parent(connection, fail=False)
    writing = db.engine.connect().execution_options(**WRITE)
    with pytest.raises(sa.exc.IntegrityError), writing as connection, connection.begin():
        connection.exec_driver_sql("INSERT INTO seat (participant_id, limit_id) VALUES (4711, 4711)")


def test_a_reference_that_leads_nowhere_is_refused(real_app: Flask) -> None:
    if db.engine.dialect.name != "sqlite":
        with db.engine.connect() as connection:
            migrating.check_foreign_keys(connection)  # Postgres looked already
        return
    broken = pytest.raises(migrating.BrokenReferencesError, match="seat")
    with broken, migrating.connection(db.engine) as connection, connection.begin():
        connection.exec_driver_sql("INSERT INTO seat (participant_id, limit_id) VALUES (4711, 4711)")
        migrating.check_foreign_keys(connection)
    assert _count("seat") == 0
