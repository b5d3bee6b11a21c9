"""Rules 1, 2 and 3: features import upwards only, files inside a feature look one way, names are the agreed ones.

Each test was seen to fail with its rule broken on purpose.
"""

import ast
from pathlib import Path

import pytest

from eventapp.features import ORDER

ROOT = Path(__file__).resolve().parents[2]
APP = ROOT / "eventapp"
LAYERS = {
    "rules": 0,
    "models": 1,
    "service": 2,
    "queries": 2,
    "mails": 2,
    "forms": 3,
    "views": 4,
    "manage": 4,
    "api": 4,
}
TOP = {
    "app",
    "cli",
    "cores",
    "features",
    "gate",
    "health",
    "jobs",
    "models",
    "serving",
    "static",
    "worker",
    "wsgi",
    "__init__",
    "__main__",
}
FORBIDDEN_NAMES = {"util", "utils", "helpers", "common", "misc", "base"}
SOURCES = sorted(path for path in APP.rglob("*.py"))


def imported(path: Path) -> list[str]:
    """Return the dotted names of all eventapp modules that `path` imports, wherever the import stands."""
    found = []
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            found += [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            assert not node.level, f"{path}: imports name the whole module"
            found += [f"{node.module}.{alias.name}" for alias in node.names]
    return [name for name in found if name.startswith("eventapp.")]


def feature_of(path: Path) -> str | None:
    """Return the feature that a file belongs to, None for the files on top."""
    parts = path.relative_to(APP).parts
    return parts[0] if len(parts) > 1 else None


@pytest.mark.parametrize("path", SOURCES, ids=lambda p: str(p.relative_to(ROOT)))
def test_features_import_only_what_stands_above(path: Path) -> None:
    feature = feature_of(path)
    if feature is None:
        assert path.stem in TOP, f"{path.name} is no agreed top-level module"
        return
    assert feature in ORDER, f"{feature} is not in features.py"
    for name in imported(path):
        other = name.split(".")[1]
        assert other in ORDER, f"{path}: a feature must not import {name}"
        assert ORDER.index(other) <= ORDER.index(feature), f"{path}: {feature} must not import {name}"


@pytest.mark.parametrize("path", SOURCES, ids=lambda p: str(p.relative_to(ROOT)))
def test_files_of_a_feature_look_one_way(path: Path) -> None:
    feature = feature_of(path)
    if feature in (None, "core"):
        return
    own = LAYERS.get(path.stem, LAYERS["service"])  # a file named after a real thing stands no higher than a service
    for name in imported(path):
        _, other, *inside = name.split(".")
        layer = next((part for part in inside[:2] if part in LAYERS), None)
        if other == feature and layer is not None and layer != path.stem:
            assert LAYERS[layer] <= own, f"{path}: {path.stem} must not import {name}"


@pytest.mark.parametrize("path", [p for p in SOURCES if p.stem == "rules"], ids=lambda p: p.parent.name)
def test_rules_are_pure(path: Path) -> None:
    tree = ast.parse(path.read_text())
    names = {a.name for n in ast.walk(tree) if isinstance(n, ast.Import) for a in n.names}
    names |= {n.module or "" for n in ast.walk(tree) if isinstance(n, ast.ImportFrom)}
    impure = {"flask", "sqlalchemy", "flask_sqlalchemy", "eventapp.core.db", "eventapp.core.clock", "wtforms", "time"}
    assert not {n for n in names if n in impure or n.split(".")[0] in impure}
    assert not {n.attr for n in ast.walk(tree) if isinstance(n, ast.Attribute) and n.attr in ("now", "utcnow", "today")}


@pytest.mark.parametrize("path", [p for p in SOURCES if p.stem in ("views", "manage", "api")], ids=str)
def test_views_never_touch_the_session(path: Path) -> None:
    names = {n.attr for n in ast.walk(ast.parse(path.read_text())) if isinstance(n, ast.Attribute)}
    assert not [name for name in imported(path) if name.startswith("eventapp.core.db")]
    assert not names & {"commit", "rollback", "flush"}


@pytest.mark.parametrize("path", SOURCES, ids=lambda p: str(p.relative_to(ROOT)))
def test_only_what_sees_one_moment_reads_piece_by_piece(path: Path) -> None:
    source = path.read_text()
    piecewise = {"yield_per", "stream_results", "stream_scalars", "server_side_cursors"}
    names = {node.arg or "" for node in ast.walk(ast.parse(source)) if isinstance(node, ast.keyword)}
    names |= {node.attr for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Attribute)}
    assert not names & piecewise or "ONE_VIEW" in source, f"{path}: a plain read on Postgres has no transaction"


@pytest.mark.parametrize("path", SOURCES, ids=lambda p: str(p.relative_to(ROOT)))
def test_no_inline_imports_and_no_dodges(path: Path) -> None:
    tree = ast.parse(path.read_text())
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            inner = [n for n in ast.walk(node) if isinstance(n, ast.Import | ast.ImportFrom)]
            assert not inner, f"{path}: import inside {node.name}"
    assert "TYPE_CHECKING" not in path.read_text()


def test_features_have_only_agreed_files() -> None:
    agreed = {*LAYERS, "__init__"}
    for name in ORDER:
        if name == "core":
            continue
        for folder in {p.parent for p in (APP / name).rglob("*.py")}:
            own = {p.stem for p in folder.glob("*.py")} - agreed
            assert len(own) <= 2, f"{folder} has more than two files of its own naming: {own}"
    for path in APP.rglob("*"):
        assert path.stem not in FORBIDDEN_NAMES, f"{path} is named after nothing"


def test_files_and_functions_stay_short() -> None:
    for path in [*SOURCES, *(ROOT / "tests").rglob("*.py"), ROOT / "config.py"]:
        source = path.read_text()
        assert source.count("\n") <= 300, f"{path} has more than 300 lines"
        for node in ast.walk(ast.parse(source)):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node.end_lineno:
                length = node.end_lineno - node.lineno + 1
                assert length <= 40, f"{path}: {node.name} has {length} lines"


def test_one_commit_in_the_whole_app() -> None:
    found = [
        str(path.relative_to(ROOT))
        for path in SOURCES
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Attribute) and node.attr == "commit"
    ]
    assert found == ["eventapp/core/db.py"]
