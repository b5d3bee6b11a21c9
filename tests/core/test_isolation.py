"""The test fixtures themselves: what one test stores, the next does not see, and the network is closed.

Seen to fail: with the network open, and with a clock in winter.
"""

import socket
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import func, select

from eventapp.core import clock, limits
from eventapp.core.db import OutsideTransaction, db
from tests.network import NetworkError
from tests.pages import Client, Visitor


@pytest.mark.parametrize("_round", [1, 2])
def test_what_a_test_stores_is_gone_in_the_next(app: Flask, _round: int) -> None:
    assert db.session.scalar(select(func.count()).select_from(limits.Attempt)) == 0
    limits.hit("sign-in", "somebody", 5, timedelta(minutes=1))
    limits.hit("sign-in", "somebody", 5, timedelta(minutes=1))
    assert db.session.scalar(select(limits.Attempt.count)) == 2


@pytest.mark.parametrize("_round", [1, 2])
def test_a_real_database_is_new_each_time(real_app: Flask, _round: int) -> None:
    limits.hit("sign-in", "somebody", 5, timedelta(minutes=1))
    assert db.session.scalar(select(limits.Attempt.count)) == 1


def test_the_clock_stands_in_summer_time() -> None:
    assert clock.now().strftime("%Y-%m-%d %H:%M") == "2026-06-15 08:00"


def test_no_test_reaches_another_machine() -> None:
    with pytest.raises(NetworkError), socket.socket() as used:
        used.connect(("192.0.2.1", 80))


def test_a_change_that_nobody_saved_fails_the_test(app: Flask, client: Client) -> None:
    limits.hit("sign-in", "somebody", 5, timedelta(minutes=1))
    db.session.scalars(select(limits.Attempt)).one().count = 7
    with pytest.raises(OutsideTransaction):
        client.get("/healthz")
    db.session.rollback()
    assert db.session.scalar(select(limits.Attempt.count)) == 1


def test_a_request_and_its_test_read_with_sessions_of_their_own(app: Flask, page: Visitor) -> None:
    limits.hit("sign-in", "somebody", 5, timedelta(minutes=1))
    row = db.session.scalars(select(limits.Attempt)).one()
    assert row.count == 1
    page.get("/manage/sign-in")
    limits.hit("sign-in", "somebody", 5, timedelta(minutes=1))
    assert row.count == 2
