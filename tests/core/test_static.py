"""Static files: every address names the version of the tree, and only the present version is kept by browsers."""

import re
from pathlib import Path

from eventapp import static
from tests.pages import Client

FOR_EVER = 365 * 24 * 3600
NAMES = re.compile(r"""(?:import\s[^;]*?from\s*|import\s*\(?\s*|new URL\(|url\()["']([^"']+)["']""")


def test_any_change_of_the_tree_is_another_version(tmp_path: Path) -> None:
    def version() -> str:
        static.version.cache_clear()
        return static.version(tmp_path)

    (tmp_path / "door").mkdir()
    module = tmp_path / "door" / "scanner.js"
    module.write_text("one")
    seen = [version()]
    assert version() == seen[0]
    module.write_text("two")
    seen.append(version())
    module.rename(tmp_path / "door" / "other.js")
    seen.append(version())
    (tmp_path / "more.css").touch()
    seen.append(version())
    assert len(set(seen)) == len(seen)
    static.version.cache_clear()


def test_a_page_names_the_version_in_every_address(client: Client) -> None:
    page = client.get("/manage/sign-in").text
    named = re.findall(r'(?:src|href)="(/static/[^"]+)"', page)
    assert len(named) > 5
    assert all(address.startswith(f"{static.address()}/") for address in named)


def test_only_the_present_version_is_kept(client: Client) -> None:
    with client.get(f"{static.address()}/css/layout.css") as present:
        assert (present.status_code, present.cache_control.max_age) == (200, FOR_EVER)
        content = present.data
    with client.get("/static/000000000000/css/layout.css") as other:
        assert (other.status_code, other.headers["Cache-Control"]) == (200, "no-cache")
        assert other.data == content
    assert client.get("/static/000000000000/css/no.css").status_code == 404
    assert client.get("/static/000000000000/../config.py").status_code == 404


def test_files_name_each_other_by_relative_addresses_only() -> None:
    for path in [*static.FOLDER.rglob("*.js"), *static.FOLDER.rglob("*.css")]:
        if "vendor" in path.parts:
            continue
        for named in NAMES.findall(path.read_text(encoding="utf-8")):
            assert named.startswith(("./", "../", "data:")), f"{path.name}: {named} leaves its version"
            assert named.startswith("data:") or (path.parent / named).is_file(), f"{path.name}: {named} is not there"
