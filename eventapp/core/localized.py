"""Text in several languages: one immutable mapping per field, falling back to German, marked with its own language."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from markupsafe import Markup, escape
from sqlalchemy import JSON, Dialect
from sqlalchemy.types import TypeDecorator

from eventapp.core.i18n import FALLBACK, current_language, direction

_SENTENCE_END = re.compile(r"(?<=\w{3})\.\s+|\n")
_LONG = re.compile(r"[^\W\d_]{14,}")
_SYLLABLE = re.compile(r"(?<=[a-zäöüß]{2}[aeiouyäöü])(?!(?<=e)[nrsl])(?=[b-df-hj-np-tv-xzß][aeiouäöü][a-zäöüß])")
"""Between a vowel and a single consonant that another vowel follows: where German and its neighbours part a word;
not after "e" before n, r, s or l, where a compound often has its seam (Migranten|organisation)."""


@dataclass(frozen=True)
class Picked:
    """The text chosen for a reader and the language it is in."""

    text: str
    language: str
    is_fallback: bool


class Localized(Mapping[str, str]):
    """An immutable mapping language key → text; empty texts are left out."""

    def __init__(self, texts: Mapping[str, str] | None = None, /, **more: str) -> None:
        given = {**(texts or {}), **more}
        self._texts = {key: text.strip() for key, text in given.items() if text and text.strip()}

    def __getitem__(self, language: str) -> str:
        return self._texts[language]

    def __iter__(self) -> Iterator[str]:
        return iter(self._texts)

    def __len__(self) -> int:
        return len(self._texts)

    def __hash__(self) -> int:
        return hash(frozenset(self._texts.items()))

    def __repr__(self) -> str:
        return f"Localized({self._texts!r})"

    def __str__(self) -> str:
        return self.pick().text

    def pick(self, language: str | None = None) -> Picked:
        """Choose the text for a reader: their language, else German, else whatever there is."""
        wanted = language or current_language()
        for key in (wanted, FALLBACK, *self._texts):
            if key in self._texts:
                return Picked(self._texts[key], key, key != wanted)
        return Picked("", wanted, False)

    def missing(self, languages: list[str]) -> list[str]:
        """Return those of `languages` in which nothing is written, in their order."""
        return [key for key in languages if key not in self._texts]


class LocalizedText(TypeDecorator[Localized]):
    """A column of `Localized`, stored as JSON."""

    impl = JSON
    cache_ok = True

    def process_bind_param(self, value: Localized | None, dialect: Dialect) -> dict[str, str]:  # noqa: ARG002
        """Store a plain mapping; nothing is an empty one."""
        return dict(value or {})

    def process_result_value(self, value: dict[str, str] | None, dialect: Dialect) -> Localized:  # noqa: ARG002
        """Give the mapping back."""
        return Localized(value)


def text(value: Localized | None) -> Markup:
    """Return the text for the reader of a page; a fallback carries its own `lang` and `dir`."""
    return _marked((value or Localized()).pick())


def lines(value: Localized | None) -> list[Markup]:
    """Return the lines of a text for the reader of a page, each marked like `text`; empty ones are left out."""
    picked = (value or Localized()).pick()
    return [_marked(replace(picked, text=line.strip())) for line in picked.text.splitlines() if line.strip()]


def sentences(value: Localized | None) -> list[Markup]:
    """Return the sentences of a short text for the reader, each marked like `text`, without their full stops."""
    picked = (value or Localized()).pick()
    parts = (part.strip().removesuffix(".") for part in _SENTENCE_END.split(picked.text))
    return [_marked(replace(picked, text=part)) for part in parts if part]


def soft(value: Localized | None) -> Markup:
    """Return the text like `text`, with soft hyphens in long words, for narrow columns (browsers rarely hyphenate)."""
    picked = (value or Localized()).pick()
    return _marked(replace(picked, text=_LONG.sub(lambda word: _SYLLABLE.sub("\u00ad", word[0]), picked.text)))


def _marked(picked: Picked) -> Markup:
    if not picked.is_fallback or not picked.text:
        return escape(picked.text)
    return Markup('<span lang="{}" dir="{}">{}</span>').format(picked.language, direction(picked.language), picked.text)


def plain(value: Localized | None, language: str | None = None) -> str:
    """Return the bare text for the reader, for titles and attributes."""
    return (value or Localized()).pick(language).text
