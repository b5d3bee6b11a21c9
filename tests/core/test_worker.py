"""The second process and what it tells: jobs by the clock, a failing job, the end when it is told to, health."""

import os
import signal
import subprocess
import sys
import threading
import time
from datetime import timedelta
from pathlib import Path

import pytest
import time_machine
from flask import Flask

from config import ROOT
from eventapp import worker
from eventapp.core import schedule
from eventapp.core.db import db, transaction
from eventapp.jobs import ALIVE, JOBS, Job
from eventapp.serving import server_command
from tests.conftest import SUMMER
from tests.pages import Client


def test_every_job_runs_at_its_time(app: Flask, clock: time_machine.Traveller, monkeypatch: pytest.MonkeyPatch) -> None:
    runs: list[str] = []
    jobs = tuple(Job(job.name, job.every, lambda name=job.name: runs.append(name)) for job in JOBS)  # type: ignore[misc]
    monkeypatch.setattr(worker, "JOBS", jobs)
    assert worker.turn(app, threading.Event())
    assert sorted(runs) == sorted(job.name for job in JOBS)
    assert not worker.turn(app, threading.Event())
    clock.shift(timedelta(seconds=21))
    worker.turn(app, threading.Event())
    assert runs[len(JOBS) :] == [ALIVE, "settle"]


def test_a_job_that_fails_is_tried_again_soon(app: Flask, clock: time_machine.Traveller) -> None:
    tries: list[int] = []

    def fail() -> None:
        tries.append(1)
        raise RuntimeError("on purpose")

    job = Job("failing", timedelta(hours=24), fail)
    worker.run(app, job)
    worker.run(app, job)
    assert (len(tries), schedule.last_done("failing")) == (1, None)
    clock.shift(timedelta(minutes=5, seconds=1))
    worker.run(app, job)
    assert len(tries) == 2


def test_a_worker_that_died_in_a_job_loses_its_hold(app: Flask, clock: time_machine.Traveller) -> None:
    assert schedule.take("long") is not None
    assert schedule.take("long") is None
    clock.shift(schedule.HOLD + timedelta(seconds=1))
    again = schedule.take("long")
    assert again is not None
    schedule.give_back("long", SUMMER, timedelta(hours=1), succeeded=True)  # the dead one comes back: not its job
    assert schedule.last_done("long") is None
    schedule.give_back("long", again, timedelta(hours=1), succeeded=True)
    assert schedule.last_done("long") is not None


def test_health_says_what_is(app: Flask, client: Client, clock: time_machine.Traveller) -> None:
    assert client.get("/healthz").get_json() == {"status": "ok"}
    silent = client.get("/readyz")
    assert (silent.status_code, silent.get_json()["status"]) == (200, "degraded")
    worker.turn(app, threading.Event())
    ready = client.get("/readyz")
    assert ready.get_json()["status"] == "ok"
    assert ready.get_json()["worker"]["ok"]
    assert "Set-Cookie" not in ready.headers
    clock.shift(timedelta(minutes=10))
    assert client.get("/readyz").get_json()["worker"] == {"ok": False, "seconds": 600}


def test_old_tables_are_not_ready(app: Flask, client: Client) -> None:
    with transaction() as session:
        session.connection().exec_driver_sql("UPDATE alembic_version SET version_num = '0000'")
    answer = client.get("/readyz")
    assert (answer.status_code, answer.get_json()["migrations"]) == (503, False)


def test_the_server_gets_the_settings(app: Flask) -> None:
    command = server_command(app.config["EVENTAPP"])
    assert command[command.index("--interface") + 1] == "wsgi"
    assert command[command.index("--blocking-threads") + 1] == "32"


@pytest.mark.race
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_the_worker_ends_when_it_is_told_to(real_app: Flask, real_database: str, tmp_path: Path, number: int) -> None:
    environment = {**os.environ, "DATABASE_URL": real_database, "INSTANCE": str(tmp_path), "LOG_FORMAT": "json"}
    command = [sys.executable, "-m", "flask", "--app", "eventapp.app", "work"]
    process = subprocess.Popen(command, cwd=ROOT, env=environment, stderr=subprocess.PIPE)
    try:
        until = time.monotonic() + 30
        while schedule.last_done(ALIVE) is None and time.monotonic() < until:
            db.session.rollback()
            time.sleep(0.2)
        process.send_signal(number)
        _, logged = process.communicate(timeout=20)
    finally:
        process.kill()
    assert process.returncode == 0
    assert b'"state": "stopped"' in logged
