"""The operator's page names every setting that there is."""

import re

from config import ROOT

PAGE = (ROOT / "docs" / "operator.md").read_text()


def test_every_setting_is_explained() -> None:
    source = (ROOT / "config.py").read_text()
    names = set(re.findall(r'env(?:\.get\(|, )"([A-Z_]+)"', source))
    assert len(names) > 12
    explained = set(re.findall(r"`([A-Z_]+)`", PAGE))
    assert names <= explained, f"docs/operator.md does not explain {sorted(names - explained)}"
