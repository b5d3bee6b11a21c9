"""Two workers never send a mail twice, and two never run the same job at once: threads and processes, both databases.

Seen to fail when `_claim` does not mark its rows as being sent (every mail goes out several times), and when `take`
does not hold the job's row (two run it).
"""

import multiprocessing
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta

import pytest
import time_machine
from flask import Flask

from config import Config
from eventapp.app import create_app
from eventapp.core import schedule
from eventapp.core.db import db
from eventapp.jobs import Job
from eventapp.outbox import service
from eventapp.outbox.models import Message, MessageState
from eventapp.outbox.rules import Mail
from eventapp.worker import run
from tests import sink
from tests.conftest import SUMMER
from tests.sink import Sink

pytestmark = [pytest.mark.race, pytest.mark.loopback]
MAILS = 60


def hello(message: Message) -> Mail:
    """Write a mail."""
    return Mail(str(message.facts["number"]), "Guten Tag", "<p>Guten Tag</p>")


@pytest.fixture
def server(real_app: Flask) -> Iterator[Sink]:
    real_app.extensions["mails"]["hello"] = hello
    for number in range(MAILS):
        service.post("hello", f"gast{number}@example.org", "de", {"number": number})
    db.session.rollback()
    with sink.listening() as server:
        real_app.config["EVENTAPP"] = replace(real_app.config["EVENTAPP"], smtp_url=server.url)
        yield server


def deliver(app: Flask, together: threading.Barrier | None = None) -> None:
    """Be a worker until nothing is due."""
    if together:
        together.wait(30)
    with app.app_context():
        while service.deliver_due(limit=5):
            pass


def assert_each_once(server: Sink) -> None:
    assert sorted(int(mail["Subject"]) for mail in server.mails) == list(range(MAILS))
    assert len(set(server.ids)) == MAILS
    db.session.rollback()
    assert {row.state for row in db.session.query(Message)} == {MessageState.SENT}


def test_threads_send_each_mail_once(real_app: Flask, server: Sink) -> None:
    together = threading.Barrier(8)
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda _: deliver(real_app, together), range(8)))
    assert_each_once(server)


def in_process(url: str, smtp_url: str) -> None:
    """Be a worker in a process of its own, at the time of the tests."""
    app = create_app(Config.for_tests(url, smtp_url=smtp_url))
    app.extensions["mails"]["hello"] = hello
    with time_machine.travel(SUMMER + timedelta(minutes=1)):
        deliver(app)
    with app.app_context():
        db.engine.dispose()


def test_processes_send_each_mail_once(real_app: Flask, real_database: str, server: Sink) -> None:
    spawn = multiprocessing.get_context("spawn")
    workers = [spawn.Process(target=in_process, args=(real_database, server.url)) for _ in range(3)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join(120)
    assert [worker.exitcode for worker in workers] == [0, 0, 0]
    assert_each_once(server)


def test_a_job_runs_in_one_worker_at_a_time(real_app: Flask, clock: time_machine.Traveller) -> None:
    running, most, runs = [0], [0], [0]

    def slow() -> None:
        running[0] += 1
        runs[0] += 1
        most[0] = max(most[0], running[0])
        time.sleep(0.3)
        running[0] -= 1

    job = Job("slow", timedelta(hours=1), slow)
    for expected in (1, 2):
        with ThreadPoolExecutor(6) as pool:
            list(pool.map(lambda _: run(real_app, job), range(6)))
        assert (most[0], runs[0]) == (1, expected)
        clock.shift(timedelta(hours=1, seconds=1))
    assert schedule.last_done("slow") is not None
