"""The QR code as SVG and PNG, read back by zxing."""

import io
import re
from xml.etree import ElementTree

import pytest
import zxingcpp
from PIL import Image
from qrcode.exceptions import DataOverflowError

from eventapp.tickets import qr, rules

CODES = [rules.new_code() for _ in range(40)] + [rules.practice_code(meaning) for meaning in rules.Practice]


def read(image: Image.Image) -> str:
    """Decode the one QR code in an image."""
    found = zxingcpp.read_barcodes(image.convert("L"))
    assert len(found) == 1
    assert found[0].format == zxingcpp.BarcodeFormat.QRCode
    return found[0].text


def rasterise(svg: str, scale: int = 6) -> Image.Image:
    """Draw the black rectangles of our SVG path, as a browser would."""
    image = Image.new("L", (qr.SIDE * scale, qr.SIDE * scale), 255)
    for x, y, width in re.findall(r"M(\d+) (\d+)h(\d+)v1h-\d+z", svg):
        left, top = int(x) * scale, int(y) * scale
        image.paste(0, (left, top, left + int(width) * scale, top + scale))
    return image


@pytest.mark.parametrize("code", CODES, ids=[str(number) for number, _ in enumerate(CODES)])  # codes are drawn
def test_svg_and_png_hold_the_code(code: str) -> None:
    assert read(rasterise(qr.svg(code))) == code
    assert read(Image.open(io.BytesIO(qr.png(code)))) == code


def test_the_symbol_is_version_2_level_h_with_a_quiet_zone_of_four() -> None:
    image = Image.open(io.BytesIO(qr.png(CODES[0], pixels=33)))
    assert image.size == (33, 33)
    assert image.getbbox() == (0, 0, 33, 33)
    black = image.point(lambda value: 255 - value).getbbox()
    assert black == (4, 4, 29, 29)
    found = zxingcpp.read_barcodes(rasterise(qr.svg(CODES[0])))[0]
    assert str(found.ec_level) == "H"


def test_svg_is_small_strict_and_free_of_style() -> None:
    svg = qr.svg(CODES[0], label='QR <code> & "ticket"')
    root = ElementTree.fromstring(svg)  # noqa: S314 - our own text
    assert root.get("aria-label") == 'QR <code> & "ticket"'
    assert root.get("shape-rendering") == "crispEdges"
    assert "style" not in svg
    assert len(svg) < 5000


def test_svg_without_a_label_is_hidden_from_readers() -> None:
    assert 'aria-hidden="true"' in qr.svg(CODES[0])


@pytest.mark.parametrize(("pixels", "width"), [(0, 33), (100, 99), (528, 528), (1000, 990)])
def test_png_has_whole_pixels_and_one_bit(pixels: int, width: int) -> None:
    image = Image.open(io.BytesIO(qr.png(CODES[0], pixels=pixels)))
    assert image.mode == "1"
    assert image.size == (width, width)
    assert len(qr.png(CODES[0], pixels=pixels)) < 2500


def test_too_long_a_code_is_an_error_at_once() -> None:
    with pytest.raises(DataOverflowError):
        qr.svg(CODES[0] * 2)
