"""Many who ask for the same page at the same moment: one request makes it for all.

Seen to fail: without the lock each of the eight makes it; without the look at the page before, the second waits for
who makes it anew; without the rollback, who waits keeps a connection; without forgetting on an error, the old page
is shown after it.
"""

import threading
import time
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import replace

import pytest
import time_machine
from flask import Flask
from sqlalchemy import text

from eventapp.core.db import db
from eventapp.core.kept import kept

pytestmark = pytest.mark.race
MANY = 8


class Slow:
    """Makes a page when it is let go; counts."""

    def __init__(self, page: str, error: Exception | None = None) -> None:
        self.page, self.error, self.made = page, error, 0
        self.begun, self.go = threading.Event(), threading.Event()

    def __call__(self) -> str:
        self.made += 1
        self.begun.set()
        assert self.go.wait(20)
        if self.error is not None:
            raise self.error
        return self.page


@pytest.fixture
def keeping(real_app: Flask) -> Iterator[Flask]:
    """Keep pages for a second, as in production."""
    settings = real_app.config["EVENTAPP"]
    real_app.config["EVENTAPP"] = replace(settings, page_seconds=1)
    real_app.extensions.pop("kept", None)
    yield real_app
    real_app.config["EVENTAPP"] = settings
    real_app.extensions.pop("kept", None)


@pytest.fixture
def pool() -> Iterator[ThreadPoolExecutor]:
    with ThreadPoolExecutor(MANY) as found:
        yield found


def ask(app: Flask, make: Slow, together: threading.Barrier | None = None) -> str:
    """Ask for the page as a request does that has read something before."""
    with app.test_request_context("/page"):
        db.session.execute(text("SELECT 1"))
        if together is not None:
            together.wait(20)
        return kept(make)


def all_wait(pool: ThreadPoolExecutor, app: Flask, make: Slow) -> list["Future[str]"]:
    """Let many ask; return when one makes the page and the others wait without a connection."""
    db.session.rollback()
    together = threading.Barrier(MANY)
    asked = [pool.submit(ask, app, make, together) for _ in range(MANY)]
    assert make.begun.wait(20)
    until = time.monotonic() + 5
    while db.engine.pool.checkedout() > 1:  # type: ignore[attr-defined]
        if time.monotonic() > until:
            make.go.set()
            pytest.fail("who waits keeps a connection")
        time.sleep(0.005)
    return asked


def test_one_makes_it_for_all_who_come_first(keeping: Flask, pool: ThreadPoolExecutor) -> None:
    make = Slow("new")
    asked = all_wait(pool, keeping, make)
    make.go.set()
    assert [one.result(20) for one in asked] == ["new"] * MANY
    assert make.made == 1


def test_while_one_makes_it_anew_the_others_get_the_one_before(
    keeping: Flask, pool: ThreadPoolExecutor, clock: time_machine.Traveller
) -> None:
    before, after = Slow("before"), Slow("after")
    before.go.set()
    assert ask(keeping, before) == "before"
    clock.shift(1)
    making = pool.submit(ask, keeping, after)
    assert after.begun.wait(20)
    assert [pool.submit(ask, keeping, after).result(10) for _ in range(MANY)] == ["before"] * MANY
    after.go.set()
    assert making.result(20) == "after"
    assert ask(keeping, before) == "after"
    assert (before.made, after.made) == (1, 1)


def test_when_it_fails_each_makes_its_own(keeping: Flask, pool: ThreadPoolExecutor) -> None:
    wrong = Slow("", RuntimeError("of each"))
    asked = all_wait(pool, keeping, wrong)
    wrong.go.set()
    assert [str(one.exception(20)) for one in asked] == ["of each"] * MANY
    assert wrong.made == MANY
    assert keeping.extensions["kept"] == {}


def test_an_error_is_for_the_one_who_met_it_and_the_next_tries_again(
    keeping: Flask, pool: ThreadPoolExecutor, clock: time_machine.Traveller
) -> None:
    before, wrong, right = Slow("before"), Slow("", RuntimeError("of one")), Slow("right")
    for make in (before, wrong):
        make.go.set()
    ask(keeping, before)
    clock.shift(1)
    with pytest.raises(RuntimeError):
        ask(keeping, wrong)
    asked = all_wait(pool, keeping, right)
    assert not any(one.done() for one in asked), "somebody was shown what may be gone"
    right.go.set()
    assert [one.result(20) for one in asked] == ["right"] * MANY
    assert right.made == 1
