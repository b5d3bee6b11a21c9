"""Finds or installs the Chromium that the browser tests and the pictures drive.

`make test` runs `python -m tests.chromium` once before the browser stage. Without a browser the run fails with one
sentence: a test that needs one is never skipped.
"""

import os
import shutil
import subprocess
import sys
from pathlib import Path

_NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")


class ChromiumMissingError(RuntimeError):
    """No Chromium is there and none could be installed."""


def find() -> str | None:
    """Return the path of a Chromium that starts: $CHROMIUM, one on the PATH, or playwright's own."""
    given = os.environ.get("CHROMIUM", "")
    if given:
        if not _starts(given):
            raise ChromiumMissingError(f"CHROMIUM is set to {given}, which does not start.")
        return given
    for name in _NAMES:
        path = shutil.which(name)
        if path and _starts(path):
            return path
    return _of_playwright()


def ensure() -> str:
    """Return the path of a Chromium and install one first if there is none."""
    found = find()
    if found:
        return found
    for install in (_by_apt, _by_playwright):
        install()
        found = find()
        if found:
            return found
    raise ChromiumMissingError("The browser tests need Chromium: install it, or set CHROMIUM to its path.")


def _starts(path: str) -> bool:
    try:
        done = subprocess.run([path, "--version"], capture_output=True, timeout=60, check=False)
    except OSError:
        return False
    return done.returncode == 0


def _of_playwright() -> str | None:
    ask = "from playwright.sync_api import sync_playwright as p\nwith p() as q: print(q.chromium.executable_path)"
    done = subprocess.run([sys.executable, "-c", ask], capture_output=True, text=True, timeout=60, check=False)
    path = done.stdout.strip()
    return path if path and Path(path).exists() and _starts(path) else None


def _by_apt() -> None:
    if not shutil.which("apt-get"):
        return
    rights = [] if os.geteuid() == 0 else ["sudo", "-n"]
    if rights and not shutil.which("sudo"):
        return
    _try([*rights, "apt-get", "update", "-qq"])
    _try([*rights, "apt-get", "install", "-y", "-qq", "--no-install-recommends", "chromium"])


def _by_playwright() -> None:
    _try([sys.executable, "-m", "playwright", "install", "chromium"])


def _try(command: list[str]) -> None:
    print("No Chromium yet:", " ".join(command), file=sys.stderr, flush=True)
    environment = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
    subprocess.run(command, stdout=sys.stderr, env=environment, stdin=subprocess.DEVNULL, check=False)


if __name__ == "__main__":
    try:
        print(ensure())
    except ChromiumMissingError as error:
        sys.exit(str(error))
