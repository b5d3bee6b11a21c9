"""Each process of the web server has a core of its own, where there is one for each."""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from config import ROOT
from eventapp import cores as module
from eventapp.cores import keep_to_one


@pytest.fixture
def kept(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[set[int]]]:
    """Let this process have two cores, the second and the third, and note on which it was to stay."""
    asked: list[set[int]] = []
    monkeypatch.setattr(os, "sched_getaffinity", lambda _process: {2, 1}, raising=False)
    monkeypatch.setattr(os, "sched_setaffinity", lambda _process, wanted: asked.append(wanted), raising=False)
    monkeypatch.setattr(os, "register_at_fork", lambda **_told: None)
    monkeypatch.setattr(module, "_kept", [])
    yield asked
    for file in module._kept:
        file.close()


def test_each_process_takes_a_core_that_is_free(kept: list[set[int]], tmp_path: Path) -> None:
    assert [keep_to_one(tmp_path, 2) for _ in range(3)] == [1, 2, None]
    assert kept == [{1}, {2}]
    module._kept[0].close()  # as the system does when a process ends, however it ends
    assert keep_to_one(tmp_path, 2) == 1


@pytest.mark.parametrize(("cores", "processes"), [({1, 2}, 1), ({1, 2}, 3), ({1}, 1), ({1, 2}, 0)])
def test_the_system_chooses_where_cores_and_processes_differ(
    kept: list[set[int]], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, cores: set[int], processes: int
) -> None:
    monkeypatch.setattr(os, "sched_getaffinity", lambda _process: cores)
    assert keep_to_one(tmp_path, processes) is None
    assert not kept
    assert not list(tmp_path.iterdir())


def test_nothing_depends_on_it(kept: list[set[int]], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert keep_to_one(tmp_path / "missing", 2) is None
    monkeypatch.setattr(os, "sched_setaffinity", _refuse)
    assert keep_to_one(tmp_path, 2) is None
    monkeypatch.delattr(os, "sched_setaffinity")
    assert keep_to_one(tmp_path, 2) is None
    assert not kept


def test_a_server_on_another_folder_is_another_server(kept: list[set[int]], tmp_path: Path) -> None:
    folders = tmp_path / "one", tmp_path / "two"
    for folder in folders:
        folder.mkdir()
    assert [keep_to_one(folder, 2) for folder in folders] == [1, 1]


def test_the_application_as_a_server_runs_it_stays_on_its_core(tmp_path: Path) -> None:
    known = _cores("", tmp_path, {})
    told = {"TIED_PROCESSES": str(len(known))}
    assert _cores("import eventapp.wsgi", tmp_path, told) == known[:1]
    assert _cores("import eventapp.wsgi", tmp_path, {}) == known


def test_a_process_that_is_forked_off_is_free(tmp_path: Path) -> None:
    known = _cores("", tmp_path, {})
    told = {"TIED_PROCESSES": str(len(known))}
    assert _cores("import eventapp.wsgi; os.fork() and (os.wait(), os._exit(0))", tmp_path, told) == known


def _cores(first: str, folder: Path, told: dict[str, str]) -> list[int]:
    """Return on which cores a process may run after what it does `first`."""
    look = f"import os; {first}\nprint(*sorted(getattr(os, 'sched_getaffinity', lambda _process: ())(0)))"
    settings = {"INSTANCE": str(folder), "SECRET_KEY": "s" * 40, **told}
    environment = {**{name: value for name, value in os.environ.items() if name != "TIED_PROCESSES"}, **settings}
    done = subprocess.run(
        [sys.executable, "-c", look], cwd=ROOT, env=environment, capture_output=True, text=True, check=True
    )
    return [int(core) for core in done.stdout.split()]


def _refuse(*_: object) -> None:
    raise PermissionError
