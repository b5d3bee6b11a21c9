"""Keeps each process of the web server on a core of its own.

An interpreter runs one thread at a time, so a process has no use for a second core; but its threads wake each other on
whichever is free, and find nothing of theirs in the memory of that one. In a rush that took a tenth of all time.
"""

import fcntl
import os
from pathlib import Path
from typing import IO

_kept: list[IO[str]] = []
"""Open as long as this process lives: the system then lets go of the lock."""


def keep_to_one(folder: Path, processes: int) -> int | None:
    """Stay on one core that none of the other `processes` has, and return it; they agree by files in `folder`.

    Only where there are as many cores as processes, else None. With more, the system finds better places; and where
    many containers share the cores, all would crowd on the first.
    """
    if not hasattr(os, "sched_setaffinity"):
        return None
    cores = sorted(os.sched_getaffinity(0))
    if len(cores) != processes or processes == 1:
        return None
    for core in cores:
        if _is_ours(folder / f"core-{core}.lock"):
            os.sched_setaffinity(0, {core})
            return core
    return None


def _is_ours(path: Path) -> bool:
    file = path.open("a")
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        file.close()
        return False
    _kept.append(file)
    return True
