"""The periodic jobs that `flask work` runs beside delivering mail, each one call to a service."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

from eventapp.core import limits


@dataclass(frozen=True)
class Job:
    """A periodic job: its name, how often it runs, and the service call."""

    name: str
    every: timedelta
    run: Callable[[], object]


JOBS: tuple[Job, ...] = (Job("sweep-attempts", timedelta(hours=1), limits.sweep),)
