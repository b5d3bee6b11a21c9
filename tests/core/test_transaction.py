"""`transaction()`: the one way to write. Reads do not wait for writers, nothing is written outside, nothing by half.

Seen to fail: with a commit where the rollback stands, and with an inner failure that dooms nothing.
"""

import threading
import time
from collections.abc import Iterator
from datetime import timedelta

import psycopg
import pytest
from flask import Flask
from sqlalchemy import select, update
from sqlalchemy.exc import DBAPIError

from config import Config
from eventapp.core import clock
from eventapp.core import db as database
from eventapp.core.db import Doomed, OutsideTransaction, db, transaction
from eventapp.core.limits import Attempt

KEY = "a"


def _read() -> int:
    return db.session.scalars(select(Attempt.count).where(Attempt.key == KEY)).one()


def _write(count: int) -> None:
    with transaction() as session:
        session.execute(update(Attempt).values(count=count))


def _write_and_fail() -> None:
    with transaction():
        _write(3)
        raise LookupError


def _flush_outside() -> None:
    db.session.get_one(Attempt, KEY).count = 5
    db.session.flush()


def _execute_outside() -> None:
    db.session.execute(update(Attempt).values(count=5))


def _drive_outside() -> None:
    db.session.connection().exec_driver_sql("UPDATE attempt SET count = 5")


def _change_and_forget() -> None:
    db.session.get_one(Attempt, KEY).count = 5


ACTS = {act.__name__: act for act in (_flush_outside, _execute_outside, _drive_outside, _change_and_forget)}


@pytest.fixture
def site(real_database: str) -> Iterator[Flask]:
    """A small site on a real database with one row; it has a view for each wrong way to write."""
    site = Flask("small")
    config = Config.for_tests(real_database)
    site.config["SQLALCHEMY_DATABASE_URI"] = real_database
    site.config["SQLALCHEMY_ENGINE_OPTIONS"] = database.engine_options(real_database, config.pool_size)
    database.init(site)
    site.add_url_rule("/", "read", lambda: str(_read()))
    for name, act in ACTS.items():
        site.add_url_rule(f"/{name}", name, lambda act=act: str(act()))
    with site.app_context(), transaction() as session:
        session.add(Attempt(key=KEY, since=clock.now(), count=0))
    yield site
    with site.app_context():
        db.engine.dispose()


def test_reads_do_not_wait_for_a_writer(site: Flask) -> None:
    written, finish = threading.Event(), threading.Event()

    def hold() -> None:
        with site.app_context(), transaction() as session:
            session.execute(update(Attempt).values(count=9))
            written.set()
            finish.wait(10)

    writer = threading.Thread(target=hold)
    writer.start()
    assert written.wait(10)
    began = time.perf_counter()
    seen = site.test_client().get("/").text
    took = time.perf_counter() - began
    finish.set()
    writer.join()
    assert seen == "0"
    assert took < 1
    assert site.test_client().get("/").text == "9"


def test_a_connection_that_died_while_it_rested_is_replaced(
    site: Flask, real_database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(database, "_AWAKE", 0)
    client = site.test_client()
    assert client.get("/").text == "0"
    if real_database.startswith("postgresql"):
        others = (
            "FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
            " AND backend_type = 'client backend'"
        )
        with psycopg.connect(real_database.replace("+psycopg", ""), autocommit=True) as server:
            ended = server.execute(f"SELECT state, pg_terminate_backend(pid, 5000) {others}").fetchall()
        assert ended == [("idle", True)], "what was read is over, and its connection waits for the next"
    assert client.get("/").text == "0"


@pytest.mark.parametrize("act", ACTS)
def test_a_write_outside_raises_and_stores_nothing(site: Flask, act: str) -> None:
    site.testing = True
    with pytest.raises((OutsideTransaction, DBAPIError)):
        site.test_client().get(f"/{act}")
    assert site.test_client().get("/").text == "0"


def test_in_production_a_forgotten_change_is_lost_but_does_no_harm(site: Flask) -> None:
    assert site.test_client().get("/_change_and_forget").status_code == 200
    assert site.test_client().get("/").text == "0"


def test_an_inner_block_joins_and_the_outermost_commits(app: Flask) -> None:
    with transaction() as outer:
        outer.add(Attempt(key=KEY, since=clock.now(), count=0))
        with transaction() as inner:
            assert inner is outer
            _write(3)
    assert _read() == 3


def test_any_exception_rolls_everything_back(site: Flask) -> None:
    with site.app_context():
        with pytest.raises(LookupError):
            _write_and_fail()
        assert _read() == 0


def test_a_swallowed_inner_failure_dooms_the_outer_block(site: Flask) -> None:
    with site.app_context():
        with pytest.raises(Doomed), transaction(), pytest.raises(LookupError):
            _write_and_fail()
        assert _read() == 0
        _write(4)
        assert _read() == 4


def test_a_change_before_the_block_is_dropped_not_smuggled_in(site: Flask) -> None:
    with site.app_context():
        db.session.get_one(Attempt, KEY).count = 7
        with transaction() as session:
            session.execute(update(Attempt).values(since=clock.now() + timedelta(days=1)))
        assert _read() == 0


def test_a_naive_time_is_refused(app: Flask) -> None:
    with pytest.raises(Exception, match="naive"), transaction() as session:
        session.add(Attempt(key="b", since=clock.now().replace(tzinfo=None), count=0))
