"""Runs the stages of `make test` one after the other and says how long each took.

All stages run even when one fails, so that one run tells everything; the last line counts all tests in pytest's words.
`python -m tests.stages lint sqlite` runs the named ones only; what follows `--` goes to pytest.
"""

import os
import re
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from tests import chromium

_ROOT = Path(__file__).resolve().parent.parent
_BIN = Path(sys.executable).parent
_BYTECODE = {"PYTHONPYCACHEPREFIX": str(_ROOT / ".cache" / "bytecode"), "PYTHONDONTWRITEBYTECODE": ""}
"""Where what was compiled is kept: the tests start some fifty processes, and each reads the same modules."""
_FAST = "not browser and not race and not soak"
_LONG = "race or soak or hypothesis"
_TWO, _THREE = (("-n", number, "--dist", "worksteal") for number in "23")
"""So many at a time, and who has nothing left takes over from another; in the browser they wait more than they work."""
_MARK = re.compile(r"pytest\.mark\.(\w+)")
_COUNT = re.compile(r"(\d+) (passed|failed|errors?)\b")


@dataclass
class Result:
    """How one stage ended."""

    name: str
    ok: bool
    seconds: float
    passed: int = 0
    failed: int = 0


def _pytest(database: str, marks: str, *options: str) -> list[str]:
    return [str(_BIN / "pytest"), "--database", database, "-m", marks, *options, *_extra()]


def _files(mark: str) -> list[str]:
    """Return the test files in which a mark stands, unless others are asked for: loading all of them takes its time."""
    if any(Path(one.split("::")[0]).exists() for one in _extra()):
        return []
    known = sorted((_ROOT / "tests").rglob("test_*.py"))
    return [str(path) for path in known if mark in _MARK.findall(path.read_text("utf-8"))]


def _extra() -> list[str]:
    return sys.argv[sys.argv.index("--") + 1 :] if "--" in sys.argv else []


def _lint() -> list[list[str]]:
    typed = ["eventapp", "config.py", "tests", "migrations/env.py", "translations/update.py", "benchmarks"]
    return [
        [str(_BIN / "ruff"), "check", "--quiet", "."],
        [str(_BIN / "ruff"), "format", "--quiet", "--check", "."],
        [str(_BIN / "mypy"), *(name for name in typed if (_ROOT / name).exists())],
        [str(_BIN / "djlint"), "--quiet", "--lint", "templates"],
        [sys.executable, "translations/update.py", "--check"],
    ]


def _browser() -> list[list[str]]:
    os.environ["CHROMIUM"] = chromium.ensure()
    return [_pytest("sqlite", "browser and not soak", *_THREE, *_files("browser"))]


def _soak() -> list[list[str]]:
    os.environ["SOAK"] = "full"
    return [_pytest("sqlite", _LONG), _pytest("postgres", _LONG)]


STAGES: dict[str, Callable[[], list[list[str]]]] = {
    "lint": _lint,
    "sqlite": lambda: [_pytest("sqlite", _FAST, *_TWO)],
    "postgres": lambda: [_pytest("postgres", _FAST, *_TWO)],
    "races": lambda: [_pytest(kind, "race and not soak", *_files("race")) for kind in ("sqlite", "postgres")],
    "browser": _browser,
    "soak": _soak,
}
ALL = ("lint", "sqlite", "postgres", "races", "browser")
TOGETHER = frozenset({"races", "soak"})
"""Stages whose commands run at the same time, one a database: most of their time they wait for each other."""
BESIDE = "lint"
"""The stage that runs while the next one does, because neither keeps both processors busy."""


def run(name: str, *, is_alone: bool = True) -> Result:
    """Run one stage, show what it prints (at its end, if it is not alone), and count its tests."""
    result, start = Result(name, ok=True, seconds=0), time.monotonic()
    try:
        commands = STAGES[name]()
    except chromium.ChromiumMissingError as error:
        commands, result.ok = [], False
        print(error)
    if is_alone:
        print(f"== {name}", flush=True)
    if name in TOGETHER:
        with ThreadPoolExecutor() as pool:
            list(pool.map(lambda command: _step(command, result, is_alone=False), commands))
    else:
        for command in commands:
            _step(command, result, is_alone=is_alone)
    result.seconds = time.monotonic() - start
    return result


def run_all(names: Sequence[str]) -> list[Result]:
    """Run stages one after the other, the one that needs not be alone beside the next."""
    with ThreadPoolExecutor() as pool:
        is_beside = len(names) > 1 and names[0] == BESIDE
        first = [pool.submit(run, BESIDE, is_alone=False)] if is_beside else []
        others = [run(name) for name in names[len(first) :]]
        return [*(one.result() for one in first), *others]


def _step(command: list[str], result: Result, *, is_alone: bool = True) -> None:
    """Run a command and count its tests; not alone, what it prints is shown at its end, so that it can be read."""
    last, kept = "", list[str]()
    with subprocess.Popen(command, cwd=_ROOT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True) as process:
        for line in process.stdout or ():
            if is_alone:
                print(line, end="", flush=True)
            else:
                kept.append(line)
            last = line if _COUNT.search(line) and " in " in line else last
        code = process.wait()
    print("".join(kept), end="", flush=True)
    if code:
        print(f"{Path(command[0]).name} ended with {code}", flush=True)
        result.ok = False
    for number, word in _COUNT.findall(last):
        if word == "passed":
            result.passed += int(number)
        else:
            result.failed += int(number)


def main() -> int:
    """Run the stages that were asked for and print the table; return 1 if one failed."""
    asked = sys.argv[1 : sys.argv.index("--")] if "--" in sys.argv else sys.argv[1:]
    unknown = [name for name in asked if name not in STAGES]
    if unknown:
        print(f"Unknown stage {unknown[0]}; there are: {' '.join(STAGES)}")
        return 2
    os.environ.update(_BYTECODE)
    start = time.monotonic()
    results = run_all(asked or ALL)
    print("\n== stages")
    for result in results:
        print(f"{result.name:10} {'ok' if result.ok else 'FAILED':7} {result.seconds:6.0f} s {result.passed:6} passed")
    passed = sum(result.passed for result in results)
    broken = sum(1 for result in results if not result.ok and not result.failed)
    failed = sum(result.failed for result in results) + broken
    seconds = time.monotonic() - start
    print(f"{passed} passed in {seconds:.0f}s" if not failed else f"{failed} failed, {passed} passed in {seconds:.0f}s")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
