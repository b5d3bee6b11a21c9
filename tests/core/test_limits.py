"""Limits on attempts: counted in the database, so they hold over processes, and forgotten when the window is over."""

from datetime import timedelta

import pytest
import time_machine
from flask import Flask
from sqlalchemy import func, select

from eventapp.core import limits
from eventapp.core.db import db

HOUR = timedelta(hours=1)


def _rows() -> int:
    return db.session.scalar(select(func.count()).select_from(limits.Attempt)) or 0


def test_the_try_after_the_last_is_refused_with_the_time_to_wait(app: Flask) -> None:
    for _ in range(3):
        limits.hit("sign-in", "ana@example.org", 3, HOUR)
    with pytest.raises(limits.TooMany) as refused:
        limits.hit("sign-in", "ana@example.org", 3, HOUR)
    assert 3590 < refused.value.seconds <= 3601
    assert "60" in str(refused.value)
    limits.hit("sign-in", "bo@example.org", 3, HOUR)
    limits.hit("reset", "ana@example.org", 3, HOUR)


def test_the_window_ends_and_success_forgets(app: Flask, clock: time_machine.Traveller) -> None:
    limits.hit("sign-in", "ana", 1, HOUR)
    clock.shift(HOUR)
    limits.hit("sign-in", "ana", 1, HOUR)
    limits.clear("sign-in", "ana")
    limits.hit("sign-in", "ana", 1, HOUR)


def test_a_try_is_given_back_and_never_more_than_one(app: Flask) -> None:
    limits.hit("pin", "hall", 2, HOUR)
    limits.hit("pin", "hall", 2, HOUR)
    limits.give_back("pin", "hall")
    limits.hit("pin", "hall", 2, HOUR)
    with pytest.raises(limits.TooMany):
        limits.hit("pin", "hall", 2, HOUR)
    limits.give_back("pin", "nobody")
    assert _rows() == 1


def test_rows_name_nobody_and_are_swept(app: Flask, clock: time_machine.Traveller) -> None:
    limits.hit("sign-in", "ana@example.org", 3, HOUR)
    assert "ana" not in db.session.scalars(select(limits.Attempt.key)).one()
    limits.sweep()
    assert _rows() == 1
    clock.shift(timedelta(days=1, seconds=2))
    limits.sweep()
    assert _rows() == 0
