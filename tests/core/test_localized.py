"""Localized texts on pages: falling back marked, in lines and sentences, with soft hyphens."""

import pytest
from flask import Flask

from eventapp.core.i18n import speaking
from eventapp.core.localized import Localized, lines, sentences, soft, text

SHY = "\u00ad"


def test_a_fallback_carries_its_language_and_hostile_text_stays_text(app: Flask) -> None:
    with app.test_request_context(), speaking("ar"):
        assert text(Localized(de="<b>")) == '<span lang="de" dir="ltr">&lt;b&gt;</span>'
        assert text(Localized(de="x", ar="<b>")) == "&lt;b&gt;"
        assert text(Localized(uk="Ласкаво")) == '<span lang="uk" dir="ltr">Ласкаво</span>'


def test_each_line_is_marked(app: Flask) -> None:
    with app.test_request_context(), speaking("ar"):
        assert lines(Localized(de="Eins\n\n Zwei ")) == [
            '<span lang="de" dir="ltr">Eins</span>',
            '<span lang="de" dir="ltr">Zwei</span>',
        ]
        assert lines(None) == []


@pytest.mark.parametrize(
    ("told", "expected"),
    [
        ("Deutsch. Gedolmetscht ins Arabische.", ["Deutsch", "Gedolmetscht ins Arabische"]),
        ("Deutsch\nGedolmetscht", ["Deutsch", "Gedolmetscht"]),
        ("Für die Brücke e. V. und Dr. Ada Ähre", ["Für die Brücke e. V. und Dr. Ada Ähre"]),
        ("", []),
    ],
)
def test_sentences_of_a_fact(app: Flask, told: str, expected: list[str]) -> None:
    with app.test_request_context(), speaking("de"):
        assert sentences(Localized(de=told)) == expected


def test_long_words_may_break_between_syllables(app: Flask) -> None:
    with app.test_request_context(), speaking("de"):
        told = soft(Localized(de="Migrantenorganisationen als Partner <b>"))
        assert f"sa{SHY}tio" in told
        assert "Partner &lt;b&gt;" in told
        assert told.replace(SHY, "") == "Migrantenorganisationen als Partner &lt;b&gt;"
