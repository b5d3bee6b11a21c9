"""Brings the catalogues up to date with the texts in the code; `make catalogues` and a test call it.

Texts are extracted from eventapp/ and templates/, each `<language>/LC_MESSAGES/messages.po` gets the new ones and loses
the unused ones, English is filled from the message ids, and the `.mo` files are compiled, because nothing compiles them
when the app is installed. The result does not depend on the day or the machine, so both files are committed.
"""

import argparse
import datetime
import io
import sys
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_dir
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

HERE = Path(__file__).resolve().parent
_SOURCES = ("eventapp", "templates")
_METHODS = [("**.py", "python"), ("**.html", "jinja2"), ("**.txt", "jinja2"), ("**.svg", "jinja2")]
_OPTIONS = {"**.html": {"silent": "false"}, "**.txt": {"silent": "false"}}
_CONTEXT = (1, "c")
_KEYWORDS = {
    "_": None,
    "gettext": None,
    "ngettext": (1, 2),
    "_l": None,
    "lazy_gettext": None,
    "pgettext": (_CONTEXT, 2),
    "lazy_pgettext": (_CONTEXT, 2),
    "npgettext": (_CONTEXT, 2, 3),
    "lazy_ngettext": (1, 2),
}
_PLURALS = {
    # Babel writes an old rule for Arabic, by which 11 to 99 are the last form and not the fifth (CLDR: many, other)
    "ar": "(n==0 ? 0 : n==1 ? 1 : n==2 ? 2 : n%100>=3 && n%100<=10 ? 3 : n%100>=11 ? 4 : 5)",
}
_DAY = datetime.datetime(2026, 1, 1, tzinfo=datetime.UTC)  # a real date would change the files at every run


def languages() -> list[str]:
    """Return the keys of all languages that have a folder here."""
    return sorted(path.parent.name for path in HERE.glob("*/LC_MESSAGES"))


def extract() -> Catalog:
    """Collect all texts from the code and the templates."""
    found = Catalog(charset="utf-8")
    for source in _SOURCES:
        for _file, _line, ids, comments, context in extract_from_dir(
            str(HERE.parent / source), _METHODS, _OPTIONS, _KEYWORDS, ("NOTE:",)
        ):
            found.add(ids, None, auto_comments=comments, context=context)
    return found


def update(language: str, found: Catalog) -> Catalog:
    """Return the catalogue of `language` with exactly the texts of `found`; new ones are empty."""
    path = catalogue(language)
    old = read_po(io.BytesIO(path.read_bytes() if path.exists() else b""), locale=language)
    made = Catalog(locale=language, charset="utf-8", header_comment="# eventapp", fuzzy=False)
    made.creation_date = made.revision_date = _DAY
    made._plural_expr = _PLURALS.get(language, made.plural_expr)  # type: ignore[assignment]
    for message in found:
        if message.id:
            flags = [flag for flag in message.flags if flag != "fuzzy"]
            text = _translation(language, message, old, made.num_plurals)
            made.add(message.id, text, flags=flags, auto_comments=message.auto_comments, context=message.context)
    return made


def missing(made: Catalog) -> list[str]:
    """Return the ids that have no translation, or not one for each plural form of the language."""
    return [str(message.id) for message in made if message.id and not _is_complete(message, made.num_plurals)]


def catalogue(language: str) -> Path:
    """Return the path of the `.po` file of `language`."""
    return HERE / language / "LC_MESSAGES" / "messages.po"


def outdated(language: str, made: Catalog) -> list[Path]:
    """Return the files of `language` that differ from `made`, after writing nothing."""
    return [path for path, body in _files(language, made) if not path.exists() or path.read_bytes() != body]


def write(language: str, made: Catalog) -> None:
    """Write the `.po` and the `.mo` file of `language`."""
    for path, body in _files(language, made):
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(body)


def _files(language: str, made: Catalog) -> list[tuple[Path, bytes]]:
    text, binary = io.BytesIO(), io.BytesIO()
    write_po(text, made, width=0, sort_output=True, no_location=True)
    write_mo(binary, made)
    path = catalogue(language)
    return [(path, text.getvalue()), (path.with_suffix(".mo"), binary.getvalue())]


def _translation(language: str, message: Message, old: Catalog, forms: int) -> str | tuple[str, ...]:
    if language == "en":
        return message.id if isinstance(message.id, str) else tuple(message.id)
    known = old.get(message.id, message.context)
    text = (known.string if known else None) or ""
    if isinstance(message.id, str):
        return str(text)
    return (text,) * forms if isinstance(text, str) else tuple(text)


def _is_complete(message: Message, forms: int) -> bool:
    if isinstance(message.id, str):
        return bool(message.string)
    texts = message.string or ()
    return len(texts) == forms and all(texts)


def main() -> int:
    """Update all catalogues, or with --check only say what is not up to date; return 1 if something is missing."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--check", action="store_true", help="write nothing")
    only_check, found, wrong = parser.parse_args().check, extract(), 0
    for language in languages():
        made = update(language, found)
        lines = [f"{language}: not translated: {text}" for text in missing(made)]
        if only_check:
            lines += [f"{path.relative_to(HERE.parent)} is not up to date" for path in outdated(language, made)]
        else:
            write(language, made)
        wrong += len(lines)
        print(*lines, sep="\n", end="\n" if lines else "")
    if wrong:
        print("Translate in translations/<language>/LC_MESSAGES/messages.po, then run `make catalogues`.")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
