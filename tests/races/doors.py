"""A site that can be killed, and phones that scan at its door and forget nothing: for the proof by `kill -9`."""

import json
import os
import random
import signal
import socket
import subprocess
import threading
import time
import uuid
from collections.abc import Callable, Mapping
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from typing import Any

from config import ROOT, Config
from eventapp import serving
from eventapp.checkin.rules import Outcome

HOST = "127.0.0.1"
_PATIENCE = 5.0
_PAUSE = 0.2
"""Seconds from one guest to the next where the network is gone."""


class Site:
    """The production server on a port of its own, with a process group that can be killed as a whole."""

    def __init__(self, url: str, instance: Path, processes: int) -> None:
        with socket.socket() as found:
            found.bind((HOST, 0))
            self.port = int(found.getsockname()[1])
        self.config = Config.for_tests(url, instance=instance, host=HOST, port=self.port, workers=processes)
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start it; it answers some moments later."""
        told = {"DATABASE_URL": self.config.database_url, "SECRET_KEY": self.config.secret_key,
                "INSTANCE": str(self.config.instance), "HOST": HOST, "PORT": str(self.port), "BASE_URL": "",
                "SMTP_URL": "", "TLS_CERT": "", "TLS_KEY": ""}  # fmt: skip
        command = serving.server_command(self.config)
        self.process = subprocess.Popen(
            command, cwd=ROOT, env={**os.environ, **told}, start_new_session=True, stdout=subprocess.DEVNULL
        )

    def kill(self) -> None:
        """Kill all of its processes in the middle of whatever they do."""
        assert self.process is not None
        assert self.process.poll() is None, "the server ended by itself"
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait(20)

    def wait(self) -> None:
        """Wait until it answers."""
        until = time.monotonic() + 60
        while time.monotonic() < until:
            connection = HTTPConnection(HOST, self.port, timeout=_PATIENCE)
            try:
                connection.request("GET", "/healthz")
                if connection.getresponse().status == 200:
                    return
            except (OSError, HTTPException):
                time.sleep(0.05)
            finally:
                connection.close()
        raise AssertionError("the server does not answer")


class DoorPhone:
    """A phone: it keeps each scan until the server says that it is stored."""

    def __init__(self, site: Site, path: str, headers: Mapping[str, str], seed: int) -> None:
        self.site, self.path, self.headers = site, path, dict(headers)
        self.chance = random.Random(seed)  # noqa: S311 - the same guests each time
        self.about = {"id": str(uuid.UUID(int=seed + 1)), "name": f"Telefon {seed}"}
        self.did: dict[str, Outcome] = {}
        self.queue: dict[str, dict[str, Any]] = {}
        self.connection: HTTPConnection | None = None
        self.lost = 0
        """Requests without an answer."""

    def scan_all(self, codes: list[str], done: Callable[[], None]) -> None:
        """Scan these guests in a row, then send until nothing is left."""
        for code in codes:
            self.scan(code)
            done()
        until = time.monotonic() + 120
        while self.queue and time.monotonic() < until:
            self.flush()
        if self.connection is not None:
            self.connection.close()

    def scan(self, code: str) -> None:
        """Ask; without an answer the person at the door decides, and the phone reports it with the next scans."""
        key = str(uuid.UUID(int=self.chance.getrandbits(128), version=4))
        asked: dict[str, Any] = {"id": key, "code": code, "at": _now()}
        answer = self.send([asked]).get(key)
        if answer is not None:
            self.did[key] = Outcome(answer["outcome"])
            if self.queue:
                self.flush()
            return
        outcome = self.chance.choice([Outcome.ADMITTED, Outcome.ADMITTED, Outcome.REFUSED])
        self.did[key] = outcome
        self.queue[key] = asked | {"mode": "tell", "outcome": outcome.value}
        time.sleep(_PAUSE)

    def flush(self) -> None:
        """Report what waits, up to 50 scans at once, and let go only what is stored."""
        waiting = list(self.queue.values())[:50]
        stored = self.send(waiting)
        for key in stored:
            del self.queue[key]
        if not stored:
            time.sleep(_PAUSE)

    def send(self, scans: list[dict[str, Any]]) -> dict[str, Any]:
        """Return the answers to those scans that are stored, by id; none when nobody answered."""
        body = {"device": self.about, "sent_at": _now(), "scans": scans}
        try:
            if self.connection is None:
                self.connection = HTTPConnection(HOST, self.site.port, timeout=_PATIENCE)
            self.connection.request("POST", self.path, json.dumps(body), self.headers)
            answer = self.connection.getresponse()
            told = answer.read()
            assert answer.status == 200, told[:500]
            return {result["id"]: result for result in json.loads(told)["results"] if result["stored"]}
        except (OSError, HTTPException):
            self.lost += 1
            if self.connection is not None:
                self.connection.close()
            self.connection = None
            return {}


class Progress:
    """How many scans were made by all phones; waiters wake up when a number is reached."""

    def __init__(self) -> None:
        self.made, self._changed = 0, threading.Condition()

    def add(self) -> None:
        """Count one scan."""
        with self._changed:
            self.made += 1
            self._changed.notify_all()

    def wait(self, number: int) -> None:
        """Wait until so many were made."""
        with self._changed:
            assert self._changed.wait_for(lambda: self.made >= number, 120), "the phones stand still"


def _now() -> int:
    return round(time.time() * 1000)
