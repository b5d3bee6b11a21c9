"""The periodic jobs that `flask work` runs beside delivering mail, each one call to a service."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

from eventapp.core import limits
from eventapp.registration.imports.service import sweep as sweep_imports
from eventapp.registration.waitlist.filling.service import settle_due


@dataclass(frozen=True)
class Job:
    """A periodic job: its name, how often it runs, and the service call."""

    name: str
    every: timedelta
    run: Callable[[], object]


ALIVE = "alive"
"""The job that does nothing: when it last ran is the worker's sign of life."""

JOBS: tuple[Job, ...] = (
    Job(ALIVE, timedelta(seconds=20), lambda: None),
    Job("settle", timedelta(seconds=20), settle_due),
    Job("sweep-attempts", timedelta(hours=1), limits.sweep),
    Job("sweep-imports", timedelta(hours=1), sweep_imports),
)
