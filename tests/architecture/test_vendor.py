"""Every vendored file is the one that its README names: nothing changed, nothing missing, nothing unnamed."""

import hashlib
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
ROW = re.compile(r"^\| `([^`]+)` \| `([0-9a-f]{64})` \|$", re.MULTILINE)


@pytest.mark.parametrize("folder", ["static/vendor", "tests/vendor"])
def test_vendored_files_have_their_checksums(folder: str) -> None:
    named = dict(ROW.findall((ROOT / folder / "README.md").read_text(encoding="utf-8")))
    found = {
        path.relative_to(ROOT / folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in (ROOT / folder).rglob("*")
        if path.is_file() and path.name != "README.md" and path.suffix not in {".br", ".gz"}
    }
    assert found == named


@pytest.mark.parametrize("folder", ["static/vendor", "tests/vendor"])
def test_every_vendored_folder_has_a_licence(folder: str) -> None:
    for package in (ROOT / folder).iterdir():
        if package.is_dir():
            assert any(path.name.startswith("LICENSE") for path in package.iterdir()), package.name
