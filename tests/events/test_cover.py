"""The computed motif: well-formed, in the organiser's colour, as it was drawn."""

import re
from typing import get_args
from xml.etree import ElementTree

import pytest

from eventapp.events.cover import FRAMES, Shape, cover_svg


@pytest.mark.parametrize("dark", [False, True])
@pytest.mark.parametrize("shape", get_args(Shape))
def test_every_cover_is_a_drawing_of_nine_paths(shape: Shape, dark: bool) -> None:
    root = ElementTree.fromstring(cover_svg(shape, "#b00020", dark=dark))  # noqa: S314 - our own text
    frame = FRAMES[shape]
    assert root.get("viewBox") == f"0 0 {frame.width} {frame.height}"
    paths = root.findall(".//{http://www.w3.org/2000/svg}path")
    assert sum("A" in (path.get("d") or "") for path in paths) == 5 + 4 + 4, "five rising, four falling with their gaps"
    assert len(paths) == 13 + 10 * 4, "every second crossing is woven, twice, each with its gap"


def test_the_first_event_looks_as_it_was_drawn() -> None:
    light, dark = (cover_svg("square", "#0f4e5e", dark=mode) for mode in (False, True))
    tints = ["#0c3a47", "#0f4e5e", "#2f6f7f", "#6a9aa6", "#a9c5cb"]
    assert re.findall(r'<path stroke="(#\w+)" d="M-20', light) == tints
    assert 'd="M-20 502H400A92 92 0 0 0 492 410V-20"' in light
    assert '<circle cx="400" cy="410" r="51.0" fill="#0f4e5e"/>' in light
    assert re.findall(r'<path stroke="(#\w+)" d="M-20', dark) == ["#9fd3df", "#6fb1c0", "#45818f", "#2c5b67", "#20424b"]


def test_the_strip_has_no_room_for_the_circle() -> None:
    assert "<circle" not in cover_svg("strip", "#0f4e5e", dark=False)


def test_another_accent_gives_another_picture() -> None:
    assert "#6d28d9" in cover_svg("wide", "#6d28d9", dark=False)
    assert "#0f4e5e" not in cover_svg("wide", "#6d28d9", dark=False)


def test_a_colour_cannot_smuggle_markup_in() -> None:
    with pytest.raises(ValueError, match="#rrggbb"):
        cover_svg("wide", '"/><script>', dark=False)
