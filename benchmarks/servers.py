"""Starts the application and the floors as production serves them, and carries plans out in a process of their own."""

import contextlib
import json
import os
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from pathlib import Path

from benchmarks.client import HOST, Plan, Result
from config import ROOT, Config
from eventapp import serving

APPLICATION, FLOORS = "eventapp.wsgi:app", "benchmarks.beside:application"
_START = 60.0


def free_port() -> int:
    """Return a port that nobody listens on."""
    with socket.socket() as found:
        found.bind((HOST, 0))
        return int(found.getsockname()[1])


@contextlib.contextmanager
def serving_on(target: str, config: Config) -> Iterator[int]:
    """Serve `target` with granian, as `flask up` does, and give its port."""
    command = [*serving.server_command(config)[:-1], target]
    environment = _environment(config)
    with tempfile.TemporaryFile() as output:
        process = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.DEVNULL, stderr=output)
        try:
            _wait(process, config.port)
            yield config.port
        finally:
            process.terminate()
            try:
                process.wait(20)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


def carry_out(plan: Plan) -> Result:
    """Send what a plan says from another process, so that it takes no time from the servers' interpreters."""
    given = json.dumps(vars(plan), default=dict)
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks.client"],
        input=given, capture_output=True, text=True, cwd=ROOT, check=False, timeout=plan.seconds + 90,
    )  # fmt: skip
    if done.returncode:
        raise RuntimeError(done.stderr[-3000:])
    return Result(**json.loads(done.stdout))


def _environment(config: Config) -> Mapping[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("SMTP", "BASE_URL", "TLS"))}
    return {
        **kept,
        "DATABASE_URL": config.database_url,
        "SECRET_KEY": config.secret_key,
        "INSTANCE": str(Path(config.instance)),
        "HOST": config.host,
        "PORT": str(config.port),
        "TIED_PROCESSES": str(config.workers),
        "SIGNUPS_PER_NETWORK": "1000000",  # all come from one address here; they are counted like everybody's
    }


def _wait(process: subprocess.Popen[bytes], port: int) -> None:
    until = time.monotonic() + _START
    while time.monotonic() < until and process.poll() is None:
        with contextlib.suppress(OSError), socket.create_connection((HOST, port), 1):
            return
        time.sleep(0.1)
    raise RuntimeError(f"the server on port {port} did not start")
