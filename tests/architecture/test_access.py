"""Rule 4: every view carries a mark, and the mark is kept: every route × every role × another organiser.

POST goes without a CSRF token: who may come in is told 400 by the check behind the gate, and nothing is changed. Seen
to fail when a view's permission is another one and when the gate does not look at the organiser.
"""

from collections.abc import Iterator

import pytest
from flask import Flask
from werkzeug.routing import Rule

from config import Config
from eventapp import gate
from eventapp.accounts.rules import MAY, Permission, Role
from eventapp.app import create_app
from eventapp.checkin.devices.rules import COOKIE, COOKIE_PATH
from eventapp.core import access
from tests.make import sign_in
from tests.pages import Client
from tests.world import DEVICE, NOBODY, OTHER_DEVICE, REVOKED, STRANGER, make_world

SIGN_IN, DOOR = "/manage/sign-in", "/door/"
LEADS_THERE = "accounts.sign_out"
"""The one public address that leads to sign-in."""
OPEN = {
    "/manage/sign-in",
    "/manage/sign-out",
    "/manage/forgotten",
    "/manage/reset/<token>",
    "/manage/join/<token>",
    "/door/",
    "/door/app.webmanifest",
    "/door/reader.worker.js",
    "/door/service-worker.js",
    "/door/api/sign-on",
}
"""Addresses of staff that are open to people and devices that are not signed in yet or any more."""
SUPERVISED = {"/door/api/<slug:event>/conflicts"}
"""Addresses of the door that are open only to those who may decide against its answer."""
PEOPLE = (NOBODY, STRANGER, *(role.value for role in Role), DEVICE, OTHER_DEVICE, REVOKED)


def test_every_view_carries_a_mark() -> None:
    assert gate.unmarked(create_app(Config.for_tests("sqlite://"))) == []


def test_staff_addresses_are_closed_and_who_may_only_see_sends_nothing() -> None:
    app = create_app(Config.for_tests("sqlite://"))
    for rule in (rule for rule in app.url_map.iter_rules() if rule.rule.startswith(("/manage", "/door"))):
        mark = access.mark_of(app.view_functions[rule.endpoint])
        assert mark is not None
        assert rule.rule in OPEN or mark.kind in ("signed_in", "requires", "at_the_door"), rule.rule
        assert "POST" not in (rule.methods or set()) or not mark.what.startswith("see_"), rule.rule


@pytest.mark.once
@pytest.mark.parametrize("who", PEOPLE)
def test_every_address_lets_in_whom_its_mark_lets_in(app: Flask, who: str) -> None:
    world = make_world()
    client = app.test_client()
    assert isinstance(client, Client)
    client.is_strict = False  # here only the gate is asked; pages are checked where they are tested
    account, token = world.people.get(who), world.devices.get(who)
    wrong = []
    for rule, method in calls(app):
        if account is not None:
            sign_in(client, account)
        if token is not None:
            client.set_cookie(COOKIE, token, path=COOKIE_PATH)
        with client.open(world.address(app, rule), method=method) as answer:  # a file is closed with its answer
            found = verdict(answer.status_code, answer.headers.get("Location", ""))
        wanted = expected(app, rule, who)
        if found not in wanted:
            wrong.append(f"{method} {rule.rule}: {found}, not {' or '.join(wanted)} ({answer.status_code})")
    assert wrong == []


def calls(app: Flask) -> Iterator[tuple[Rule, str]]:
    """Give every route with every method that it answers."""
    for rule in app.url_map.iter_rules():
        if rule.endpoint != "static":
            yield from ((rule, method) for method in sorted((rule.methods or set()) - {"HEAD", "OPTIONS"}))


def verdict(status: int, location: str) -> str:
    """Say what the gate did: sent to sign-in, refused, "not found", or let in."""
    if status == 401 or SIGN_IN in location or location == DOOR:
        return "sign-in"
    return {403: "refused", 404: "not found"}.get(status, "let in" if status < 500 else "failed")


def expected(app: Flask, rule: Rule, who: str) -> tuple[str, ...]:
    """Say what the gate must do; behind it a thing may still be missing for a public or linked address."""
    mark = access.mark_of(app.view_functions[rule.endpoint])
    assert mark is not None
    if mark.kind in ("public", "by_link"):
        return ("let in", "not found", "sign-in") if rule.endpoint == LEADS_THERE else ("let in", "not found")
    if who == DEVICE and mark.kind == "at_the_door":
        return ("let in", "not found")
    if who in (NOBODY, DEVICE, OTHER_DEVICE, REVOKED):
        return ("sign-in", "refused")
    if mark.kind == "signed_in":
        return ("let in", "not found", "refused")  # the view itself looks what the person may see
    if who == STRANGER:
        return ("not found",)
    permission = Permission.SCAN if mark.kind == "at_the_door" else Permission(mark.what)
    if rule.rule in SUPERVISED:
        permission = Permission.EDIT_PARTICIPANTS
    return ("let in", "not found") if permission in MAY[Role(who)] else ("refused",)
