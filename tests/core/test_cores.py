"""Each process of the web server has a core of its own, where there is one for each."""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from config import ROOT
from eventapp import cores


@pytest.fixture
def kept(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[set[int]]]:
    """Let this process have two cores, the second and the third, and note on which it was to stay."""
    asked: list[set[int]] = []
    monkeypatch.setattr(os, "sched_getaffinity", lambda _process: {2, 1})
    monkeypatch.setattr(os, "sched_setaffinity", lambda _process, wanted: asked.append(wanted))
    monkeypatch.setattr(cores, "_kept", [])
    yield asked
    for file in cores._kept:
        file.close()


def test_each_process_takes_a_core_that_is_free(kept: list[set[int]], tmp_path: Path) -> None:
    assert [cores.keep_to_one(tmp_path, 2) for _ in range(3)] == [1, 2, None]
    assert kept == [{1}, {2}]
    cores._kept[0].close()  # as the system does when a process ends, however it ends
    assert cores.keep_to_one(tmp_path, 2) == 1


@pytest.mark.parametrize("processes", [1, 3, 8])
def test_the_system_chooses_where_cores_and_processes_differ(
    kept: list[set[int]], tmp_path: Path, processes: int
) -> None:
    assert cores.keep_to_one(tmp_path, processes) is None
    assert not kept
    assert not list(tmp_path.iterdir())


def test_a_server_on_another_folder_is_another_server(kept: list[set[int]], tmp_path: Path) -> None:
    folders = tmp_path / "one", tmp_path / "two"
    for folder in folders:
        folder.mkdir()
    assert [cores.keep_to_one(folder, 2) for folder in folders] == [1, 1]


def test_the_application_as_a_server_runs_it_stays_on_its_core(tmp_path: Path) -> None:
    known = sorted(os.sched_getaffinity(0))
    look = "import os, eventapp.wsgi; print(*sorted(os.sched_getaffinity(0)))"
    settings = {"INSTANCE": str(tmp_path), "WORKERS": str(len(known)), "SECRET_KEY": "s" * 40}
    done = subprocess.run(
        [sys.executable, "-c", look],
        cwd=ROOT,
        env={**os.environ, **settings},
        capture_output=True,
        text=True,
        check=True,
    )
    assert [int(core) for core in done.stdout.split()] == known[:1]
