"""The motif of an event: two bundles of paths, woven around an open circle, drawn from the organiser's colour.

Pure: centre, radii and tints are computed, so that every organiser has the picture in its own colour, for light and
dark and in three shapes. The view that sends covers calls `cover_svg`; nine paths stand for the nine cities of the
first event.
"""

from dataclasses import dataclass
from typing import Literal

from eventapp.accounts.colours import Oklch, oklch, to_hex

Shape = Literal["wide", "square", "strip"]


@dataclass(frozen=True)
class _Frame:
    """Where the bundles turn: size, centre, first radius, distance of the paths, their width and that of the gap."""

    width: int
    height: int
    x: int
    y: int
    radius: int
    step: int
    stroke: int
    casing: int


FRAMES: dict[str, _Frame] = {
    "wide": _Frame(1200, 420, 760, 210, 54, 26, 17, 25),
    "square": _Frame(800, 800, 400, 410, 92, 44, 30, 42),
    "strip": _Frame(1200, 160, 900, 80, 24, 12, 8, 12),
}
_PATHS, _CROSSING, _BEYOND, _CIRCLE_GAP = 5, 4, 20, 26

_SAND = {False: ("#c9b48d", "#d8c8a8", "#e5dac3", "#eee6d6"), True: ("#8d7b58", "#6b5f49", "#4d463a", "#38352f")}
_GROUND = {False: "#f6f1e7", True: "#141d21"}
_LIGHT_TINTS = ((0.0, 1.0, 0.0), (0.2, 1.06, -2.7), (0.4641, 0.832, -4.4), (0.7262, 0.48, -7.4))
"""Second to fifth path in light: way from the accent's lightness to the ground's, share of chroma, turn of hue."""
_DARK_TINTS = (
    (0.8347, 0.859, -6.0),
    (0.7217, 1.078, -5.8),
    (0.5683, 1.008, -4.8),
    (0.4433, 0.836, -2.9),
    (0.3575, 0.648, -2.4),
)
"""All paths in the dark: lightness, share of chroma, turn of hue."""


def cover_svg(shape: Shape, accent: str, *, dark: bool) -> str:
    """Return the motif as an SVG document; `accent` is "#rrggbb"."""
    frame, ground, tints = FRAMES[shape], _GROUND[dark], _tints(accent, dark)
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {frame.width} {frame.height}" '
        f'preserveAspectRatio="xMidYMid slice"><rect width="{frame.width}" height="{frame.height}" fill="{ground}"/>'
        f'<g fill="none" stroke-width="{frame.stroke}">'
    ]
    parts += [f'<path stroke="{tints[i]}" d="{_rising(frame, i)}"/>' for i in range(_PATHS)]
    casing = f'<path stroke="{ground}" stroke-width="{frame.casing}"'
    parts += [f'{casing} d="{_falling(frame, i)}"/>' for i in range(_CROSSING)]
    parts += [f'<path stroke="{_SAND[dark][i]}" d="{_falling(frame, i)}"/>' for i in range(_CROSSING)]
    parts += [
        _woven(frame, i, j, casing, tints[i]) for i in range(_PATHS) for j in range(_CROSSING) if (i + j) % 2 == 0
    ]
    parts.append("</g>")
    radius = frame.radius - frame.stroke / 2 - _CIRCLE_GAP
    if radius > 0:
        fill = tints[0] if dark else tints[1]
        parts.append(f'<circle cx="{frame.x}" cy="{frame.y}" r="{radius}" fill="{fill}"/>')
    return "".join([*parts, "</svg>"])


def _tints(accent: str, dark: bool) -> list[str]:
    base = oklch(accent)
    if dark:
        return [to_hex(Oklch(light, base.chroma * share, base.hue + turn)) for light, share, turn in _DARK_TINTS]
    room = oklch(_GROUND[False]).lightness - base.lightness
    first = to_hex(Oklch(base.lightness * 0.825, base.chroma * 0.806, base.hue + 1.6))
    return [first] + [
        to_hex(Oklch(base.lightness + way * room, base.chroma * share, base.hue + turn))
        for way, share, turn in _LIGHT_TINTS
    ]


def _rising(frame: _Frame, path: int) -> str:
    radius = frame.radius + path * frame.step
    return f"M-{_BEYOND} {frame.y + radius}H{frame.x}A{radius} {radius} 0 0 0 {frame.x + radius} {frame.y}V-{_BEYOND}"


def _falling(frame: _Frame, path: int) -> str:
    radius = frame.radius + path * frame.step
    return (
        f"M{frame.width + _BEYOND} {frame.y - radius}H{frame.x}"
        f"A{radius} {radius} 0 0 0 {frame.x - radius} {frame.y}V{frame.height + _BEYOND}"
    )


def _woven(frame: _Frame, rising: int, falling: int, casing: str, tint: str) -> str:
    """Return the two places where a rising path runs over a falling one."""
    out, back = frame.radius + rising * frame.step, frame.radius + falling * frame.step
    gap = frame.stroke / 2 + 0.5
    over = gap + (frame.casing - frame.stroke) / 2 + 2
    x, y = frame.x + out, frame.y - back
    across, down = frame.x - back, frame.y + out
    line = f'<path stroke="{tint}"'
    return (
        f'{casing} d="M{x} {y - gap}V{y + gap}"/>{line} d="M{x} {y - over}V{y + over}"/>'
        f'{casing} d="M{across - gap} {down}H{across + gap}"/>{line} d="M{across - over} {down}H{across + over}"/>'
    )
