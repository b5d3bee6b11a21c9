"""Many writers at once: no update is lost, none fails, on both databases, from threads and from processes."""

import multiprocessing
import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from multiprocessing.queues import Queue

import pytest
from flask import Flask
from sqlalchemy import select

from config import Config
from eventapp.app import create_app
from eventapp.core import limits
from eventapp.core.db import db
from tests.soak import amount

pytestmark = pytest.mark.race
ROUNDS = amount(10, 200)


def _hit(app: Flask) -> None:
    with app.app_context():
        limits.hit("race", "somebody", 100_000, timedelta(days=1))


def _count() -> int:
    return db.session.scalars(select(limits.Attempt.count)).one()


def test_threads_lose_no_update(real_app: Flask) -> None:
    together = threading.Barrier(24)

    def one(_number: int) -> None:
        together.wait(30)
        for _ in range(ROUNDS):
            _hit(real_app)

    with ThreadPoolExecutor(24) as pool:
        list(pool.map(one, range(24)))
    assert _count() == 24 * ROUNDS


def _process(url: str, answers: "Queue[str]") -> None:
    app = create_app(Config.for_tests(url, pool_size=4))
    try:
        with ThreadPoolExecutor(8) as pool:
            list(pool.map(lambda _: _hit(app), range(4 * ROUNDS)))
        answers.put("")
    except Exception as error:
        answers.put(repr(error))


def test_processes_lose_no_update(real_app: Flask, real_database: str) -> None:
    context = multiprocessing.get_context("spawn")
    answers: Queue[str] = context.Queue()
    processes = [context.Process(target=_process, args=(real_database, answers)) for _ in range(3)]
    for process in processes:
        process.start()
    assert [answers.get(timeout=120) for _ in processes] == ["", "", ""]
    for process in processes:
        process.join(30)
    assert _count() == 12 * ROUNDS
