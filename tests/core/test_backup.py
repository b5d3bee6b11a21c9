"""A backup holds everything and can be restored into either database, or says why not; nothing is done by half."""

import gzip
import json
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa
from flask import Flask

from config import Config
from eventapp.app import create_app
from eventapp.core import backup
from eventapp.core.backup import BackupError
from eventapp.core.db import WRITE, db
from eventapp.registration.signup.service import sign_up
from tests import databases
from tests.databases import Databases
from tests.make import make_event
from tests.registration.people import arrive, person
from tests.rows import fill

SECRET = "s" * 40


@pytest.fixture
def source(real_app: Flask, tmp_path: Path) -> Path:
    """A backup of a database with a row in every table and rows that name each other."""
    (tmp_path / "secret_key").write_text(SECRET)
    with db.engine.connect().execution_options(**WRITE) as connection, connection.begin():
        for _ in range(2):
            rows = fill(connection)
        connection.exec_driver_sql(f"UPDATE organiser SET logo_id = {rows['picture']['id']}")
    file = tmp_path / "one.backup"
    counts = backup.save(file)
    assert counts["participant"] == 2
    return file


@pytest.fixture(params=["same", "other"])
def target(
    request: pytest.FixtureRequest, database_stock: Databases, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Flask]:
    """An application on another database, bare; with Postgres also one on SQLite."""
    if request.param == "other" and database_stock.kind == "sqlite":
        stock = database_stock  # SQLite into SQLite is tried with all tables and with none
    elif request.param == "other":
        folder = tmp_path_factory.mktemp("sqlite")
        stock = databases.stock("sqlite", folder, folder, "target")
    else:
        stock = database_stock
    lend = stock.bare if request.param == "same" else stock.fresh
    with lend() as url:
        app = create_app(Config.for_tests(url, instance=tmp_path_factory.mktemp("instance")))
        yield app
        with app.app_context():
            db.engine.dispose()


def _lines(file: Path) -> list[str]:
    with gzip.open(file, "rt") as lines:
        return [line for line in lines if "made_at" not in line]


def _write(file: Path, lines: list[object]) -> Path:
    with gzip.open(file, "wt") as out:
        out.write("".join(json.dumps(line) + "\n" for line in lines))
    return file


def _rows(table: str) -> int:
    with db.engine.connect() as connection:
        return connection.scalar(sa.text(f"SELECT count(*) FROM {table}")) or 0


def test_a_restored_database_gives_the_same_backup(source: Path, target: Flask, tmp_path: Path) -> None:
    with target.app_context():
        backup.load(source)
        backup.save(tmp_path / "two.backup")
        instance: Path = target.config["EVENTAPP"].instance
    assert len(_lines(source)) > 60
    assert _lines(source) == _lines(tmp_path / "two.backup")
    assert (instance / "secret_key").read_text() == SECRET
    assert source.stat().st_mode & 0o777 == 0o600


def test_a_backup_shows_one_moment(real_app: Flask, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Seen to fail on Postgres without ONE_VIEW: the guest who comes meanwhile is in it, with half of the rows."""
    event = make_event()
    arrive(event)
    event_id, late, write = event.id, person(event, 2), backup._line

    def come() -> None:
        with real_app.app_context():
            sign_up(event_id, late)

    def line(out: object, value: object) -> None:
        write(out, value)
        if isinstance(value, dict) and value.get("table") == "account":
            guest = threading.Thread(target=come)
            guest.start()
            guest.join(30)

    monkeypatch.setattr(backup, "_line", line)
    counts = backup.save(tmp_path / "one.backup")
    assert [counts[table] for table in ("registration", "participant", "seat", "ticket", "message")] == [1, 1, 2, 1, 1]
    assert _rows("participant") == 2


def test_numbering_goes_on_behind_the_restored_rows(source: Path, target: Flask) -> None:
    with target.app_context():
        backup.load(source)
        with db.engine.connect().execution_options(**WRITE) as connection, connection.begin():
            highest = connection.scalar(sa.text("SELECT max(id) FROM audit_entry"))
            connection.exec_driver_sql(
                "INSERT INTO audit_entry (at, actor, action, about, facts) "
                "VALUES ('2026-06-15 08:00:00', 'system', 'tried', 'test', '{}')"
            )
            assert connection.scalar(sa.text("SELECT max(id) FROM audit_entry")) == highest + 1


def test_data_are_replaced_only_when_asked_for(source: Path, real_app: Flask) -> None:
    with db.engine.connect().execution_options(**WRITE) as connection, connection.begin():
        fill(connection)
    with pytest.raises(BackupError, match="holds data"):
        backup.load(source)
    assert _rows("participant") == 3
    backup.load(source, replace=True)
    assert _rows("participant") == 2


def test_a_cut_off_or_foreign_file_changes_nothing(source: Path, real_app: Flask, tmp_path: Path) -> None:
    whole = source.read_bytes()
    head = {"backup_of": "eventapp", "format": 1, "revision": "0001", "secret_key": None}
    unknown = _write(tmp_path / "new", [head | {"revision": "9999"}, {"end": {}}])
    ended = _write(tmp_path / "ended", [head, {"table": "event", "columns": ["id"]}, [1], {"end": {}}])
    cut = tmp_path / "cut"
    cut.write_bytes(whole[: len(whole) // 2])
    text = tmp_path / "text"
    text.write_text("not a backup")
    for file, why in ((cut, "incomplete"), (text, "cannot be read"), (unknown, "newer"), (ended, "incomplete")):
        with pytest.raises(BackupError, match=why):
            backup.load(file, replace=True)
    assert _rows("participant") == 2


def test_a_failing_restore_keeps_what_was_there(source: Path, real_app: Flask, tmp_path: Path) -> None:
    head = {"backup_of": "eventapp", "format": 1, "revision": "0001", "secret_key": None}
    broken = [head, {"table": "seat", "columns": ["participant_id", "limit_id"]}, [1, 1], {"end": {"seat": 1}}]
    file = _write(tmp_path / "broken", broken)
    with pytest.raises(Exception, match=r"seat|foreign"):
        backup.load(file, replace=True)
    assert _rows("participant") == 2


def test_the_commands_say_what_they_did_or_why_not(real_app: Flask, tmp_path: Path) -> None:
    run, file = real_app.test_cli_runner(), str(tmp_path / "x.backup")
    with db.engine.connect().execution_options(**WRITE) as connection, connection.begin():
        fill(connection)
    assert "rows are in" in run.invoke(args=["backup", file]).output
    again = run.invoke(args=["backup", file])
    assert (again.exit_code, again.output) == (1, f"Error: {file} exists already.\n")
    refused = run.invoke(args=["restore", file])
    assert refused.exit_code == 1
    assert "--replace" in refused.output
    assert "rows are restored" in run.invoke(args=["restore", "--replace", file]).output
