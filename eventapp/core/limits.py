"""Limits on attempts that must hold over processes: one row per key and window, counted in the database."""

import hashlib
from collections.abc import Iterable
from datetime import datetime, timedelta

from flask_babel import lazy_gettext as _l
from sqlalchemy import String, bindparam, delete, select, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from eventapp.core import clock
from eventapp.core.db import UTC, Base, db, insert_missing, transaction
from eventapp.core.refusal import Refusal


class Attempt(Base):
    """How often something was tried since the window began; the key is a hash, so that no address is stored."""

    __tablename__ = "attempt"
    not_personal = frozenset({"key"})

    key: Mapped[str] = mapped_column(String(64), primary_key=True)
    since: Mapped[datetime] = mapped_column(UTC)
    count: Mapped[int]


_THESE = (
    select(Attempt).where(Attempt.key.in_(bindparam("keys", expanding=True))).execution_options(populate_existing=True)
)


class TooMany(Refusal):
    """Tried too often; `facts["minutes"]` says how long to wait."""

    code = "too_many"
    status = 429
    message = _l("You have tried too often. Please wait %(minutes)s minutes and try again.")

    @property
    def seconds(self) -> int:
        """Seconds to wait, for the Retry-After header."""
        return int(str(self.facts["seconds"]))


def hit(name: str, who: str, limit: int, per: timedelta) -> None:
    """Count one try of `name` by `who` and commit it at once; raise TooMany beyond `limit` in the window `per`.

    Call it before the act and outside its transaction: a refused act must not give the try back.
    """
    key, now = _key(name, who), clock.now()
    with transaction() as session:
        insert_missing(session, Attempt, key=key, since=now, count=0)
        row = session.get_one(Attempt, key, with_for_update=True, populate_existing=True)
        if row.since + per <= now:
            row.since, row.count = now, 0
        row.count += 1
        over, left = row.count > limit, int((row.since + per - now).total_seconds())
    if over:
        raise wait(TooMany, left)


def wait(kind: type[TooMany], left: int) -> TooMany:
    """Return the refusal that says to wait `left` seconds."""
    return kind(minutes=max(1, -(-left // 60)), seconds=left + 1)


class Tries:
    """Counts tries of many people in the caller's transaction, for an act that runs one at a time, as under a lock.

    Unlike `hit`, a try is counted only when the act commits.
    """

    def __init__(
        self, session: Session, name: str, whose: Iterable[str], *, limit: int, per: timedelta, kind: type[TooMany]
    ) -> None:
        self._session, self._limit, self._per, self._kind = session, limit, per, kind
        self._keys = {who: _key(name, who) for who in sorted(set(whose)) if who} if limit else {}
        found = session.scalars(_THESE, {"keys": list(self._keys.values())}) if self._keys else ()
        self._rows = {row.key: row for row in found}

    @property
    def counted(self) -> Iterable[Attempt]:
        """The rows in which is counted."""
        return self._rows.values()

    def hit(self, who: str) -> None:
        """Count one try; raise the refusal beyond the limit. Who has no name is not counted."""
        key, now = self._keys.get(who), clock.now()
        if key is None:
            return
        row = self._rows.get(key)
        if row is None:
            row = self._rows[key] = Attempt(key=key, since=now, count=0)
            self._session.add(row)
        if row.since + self._per <= now:
            row.since, row.count = now, 0
        if row.count >= self._limit:
            raise wait(self._kind, int((row.since + self._per - now).total_seconds()))
        row.count += 1


def check(name: str, who: str, limit: int, per: timedelta) -> None:
    """Raise TooMany when `who` has tried `limit` times in the window already; counts nothing.

    For acts of which only the failed ones are counted by `hit`.
    """
    row, now = db.session.get(Attempt, _key(name, who), populate_existing=True), clock.now()
    if row is not None and row.count >= limit and row.since + per > now:
        left = int((row.since + per - now).total_seconds())
        raise TooMany(minutes=max(1, -(-left // 60)), seconds=left + 1)


def give_back(name: str, who: str) -> None:
    """Take back one try that `hit` counted: it was a good one, and neighbours on the network try as well."""
    with transaction() as session:
        key = _key(name, who)
        session.execute(update(Attempt).where(Attempt.key == key, Attempt.count > 0).values(count=Attempt.count - 1))


def clear(name: str, who: str) -> None:
    """Forget the tries of `who`, after success."""
    with transaction() as session:
        session.execute(delete(Attempt).where(Attempt.key == _key(name, who)))


def sweep(older_than: timedelta = timedelta(days=1)) -> None:
    """Delete rows whose window is long over; a periodic job."""
    with transaction() as session:
        session.execute(delete(Attempt).where(Attempt.since < clock.now() - older_than))


def _key(name: str, who: str) -> str:
    return hashlib.sha256(f"{name}|{who}".encode()).hexdigest()
