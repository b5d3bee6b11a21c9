"""An organiser's one colour: its tints for light and dark, and whether it can be read.

Pure. The organiser's form asks `problems`, the style sheet view sends `stylesheet`, the cover motif and mails take
`oklch` and `to_hex`. Colours are "#rrggbb". Conversion after Björn Ottosson, "A perceptual color space for image
processing" (2020); contrast after WCAG 2.2, 1.4.3.
"""

import re
from dataclasses import dataclass
from math import atan2, cos, degrees, hypot, radians, sin

HEX = re.compile(r"#[0-9a-fA-F]{6}")
ENOUGH = 4.5
"""Least contrast of text of normal size (WCAG 2.2 AA)."""

WHITE, PAPER, SUNKEN = "#ffffff", "#fcfaf6", "#f6f2eb"
"""The light grounds of `static/css/tokens.css`: --ev-raised, --ev-paper, --ev-sunken."""


@dataclass(frozen=True)
class Oklch:
    """A colour as people see it: lightness 0…1, chroma 0…0.4, hue in degrees."""

    lightness: float
    chroma: float
    hue: float


@dataclass(frozen=True)
class Problem:
    """Text in the colour cannot be read on `ground` ("white", "paper", "sunken" or "soft"): `ratio` is below 4.5."""

    ground: str
    ratio: float


@dataclass(frozen=True)
class _Tint:
    """How a tint follows the accent: lightness (None = the accent's own), share and cap of its chroma, turn of hue."""

    lightness: float | None
    share: float
    cap: float
    turn: float = 0.0


_LIGHT: dict[str, _Tint] = {
    "strong": _Tint(None, 0.833, 0.2, 2),
    "soft": _Tint(0.945, 0.23, 0.03, -5),
    "line": _Tint(0.80, 0.51, 0.09, -5),
}
_DARK: dict[str, _Tint] = {
    "": _Tint(0.82, 0.96, 0.12, -5),
    "strong": _Tint(0.90, 0.70, 0.08, -8),
    "soft": _Tint(0.29, 0.45, 0.06),
    "line": _Tint(0.46, 0.64, 0.09),
    "on": _Tint(0.20, 0.385, 0.04, 2),
}
_STRONGER = 0.775


def contrast(first: str, second: str) -> float:
    """Return the contrast of two colours, 1…21."""
    light, dark = sorted((_luminance(first), _luminance(second)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def problems(accent: str) -> list[Problem]:
    """Return the grounds on which text in `accent` cannot be read; white text on it is the same as it on white."""
    grounds = {"white": WHITE, "paper": PAPER, "sunken": SUNKEN, "soft": palette(accent)["--ev-accent-soft"][0]}
    ratios = {name: contrast(accent, ground) for name, ground in grounds.items()}
    return [Problem(name, round(ratio, 2)) for name, ratio in ratios.items() if ratio < ENOUGH]


def palette(accent: str) -> dict[str, tuple[str, str]]:
    """Return the CSS custom properties that follow from `accent`: name → (in light, in dark)."""
    base = oklch(accent)
    light = {name: _tinted(base, tint) for name, tint in _LIGHT.items()}
    dark = {name: _tinted(base, tint) for name, tint in _DARK.items()}
    return {
        "--ev-accent": (accent.lower(), dark[""]),
        "--ev-accent-strong": (light["strong"], dark["strong"]),
        "--ev-accent-soft": (light["soft"], dark["soft"]),
        "--ev-accent-line": (light["line"], dark["line"]),
        "--ev-on-accent": (WHITE, dark["on"]),
    }


def stylesheet(accent: str) -> str:
    """Return the style sheet that colours an organiser's pages."""
    rules = " ".join(f"{name}: light-dark({light}, {dark});" for name, (light, dark) in palette(accent).items())
    return f":root {{ {rules} }}\n"


def oklch(colour: str) -> Oklch:
    """Return "#rrggbb" as lightness, chroma and hue."""
    red, green, blue = _linear(colour)
    long = (0.4122214708 * red + 0.5363325363 * green + 0.0514459929 * blue) ** (1 / 3)
    middle = (0.2119034982 * red + 0.6806995451 * green + 0.1073969566 * blue) ** (1 / 3)
    short = (0.0883024619 * red + 0.2817188376 * green + 0.6299787005 * blue) ** (1 / 3)
    a = 1.9779984951 * long - 2.4285922050 * middle + 0.4505937099 * short
    b = 0.0259040371 * long + 0.7827717662 * middle - 0.8086757660 * short
    lightness = 0.2104542553 * long + 0.7936177850 * middle - 0.0040720468 * short
    return Oklch(lightness, hypot(a, b), degrees(atan2(b, a)) % 360)


def to_hex(colour: Oklch) -> str:
    """Return a colour as "#rrggbb"; what a screen cannot show is made greyer at the same lightness."""
    low, high = 0.0, colour.chroma
    for _ in range(0 if _fits(_rgb(colour)) else 16):
        middle = (low + high) / 2
        low, high = (middle, high) if _fits(_rgb(Oklch(colour.lightness, middle, colour.hue))) else (low, middle)
    channels = _rgb(Oklch(colour.lightness, high if _fits(_rgb(colour)) else low, colour.hue))
    return "#" + "".join(f"{round(255 * _encoded(min(max(x, 0.0), 1.0))):02x}" for x in channels)


def _tinted(base: Oklch, tint: _Tint) -> str:
    lightness = base.lightness * _STRONGER if tint.lightness is None else tint.lightness
    return to_hex(Oklch(lightness, min(base.chroma * tint.share, tint.cap), base.hue + tint.turn))


def _rgb(colour: Oklch) -> tuple[float, float, float]:
    a, b = colour.chroma * cos(radians(colour.hue)), colour.chroma * sin(radians(colour.hue))
    long = (colour.lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3
    middle = (colour.lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3
    short = (colour.lightness - 0.0894841775 * a - 1.2914855480 * b) ** 3
    return (
        4.0767416621 * long - 3.3077115913 * middle + 0.2309699292 * short,
        -1.2684380046 * long + 2.6097574011 * middle - 0.3413193965 * short,
        -0.0041960863 * long - 0.7034186147 * middle + 1.7076147010 * short,
    )


def _fits(channels: tuple[float, float, float]) -> bool:
    return all(-0.0005 <= x <= 1.0005 for x in channels)


def _luminance(colour: str) -> float:
    red, green, blue = _linear(colour)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _linear(colour: str) -> tuple[float, float, float]:
    if not HEX.fullmatch(colour):
        raise ValueError(f"{colour!r} is not #rrggbb")
    red, green, blue = (_decoded(int(colour[at : at + 2], 16) / 255) for at in (1, 3, 5))
    return red, green, blue


def _decoded(value: float) -> float:
    return value / 12.92 if value <= 0.04045 else ((value + 0.055) / 1.055) ** 2.4


def _encoded(value: float) -> float:
    return value * 12.92 if value <= 0.0031308 else 1.055 * value ** (1 / 2.4) - 0.055
