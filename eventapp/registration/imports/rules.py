"""Reads a list of guests from a CSV file: encoding, delimiter, headings, rows and what is wrong with each. Pure."""

import csv
import io
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from email_validator import EmailNotValidError, validate_email

from eventapp.core.search import fold
from eventapp.registration.imports.refusals import (
    BrokenRow,
    NoAddressColumn,
    NothingInside,
    NotText,
    TooManyRows,
    TooMuch,
    WrongEncoding,
)

MOST_BYTES, MOST_ROWS = 2 * 1024 * 1024, 5_000
_DELIMITERS = ";,\t"
_LIMITS = {"email": 254, "title": 60, "given_name": 200, "family_name": 200, "organisation": 200}
HEADINGS: dict[str, tuple[str, ...]] = {
    "email": ("E-Mail", "E-Mail-Adresse", "Mail", "Mailadresse", "Email", "Emailadresse", "E-mail address"),
    "title": ("Titel", "Title", "Akademischer Titel", "Title before the name"),
    "given_name": ("Vorname", "Vornamen", "Given name", "First name", "Forename"),
    "family_name": ("Nachname", "Name", "Familienname", "Family name", "Last name", "Surname"),
    "organisation": ("Organisation", "Organization", "Name der Organisation", "Firma", "Einrichtung", "Company",
                     "Institution"),
    "kind": ("Art der Organisation", "Organisationsart", "Art", "Kind of organisation", "Kind"),
    "category": ("Gruppe", "Teilnahmegruppe", "Kategorie", "Group", "Category"),
    "language": ("Sprache", "Language"),
}  # fmt: skip
"""The headings by which a column is known, in German and English; case, hyphens and accents do not matter."""
_KNOWN = {fold(words): field for field, names in HEADINGS.items() for words in names}
_LETTERS = frozenset("ŠšŽžŒœŸÿ") | {chr(c) for c in range(0xC0, 0x100) if c not in (0xD7, 0xF7)}
_SIGNS = frozenset("„“”‚‘’–—…€§°«»·´ª º½²³®©™".replace(" ", "") + "\u00a0")
_WORD = re.compile(r"[^\W\d_]+")


@dataclass(frozen=True)
class Sheet:
    """A file as it was read: pairs of heading and field (or none), and its rows with their line numbers."""

    columns: tuple[tuple[str, str | None], ...]
    rows: tuple[tuple[int, tuple[str, ...]], ...]


@dataclass(frozen=True)
class Words:
    """What may stand for the groups, languages and kinds of organisation, folded, and what stands when nothing does."""

    categories: Mapping[str, int]
    languages: Mapping[str, str]
    kinds: Mapping[str, str]
    category_id: int
    language: str


def read_sheet(data: bytes) -> Sheet:
    """Read a file; raise the Refusal that says in which line it cannot be read and why."""
    if len(data) > MOST_BYTES:
        raise TooMuch
    text = decode(data)
    head, _, _ = text.partition("\n")
    delimiter = max(_DELIMITERS, key=head.count)
    lines = _lines(text, delimiter)
    first = next(lines, None)
    if first is None:
        raise NothingInside
    columns = _columns(first[1])
    if "email" not in {field for _, field in columns}:
        raise NoAddressColumn
    rows = tuple(lines)
    if not rows:
        raise NothingInside
    return Sheet(columns, rows)


def decode(data: bytes) -> str:
    """Return the text of a file in UTF-8 or, when that makes sense, Windows-1252; raise NotText or WrongEncoding."""
    if data.startswith(b"PK\x03\x04") or b"\x00" in data:
        raise NotText(line=data[: data.find(b"\x00")].count(b"\n") + 1 if b"\x00" in data else 1)
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        pass
    for number, line in enumerate(data.split(b"\n"), start=1):
        if not line.isascii() and not _is_western(line):
            raise WrongEncoding(line=number)
    return data.decode("cp1252")


def _is_western(line: bytes) -> bool:
    """Tell whether bytes that are no ASCII read sensibly as Windows-1252: letters of western names, few in a word."""
    try:
        text = line.decode("cp1252")
    except UnicodeDecodeError:
        return False
    if any(not c.isascii() and c not in _LETTERS and c not in _SIGNS for c in text):
        return False
    for word in _WORD.findall(text):
        foreign = sum(c in _LETTERS for c in word)
        is_mixed = any(c.islower() and c.isascii() for c in word)
        inside = is_mixed and any(c.isupper() and not c.isascii() for c in word[1:])
        if inside or (len(word) > 2 and 2 * foreign > len(word)):
            return False
    return True


def _lines(text: str, delimiter: str) -> Iterator[tuple[int, tuple[str, ...]]]:
    """Give the number and the cells of each line that is not empty; stop at the first that is too many."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    count, start = 0, 1
    try:
        for cells in reader:
            number, start = start, reader.line_num + 1
            if not any(cell.strip() for cell in cells):
                continue
            count += 1
            if count > MOST_ROWS + 1:
                raise TooManyRows
            yield number, tuple(cells)
    except csv.Error as error:
        raise BrokenRow(line=start) from error


def _columns(headings: Iterable[str]) -> tuple[tuple[str, str | None], ...]:
    """Return each heading with the field that it fills; of two for the same field the first counts."""
    found: list[tuple[str, str | None]] = []
    for heading in headings:
        field = _KNOWN.get(fold(heading))
        found.append((clean(heading)[:80], None if field in {known for _, known in found} else field))
    return tuple(found)


def read_row(sheet: Sheet, cells: tuple[str, ...], words: Words) -> tuple[dict[str, object], str, str]:
    """Return what a row says as the input of an invitation, the code of what is wrong (or empty), and of what."""
    if len(cells) > len(sheet.columns) and any(cell.strip() for cell in cells[len(sheet.columns) :]):
        return {}, "cells", ""
    told = {field: clean(cell) for (_, field), cell in zip(sheet.columns, cells, strict=False) if field}
    given: dict[str, object] = {name: told.get(name, "") for name in _LIMITS}
    given |= {"category_id": words.category_id, "language": words.language, "organisation_kind": None}
    for name, limit in _LIMITS.items():
        if name != "email" and len(told.get(name, "")) > limit:
            return given, "long", told[name][:40]
    for field, known, name in (
        ("category", words.categories, "category_id"),
        ("language", words.languages, "language"),
        ("kind", words.kinds, "organisation_kind"),
    ):
        if value := told.get(field):
            if fold(value) not in known:
                return given, field, value[:80]
            given[name] = known[fold(value)]
    address = told.get("email", "")
    return (given, "", "") if is_address(address) else (given, "address", address[:80])


def is_address(text: str) -> bool:
    """Tell whether a text has the form of an e-mail address that we can write to."""
    try:
        validate_email(text, check_deliverability=False)
    except EmailNotValidError:
        return False
    return len(text) <= _LIMITS["email"]


def clean(cell: str) -> str:
    """Return a cell as one line without control characters; what looks like a formula is a text like any other."""
    return " ".join("".join(c if c.isprintable() else " " for c in cell).split())
