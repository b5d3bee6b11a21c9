"""What the tests stand on: the servers of killed runs are ended, a missing browser is said, catalogues are complete."""

import os
import re
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from packaging.requirements import Requirement

from config import ROOT
from tests import chromium, postgres, stages
from translations import update

_START = """
import time
from tests import postgres
with postgres.running() as server:
    print(server.folder, flush=True)
    time.sleep(120)
"""


def test_the_server_of_a_killed_run_is_ended_by_the_next() -> None:
    run = subprocess.Popen([sys.executable, "-c", _START], stdout=subprocess.PIPE, text=True, cwd=ROOT)
    with run:
        assert run.stdout is not None
        folder = Path(run.stdout.readline().strip())
        run.kill()
    server = int((folder / "data" / "postmaster.pid").read_text().split()[0])
    os.kill(server, 0)
    postgres.clear_stale()
    assert not folder.exists()
    assert _is_gone(server)


def _is_gone(process: int) -> bool:
    for _ in range(100):
        try:
            os.kill(process, 0)
            state = Path(f"/proc/{process}/stat")
            if state.exists() and state.read_text().rpartition(")")[2].split()[0] == "Z":
                return True
        except ProcessLookupError:
            return True
        time.sleep(0.05)
    os.kill(process, signal.SIGKILL)
    return False


def test_a_running_server_of_another_run_is_left_alone() -> None:
    with postgres.running() as server:
        postgres.clear_stale()
        assert not server.has("nothing")


def test_a_browser_that_does_not_start_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CHROMIUM", "/no/such/browser")
    with pytest.raises(chromium.ChromiumMissingError, match="/no/such/browser"):
        chromium.find()


def test_without_any_browser_the_stage_fails(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("_by_apt", "_by_playwright"):
        monkeypatch.setattr(chromium, name, lambda: None)
    monkeypatch.setattr(chromium, "find", lambda: None)
    result = stages.run("browser")
    assert (result.ok, result.passed) == (False, 0)


def test_catalogues_are_complete_and_compiled() -> None:
    found = update.extract()
    for language in update.languages():
        made = update.update(language, found)
        assert update.missing(made) == []
        assert update.outdated(language, made) == []


@pytest.mark.parametrize("name", ["requirements", "requirements-dev"])
def test_the_lock_holds_what_the_ranges_ask_for_with_hashes(name: str) -> None:
    locked: dict[str, str] = {}
    lock = (ROOT / f"{name}.lock").read_text()
    for entry in re.split(r"\n(?=\S)", lock.strip()):
        pinned, *hashes = entry.replace("\\\n", " ").split("--hash=sha256:")
        assert hashes, f"{pinned} has no hash"
        package, version = pinned.partition(";")[0].strip().split("==")
        locked[package] = version
    assert "://" not in lock
    for line in (ROOT / f"{name}.txt").read_text().splitlines():
        if line and not line.startswith(("#", "-")):
            wanted = Requirement(line.partition("#")[0])
            assert wanted.specifier.contains(locked[wanted.name.lower()]), f"{line}: run make lock"
