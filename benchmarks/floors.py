"""The floors that nothing built on Flask can beat: F0 says hello, F1 checks the same form and inserts one row.

Served like the application, by granian. F1 has the fields of the sign-up form with all their checks and the same
protection against forged requests; its INSERT goes through the driver and commits by itself, prepared, on a
connection of its thread.
"""

import sqlite3
import threading
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import psycopg
from flask import Flask, redirect
from flask_wtf import FlaskForm
from flask_wtf.csrf import CSRFProtect, generate_csrf
from werkzeug.wrappers import Response
from wtforms import RadioField, SelectChoice
from wtforms.validators import InputRequired

from config import ROOT
from eventapp.core import i18n
from eventapp.core.i18n import CONTENT_LANGUAGES
from eventapp.registration.forms import PersonForm

TABLE = "CREATE TABLE floor_row (id {key}, email TEXT, given_name TEXT, family_name TEXT, organisation TEXT)"
_KEY = {"sqlite": "INTEGER PRIMARY KEY", "postgresql": "BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY"}
_INSERT = "INSERT INTO floor_row (email, given_name, family_name, organisation) VALUES ({0}, {0}, {0}, {0})"
_local = threading.local()
_one_writer = threading.Lock()
Row = tuple[str, str, str, str]


class FloorForm(PersonForm):
    """The sign-up form of an event with seven categories and six forums."""

    class Meta(PersonForm.Meta):
        """As Flask-WTF has it."""

        csrf_class = FlaskForm.Meta.csrf_class

    event: Any = SimpleNamespace(categories=())
    category = RadioField(
        "Category", [InputRequired()], choices=[SelectChoice(str(n), f"Category {n}") for n in range(7)]
    )
    items_1 = RadioField("Forum", choices=[SelectChoice(str(n), f"Forum {n}") for n in range(7)], default="0")


def table(url: str) -> str:
    """Return the statement that makes the floor's table in the database at `url`."""
    return TABLE.format(key=_KEY["sqlite" if url.startswith("sqlite") else "postgresql"])


def hello_app() -> Flask:
    """Make F0."""
    app = Flask("floor0")
    app.get("/hello")(lambda: "hello")
    return app


def form_app(url: str, secret_key: str) -> Flask:
    """Make F1 on the database at `url`."""
    app = Flask("floor1")
    app.config.update(SECRET_KEY=secret_key, WTF_CSRF_TIME_LIMIT=None, TRANSLATIONS=ROOT / "translations")
    i18n.init(app)
    CSRFProtect(app)
    insert = _on_sqlite(url) if url.startswith("sqlite") else _on_postgres(url)

    @app.get("/form")
    def show() -> str:
        return str(generate_csrf())

    @app.post("/form")
    def take() -> Response | tuple[Any, int]:
        form = FloorForm()
        form.language.choices = [SelectChoice(key, key) for key in CONTENT_LANGUAGES]
        if not form.validate_on_submit():
            return form.errors, 422
        told = form.email.data, form.given_name.data, form.family_name.data, form.organisation.data
        insert((told[0] or "", told[1] or "", told[2] or "", told[3] or ""))
        return redirect("/hello", 303)

    return app


def _on_sqlite(url: str) -> Callable[[Row], None]:
    statement = _INSERT.format("?")

    def insert(row: Row) -> None:
        if not hasattr(_local, "sqlite"):
            _local.sqlite = sqlite3.connect(url.removeprefix("sqlite:///"), isolation_level=None, timeout=30)
            _local.sqlite.execute("PRAGMA synchronous=FULL")
        with _one_writer:  # the driver's busy handler polls: without a queue the floor would be lower than it is
            _local.sqlite.execute(statement, row)

    return insert


def _on_postgres(url: str) -> Callable[[Row], None]:
    statement = _INSERT.format("%s")
    address = url.replace("postgresql+psycopg://", "postgresql://")

    def insert(row: Row) -> None:
        if not hasattr(_local, "postgres"):
            _local.postgres = psycopg.connect(address, autocommit=True)
        _local.postgres.execute(statement, row, prepare=True)

    return insert
