"""Empty databases with all tables for the tests: migrated once a run, then copied.

The first worker makes the template behind a file lock, the others wait for it.
"""

import contextlib
import fcntl
import itertools
import os
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from config import Config
from eventapp.app import create_app
from eventapp.core import migrating
from eventapp.core.db import db
from tests.postgres import Server

SERVER = "EVENTAPP_TEST_POSTGRES"
"""Environment variable with the folder of the running server, set by the process that started it."""

_TEMPLATE = "eventapp_template"


@dataclass
class Databases:
    """Where empty databases come from; `kind` is sqlite or postgres."""

    kind: str
    make: Callable[[str], str]
    make_bare: Callable[[str], str]
    drop: Callable[[str], None]
    prefix: str
    fill: Callable[[str, Callable[[str], None]], Callable[[str], str]]
    numbers: Iterator[int] = field(default_factory=itertools.count)

    def fresh(self) -> contextlib.AbstractContextManager[str]:
        """Give the address of a new database with all tables, and remove it afterwards."""
        return self._lend(self.make)

    def bare(self) -> contextlib.AbstractContextManager[str]:
        """Give the address of a new database without any table, and remove it afterwards."""
        return self._lend(self.make_bare)

    def filled(self, name: str, fill: Callable[[str], None]) -> contextlib.AbstractContextManager[str]:
        """Give the address of a copy of the database that `fill` fills, once a run, and remove it afterwards."""
        return self._lend(self.fill(name, fill))

    @contextlib.contextmanager
    def _lend(self, make: Callable[[str], str]) -> Iterator[str]:
        name = f"{self.prefix}_{next(self.numbers)}"
        try:
            yield make(name)
        finally:
            self.drop(name)


def stock(kind: str, shared: Path, folder: Path, prefix: str) -> Databases:
    """Return the stock of `kind`; `shared` is seen by all workers, `folder` is this worker's own."""
    with _alone(shared / "template.lock"):
        return _on_postgres(shared, prefix) if kind == "postgres" else _on_sqlite(shared, folder, prefix)


def server() -> Server:
    """Return the Postgres server of this run."""
    return Server(Path(os.environ[SERVER]))


def migrate(url: str) -> None:
    """Run all revisions on the database at `url`."""
    app = create_app(Config.for_tests(url))
    with app.app_context():
        migrating.upgrade()
        db.session.remove()
        db.engine.dispose()


def _on_sqlite(shared: Path, folder: Path, prefix: str) -> Databases:
    template = shared / "template.db"
    if not template.exists():
        made = shared / "making.db"
        made.unlink(missing_ok=True)
        migrate(f"sqlite:///{made}")
        made.rename(template)

    def make(name: str) -> str:
        shutil.copyfile(template, folder / f"{name}.db")
        return f"sqlite:///{folder / name}.db"

    def make_bare(name: str) -> str:
        return f"sqlite:///{folder / name}.db"

    def drop(name: str) -> None:
        for path in folder.glob(f"{name}.db*"):
            path.unlink()

    def fill(kind: str, filling: Callable[[str], None]) -> Callable[[str], str]:
        model = shared / f"{kind}.db"
        with _alone(shared / f"{kind}.lock"):
            if not model.exists():
                made = shared / f"{kind}-making.db"
                shutil.copyfile(template, made)
                filling(f"sqlite:///{made}")
                made.rename(model)

        def copy(name: str) -> str:
            shutil.copyfile(model, folder / f"{name}.db")
            return f"sqlite:///{folder / name}.db"

        return copy

    return Databases("sqlite", make, make_bare, drop, prefix, fill)


def _on_postgres(shared: Path, prefix: str) -> Databases:
    running = server()
    if not running.has(_TEMPLATE):
        migrate(running.create("making"))
        running.rename("making", _TEMPLATE)

    def make(name: str) -> str:
        return running.create(name, _TEMPLATE)

    def fill(kind: str, filling: Callable[[str], None]) -> Callable[[str], str]:
        model = f"eventapp_{kind}"
        with _alone(shared / f"{kind}.lock"):
            if not running.has(model):
                filling(running.create(f"{kind}_making", _TEMPLATE))
                running.rename(f"{kind}_making", model)
        return lambda name: running.create(name, model)

    return Databases("postgres", make, running.create, running.drop, prefix, fill)


@contextlib.contextmanager
def _alone(path: Path) -> Iterator[None]:
    with path.open("a") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
