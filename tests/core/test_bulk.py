"""Keys of a list are looked up one by one: by their index, also when the plan was made for an empty table."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import Connection, event, select

from eventapp.accounts.models import Account
from eventapp.checkin.scans import statements as scans
from eventapp.core.bulk import Statements, each
from eventapp.core.db import db, dialect_of
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
