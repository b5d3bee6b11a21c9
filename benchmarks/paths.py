"""What is measured: each path with the floor that it is held against, as plans for the client."""

import json
import re
import time
import uuid
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import timedelta
from html import unescape
from itertools import count, cycle, islice
from urllib.parse import urlencode

from flask.testing import FlaskClient

from benchmarks import door, floors, plain
from benchmarks.client import MARK, Plan
from benchmarks.stage import SLUG, Place, Stage
from config import Config
from eventapp.core import clock
from eventapp.registration.forms import LATER
from eventapp.registration.guard.service import SHOWN, shown_at

_TYPE = "application/x-www-form-urlencoded"
_LONG_ENOUGH = 8000
PHONES = 16
"""So many phones at a door never wait."""
_number = count(1)


@dataclass(frozen=True)
class Path:
    """Something to measure: its name, the name of its floor (itself: it is one), and how its next plan is made."""

    name: str
    floor: str
    plan: Callable[[], Plan]


@dataclass
class Paths:
    """Makes the plans for one database; `ports` are those of the application and of the floors."""

    on: Stage
    config: Config
    ports: tuple[int, int]
    seconds: float

    def all(self) -> list[Path]:
        """Return everything in the order of measurement, each floor before what is held against it."""
        app, floor = self.ports
        calendar = Plan(app, f"/{SLUG}.ics", 8, self.seconds)
        tag = self.on.app.test_client().get(calendar.path).headers["ETag"]
        found = [
            Path("F0", "F0", lambda: Plan(floor, "/hello", 8, self.seconds)),
            Path("event page", "F0", lambda: Plan(app, f"/de/{SLUG}/", 8, self.seconds)),
            Path("calendar, 304", "F0", lambda: replace(calendar, headers={"If-None-Match": tag}, expect=304)),
            Path("calendar, 200", "F0", lambda: calendar),
        ]
        for clients in (1, 8, 16, 64):
            name = f"F1, {clients} clients"
            found.append(Path(name, name, self._floor(clients)))
            found += self._rush(clients, name) if clients != PHONES else []
            found += self._scans(clients, name)
        return found

    def _rush(self, clients: int, floor: str) -> list[Path]:
        """Return the ways to sign up; the plain one only where its lock is a row's."""
        with_forum = self._sign_up(clients, self.on.roomy, forum=True)
        found = [
            Path(f"sign-up, one limit, {clients} clients", floor, self._sign_up(clients, self.on.unlimited)),
            Path(f"sign-up, two limits, {clients} clients", floor, self._sign_up(clients, self.on.roomy)),
            Path(f"sign-up, three limits, {clients} clients", floor, with_forum),
            Path(f"sign-up, sold out, {clients} clients", floor, self._sign_up(clients, self.on.full)),
        ]
        if self.config.database_url.startswith("postgresql"):
            found.append(Path(f"sign-up, the plain way, {clients} clients", floor, self._plain(clients)))
        return found

    def _plain(self, clients: int) -> Callable[[], Plan]:
        client, path = plain.plain_app(self.config.database_url, self.config.secret_key).test_client(), f"/plain/{SLUG}"
        fields = {"csrf_token": client.get(path).text.split()[1], "category": "0", "items_1": "1"}
        headers = {"Cookie": _cookie(client, "session"), "Content-Type": _TYPE}
        return lambda: self._post(Plan(self.ports[1], path, clients, self.seconds), headers, fields)

    def _floor(self, clients: int) -> Callable[[], Plan]:
        client = floors.form_app(self.config.database_url, self.config.secret_key).test_client()
        fields = {"csrf_token": client.get("/form").text, "category": "0", "items_1": "1"}
        headers = {"Cookie": _cookie(client, "session"), "Content-Type": _TYPE}
        return lambda: self._post(Plan(self.ports[1], "/form", clients, self.seconds), headers, fields)

    def _sign_up(self, clients: int, place: Place, *, forum: bool = False) -> Callable[[], Plan]:
        client, path = self.on.app.test_client(), f"/de/{place.slug}/register"
        page = client.get(path).text
        names = re.findall(r'<input[^>]*name="(items_\d+)"', page)
        fields = {"csrf_token": _value(page, "csrf_token"), "notice": _value(page, "notice")}
        with self.on.app.app_context():
            fields[SHOWN] = shown_at(clock.now() - timedelta(minutes=1))
        fields |= {"category": str(place.category_id), names[0]: str(place.forum_id) if forum else LATER}
        headers = {"Cookie": _cookie(client, "eventapp"), "Content-Type": _TYPE}
        return lambda: self._post(Plan(self.ports[0], path, clients, self.seconds), headers, fields)

    def _post(self, plan: Plan, headers: dict[str, str], fields: dict[str, str]) -> Plan:
        """Fill a plan with people who have not signed up yet."""
        people = tuple(str(next(_number)) for _ in range(_LONG_ENOUGH))
        told = {"given_name": f"Gast {MARK}", "family_name": "Muster", "email": f"gast{MARK}@example.org",
                "organisation": "Stadt Essen", "language": "de", "title": "", "kind": "",
                "key": f"key-{MARK}"}  # fmt: skip
        body = urlencode({**fields, **told}, safe="@")
        return replace(plan, method="POST", headers=headers, body=body, values=people, expect=303)

    def _scans(self, clients: int, floor: str) -> list[Path]:
        """Return the ways to scan a ticket; the plain one only where its lock is a row's."""
        found = [Path(f"scan, {clients} clients", floor, self._scan(clients))]
        if self.config.database_url.startswith("postgresql"):
            found.append(Path(f"scan, the plain way, {clients} clients", floor, self._plain_scan(clients)))
        return found

    def door_client(self) -> FlaskClient:
        """Return a client at which somebody who may scan is signed in."""
        client = self.on.app.test_client()
        with client.session_transaction() as session:
            session["_user_id"], session["_fresh"] = self.on.door, True
        return client

    def _scan(self, clients: int) -> Callable[[], Plan]:
        client = self.door_client()
        token = _value(client.get(f"/de/{SLUG}/register").text, "csrf_token")
        headers = {"Cookie": _cookie(client, "eventapp"), "X-CSRFToken": token}
        return lambda: self._show(Plan(self.ports[0], f"/door/api/{door.SLUG}/scans", clients, self.seconds), headers)

    def _plain_scan(self, clients: int) -> Callable[[], Plan]:
        client = plain.plain_app(self.config.database_url, self.config.secret_key).test_client()
        path = f"/plain/{door.SLUG}/scans"
        token = client.get(f"/plain/{door.SLUG}").text.split()[1]
        headers = {"Cookie": _cookie(client, "session"), "X-CSRFToken": token}
        return lambda: self._show(Plan(self.ports[1], path, clients, self.seconds), headers)

    def _show(self, plan: Plan, headers: dict[str, str]) -> Plan:
        """Fill a plan with tickets that are shown one after the other, to an empty house."""
        codes = door.fill(self.on)
        door.empty(self.on)
        now, phone = round(time.time() * 1000), str(uuid.uuid4())
        bodies = tuple(
            json.dumps({"device": {"id": phone, "name": "Telefon 1"}, "sent_at": now,
                        "scans": [{"id": str(uuid.uuid4()), "code": code, "at": now}]})
            for code in islice(cycle(codes), _LONG_ENOUGH)
        )  # fmt: skip
        return replace(
            plan, method="POST", headers={**headers, "Content-Type": "application/json"}, body=MARK, values=bodies
        )


def _cookie(client: FlaskClient, name: str) -> str:
    found = client.get_cookie(name)
    assert found is not None, name
    return f"{name}={found.value}"


def _value(page: str, name: str) -> str:
    found = re.search(rf'<input[^>]*name="{name}"[^>]*value="([^"]*)"', page)
    assert found is not None, name
    return unescape(found[1])
