"""Writes films for Chromium's fake camera, so that browser tests hold real tickets before the scanner.

Chromium plays an .mjpeg file at 30 frames a second in a loop; the file is JPEG pictures one after the other, so Pillow
is enough. Used by the journeys at the door.
"""

import io
from collections.abc import Sequence
from pathlib import Path

from PIL import Image

RATE = 30
_TABLE = (96, 92, 88)


def write_film(
    path: Path,
    images: Sequence[Image.Image | None],
    *,
    size: tuple[int, int] = (1280, 720),
    seconds: float = 1.5,
) -> Path:
    """Write a film that shows each image for `seconds` in the middle of the picture; None shows an empty table."""
    with path.open("wb") as film:
        for image in images:
            frame = _jpeg(image, size)
            for _ in range(max(1, round(seconds * RATE))):
                film.write(frame)
    return path


def camera_arguments(film: Path) -> list[str]:
    """List the arguments with which Chromium takes `film` for its camera and allows it without asking."""
    return [
        "--use-fake-device-for-media-stream",
        "--use-fake-ui-for-media-stream",
        f"--use-file-for-fake-video-capture={film.resolve()}",
    ]


def _jpeg(image: Image.Image | None, size: tuple[int, int]) -> bytes:
    """Lay an image on the table, shrunk to two thirds of the height if it is larger, and encode the picture."""
    picture = Image.new("RGB", size, _TABLE)
    if image is not None:
        side = size[1] * 2 // 3
        paper = image.convert("RGB")
        if max(paper.size) > side:
            paper.thumbnail((side, side))
        picture.paste(paper, ((size[0] - paper.width) // 2, (size[1] - paper.height) // 2))
    file = io.BytesIO()
    picture.save(file, "JPEG", quality=85)
    return file.getvalue()
