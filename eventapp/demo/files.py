"""Reads the demo's data files into plain values; called by the services of the demo and by tests."""

import csv
import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from eventapp.core.forms import clean_line
from eventapp.core.localized import Localized

FOLDER = Path(__file__).parent / "data"


@dataclass(frozen=True)
class Guest:
    """One line of the list of guests, cleaned as the form cleans it; `forum` is the number of the forum wished for."""

    given_name: str
    family_name: str
    email: str
    category: str
    organisation: str
    language: str
    forum: int


def read(name: str) -> dict[str, Any]:
    """Read a JSON file of the demo."""
    found: dict[str, Any] = json.loads((FOLDER / f"{name}.json").read_text(encoding="utf-8"))
    return found


def list_guests() -> list[Guest]:
    """Return the guests in the order in which they sign up; one of them twice."""
    with (FOLDER / "guests.csv").open(encoding="utf-8", newline="") as file:
        return [
            Guest(
                given_name=_clean(row["given_name"]),
                family_name=_clean(row["family_name"]),
                email=_clean(row["email"]),
                category=row["category"],
                organisation=_clean(row["organisation"]),
                language=row["language"],
                forum=int(row["forum_first_choice"]),
            )
            for row in csv.DictReader(file)
        ]


def localized(texts: Mapping[str, str | list[str]], joint: str = "\n\n") -> Localized:
    """Make a text in several languages; a list of paragraphs or lines is joined."""
    return Localized({key: joint.join(text) if isinstance(text, list) else text for key, text in texts.items()})


def _clean(text: str) -> str:
    return str(clean_line(text))
