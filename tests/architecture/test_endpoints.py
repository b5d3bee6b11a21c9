"""Every endpoint that a template or a view names is there, so that no link fails on a page that no test fetched."""

import re
from pathlib import Path

from config import Config
from eventapp.app import create_app

ROOT = Path(__file__).resolve().parents[2]
NAMED = re.compile(r"""(?:url_for|absolute)\(\s*["']([\w.]+)["']|pager\([^,()]+,\s*["']([\w.]+)["']""")


def test_every_endpoint_that_is_named_is_there() -> None:
    known = create_app(Config.for_tests("sqlite://")).view_functions
    for folder, ending in (("templates", "*.html"), ("templates", "*.txt"), ("eventapp", "*.py")):
        for path in (ROOT / folder).rglob(ending):
            named = {first or second for first, second in NAMED.findall(path.read_text(encoding="utf-8"))}
            assert named <= set(known), f"{path.relative_to(ROOT)}: {named - set(known)}"
