"""Measures all paths in interleaved rounds on both databases, prints the table and writes `instance/bench.json`.

Absolute numbers say nothing on a shared machine: what counts is each path's share of its floor in the same round.
Postgres has a disk simulated by a group commit of one millisecond, because real flush times swing by far more.
"""

import argparse
import contextlib
import io
import json
import statistics
import sys
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path as File
from typing import Any

from benchmarks import door, servers, stage
from benchmarks.client import HOST, Result
from benchmarks.paths import Path, Paths
from config import ROOT, Config
from tests import postgres

DISK = {"fsync": "on", "synchronous_commit": "on", "commit_delay": "1000", "commit_siblings": "0"}
SECRET = "only for measuring, never for a site"  # noqa: S105 - of a database that is thrown away
Rounds = dict[str, list[Result]]
_WARM_UP = 0.5


@contextlib.contextmanager
def database(kind: str, folder: File) -> Iterator[str]:
    """Give the address of an empty database."""
    if kind == "sqlite":
        yield f"sqlite:///{folder / 'bench.db'}"
        return
    with postgres.running(DISK) as server:
        yield server.create("bench")


def measure(kind: str, rounds: int, seconds: float, only: str = "") -> dict[str, Any]:
    """Measure all paths on one database, or those with `only` in their name and their floors; return them by name."""
    with tempfile.TemporaryDirectory() as name, database(kind, File(name)) as url, contextlib.ExitStack() as stack:
        configs = [Config(url, SECRET, instance=File(name), host=HOST, port=servers.free_port()) for _ in range(2)]
        stack.enter_context(contextlib.redirect_stderr(io.StringIO()))  # the application's own log
        on = stage.prepare(configs[0])
        targets = zip((servers.APPLICATION, servers.FLOORS), configs, strict=True)
        app, floor = [stack.enter_context(servers.serving_on(target, config)) for target, config in targets]
        all_paths = Paths(on, configs[0], (app, floor), seconds)
        paths = chosen(all_paths.all(), only)
        found: Rounds = {path.name: [] for path in paths}
        for number in range(rounds + 1):
            for path in paths:
                print(f"\r{kind}, round {number} of {rounds}: {path.name:40}", end="", file=sys.__stderr__, flush=True)
                plan = path.plan()
                if number == 0:  # what is made at the first request of a process is not measured
                    servers.carry_out(replace(plan, seconds=_WARM_UP))
                else:
                    found[path.name].append(servers.carry_out(plan))
        print(file=sys.__stderr__)
        weights = door.weigh(on, all_paths.door_client()) if only in door.WHOLE else {}
    ratios = {path.name: summary(found[path.name], found[path.floor], path.floor) for path in paths}
    return ratios | {name: {"bytes": weight} for name, weight in weights.items()}


def chosen(paths: list[Path], only: str) -> list[Path]:
    """Return the paths with `only` in their name, and their floors."""
    floors = {path.floor for path in paths if only in path.name}
    return [path for path in paths if only in path.name or path.name in floors]


def summary(mine: Sequence[Result], floor: Sequence[Result], floor_name: str) -> dict[str, Any]:
    """Return the medians over the rounds: ratios are taken in each round before."""
    pairs = list(zip(mine, floor, strict=True))
    return {
        "floor": floor_name,
        "ratio": round(statistics.median(a.rate / b.rate for a, b in pairs), 3),
        "per_second": round(statistics.median(a.rate for a in mine), 1),
        "p50_ms": round(statistics.median(a.p50 for a in mine), 2),
        "p99_ms": round(statistics.median(a.p99 for a in mine), 2),
        "longest_ms": round(max(a.longest for a in mine), 1),
        "p99_ratio": round(statistics.median(a.p99 / b.p99 for a, b in pairs), 2),
        "rounds": [vars(a) for a in mine],
    }


def table(results: dict[str, dict[str, Any]]) -> str:
    """Return the table that is printed."""
    columns = f"{'per s':>8} {'p50 ms':>8} {'p99 ms':>8} {'p99/floor':>9} {'longest ms':>10}"
    lines = [f"{'path':44} {'ratio':>6}  {'of':16} {columns}"]
    lines += [
        f"{name:44} {x['ratio']:6.2f}  {x['floor']:16} {x['per_second']:8.0f} {x['p50_ms']:8.1f} {x['p99_ms']:8.1f} "
        f"{x['p99_ratio']:9.1f} {x['longest_ms']:10.0f}"
        for name, x in results.items()
        if "ratio" in x
    ]
    lines += [f"{name:44} {x['bytes']:6} bytes, zipped" for name, x in results.items() if "bytes" in x]
    return "\n".join(lines)


def main() -> None:
    """Measure, print, write."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--seconds", type=float, default=1.5, help="for each measurement")
    parser.add_argument("--database", choices=("sqlite", "postgres"), action="append")
    parser.add_argument("--only", default="", help="paths with this in their name, and their floors")
    parser.add_argument("--out", type=File, default=ROOT / "instance" / "bench.json")
    given = parser.parse_args()
    results = {
        f"{kind}: {name}": found
        for kind in given.database or ("sqlite", "postgres")
        for name, found in measure(kind, given.rounds, given.seconds, given.only).items()
    }
    print(table(results))
    given.out.parent.mkdir(parents=True, exist_ok=True)
    given.out.write_text(json.dumps(results, indent=1) + "\n", encoding="utf-8")
    print(f"written to {given.out}")


if __name__ == "__main__":
    main()
