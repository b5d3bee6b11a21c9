"""Fixtures of all tests: the application on a migrated database, the strict client, a clock in summer, no network.

`--database sqlite|postgres` chooses the database. `app` rolls everything back after the test; `real_app` has a
database of its own and commits for real, for threads and processes.
"""

import gc
import os
import re
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
import time_machine
from flask import Flask
from jinja2 import FileSystemBytecodeCache

from config import ROOT, Config
from eventapp.app import create_app
from eventapp.core.db import WRITE, OutsideTransaction, db
from tests import databases, network, postgres, soak
from tests.databases import Databases
from tests.pages import Client, Visitor

pytest_plugins = ["tests.browser", "tests.story"]

SUMMER = datetime(2026, 6, 15, 10, 0, tzinfo=ZoneInfo("Europe/Berlin"))
"""When the tests happen: a Monday in summer time, so that forgetting the zone shows."""

TEMPLATES = ROOT / ".cache" / "templates"
"""Compiled templates: hundreds of applications are made for the tests, and all read the same ones."""

_PAGES = re.compile("_(pages?|manage|views|lists|layout|errors|addresses|access)(_|$)")
_held = ExitStack()


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the choice of the database."""
    parser.addoption("--database", choices=("sqlite", "postgres"), default="sqlite", help="where the tests store")


def pytest_configure(config: pytest.Config) -> None:
    """Start Postgres once a run: in the process that hands tests out, before it starts the others."""
    soak.load_profile()
    TEMPLATES.mkdir(parents=True, exist_ok=True)
    if config.getoption("database") == "postgres" and not hasattr(config, "workerinput"):
        server = _held.enter_context(postgres.running())
        os.environ[databases.SERVER] = str(server.folder)


def pytest_unconfigure(config: pytest.Config) -> None:
    """Stop what was started."""
    del config
    _held.close()


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out on Postgres what stores nothing, and the tests of pages: it would only be the same test again.

    What takes a minute comes first, so that nobody waits for it at the end.

    Every page is opened on Postgres too, by `architecture/test_query_counts.py`, and what forms lead to is tested with
    the services.
    """
    if config.getoption("database") == "postgres":
        fixtures = {item: getattr(item, "fixturenames", ()) for item in items}
        both = [x for x in items if x.get_closest_marker("once") is None and not _PAGES.search(x.path.stem)]
        storing = [x for x in both if "database_stock" in fixtures[x]]
        config.hook.pytest_deselected(items=[item for item in items if item not in set(storing)])
        items[:] = storing
    items.sort(key=lambda item: item.get_closest_marker("long") is None)


def pytest_collection_finish() -> None:
    """Let the collector leave alone what was loaded until here: it would look at all of it again and again."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 50)


@pytest.fixture(scope="session")
def database_stock(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory, worker_id: str
) -> Databases:
    """Give empty migrated databases, copied from a template that the first worker makes."""
    folder = tmp_path_factory.getbasetemp()
    shared = folder.parent if worker_id != "master" else folder
    return databases.stock(request.config.getoption("database"), shared, folder, worker_id)


@pytest.fixture(scope="session")
def _app_of_worker(database_stock: Databases, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    with database_stock.fresh() as url:
        app = application(url, tmp_path_factory.mktemp("instance"))
        yield app
        close(app)


@pytest.fixture
def app(_app_of_worker: Flask) -> Iterator[Flask]:
    """The application with its context open; everything that is committed is rolled back after the test."""
    with rolled_back(_app_of_worker):
        yield _app_of_worker


@contextmanager
def rolled_back(app: Flask) -> Iterator[None]:
    """Open the application's context; roll back all that is committed in it."""
    engines = db._app_engines[app]
    with app.app_context():
        real = db.engine
    with real.connect().execution_options(**WRITE) as outer:
        whole = outer.begin()
        engines[None] = outer  # type: ignore[assignment]
        try:
            with _context(app):
                yield
        finally:
            engines[None] = real
            whole.rollback()
            app.extensions.pop("calendar_texts", None)  # of what is gone


@pytest.fixture
def client(app: Flask) -> Client:
    """The strict test client: checks every page that it fetches."""
    client = app.test_client()
    assert isinstance(client, Client)
    return client


@pytest.fixture
def page(client: Client) -> Visitor:
    """One person's browser tab."""
    return Visitor(client)


@pytest.fixture
def real_database(database_stock: Databases) -> Iterator[str]:
    """The address of an empty migrated database of this test's own, where commits are real."""
    with database_stock.fresh() as url:
        yield url


@pytest.fixture
def real_app(real_database: str, tmp_path: Path) -> Iterator[Flask]:
    """An application on `real_database`, with its context open, for tests with threads and processes."""
    app = application(real_database, tmp_path)
    with _context(app):
        yield app
    close(app)


@pytest.fixture(autouse=True)
def clock(request: pytest.FixtureRequest) -> Iterator[time_machine.Traveller | None]:
    """Stand in summer time; `clock.move_to(…)` and `clock.shift(…)` go elsewhere. Browser tests have the real time."""
    if request.node.get_closest_marker("browser"):
        yield None
        return
    with time_machine.travel(SUMMER, tick=True) as traveller:
        yield traveller


@pytest.fixture(autouse=True)
def _close_engines() -> Iterator[None]:
    """Close the connections of applications that a test made for itself: Python 3.13 warns of open ones."""
    before = set(db._app_engines)
    yield
    for made in set(db._app_engines) - before:
        for engine in db._app_engines[made].values():
            engine.dispose()


@pytest.fixture(autouse=True)
def _no_network(request: pytest.FixtureRequest) -> Iterator[None]:
    marked = any(request.node.get_closest_marker(name) for name in ("browser", "loopback"))
    with network.only_loopback() if marked else network.nothing():
        yield


def application(url: str, instance: Path) -> Flask:
    app = create_app(Config.for_tests(url, instance=instance))
    app.test_client_class = Client
    app.jinja_env.bytecode_cache = FileSystemBytecodeCache(str(TEMPLATES))
    return app


@contextmanager
def _context(app: Flask) -> Iterator[None]:
    """Open the application's context; leaving it fails when objects were changed and not saved."""
    with app.app_context():
        yield
        session = db.session()
        if session.new or session.dirty or session.deleted:
            db.session.remove()
            raise OutsideTransaction("the test changed objects and did not save them in a transaction()")


def close(app: Flask) -> None:
    with app.app_context():
        db.session.remove()
        db.engine.dispose()
