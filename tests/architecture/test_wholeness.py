"""Rule 6 in part: templates are used and stand with their feature, texts are translated, personal data is marked.

Seen to fail: with a template that nobody names, an empty translation, and a text column without a mark.
"""

import ast
import re
from pathlib import Path

import pytest
from babel.messages.pofile import read_po
from sqlalchemy import JSON, LargeBinary, String
from sqlalchemy.types import TypeDecorator

from config import Config
from eventapp.app import create_app
from eventapp.core.db import Base
from eventapp.core.i18n import LANGUAGES
from eventapp.core.personal import Retention
from eventapp.privacy.queries import list_register

ROOT = Path(__file__).resolve().parents[2]
TEMPLATES = ROOT / "templates"
NAMED = re.compile(r"[\"']((?:[a-z_]+/)+[a-z_]+\.(?:html|txt|svg))[\"']")
FOLDER = re.compile(r"[\"']([a-z_]+/(?:[a-z_]+/)*mail/[a-z_]+)[\"']")


def source_of(folder: str, *patterns: str) -> str:
    """Return the text of all files of a folder that match."""
    return "\n".join(path.read_text() for pattern in patterns for path in sorted((ROOT / folder).rglob(pattern)))


def test_every_template_is_used() -> None:
    sources = source_of("eventapp", "*.py") + source_of("templates", "*.html", "*.txt")
    named = set(NAMED.findall(sources)) | set(re.findall(r"f[\"'](errors)/", sources))
    for folder in FOLDER.findall(sources):
        named |= {f"{folder}/{part}" for part in ("subject.txt", "body.txt", "body.html")}
    files = {str(path.relative_to(TEMPLATES)) for kind in ("html", "txt") for path in TEMPLATES.rglob(f"*.{kind}")}
    unused = {name for name in files - named if not name.startswith("errors/")}
    assert not unused


def test_templates_stand_with_the_feature_that_renders_them() -> None:
    for path in sorted((ROOT / "eventapp").rglob("*.py")):
        feature = path.relative_to(ROOT / "eventapp").parts[0]
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "render_template":
                name = getattr(node.args[0], "value", None)
                assert not isinstance(name, str) or name.split("/")[0] == feature, f"{path}: {name}"


@pytest.mark.parametrize("language", [language.key for language in LANGUAGES])
def test_every_text_is_translated(language: str) -> None:
    with (ROOT / "translations" / language / "LC_MESSAGES" / "messages.po").open("rb") as source:
        catalogue = read_po(source, locale=language)
    missing = [
        m.id for m in catalogue if m.id and not (all(m.string) if isinstance(m.string, tuple | list) else m.string)
    ]
    assert missing == []
    assert [m.id for m in catalogue if m.id and m.fuzzy] == []
    for message in catalogue:
        one = message.id if isinstance(message.id, str) else (message.id or [""])[0]
        wanted = set(re.findall(r"%\((\w+)\)", str(one)))
        texts = message.string if isinstance(message.string, tuple | list) else [message.string]
        for text in texts:
            assert set(re.findall(r"%\((\w+)\)", str(text))) <= wanted | {"num", "n"}, message.id


def test_every_text_column_says_whether_it_is_personal() -> None:
    create_app(Config.for_tests("sqlite://"))
    known = {(entry.table, entry.column) for entry in list_register()}
    for mapper in Base.registry.mappers:
        model = mapper.class_
        for column in mapper.local_table.columns:
            kind = column.type.impl if isinstance(column.type, TypeDecorator) else column.type
            if not isinstance(kind, String | JSON | LargeBinary) or column.foreign_keys:
                continue
            marked = isinstance(column.info.get("personal"), Retention)
            told = column.key in model.not_personal or isinstance(kind, LargeBinary)
            assert marked == ((mapper.local_table.name, column.name) in known)  # type: ignore[attr-defined]
            assert marked != told, f"{model.__name__}.{column.key}: mark it with holds(…) or name it in not_personal"
