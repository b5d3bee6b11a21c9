"""Pictures: what comes in is looked at, written anew within its size and without metadata; all else is refused."""

import io
import struct
import zlib

import pytest
from PIL import Image, PngImagePlugin

from eventapp.media.models import Picture
from eventapp.media.service import (
    LARGEST_FILE,
    NotAPicture,
    PictureTooLarge,
    PictureTooManyPixels,
    store,
)
from tests.make import make_organiser
from tests.pages import Client

pytestmark = pytest.mark.usefixtures("app")


def encoded(image: Image.Image, kind: str, **options: object) -> bytes:
    """Return the bytes of a picture file."""
    out = io.BytesIO()
    image.save(out, kind, **options)
    return out.getvalue()


def decoded(picture: Picture) -> Image.Image:
    """Return a stored picture as pixels."""
    return Image.open(io.BytesIO(picture.data))


def chunk(name: bytes, data: bytes) -> bytes:
    """Return one chunk of a PNG file."""
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))


def test_a_photo_is_made_smaller_and_becomes_webp() -> None:
    picture = store(make_organiser().id, encoded(Image.new("RGB", (3000, 2000), "teal"), "JPEG"))
    assert (picture.width, picture.height, picture.media_type) == (1600, 1067, "image/webp")
    assert decoded(picture).size == (1600, 1067)


def test_a_logo_with_transparency_stays_transparent() -> None:
    image = Image.new("RGBA", (400, 200), (0, 80, 95, 0))
    picture = store(make_organiser().id, encoded(image, "PNG"), largest=(200, 200))
    assert (picture.width, picture.height, picture.extension) == (200, 100, "png")
    assert decoded(picture).getchannel("A").getextrema() == (0, 0)


@pytest.mark.parametrize("mode", ["1", "L", "P", "CMYK", "LA", "I;16"])
def test_pictures_of_any_colour_model_are_read(mode: str) -> None:
    kind = "JPEG" if mode == "CMYK" else "PNG"
    assert store(make_organiser().id, encoded(Image.new(mode, (40, 30)), kind)).width == 40


def test_orientation_is_applied_and_metadata_are_gone() -> None:
    exif = Image.Exif()
    exif[0x0112], exif[0x010E] = 6, "taken at home"
    exif.get_ifd(0x8825)[1] = "N"
    picture = store(
        make_organiser().id, encoded(Image.new("RGB", (60, 20), "red"), "JPEG", exif=exif, comment=b"secret")
    )
    assert (picture.width, picture.height) == (20, 60)
    assert not dict(decoded(picture).getexif())
    assert b"taken" not in picture.data
    assert b"secret" not in picture.data


def test_nothing_but_pixels_survives_of_a_picture_that_is_a_script_too() -> None:
    text = PngImagePlugin.PngInfo()
    text.add_text("Comment", "<script>alert(1)</script>")
    for tail in (b"", b"<script>alert(1)</script>", b"PK\x03\x04<?php system('id'); ?>"):
        image = Image.new("RGBA", (20, 20), (1, 2, 3, 4))
        picture = store(make_organiser().id, encoded(image, "PNG", pnginfo=text) + tail)
        assert b"script" not in picture.data
        assert b"php" not in picture.data
        assert not decoded(picture).info


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\x00" * 100,
        b"<script>alert(1)</script>",
        b"\x89PNG\r\n\x1a\n<script>alert(1)</script>",
        b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>',
        b"GIF89a/*\x01\x00*/=1;alert(1)",
        b"%PDF-1.7\n",
        b"RIFF\x00\x00\x00\x00WEBPVP8 ",
        b"\xff\xd8\xff\xe0\x00\x10JFIF" + b"\x00" * 40,
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", struct.pack(">IIBBBBB", 30, 30, 8, 2, 0, 0, 0)) + chunk(b"IEND", b""),
    ],
)
def test_what_is_no_picture_is_refused(data: bytes) -> None:
    with pytest.raises(NotAPicture):
        store(make_organiser().id, data)


def test_a_broken_half_of_a_picture_is_refused() -> None:
    whole = encoded(Image.effect_noise((300, 300), 80), "PNG")
    with pytest.raises(NotAPicture):
        store(make_organiser().id, whole[: len(whole) // 2])


@pytest.mark.parametrize("side", [7_000, 15_000, 60_000])
def test_a_small_file_that_unfolds_to_gigabytes_is_refused_unread(side: int) -> None:
    head = chunk(b"IHDR", struct.pack(">IIBBBBB", side, side, 8, 2, 0, 0, 0))
    bomb = b"\x89PNG\r\n\x1a\n" + head + chunk(b"IDAT", zlib.compress(b"\x00" * 1000)) + chunk(b"IEND", b"")
    with pytest.raises(PictureTooManyPixels):
        store(make_organiser().id, bomb)


def test_a_file_over_eight_megabytes_is_refused() -> None:
    with pytest.raises(PictureTooLarge):
        store(make_organiser().id, b"\x00" * (LARGEST_FILE + 1))


def test_a_picture_is_served_as_what_it_is_and_kept_for_ever(client: Client) -> None:
    picture = store(make_organiser().id, encoded(Image.new("RGB", (20, 20)), "PNG"))
    url = f"/media/{picture.public_id}.webp"
    response = client.get(url)
    assert response.mimetype == "image/webp"
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    assert "immutable" in response.headers["Cache-Control"]
    assert "Set-Cookie" not in response.headers
    assert client.get(url, headers={"If-None-Match": response.headers["ETag"]}).status_code == 304
    assert client.get(f"/media/{picture.public_id}.png").status_code == 404
    assert client.get(f"/media/{picture.public_id}.html").status_code == 404
    assert client.get("/media/unknown.webp").status_code == 404
