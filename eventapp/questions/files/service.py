"""Files that guests give as answers: judged by their content, pictures written anew, active PDFs refused.

Called by the form; what it returns is stored by `service.write_answers` with the other answers.
"""

import io
import re
from pathlib import PurePath

from flask_babel import lazy_gettext as _l

from eventapp.core.forms import clean_line
from eventapp.core.refusal import Refusal
from eventapp.media.service import NotAPicture, bare
from eventapp.questions.answers.rules import Upload
from eventapp.questions.rules import MEGABYTE

_LARGEST_PICTURE = (4000, 4000)
_LONGEST_NAME = 100
_PICTURES = {b"\xff\xd8\xff": ("JPEG", "image/jpeg", ".jpg"), b"\x89PNG\r\n\x1a\n": ("PNG", "image/png", ".png")}
_PDF = b"%PDF-"
_ESCAPE = re.compile(rb"#([0-9A-Fa-f]{2})")
_ACTIVE = re.compile(rb"/(JavaScript|Launch)(?![A-Za-z])")
_UNSAFE = re.compile(r"[^\w .,()+-]")


class FileTooLarge(Refusal):
    code, status = "file_too_large", 422
    message = _l("This file is too large. It may have at most %(size)s MB.")


class FileEmpty(Refusal):
    code, status = "file_empty", 422
    message = _l("This file is empty.")


class WrongFile(Refusal):
    code, status = "wrong_file", 422
    message = _l("Please take a PDF, JPEG or PNG file.")


class ActiveFile(Refusal):
    code, status = "active_file", 422
    message = _l("This PDF holds a program. Please print it into a new PDF and take that.")


def check_file(name: str, data: bytes, max_bytes: int) -> Upload:
    """Return a file that may be stored, under a clean name; raise a refusal. Pictures lose their metadata."""
    if not data:
        raise FileEmpty
    if len(data) > max_bytes:
        raise FileTooLarge(size=max_bytes // MEGABYTE)
    if data.startswith(_PDF):
        if _ACTIVE.search(_ESCAPE.sub(lambda found: bytes([int(found[1], 16)]), data)):
            raise ActiveFile
        return Upload(clean_name(name, ".pdf"), "application/pdf", data)
    for magic, (form, media_type, ending) in _PICTURES.items():
        if data.startswith(magic):
            return Upload(clean_name(name, ending), media_type, _again(data, form))
    raise WrongFile


def clean_name(name: str, ending: str) -> str:
    """Return a file's name without folders and signs that a file system or a header could mistake, with its ending."""
    line = str(clean_line(name.replace("\\", "/")) or "")
    stem = _UNSAFE.sub("_", PurePath(line).stem).strip(" .")[:_LONGEST_NAME].rstrip(" .")
    return f"{stem or 'file'}{ending}"


def _again(data: bytes, form: str) -> bytes:
    try:
        image = bare(data, _LARGEST_PICTURE)
    except NotAPicture as refusal:
        raise WrongFile from refusal
    out = io.BytesIO()
    if form == "PNG":
        image.save(out, "PNG", optimize=True)
    else:
        image.convert("RGB").save(out, "JPEG", quality=88)
    return out.getvalue()
