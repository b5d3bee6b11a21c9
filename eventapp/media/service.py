"""Taking pictures in: what comes is decoded and written anew, so nothing but pixels is ever stored or served."""

import io

from flask_babel import lazy_gettext as _l
from PIL import Image, ImageOps

from eventapp.core import clock, ids
from eventapp.core.db import transaction
from eventapp.core.refusal import Refusal
from eventapp.media.models import Picture

LARGEST_FILE = 8 * 1024 * 1024
LARGEST_AREA = 40_000_000
_FORMATS = ("JPEG", "PNG", "WEBP", "GIF")


class PictureTooLarge(Refusal):
    """More bytes than `LARGEST_FILE`."""

    code = "picture_too_large"
    status = 422
    message = _l("This picture is too large. It may have at most 8 MB.")
    field = "picture"


class PictureTooManyPixels(Refusal):
    """More pixels than `LARGEST_AREA`: a small file can unfold to gigabytes."""

    code = "picture_too_many_pixels"
    status = 422
    message = _l("This picture has too many pixels. It may have at most 40 million.")
    field = "picture"


class NotAPicture(Refusal):
    """Nothing that we can read as a picture, whatever its name says."""

    code = "not_a_picture"
    status = 422
    message = _l("This file is no picture that we can read. Please take a JPEG, PNG or WebP file.")
    field = "picture"


def store(organiser_id: int, data: bytes, *, largest: tuple[int, int] = (1600, 1600)) -> Picture:
    """Check a picture by its content, write it anew within `largest` (pixels) and keep it.

    Pictures with transparency (logos) become PNG, others WebP; orientation is applied, metadata are gone.
    """
    image = bare(data, largest)
    made, media_type = _encode(image)
    with transaction() as session:
        picture = Picture(
            public_id=ids.public_id(),
            organiser_id=organiser_id,
            media_type=media_type,
            width=image.width,
            height=image.height,
            data=made,
            created_at=clock.now(),
        )
        session.add(picture)
        session.flush()
        return picture


def bare(data: bytes, largest: tuple[int, int]) -> Image.Image:
    """Return nothing but the pixels of a picture, upright and within `largest`; RGBA only when it is transparent."""
    image = _shrink(_open(data), largest)
    clear = image.mode == "RGBA" and image.getchannel("A").getextrema() != (255, 255)
    made = Image.new("RGBA" if clear else "RGB", image.size)
    made.paste(image if clear else image.convert("RGB"))  # a new image carries no metadata along
    return made


def _open(data: bytes) -> Image.Image:
    if len(data) > LARGEST_FILE:
        raise PictureTooLarge
    try:
        image = Image.open(io.BytesIO(data), formats=_FORMATS)
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise PictureTooManyPixels from error
    except Exception as error:  # decoders meet hostile bytes with errors of any kind
        raise NotAPicture from error
    if image.width * image.height > LARGEST_AREA:
        raise PictureTooManyPixels
    return image


def _shrink(image: Image.Image, largest: tuple[int, int]) -> Image.Image:
    try:
        image.draft("RGB", (2 * max(largest), 2 * max(largest)))  # lets large JPEGs be decoded smaller
        image.load()
        upright = ImageOps.exif_transpose(image)
        flat = upright.convert("RGBA" if upright.has_transparency_data else "RGB")
        flat.thumbnail(largest, Image.Resampling.LANCZOS)
    except Exception as error:  # decoders meet hostile bytes with errors of any kind
        raise NotAPicture from error
    return flat


def _encode(image: Image.Image) -> tuple[bytes, str]:
    clear = image.mode == "RGBA"
    out = io.BytesIO()
    if clear:
        image.save(out, "PNG", optimize=True)
    else:
        image.save(out, "WEBP", quality=82, method=4)
    return out.getvalue(), "image/png" if clear else "image/webp"
