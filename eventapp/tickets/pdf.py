"""The printed ticket: a tagged PDF (PDF/UA-1) made by typst from plain strings, in any language and direction.

PDF/UA refuses text that no font shows, and a ticket must always be made: so every text is first reduced to what the
fonts hold. Texts go to typst as JSON and are never markup. Called by the guest's page and the mails, which pass labels
and dates that are already in the reader's language.
"""

import json
import re
import threading
import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Literal

import fontpkg_noto_sans
import fontpkg_noto_sans_arabic
import typst
from fontTools.ttLib import TTFont

from eventapp.tickets import qr, rules

ACCENT = "#0f4e5e"
_FONTS = (
    fontpkg_noto_sans.ROOT / "files" / "NotoSans[wdth,wght].ttf",
    fontpkg_noto_sans_arabic.ROOT / "files" / "NotoSansArabic[wdth,wght].ttf",
    *sorted((Path(__file__).parents[2] / "static" / "fonts").glob("*.ttf")),
)
_TEMPLATE = Path(__file__).with_name("ticket.typ")
_JOINERS = "\u200c\u200d"
_MARKS_A_LETTER = 4
_LONGEST_IN_HALF = 24
_ENDLESS = re.compile(r"\S{31,}")
_LOCK = threading.Lock()


@dataclass(frozen=True, kw_only=True)
class Fact:
    """A label and its value on the ticket; `wide` takes the whole row."""

    label: str
    value: str
    wide: bool = False


@dataclass(frozen=True, kw_only=True)
class Part:
    """A part of the guest's day: when ("11:45 bis 13:00 Uhr"), what and where."""

    when: str
    what: str
    where: str = ""


@dataclass(frozen=True, kw_only=True)
class Note:
    """A paragraph with a heading: how to get there, access, contact."""

    title: str
    text: str


@dataclass(frozen=True, kw_only=True)
class TicketPage:
    """All that is printed on one ticket, as plain text in the guest's language.

    `title` names the document; `direction` is "ltr" or "rtl"; `qr_alt` describes the QR code to who cannot see it;
    `hint` stands below the code; `accent` is the organiser's colour as `#rrggbb`.
    """

    language: str
    direction: str
    title: str
    organiser: str
    event: str
    name: str
    code: str
    qr_alt: str
    series: str = ""
    hint: str = ""
    facts: tuple[Fact, ...] = ()
    day_title: str = ""
    day: tuple[Part, ...] = ()
    notes: tuple[Note, ...] = ()
    footer: str = ""
    accent: str = ACCENT


def render(pages: TicketPage | Sequence[TicketPage]) -> bytes:
    """Make the PDF of one or more tickets, each starting on a new A4 sheet; the title is that of the first."""
    return _compile([pages] if isinstance(pages, TicketPage) else list(pages), "pdf")


def preview(page: TicketPage, *, ppi: int = 96) -> bytes:
    """Draw the first sheet of a ticket as PNG."""
    return _compile([page], "png", ppi)


def printable(text: str, limit: int, *, strict: bool = False) -> str:
    """Reduce a text to what the fonts show: one line, no controls, `?` for unknown letters, at most `limit` characters.

    A letter and its accents must come from one font, so accents that its font lacks go. `strict` drops all accents and
    joiners that do not compose: the last resort if typst still refuses a text.
    """
    fonts: frozenset[int] = frozenset()
    marks = 0
    kept: list[str] = []
    clean = unicodedata.normalize("NFC", text[: 4 * limit].encode("utf-8", "replace").decode("utf-8"))
    for character in clean:
        category = unicodedata.category(character)
        if character.isspace():
            kept.append(" ")
            fonts = frozenset()
        elif character in _JOINERS or category[0] == "M":
            holding = fonts & _holding(character)
            if holding and marks < _MARKS_A_LETTER and not strict:
                kept.append(character)
                fonts, marks = holding, marks + 1
        elif category not in ("Cc", "Cf", "Cs"):
            fonts, marks = _holding(character), 0
            kept.append(character if fonts else "?")
    line = " ".join("".join(kept).split())
    return line if len(line) <= limit else line[: limit - 1].rstrip(_JOINERS + " ") + "…"


def _compile(pages: list[TicketPage], kind: Literal["pdf", "png"], ppi: int = 96) -> bytes:
    """Run typst, and once more with the strictest texts if it refuses what a font makes of some letters."""
    for strict in (False, True):
        data = json.dumps([_data(page, strict=strict) for page in pages], ensure_ascii=False)
        try:
            with _LOCK:
                made = _compiler().compile(
                    format=kind,
                    ppi=ppi,
                    sys_inputs={"pages": data},
                    pdf_standards=["ua-1"] if kind == "pdf" else [],
                )
        except typst.TypstError:
            if strict:
                raise
        else:
            break
    first = made[0] if isinstance(made, list) else made
    if first is None:
        raise RuntimeError("typst gave no document")
    return first


@cache
def _compiler() -> typst.Compiler:
    """Load template and fonts once a process."""
    folders = sorted({path.parent for path in _FONTS})
    fonts = typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=folders)
    return typst.Compiler(_TEMPLATE, root=_TEMPLATE.parent, font_paths=fonts, ignore_system_fonts=True)


@cache
def _cmaps() -> tuple[frozenset[int], ...]:
    """List for each font the characters it holds."""
    cmaps = []
    for path in _FONTS:
        with TTFont(path, lazy=True) as font:
            cmaps.append(frozenset(font.getBestCmap()))
    return tuple(cmaps)


@cache
def _holding(character: str) -> frozenset[int]:
    """Give the numbers of the fonts that hold a character."""
    return frozenset(number for number, cmap in enumerate(_cmaps()) if ord(character) in cmap)


def _data(page: TicketPage, *, strict: bool) -> dict[str, object]:
    """Turn a page into what the template reads."""

    def plain(value: str, limit: int) -> str:
        return printable(value, limit, strict=strict)

    def text(value: str, limit: int) -> dict[str, str]:
        line = plain(value, limit)
        return {"text": _breakable(line), "dir": _direction(line, page.direction)}

    title = plain(page.title, 200) or page.code
    return _lists(page, text) | {
        "lang": _language(page.language),
        "direction": page.direction,
        "title": title,
        "accent": page.accent if re.fullmatch(r"#[0-9a-fA-F]{6}", page.accent) else ACCENT,
        "organiser": text(page.organiser, 200),
        "series": text(page.series, 100),
        "event": text(plain(page.event, 240) or title, 240),
        "name": text(page.name, 120),
        "code": rules.groups(page.code),
        "qr": qr.svg(page.code),
        "alt": plain(page.qr_alt, 200) or page.code,
        "hint": text(page.hint, 160),
        "day_title": text(page.day_title, 100),
        "footer": text(page.footer, 300),
    }


def _lists(page: TicketPage, text: Callable[[str, int], dict[str, str]]) -> dict[str, object]:
    """Turn the repeated parts of a page into what the template reads."""
    return {
        "facts": [
            {"label": text(fact.label, 60), "value": text(fact.value, 240), "wide": _is_wide(fact)}
            for fact in page.facts
        ],
        "day": [
            {"when": text(part.when, 60), "what": text(part.what, 240), "where": text(part.where, 200)}
            for part in page.day
        ],
        "notes": [{"title": text(note.title, 100), "text": text(note.text, 1200)} for note in page.notes],
    }


def _language(tag: str) -> str:
    """Give the primary subtag of a language tag, the part that typst knows."""
    primary = re.match(r"[A-Za-z]{2,3}(?![A-Za-z])", tag)
    return primary.group().lower() if primary else "de"


def _direction(text: str, page: str) -> str:
    """Find the direction of a text: the page's own if it has a letter of it; numbers alone run left to right."""
    kinds = {unicodedata.bidirectional(character) for character in text}
    directions = {"ltr"} if "L" in kinds else set()
    if kinds & {"R", "AL"}:
        directions.add("rtl")
    return page if page in directions else next(iter(directions), "ltr")


def _breakable(text: str) -> str:
    """Let endless words break every few letters, so that they stay inside the ticket."""
    return _ENDLESS.sub(lambda word: "\u200b".join(re.findall(".{1,10}", word.group())), text)


def _is_wide(fact: Fact) -> bool:
    """Give the whole row to a value with a word that half a row might not hold."""
    return fact.wide or any(len(word) > _LONGEST_IN_HALF for word in fact.value.split())
