"""`flask demo` and the first `flask up` load the demonstration and show the passwords; later starts load nothing."""

from dataclasses import replace

import pytest
from flask import Flask

from eventapp import serving
from eventapp.accounts.rules import Role
from eventapp.core import migrating
from eventapp.demo import service
from eventapp.demo.people.service import SignIn
from tests.make import make_event, make_organiser


@pytest.fixture
def quick(app: Flask, monkeypatch: pytest.MonkeyPatch) -> Flask:
    """The application, whose demonstration is one event and one person, and whose server ends at once."""

    def load() -> service.Loaded:
        signs = (SignIn("Ministerium", Role.OWNER, "inhaberin@example.org", "four-words"),)
        return service.Loaded((make_event(),), signs)

    monkeypatch.setattr(service, "load", load)
    monkeypatch.setattr(migrating, "upgrade", lambda: None)  # the tables are there
    monkeypatch.setattr(serving, "serve", lambda _config: 0)
    return app


def test_the_first_start_shows_events_and_passwords(quick: Flask) -> None:
    shown = quick.test_cli_runner().invoke(args=["up"])
    assert shown.exit_code == 0, shown.output
    assert "/gemeinsam-vor-ort" in shown.output
    assert "inhaberin@example.org" in shown.output
    assert "four-words" in shown.output


def test_a_later_start_loads_nothing(quick: Flask) -> None:
    make_organiser()
    assert "inhaberin" not in quick.test_cli_runner().invoke(args=["up"]).output


def test_a_start_without_the_demonstration(quick: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(quick.config, "EVENTAPP", replace(quick.config["EVENTAPP"], demo=False))
    assert "inhaberin" not in quick.test_cli_runner().invoke(args=["up"]).output
    assert service.is_empty()


def test_the_command_says_in_english_that_it_was_loaded(story: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(migrating, "upgrade", lambda: None)
    shown = story.test_cli_runner().invoke(args=["demo"])
    assert shown.exit_code == 1
    assert "loaded already" in shown.output
