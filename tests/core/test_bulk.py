"""Keys of a list are looked up one by one: by their index, also when the plan was made for an empty table."""

import contextlib
import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import Connection, event, select
from sqlalchemy.orm import Session

from eventapp.accounts.models import Account
from eventapp.checkin.scans import statements as scans
from eventapp.core.bulk import Statements, as_one, each, insert_all, rewrite
from eventapp.core.db import db, dialect_of, transaction
from eventapp.core.limits import Attempt
from eventapp.registration import queries
from tests.make import make_account, make_organiser

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
    with contextlib.suppress(ZeroDivisionError), transaction() as session:
        often = session.get_one(Attempt, "often")
        often.count = 7
        with as_one(session):
            rewrite(session, [often])
        raise ZeroDivisionError
    assert db.session.get_one(Attempt, "often").count == 0


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
