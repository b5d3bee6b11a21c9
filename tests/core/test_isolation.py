"""The test fixtures themselves: what one test stores, the next does not see, and the network is closed."""

import socket
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import func, select

from eventapp.core import clock, limits
from eventapp.core.db import db
from tests.network import NetworkError


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
