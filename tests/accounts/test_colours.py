"""An organiser's colour: conversion there and back, contrast, and tints that can always be read."""

import re
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from eventapp.accounts.colours import (
    ENOUGH,
    PAPER,
    SUNKEN,
    Oklch,
    contrast,
    oklch,
    palette,
    problems,
    stylesheet,
    to_hex,
)

TOKENS = Path(__file__).resolve().parents[2] / "static" / "css" / "tokens.css"
DARK_GROUNDS = {"paper": "#0e161a", "raised": "#162024", "sunken": "#090f12"}
colours = st.integers(min_value=0, max_value=0xFFFFFF).map("#{:06x}".format)


@settings(deadline=None)
@given(colours)
def test_a_colour_survives_the_way_there_and_back(colour: str) -> None:
    assert to_hex(oklch(colour)) == colour


def test_known_values() -> None:
    assert contrast("#000000", "#ffffff") == 21
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)
    assert oklch("#ff0000").lightness == pytest.approx(0.628, abs=0.001)
    assert oklch("#ff0000").hue == pytest.approx(29.2, abs=0.1)


def test_a_colour_that_no_screen_shows_keeps_lightness_and_hue() -> None:
    shown = oklch(to_hex(Oklch(0.5, 0.4, 150)))
    assert shown.lightness == pytest.approx(0.5, abs=0.01)
    assert shown.hue == pytest.approx(150, abs=2)
    assert shown.chroma < 0.2


@pytest.mark.parametrize("accent", ["#00505f", "#0f4e5e", "#b00020", "#1f6f3a", "#555555", "#000000"])
def test_a_dark_colour_has_no_problem(accent: str) -> None:
    assert problems(accent) == []


def test_a_light_colour_is_refused_with_the_grounds_it_fails_on() -> None:
    assert [p.ground for p in problems("#ffd400")] == ["white", "paper", "sunken", "soft"]
    assert "white" not in [p.ground for p in problems("#7a7a00")]
    assert problems("#7a7a00")[0].ratio < ENOUGH


@settings(deadline=None)
@given(colours.filter(lambda colour: not problems(colour)))
def test_every_allowed_colour_can_be_read_in_light_and_dark(accent: str) -> None:
    tints = palette(accent)
    assert contrast(tints["--ev-accent"][0], tints["--ev-on-accent"][0]) >= ENOUGH
    assert contrast(tints["--ev-accent"][1], tints["--ev-on-accent"][1]) >= ENOUGH
    for ground in (*DARK_GROUNDS.values(), tints["--ev-accent-soft"][1]):
        assert contrast(tints["--ev-accent"][1], ground) >= ENOUGH
    assert contrast(tints["--ev-accent-strong"][0], tints["--ev-accent-soft"][0]) >= ENOUGH


def test_the_style_sheet_sets_the_tokens_of_the_accent() -> None:
    sheet = stylesheet("#0F4E5E")
    assert sheet.startswith(":root { --ev-accent: light-dark(#0f4e5e, #")
    assert re.findall(r"--ev-[a-z-]+", sheet) == [
        "--ev-accent",
        "--ev-accent-strong",
        "--ev-accent-soft",
        "--ev-accent-line",
        "--ev-on-accent",
    ]


@pytest.mark.parametrize("wrong", ["", "red", "#fff", "#12345g", "#0f4e5e;}", "#0f4e5e\n"])
def test_what_is_no_colour_is_refused(wrong: str) -> None:
    with pytest.raises(ValueError, match="#rrggbb"):
        stylesheet(wrong)


def test_the_grounds_are_those_of_the_tokens() -> None:
    tokens = TOKENS.read_text(encoding="utf-8")
    pattern = r"--ev-(\w+): light-dark\(oklch\(([\d.]+)% ([\d.]+) ([\d.]+)\), oklch\(([\d.]+)% ([\d.]+) ([\d.]+)\)\)"
    found = {m[1]: [float(x) for x in m.groups()[1:]] for m in re.finditer(pattern, tokens)}
    light = {name: to_hex(Oklch(v[0] / 100, v[1], v[2])) for name, v in found.items()}
    dark = {name: to_hex(Oklch(v[3] / 100, v[4], v[5])) for name, v in found.items()}
    assert (light["paper"], light["sunken"]) == (PAPER, SUNKEN)
    assert {name: dark[name] for name in DARK_GROUNDS} == DARK_GROUNDS
