"""The second process, `flask work`: delivers due mail and runs the periodic jobs, until it is told to stop.

Any number of workers may run, on any number of machines: rows say who has what.
"""

import signal
import threading
from types import FrameType

from flask import Flask
from sqlalchemy.exc import SQLAlchemyError

from eventapp.core import log, schedule
from eventapp.jobs import JOBS, Job
from eventapp.outbox import service as outbox

_PAUSE = 0.8
_PAUSE_WHEN_LOST = 5.0


def work(app: Flask) -> None:
    """Work until SIGTERM or SIGINT; what was begun is finished first."""
    stop = threading.Event()

    def end(_number: int, _frame: FrameType | None) -> None:
        stop.set()

    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, end)
    log.job("worker", state="started")
    while not stop.is_set():
        try:
            busy = turn(app, stop)
        except SQLAlchemyError as error:  # the database is away; it comes back or the operator is needed
            log.failure(error)
            stop.wait(_PAUSE_WHEN_LOST)
            continue
        if not busy:
            stop.wait(_PAUSE)
    log.job("worker", state="stopped")


def turn(app: Flask, stop: threading.Event) -> bool:
    """Look once for mail and jobs and do what is due; return whether there was anything."""
    with app.app_context():
        sent = outbox.deliver_due(is_over=stop.is_set)
    with app.app_context():
        waiting = schedule.list_waiting()
    due = [job for job in JOBS if job.name not in waiting]
    for job in due:
        if not stop.is_set():
            run(app, job)
    return bool(sent or due)


def run(app: Flask, job: Job) -> None:
    """Run a job if it is due and no other worker has it; a failure is logged, and the job tried again later."""
    with app.app_context():
        hold = schedule.take(job.name)
    if hold is None:
        return
    succeeded = False
    try:
        with app.app_context():
            job.run()
        succeeded = True
    except Exception as error:
        log.failure(error)
    with app.app_context():
        schedule.give_back(job.name, hold, job.every, succeeded=succeeded)
