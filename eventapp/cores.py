"""Keeps each process of the web server on a core of its own.

An interpreter runs one thread at a time, so a process has little use for a second core; but its threads wake each other
on whichever is free, and find nothing of theirs in the memory of that one. In a rush that took a tenth of all time.
"""

import fcntl
import os
from pathlib import Path
from typing import IO

_kept: list[IO[str]] = []
"""Open as long as this process lives: the system then lets go of the lock."""


def keep_to_one(folder: Path, processes: int) -> int | None:
    """Stay on one core that none of the other `processes` has, and return it; they agree by files in `folder`.

    Only where there are as many cores as processes, else None: with more, the system finds better places. Also None
    where the system does not let us; nothing depends on it. A process that is forked off is free again.
    """
    if not hasattr(os, "sched_setaffinity"):
        return None
    cores = os.sched_getaffinity(0)
    if len(cores) != processes or processes == 1:
        return None
    try:
        core = next((core for core in sorted(cores) if _is_ours(folder / f"core-{core}.lock")), None)
        if core is not None:
            os.sched_setaffinity(0, {core})
            os.register_at_fork(after_in_child=lambda: os.sched_setaffinity(0, cores))
    except OSError:
        return None
    return core


def _is_ours(path: Path) -> bool:
    file = path.open("a")
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        file.close()
        return False
    _kept.append(file)
    return True
