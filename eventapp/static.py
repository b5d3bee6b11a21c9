"""Static files at addresses that name their version, so that no browser mixes old style sheets or modules with new.

The version is a checksum of the whole tree: one changed file renews all addresses, and what the files name each other
by (modules, fonts, the decoder) is relative and stays in one version. `app.py` and `wsgi.py` serve the present version,
to be kept for ever; the view here answers for any other.
"""

import hashlib
from functools import cache
from pathlib import Path

from flask import Blueprint, current_app
from werkzeug.wrappers import Response

from config import ROOT
from eventapp.core.access import public

FOLDER = ROOT / "static"

bp = Blueprint("static_files", __name__)


@cache
def version(folder: Path = FOLDER) -> str:
    """Return 12 hexadecimal digits that change when any file of `folder` changes, comes, goes or is renamed."""
    total = hashlib.sha256()
    for path in sorted(path for path in folder.rglob("*") if path.is_file()):
        total.update(path.relative_to(folder).as_posix().encode() + b"\0")
        total.update(hashlib.sha256(path.read_bytes()).digest())
    return total.hexdigest()[:12]


def address() -> str:
    """Return the path under which the present version is served."""
    return f"/static/{version()}"


@bp.get("/static/<version>/<path:filename>")
@public
def other_version(version: str, filename: str) -> Response:  # noqa: ARG001 - any version but the present one
    """Send the present file to a page of another version: one left open over an update, or of a server not yet updated.

    It is asked for anew each time, so it never outlives that page.
    """
    response = current_app.send_static_file(filename)
    response.headers["Cache-Control"] = "no-cache"
    return response
