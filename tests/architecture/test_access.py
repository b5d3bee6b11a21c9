"""Rule 4: every view carries a mark, and the mark is kept: every route × every role × another organiser."""

import pytest
from flask import Flask
from werkzeug.routing import Rule

from config import Config
from eventapp import gate
from eventapp.accounts.rules import MAY, Permission, Role
from eventapp.app import create_app
from eventapp.core import access
from tests.make import sign_in
from tests.pages import Client
from tests.world import NOBODY, STRANGER, World, make_world

SIGN_IN = "/manage/sign-in"
LEADS_THERE = "accounts.sign_out"
"""The one public address that leads to sign-in."""
_RULES = [r for r in create_app(Config.for_tests("sqlite://")).url_map.iter_rules() if r.endpoint != "static"]
CALLS = sorted({(rule.rule, method) for rule in _RULES for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}})


def find_rule(app: Flask, pattern: str, method: str) -> Rule:
    """Return the application's rule for a pattern and a method."""
    return next(r for r in app.url_map.iter_rules() if r.rule == pattern and method in (r.methods or set()))


def call(app: Flask, world: World, rule: Rule, method: str, who: str) -> tuple[int, str]:
    """Call an address as somebody; return status and where it leads."""
    client = app.test_client()
    assert isinstance(client, Client)
    account = world.people[who]
    if account is not None:
        sign_in(client, account)
    with client.open(world.address(app, rule), method=method) as answer:
        return answer.status_code, answer.headers.get("Location", "")


def is_kept_out(status: int, location: str) -> bool:
    """Tell whether somebody was sent to sign-in or refused as nobody in particular."""
    return SIGN_IN in location or status in (401, 403)


def test_every_view_carries_a_mark() -> None:
    assert gate.unmarked(create_app(Config.for_tests("sqlite://"))) == []


@pytest.mark.parametrize(("pattern", "method"), CALLS, ids=str)
def test_every_address_keeps_out_whom_its_mark_keeps_out(app: Flask, pattern: str, method: str) -> None:
    app.config["WTF_CSRF_ENABLED"] = False
    try:
        world, rule = make_world(), find_rule(app, pattern, method)
        mark = access.mark_of(app.view_functions[rule.endpoint])
        assert mark is not None
        if rule.endpoint != LEADS_THERE:
            _check_nobody(mark, *call(app, world, rule, method, NOBODY))
        if mark.kind in ("requires", "at_the_door"):
            _check_roles(app, world, rule, method, mark)
    finally:
        app.config["WTF_CSRF_ENABLED"] = True


def _check_nobody(mark: access.Mark, status: int, location: str) -> None:
    if mark.kind in ("public", "by_link"):
        assert not is_kept_out(status, location)
    else:
        assert is_kept_out(status, location)


def _check_roles(app: Flask, world: World, rule: Rule, method: str, mark: access.Mark) -> None:
    permission = Permission.SCAN if mark.kind == "at_the_door" else Permission(mark.what)
    assert call(app, world, rule, method, STRANGER)[0] == 404
    outside = [role for role in Role if permission not in MAY[role]]
    for role in outside:
        assert call(app, world, rule, method, role.value)[0] == 403, f"{role} must not"
    inside = next(role for role in reversed(Role) if permission in MAY[role])
    status, location = call(app, world, rule, method, inside.value)
    assert status < 500
    assert not is_kept_out(status, location), f"{inside} may"
