"""`kill -9` of the whole server while eight phones scan, again and again: every scan is in the log, once.

Whatever the server was doing, a scan is either committed as a whole or was never there, and the phone sends it until
it hears that it is stored. Seen to fail when a phone lets go of a scan that was sent and not answered.
"""

import random
import re
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path

import pytest
import time_machine
from flask import Flask
from sqlalchemy import select

from eventapp.accounts.models import Account
from eventapp.accounts.rules import Role
from eventapp.core import clock as core_clock
from eventapp.core.db import db
from eventapp.registration.signup.rules import Arrival
from eventapp.registration.signup.service import arrive_all
from eventapp.tickets.models import Ticket
from tests import soak
from tests.checkin.logs import check_log
from tests.make import make_account, make_event, sign_in
from tests.races.doors import DoorPhone, Progress, Site
from tests.registration.people import person

pytestmark = [pytest.mark.race, pytest.mark.loopback]
PHONES = 8
GUESTS, SCANS, KILLS = soak.amount(80, 2000), soak.amount(400, 10_000), soak.amount(3, 20)
PROCESSES = soak.amount(1, 2)
_REAL = time_machine.escape_hatch.datetime.datetime
_OPENS_IN = timedelta(days=60)


def test_no_scan_is_lost_when_the_server_is_killed(
    real_app: Flask, real_database: str, tmp_path: Path, clock: time_machine.Traveller
) -> None:
    now = _REAL.now(core_clock.now().tzinfo)
    clock.move_to(now - _OPENS_IN)
    event = make_event(seats=GUESTS)
    arrive_all(event.id, [Arrival((person(event, number),)) for number in range(GUESTS)])
    codes = list(db.session.scalars(select(Ticket.code)))
    assert len(codes) == GUESTS
    account, slug = make_account(event.organiser, Role.DOOR), event.slug
    clock.move_to(_REAL.now(now.tzinfo))  # the day has come: the server, a process of its own, has the real time
    headers = signed_in(real_app, slug, account)
    db.session.rollback()
    site, progress, chance = Site(real_database, tmp_path, PROCESSES), Progress(), random.Random(7)  # noqa: S311
    phones = [DoorPhone(site, f"/door/api/{slug}/scans", headers, number) for number in range(PHONES)]
    guests = [[chance.choice(codes) for _ in range(SCANS // PHONES)] for _ in phones]
    site.start()
    site.wait()
    with ThreadPoolExecutor(PHONES) as pool:
        running = [pool.submit(phone.scan_all, mine, progress.add) for phone, mine in zip(phones, guests, strict=True)]
        try:
            for _ in range(KILLS):
                progress.wait(min(SCANS, progress.made + chance.randrange(1, SCANS // (2 * KILLS))))
                site.kill()
                site.start()
                site.wait()
            for one in running:
                one.result(180)
        finally:
            site.kill()
    assert [len(phone.queue) for phone in phones] == [0] * PHONES
    assert sum(phone.lost for phone in phones) >= KILLS
    did = {key: outcome for phone in phones for key, outcome in phone.did.items()}
    assert len(did) == SCANS
    check_log(did, codes)


def signed_in(app: Flask, slug: str, account: Account) -> dict[str, str]:
    """Return the headers of a phone at which a person is signed in."""
    client = app.test_client()
    sign_in(client, account)
    token = re.search(r'name="csrf-token" content="([^"]+)"', client.get(f"/door/{slug}/").text)
    cookie = client.get_cookie(app.config["SESSION_COOKIE_NAME"])
    assert cookie is not None
    headers = {"Cookie": f"{cookie.key}={cookie.value}", "Content-Type": "application/json"}
    return headers | ({"X-CSRFToken": token[1]} if token else {})
