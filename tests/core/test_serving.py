"""`flask up` as `make run` starts it: the production server and the worker, and both end together."""

import contextlib
import os
import signal
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.error import URLError
from urllib.parse import urlsplit

import pytest
from flask import Flask

from config import ROOT
from eventapp import static
from eventapp.core.db import db
from tests import sink
from tests.make import make_account

pytestmark = [pytest.mark.race, pytest.mark.loopback]


@contextmanager
def running(database: str, instance: Path) -> Iterator[tuple["subprocess.Popen[bytes]", str]]:
    """Start the site on a free port and wait until it answers."""
    port = str(urlsplit(sink.refused()).port)
    settings = {"DATABASE_URL": database, "INSTANCE": str(instance), "PORT": port, "WORKERS": "1", "BASE_URL": ""}
    command = [sys.executable, "-m", "flask", "--app", "eventapp.app", "up"]
    environment = {**os.environ, **settings}
    with subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.PIPE) as process:
        try:
            yield process, f"http://127.0.0.1:{port}"
        finally:
            process.terminate()


def fetch(url: str, seconds: float = 60) -> tuple[int, dict[str, str]]:
    """Ask until somebody answers."""
    until = time.monotonic() + seconds
    while True:
        try:
            with urllib.request.urlopen(url, timeout=5) as answer:  # noqa: S310 - our own address
                return answer.status, {name.lower(): value for name, value in answer.headers.items()}
        except URLError:
            if time.monotonic() > until:
                raise
            time.sleep(0.2)


def children(parent: int) -> dict[int, str]:
    """Return the processes that a process started, with their commands."""
    listed = subprocess.run(["ps", "-A", "-o", "pid=,ppid=,args="], capture_output=True, text=True, check=True)
    rows = [line.split(maxsplit=2) for line in listed.stdout.splitlines()]
    return {int(pid): command for pid, ppid, command in rows if int(ppid) == parent}


def test_server_and_worker_begin_and_end_together(real_app: Flask, real_database: str, tmp_path: Path) -> None:
    make_account()  # the database is in use: no demonstration
    db.session.rollback()
    with running(real_database, tmp_path) as (process, url):
        assert fetch(f"{url}/healthz")[0] == 200
        status, headers = fetch(f"{url}{static.address()}/door/decoder.worker.js")
        assert (status, headers["x-content-type-options"]) == (200, "nosniff")
        assert "'wasm-unsafe-eval'" in headers["content-security-policy"]
        assert "access-control-allow-origin" not in headers
        assert "immutable" in headers["cache-control"]
        status, headers = fetch(f"{url}/static/000000000000/door/decoder.worker.js")
        assert (status, headers["cache-control"]) == (200, "no-cache")
        assert "'wasm-unsafe-eval'" in headers["content-security-policy"]
        started = children(process.pid)
        (worker,) = [pid for pid, command in started.items() if command.endswith(" work")]
        assert len(started) == 2
        os.kill(worker, signal.SIGKILL)
        assert process.wait(40) == 1
        with pytest.raises(URLError), contextlib.suppress(TimeoutError):
            fetch(f"{url}/healthz", seconds=0)
        assert not any(Path(f"/proc/{pid}").exists() for pid in started)
        assert process.stdout is not None
        assert url.encode() in process.stdout.read()
