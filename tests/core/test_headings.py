"""Headings in Markdown: they follow the page's own, whatever an organiser begins with, and leave out no level."""

import re

import pytest

from eventapp.core.markup import html


@pytest.mark.parametrize(
    ("source", "levels"),
    [
        ("# A\n\n## B\n\n# C", "h2 h3 h2"),
        ("## A\n\n## B", "h2 h2"),
        ("### A\n\n##### B", "h2 h3"),
        ("## A\n\n# B", "h2 h2"),
        ("# A\n\n###### B\n\n###### C", "h2 h3 h3"),
        ("no heading\n\n#tag", ""),
    ],
)
def test_headings_follow_the_page(source: str, levels: str) -> None:
    assert re.findall(r"<(h\d)>", html(source, top=2)) == levels.split()
