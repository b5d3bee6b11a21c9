"""`flask up`: brings the database up to date, then runs the web server and the worker until one of them ends.

For one machine. On several, run `flask migrate`, the server and `flask work` each by themselves (docs/operator.md).
"""

import contextlib
import os
import signal
import subprocess
import sys
import time
from types import FrameType

from config import ROOT, Config

_LOOK = 0.3
_GRACE = 20.0


def server_command(config: Config) -> list[str]:
    """Return the command of the production server with the settings of `config`."""
    command = [sys.executable, "-m", "granian", "--interface", "wsgi", "--no-ws", "--host", config.host]
    command += ["--port", str(config.port), "--workers", str(config.workers), "--blocking-threads", "32"]
    command += ["--respawn-failed-workers", "--workers-kill-timeout", "10", "--log-level", "error"]
    if config.tls_cert:
        command += ["--ssl-certificate", config.tls_cert, "--ssl-keyfile", config.tls_key]
    return [*command, "eventapp.wsgi:app"]


def worker_command() -> list[str]:
    """Return the command of the worker."""
    return [sys.executable, "-m", "flask", "--app", "eventapp.app", "work"]


def serve(config: Config) -> int:
    """Run server and worker; end both when asked or when one ends by itself. Return the exit code."""
    tied = {"TIED_PROCESSES": str(config.workers)}  # unless the operator says otherwise
    environment = {**tied, **os.environ, "INSTANCE": str(config.instance), "BASE_URL": config.base_url}
    asked: list[int] = []

    def end(number: int, _frame: FrameType | None) -> None:
        asked.append(number)

    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, end)
    # A session of its own each: a Ctrl-C in the terminal reaches us alone, and we end them in order.
    children = [
        subprocess.Popen(command, cwd=ROOT, env=environment, start_new_session=True)  # noqa: S603 - our own commands
        for command in (server_command(config), worker_command())
    ]
    try:
        while not asked and all(child.poll() is None for child in children):
            time.sleep(_LOOK)
        return 0 if asked else 1
    finally:
        _end(children)


def _end(children: list[subprocess.Popen[bytes]]) -> None:
    for child in children:
        with contextlib.suppress(ProcessLookupError):
            child.terminate()
    until = time.monotonic() + _GRACE
    for child in children:
        try:
            child.wait(max(0.1, until - time.monotonic()))
        except subprocess.TimeoutExpired:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(child.pid, signal.SIGKILL)
            child.wait()
