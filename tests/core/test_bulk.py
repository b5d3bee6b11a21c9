"""Keys of a list are looked up one by one: by their index, also when the plan was made for an empty table."""

import contextlib
import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from flask import Flask
from sqlalchemy import Connection, event, select
from sqlalchemy.orm import Session

from eventapp.accounts.models import Account
from eventapp.capacity.models import SeatLimit
from eventapp.checkin.scans import statements as scans
from eventapp.core import bulk
from eventapp.core.bulk import Statements, as_one, each, insert_all, rewrite
from eventapp.core.db import Base, db, dialect_of, transaction
from eventapp.core.limits import Attempt
from eventapp.registration import queries
from eventapp.registration.signup.service import sign_up
from tests.make import make_account, make_event, make_organiser
from tests.registration.people import person

BY_EMAIL = each(select(Account.email_key, Account.name), Account.email_key, "emails")
RUSH: dict[str, tuple[Statements, dict[str, Any]]] = {
    "the repeated": (queries._REPEATED, {"keys": ["a", "b"]}),
    "addresses": (queries._WITH_EMAIL, {"emails": ["a", "b"]}),
    "tickets": (scans._LOCK_FREE, {"codes": ["a", "b"]}),
    "scans of tickets": (scans._OF_TICKETS, {"tickets": [1, 2]}),
    "items": (scans._FORUMS, {"people": [1, 2]}),
    "scans": (scans._WITH_IDS, {"scans": ["a", "b"]}),
}
NOW = datetime(2025, 12, 4, 9, tzinfo=UTC)
LATER = NOW + timedelta(minutes=1)
SMALL = {"category", "agenda_item", "seat_limit", "room"}
"""Read as a whole while there is a page of them or less."""


def test_each_key_finds_its_rows(app: Flask) -> None:
    organiser = make_organiser()
    one, two = (make_account(organiser).email_key for _ in range(2))
    found = db.session.execute(BY_EMAIL[dialect_of(db.session())], {"emails": [two, one, "nobody@example.org", one]})
    assert sorted(row.email_key for row in found) == sorted((one, two))
    assert not db.session.execute(BY_EMAIL[dialect_of(db.session())], {"emails": []}).all()


@pytest.mark.parametrize("name", RUSH)
def test_the_statements_of_a_rush_never_read_a_whole_table(app: Flask, name: str) -> None:
    statements, given = RUSH[name]
    connection = db.session.connection()
    statement, parameters = _sent(connection, statements, given)
    if connection.dialect.name == "sqlite":
        steps = [row[3] for row in connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", parameters)]
        assert steps
        assert not [step for step in steps if step.startswith("SCAN")]
    else:  # the plan that it keeps, for whatever parameters
        numbers = {name: f"${number}" for number, name in enumerate(parameters, 1)}
        numbered = re.sub(r"%\((\w+)\)s", lambda found: numbers[found[1]], statement)
        plan: Any = connection.exec_driver_sql(f"EXPLAIN (GENERIC_PLAN, FORMAT JSON) {numbered}").scalar_one()
        tables = [node["Relation Name"] for node in _nodes(plan[0]["Plan"]) if node["Node Type"] == "Seq Scan"]
        assert set(tables) <= SMALL


def test_what_has_changed_is_written_with_what_is_inserted(app: Flask) -> None:
    with transaction() as session:
        insert_all(session, Attempt, [_attempt(key) for key in ("often", "again", "beside", "same")])
    with transaction() as session, _statements(session) as sent:
        often, again, beside, same = (session.get_one(Attempt, x) for x in ("often", "again", "beside", "same"))
        often.count, beside.count, same.count = 7, 3, 0
        again.count, again.since = 1, LATER
        new = Attempt(**_attempt("new"))
        session.add(new)
        sent.clear()
        with as_one(session):
            insert_all(session, Attempt, [_attempt("inserted")])
            rewrite(session, [often, again, same, new])
        on_postgres = dialect_of(session) == "postgresql"
        assert ["ON CONFLICT" in x for x in sent] == ([False, False, True] if on_postgres else [False])
        assert (often in session.dirty and session.is_modified(often)) is not on_postgres
    counts = {row.key: (row.count, row.since) for row in db.session.scalars(select(Attempt))}
    untouched = dict.fromkeys(("same", "new", "inserted"), (0, NOW))
    assert counts == {"often": (7, NOW), "again": (1, LATER), "beside": (3, NOW), **untouched}


def test_what_is_rolled_back_was_never_rewritten(app: Flask) -> None:
    with transaction() as session:
        insert_all(session, Attempt, [_attempt("often")])
    with transaction() as session:
        often = session.get_one(Attempt, "often")
        part = session.begin_nested()
        often.count = 7
        with as_one(session):
            rewrite(session, [often])
        part.rollback()
        assert often.count == 0
        often.count += 1
    assert db.session.get_one(Attempt, "often").count == 1


@pytest.mark.parametrize("release_at", [None, NOW])
def test_a_row_that_is_written_anew_is_the_same_but_for_what_has_changed(
    app: Flask, release_at: datetime | None
) -> None:
    event_id = make_event(seats=10).id
    with transaction() as session:
        limit = session.scalars(select(SeatLimit).where(SeatLimit.event_id == event_id)).first()
        assert limit is not None
        limit.release_at, limit.reserved = release_at, 2
        session.flush()
        before = _columns(limit)
        limit.taken = 4
        with as_one(session):
            rewrite(session, [limit])
    assert _columns(db.session.get_one(SeatLimit, limit.id)) == {**before, "taken": 4}


def test_a_row_that_is_deleted_stays_so(app: Flask) -> None:
    with transaction() as session:
        insert_all(session, Attempt, [_attempt("often")])
    with transaction() as session:
        often = session.get_one(Attempt, "often")
        often.count = 7
        session.delete(often)
        with as_one(session):
            rewrite(session, [often])
    assert db.session.get(Attempt, "often") is None


def test_a_moment_is_written_with_the_offset_that_it_has() -> None:
    in_summer = datetime(2025, 10, 26, 2, 30, tzinfo=ZoneInfo("Europe/Berlin"))
    assert [bulk._moment(x) for x in (in_summer, in_summer.replace(fold=1), NOW)] == [
        "2025-10-26T02:30:00+02:00", "2025-10-26T02:30:00+01:00", "2025-12-04T09:00:00+00:00"
    ]  # fmt: skip


def test_what_is_counted_costs_a_rush_no_statement(app: Flask) -> None:
    event = make_event(seats=10)
    sign_up(event.id, person(event, 1), network="192.0.2.1")
    with transaction() as session, _statements(session) as sent:
        sign_up(event.id, person(event, 2), network="192.0.2.1")
    updated = [x for x in sent if x.startswith("UPDATE")]
    written = [x for x in sent if "ON CONFLICT" in x]
    if dialect_of(session) == "postgresql":
        assert not updated
        counters = ("event_queue", "seat_limit", "attempt")
        assert [written[0].count(f"INSERT INTO {name} ") for name in counters] == [1, 1, 1]
    else:
        assert len(updated) == 3
        assert not written


def _columns(row: Base) -> dict[str, Any]:
    return {column.name: getattr(row, column.name) for column in row.__table__.columns}


def _attempt(key: str) -> dict[str, Any]:
    return {"key": key, "since": NOW, "count": 0}


@contextlib.contextmanager
def _statements(session: Session) -> Iterator[list[str]]:
    """Collect what the database is sent inside."""
    sent: list[str] = []
    connection = session.connection()
    note = lambda _connection, _cursor, statement, *_: sent.append(statement)  # noqa: E731
    event.listen(connection, "before_cursor_execute", note)
    yield sent
    event.remove(connection, "before_cursor_execute", note)


def _sent(connection: Connection, statements: Statements, given: dict[str, Any]) -> tuple[str, Any]:
    """Run a statement, and return what the database was sent."""
    sent: list[tuple[str, Any]] = []
    note = lambda _connection, _cursor, statement, parameters, *_: sent.append((statement, parameters))  # noqa: E731
    event.listen(connection, "before_cursor_execute", note)
    assert not connection.execute(statements[connection.dialect.name], given).all()
    event.remove(connection, "before_cursor_execute", note)
    (found,) = sent
    return found


def _nodes(plan: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield plan
    for part in plan.get("Plans", []):
        yield from _nodes(part)
