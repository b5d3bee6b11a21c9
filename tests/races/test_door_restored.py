"""The server burns down on the day and comes back from yesterday's backup, while phones hold scans of today.

What phones have not got rid of is all in the log afterwards, once and in its place; guests who signed up since are
unknown to the server, and the list on the phones says so too. What was stored today and is in no backup is gone: no
phone keeps what the server has. Seen to fail without new revisions after the restore.
"""

from datetime import timedelta
from pathlib import Path

import pytest
import time_machine
from flask import Flask

from eventapp.checkin.envelope import Item
from eventapp.checkin.rules import Outcome, Reason, ScanKind
from eventapp.core.db import db
from eventapp.registration.service import cancel
from tests.checkin.lists import VALID, Listed, whole
from tests.checkin.phones import Phone, conflicts_of, item, log_of, state_of, ticket_of, told
from tests.make import make_event

pytestmark = pytest.mark.race


def unsent(phones: list[Phone], codes: list[str], late: str) -> list[tuple[Phone, Item]]:
    """Return what phones without network did today: the third guest came in twice, the fourth left again."""
    _, north, south = phones
    return [
        (north, told(codes[0], north.at(5))),
        (south, told(codes[2], south.at(4))),
        (north, told(codes[2], north.at(3))),
        (south, told(codes[3], south.at(6))),
        (south, told(codes[3], south.at(7), kind=ScanKind.EXIT)),
        (north, told(late, north.at(8))),
    ]


def test_yesterdays_backup_and_todays_scans(real_app: Flask, tmp_path: Path, clock: time_machine.Traveller) -> None:
    event, run = make_event(), real_app.test_cli_runner()
    codes = [ticket_of(event, number).code for number in range(4)]
    phones = [Phone(event, f"Telefon {number}") for number in range(3)]
    file = str(tmp_path / "yesterday.backup")
    db.session.rollback()
    assert run.invoke(args=["backup", file]).exit_code == 0
    clock.shift(timedelta(days=1))
    late, gone = ticket_of(event, 8), ticket_of(event, 9)
    late_code = late.code
    cancel(gone.participant_id)
    stored = phones[0].ask(codes[0], 1)
    lost = item(codes[1], phones[0].at(2))
    phones[0].send(lost, 2)
    listed = Listed(event)
    listed.refresh()
    assert listed.show(late_code) is not None
    waiting = [*unsent(phones, codes, late_code), (phones[0], lost)]
    db.session.rollback()
    restored = run.invoke(args=["restore", file, "--replace"])
    assert restored.exit_code == 0, restored.output
    db.session.remove()
    assert log_of(codes[0]) == []
    for _ in range(2):  # whatever is sent again is the same scan
        answers = [phone.send(scan, 30) for phone, scan in waiting]
        assert all(answer.stored for answer in answers)
    assert answers[5].reason is Reason.UNKNOWN
    assert [scan.outcome for scan in log_of(late_code)] == [Outcome.ADMITTED]
    assert [len(log_of(code)) for code in codes] == [1, 1, 2, 2]
    assert stored.id not in {scan.id for scan in log_of(codes[0])}
    assert conflicts_of(codes[2]) == [waiting[1][1].id]
    assert [state_of(code) for code in codes] == [(True, 1), (True, 1), (True, 2), (False, 1)]
    assert listed.refresh()["full"]
    assert listed.show(late_code) is None
    assert listed.show(codes[0]) == [VALID, 1, 1, 1, []]
    assert listed.tickets == whole(db.session.merge(event))
