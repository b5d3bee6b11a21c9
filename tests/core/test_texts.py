"""Texts in several languages and Markdown: what is missing falls back and says so, what is hostile stays text."""

import pytest
from flask import Flask

from eventapp.core import markup
from eventapp.core.i18n import speaking
from eventapp.core.localized import Localized, plain, text
from tests.markup import parse

HOSTILE = [
    "<script>alert(1)</script>",
    "[x](javascript:alert(1))",
    "[x](data:text/html,x)",
    "<img src=x onerror=alert(1)>",
    '<a href="https://example.org" onclick="x()">x</a>',
    "![x](https://example.org/pixel.png)",
    '[x](https://example.org "\\" onclick=x")',
    "<iframe src=//example.org></iframe>",
]


@pytest.mark.parametrize(
    ("texts", "language", "picked"),
    [
        ({"de": "Hallo", "ar": "مرحبا"}, "ar", ("مرحبا", "ar", False)),
        ({"de": "Hallo", "en": "Hello"}, "ar", ("Hallo", "de", True)),
        ({"uk": "Привіт"}, "ar", ("Привіт", "uk", True)),
        ({"de": "  "}, "ar", ("", "ar", False)),
    ],
)
def test_a_text_is_picked_for_the_reader(texts: dict[str, str], language: str, picked: tuple[str, str, bool]) -> None:
    found = Localized(texts).pick(language)
    assert (found.text, found.language, found.is_fallback) == picked


def test_a_fallback_carries_its_own_language_and_is_escaped(app: Flask) -> None:
    value = Localized(de="<b>Essen</b>")
    with app.test_request_context("/"), speaking("ar"):
        assert text(value) == '<span lang="de" dir="ltr">&lt;b&gt;Essen&lt;/b&gt;</span>'
        assert plain(value) == "<b>Essen</b>"
    with app.test_request_context("/"), speaking("de"):
        assert text(value) == "&lt;b&gt;Essen&lt;/b&gt;"
    assert (text(None), plain(None)) == ("", "")


def test_equal_texts_are_equal_and_nothing_can_change_them() -> None:
    assert Localized(de="a", en="b") == Localized({"en": "b", "de": " a "})
    assert Localized(de="a", ar="").missing(["de", "ar", "en"]) == ["ar", "en"]
    with pytest.raises(TypeError):
        Localized(de="a")["de"] = "b"  # type: ignore[index]


@pytest.mark.parametrize("source", HOSTILE)
def test_hostile_markdown_stays_text(source: str) -> None:
    for element in parse(f"<!doctype html><body>{markup.html(source)}").iter():
        assert element.tag in ("html", "head", "body", "p", "a")
        assert not [name for name in element.keys() if name.startswith("on") or name == "style"]  # noqa: SIM118
        assert element.get("href", "https:").startswith("https:")


def test_headings_start_below_the_page_and_links_lead_nowhere_secretly() -> None:
    made = markup.html("# One\n\n[site](https://example.org)")
    assert "<h3>One</h3>" in made
    assert 'rel="noopener noreferrer nofollow"' in made
    assert markup.plain("# One\n\n**two** & three\n\n- four") == "One\n\ntwo & three\n\nfour"
