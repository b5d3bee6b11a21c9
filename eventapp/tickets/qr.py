"""The QR code of a ticket as SVG for pages and PDF, and as PNG for mails.

Always version 2 at error level H with one fixed mask (20 alphanumeric characters fill it exactly), black on white with
a quiet zone of four modules. Called by the ticket's page, mail and PDF with a code from ``tickets.rules``.
"""

import io
from functools import lru_cache
from html import escape
from itertools import groupby

from PIL import Image
from qrcode.constants import ERROR_CORRECT_H, ERROR_CORRECT_M
from qrcode.main import QRCode

VERSION = 2
MASK = 2
QUIET = 4
MODULES = 17 + 4 * VERSION
SIDE = MODULES + 2 * QUIET

Matrix = tuple[tuple[bool, ...], ...]


@lru_cache(maxsize=512)
def modules(code: str) -> Matrix:
    """Compute the 25 x 25 modules (True is black, no quiet zone) of a code of up to 20 alphanumeric characters."""
    symbol = QRCode(version=VERSION, error_correction=ERROR_CORRECT_H, mask_pattern=MASK, border=0)
    symbol.add_data(code, optimize=0)
    symbol.make(fit=False)
    return tuple(tuple(bool(module) for module in row) for row in symbol.modules)


def svg(code: str, *, label: str = "") -> str:
    """Draw the code as one SVG element, 33 units wide; `label` is its text alternative, empty hides it from readers."""
    black = "".join(_run(x, y, length) for x, y, length in _runs(modules(code)))
    name = f'role="img" aria-label="{escape(label)}"' if label else 'aria-hidden="true"'
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {SIDE} {SIDE}" shape-rendering="crispEdges" {name}>'
        f'<path fill="#fff" d="M0 0h{SIDE}v{SIDE}H0z"/><path fill="#000" d="{black}"/></svg>'
    )


def link_svg(address: str, *, label: str) -> str:
    """Draw an address to be filmed from a screen as one SVG element with a quiet zone of four modules."""
    symbol = QRCode(error_correction=ERROR_CORRECT_M, border=0)
    symbol.add_data(address)
    symbol.make(fit=True)
    matrix = tuple(tuple(bool(module) for module in row) for row in symbol.modules)
    side = len(matrix) + 2 * QUIET
    black = "".join(_run(x, y, length) for x, y, length in _runs(matrix))
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {side} {side}" shape-rendering="crispEdges" '
        f'role="img" aria-label="{escape(label)}">'
        f'<path fill="#fff" d="M0 0h{side}v{side}H0z"/><path fill="#000" d="{black}"/></svg>'
    )


def png(code: str, *, pixels: int = 528) -> bytes:
    """Draw the code as a 1-bit PNG with whole pixels a module, at most `pixels` wide (but never under 33)."""
    image = Image.new("1", (SIDE, SIDE), 1)
    for x, y, length in _runs(modules(code)):
        image.paste(0, (x, y, x + length, y + 1))
    scale = max(1, pixels // SIDE)
    file = io.BytesIO()
    image.resize((SIDE * scale, SIDE * scale), Image.Resampling.NEAREST).save(file, "PNG", optimize=True)
    return file.getvalue()


def _runs(matrix: Matrix) -> list[tuple[int, int, int]]:
    """List the black runs as (x, y, length), the quiet zone counted in."""
    runs = []
    for y, row in enumerate(matrix, QUIET):
        x = QUIET
        for black, run in groupby(row):
            length = len(list(run))
            if black:
                runs.append((x, y, length))
            x += length
    return runs


def _run(x: int, y: int, length: int) -> str:
    return f"M{x} {y}h{length}v1h-{length}z"
