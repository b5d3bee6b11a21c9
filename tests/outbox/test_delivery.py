"""What becomes of a mail: sent once, tried again, given up; and nothing is written when the use case fails."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import pytest
import time_machine
from flask import Flask
from sqlalchemy import select

from eventapp.core import clock as core_clock
from eventapp.core.db import db, transaction
from eventapp.core.refusal import NotFound
from eventapp.outbox import service
from eventapp.outbox.models import Message, MessageState
from eventapp.outbox.rules import LEASE, Mail, wait_after
from tests import sink
from tests.sink import Sink

pytestmark = pytest.mark.loopback


def hello(message: Message) -> Mail:
    """Write a mail from its facts."""
    if message.facts.get("broken"):
        raise LookupError("gone")
    return Mail(f"Grüße an {message.facts['name']}", "Guten Tag", "<p>Guten Tag</p>")


@pytest.fixture
def server(app: Flask) -> Iterator[Sink]:
    old = app.config["EVENTAPP"]
    with sink.listening() as server:
        app.extensions["mails"]["hello"] = hello
        app.config["EVENTAPP"] = replace(old, smtp_url=server.url)
        yield server
    app.config["EVENTAPP"] = old
    del app.extensions["mails"]["hello"]


def post(to: str = "gast@example.org", **facts: object) -> Message:
    service.post("hello", to, "de", {"name": "Amira", **facts}, about="participant:x")
    return db.session.scalars(select(Message).order_by(Message.id.desc())).first()  # type: ignore[return-value]


def states() -> list[MessageState]:
    db.session.rollback()
    return [row.state for row in db.session.query(Message).order_by(Message.id)]


def test_a_mail_goes_out_once(server: Sink) -> None:
    message = post()
    assert service.deliver_due() == 1
    assert service.deliver_due() == 0
    assert states() == [MessageState.SENT]
    assert server.ids == [message.message_id]
    assert server.mails[0]["Subject"] == "Grüße an Amira"
    assert server.envelopes == [("eventapp@localhost", "gast@example.org")]


def test_a_batch_shares_one_connection(server: Sink) -> None:
    for number in range(5):
        post(f"gast{number}@example.org")
    assert service.deliver_due(limit=4) == 4
    assert (len(server.mails), server.connections) == (4, 1)
    assert service.deliver_due() == 1


def test_what_failed_around_it_takes_the_mail_back(server: Sink) -> None:
    with pytest.raises(RuntimeError):
        _post_and_fail()
    assert service.deliver_due() == 0
    assert server.mails == []


def test_a_kind_that_nobody_writes_is_noticed_at_once(server: Sink) -> None:
    with pytest.raises(KeyError):
        service.post("nonsense", "gast@example.org", "de", {})


def test_a_final_no_is_final_and_spares_the_others(server: Sink) -> None:
    server.refuse["weg@example.org"] = "550 5.1.1 no such mailbox"
    post("weg@example.org")
    post("da@example.org")
    service.deliver_due()
    assert states() == [MessageState.FAILED, MessageState.SENT]
    assert db.session.query(Message).first().error == "550 5.1.1 no such mailbox"  # type: ignore[union-attr]


def test_a_passing_no_is_tried_again_for_three_days(server: Sink, clock: time_machine.Traveller) -> None:
    server.refuse["voll@example.org"] = "451 try later"
    message = post("voll@example.org")
    began, tries = core_clock.now(), 0
    while True:
        tries += service.deliver_due()
        db.session.rollback()
        if message.state is MessageState.FAILED:
            break
        assert message.state is MessageState.WAITING
        assert service.deliver_due() == 0  # not before its time
        clock.move_to(message.due_at + timedelta(seconds=1))
    assert tries == 12
    assert timedelta(days=2.5) < core_clock.now() - began < timedelta(days=3.5)
    server.refuse.clear()
    service.retry(message.public_id)
    service.deliver_due()
    assert states() == [MessageState.SENT]


def test_a_server_that_is_away_costs_time_and_no_mail(app: Flask, server: Sink, clock: time_machine.Traveller) -> None:
    first, second = post(), post()
    app.config["EVENTAPP"] = replace(app.config["EVENTAPP"], smtp_url=sink.refused())
    assert service.deliver_due() == 2
    assert states() == [MessageState.WAITING] * 2
    app.config["EVENTAPP"] = replace(app.config["EVENTAPP"], smtp_url=server.url)
    clock.shift(timedelta(minutes=2))
    service.deliver_due()
    assert sorted(server.ids) == sorted([first.message_id, second.message_id])


def test_a_mail_that_cannot_be_written_keeps_no_other_from_going(server: Sink) -> None:
    post(broken=True)
    post()
    service.deliver_due()
    assert states() == [MessageState.WAITING, MessageState.SENT]
    assert db.session.query(Message).first().error == "not rendered: LookupError"  # type: ignore[union-attr]


def test_a_worker_that_died_is_replaced_when_its_lease_ends(
    server: Sink, clock: time_machine.Traveller, monkeypatch: pytest.MonkeyPatch
) -> None:
    message = post()
    mark = service._mark
    monkeypatch.setattr(service, "_mark", _die)
    with pytest.raises(KeyboardInterrupt):
        service.deliver_due()  # the server has the mail, and we died before we wrote it down
    monkeypatch.setattr(service, "_mark", mark)
    assert service.deliver_due() == 0
    clock.shift(LEASE + timedelta(seconds=1))
    assert service.deliver_due() == 1
    assert server.ids == [message.message_id] * 2  # the one case of a repeated mail: receivers see it is the same
    assert states() == [MessageState.SENT]


def test_a_worker_that_is_told_to_stop_gives_the_rest_back(server: Sink) -> None:
    for number in range(3):
        post(f"gast{number}@example.org")
    assert service.deliver_due(is_over=lambda: len(server.mails) == 1) == 1
    assert states() == [MessageState.SENT, MessageState.WAITING, MessageState.WAITING]
    assert service.deliver_due() == 2


def test_only_what_was_given_up_is_retried(server: Sink) -> None:
    message = post()
    service.deliver_due()
    service.retry(message.public_id)
    assert service.deliver_due() == 0
    with pytest.raises(NotFound):
        service.retry("nobody")


def test_the_schedule_grows_and_ends_after_three_days() -> None:
    waits = [wait_after(attempt, 0.5) for attempt in range(1, 20)]
    known = [wait for wait in waits if wait is not None]
    assert known == sorted(known)
    assert timedelta(days=2.9) < sum(known, timedelta()) < timedelta(days=3.1)
    assert waits[len(known) :] == [None] * (19 - len(known))
    low, high = wait_after(3, 0), wait_after(3, 1)
    assert low is not None
    assert high is not None
    assert low < high


def _die(*_: object) -> None:
    raise KeyboardInterrupt


def _post_and_fail() -> None:
    with transaction():
        post()
        raise RuntimeError
