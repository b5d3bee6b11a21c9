"""When each periodic job runs next, as rows: with several workers a job still runs in one of them at a time.

`eventapp.worker` takes a job, runs it and reports; a worker that dies in a job loses its hold after an hour.
"""

from datetime import datetime, timedelta

from sqlalchemy import String, select
from sqlalchemy.orm import Mapped, mapped_column

from eventapp.core import clock
from eventapp.core.db import UTC, Base, db, insert_missing, transaction

HOLD = timedelta(hours=1)
_AGAIN = timedelta(minutes=5)


class ScheduledJob(Base):
    """A periodic job: when it is due, who holds it until when, and when it last succeeded."""

    __tablename__ = "scheduled_job"
    not_personal = frozenset({"name"})

    name: Mapped[str] = mapped_column(String(60), primary_key=True)
    due_at: Mapped[datetime] = mapped_column(UTC)
    held_until: Mapped[datetime | None] = mapped_column(UTC)
    done_at: Mapped[datetime | None] = mapped_column(UTC)


def list_waiting() -> frozenset[str]:
    """Return the names of the jobs that nobody needs to look at now: not due yet, or held by a worker."""
    now = clock.now()
    rows = db.session.scalars(select(ScheduledJob)).all()
    waiting = frozenset(row.name for row in rows if not _is_free(row, now))
    db.session.rollback()  # an idle worker holds no read transaction
    return waiting


def take(name: str) -> datetime | None:
    """Take a due job, so that no other worker runs it; None when it is not due or somebody has it."""
    now = clock.now()
    with transaction() as session:
        insert_missing(session, ScheduledJob, name=name, due_at=now)
        row = session.get_one(ScheduledJob, name, with_for_update=True, populate_existing=True)
        if not _is_free(row, now):
            return None
        row.held_until = now + HOLD
    return now + HOLD


def give_back(name: str, hold: datetime, every: timedelta, *, succeeded: bool) -> None:
    """Report a job that was taken: it is due again after `every`, after a failure at the latest in five minutes."""
    now = clock.now()
    with transaction() as session:
        row = session.get_one(ScheduledJob, name, with_for_update=True, populate_existing=True)
        if row.held_until != hold:
            return  # it took longer than the hold, and another worker has it now
        row.held_until = None
        row.due_at = now + (every if succeeded else min(every, _AGAIN))
        if succeeded:
            row.done_at = now


def last_done(name: str) -> datetime | None:
    """Return when a job last succeeded."""
    return db.session.scalar(select(ScheduledJob.done_at).where(ScheduledJob.name == name))


def _is_free(row: ScheduledJob, now: datetime) -> bool:
    return row.due_at <= now and (row.held_until is None or row.held_until <= now)
