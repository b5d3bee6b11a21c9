"""The service worker of the door, with the list of the files it keeps, and the manifest by which phones install it."""

import json
from functools import cache

from flask import Blueprint, Response, current_app, jsonify, url_for
from flask_babel import gettext as _

from config import ROOT
from eventapp.core import i18n
from eventapp.core.access import public

bp = Blueprint("checkin_app", __name__)

FOLDER = ROOT / "static"
FILES = (
    "door/*.js",
    "css/*.css",
    "css/components/base.css",
    "css/components/form.css",
    "css/components/door.css",
    "img/*",
    "vendor/kern-ux-*/*.css",
    "vendor/kern-ux-*/fonts/*.woff2",
    "vendor/noto-sans-*/*.woff2",
    "vendor/zxing-wasm-*/**/*.js",
    "vendor/zxing-wasm-*/**/*.wasm",
)
"""What the pages of the door load, as patterns below static/."""
_ICONS = (("192", "any"), ("512", "any"), ("512", "maskable"))


@cache
def assets(address: str) -> tuple[str, ...]:
    """Return the addresses of all files that the pages of the door load; `address` is where static files are served."""
    found = {path for pattern in FILES for path in FOLDER.glob(pattern)}
    names = sorted(path.relative_to(FOLDER).as_posix() for path in found)
    return tuple(f"{address}/{name}" for name in names if name != "door/service-worker.js")


@bp.get("/door/service-worker.js")
@public
def service_worker() -> Response:
    """Send the service worker: another version, or another list, is another worker to the browser."""
    address = str(current_app.static_url_path)
    given = {"version": _version(), "assets": [*assets(address), decoder_url()]}
    code = (FOLDER / "door" / "service-worker.js").read_text(encoding="utf-8")
    response = Response(f"const DOOR = {json.dumps(given)};\n{code}", mimetype="text/javascript")
    response.headers["Cache-Control"] = "no-cache"
    return response


@bp.get("/door/reader.worker.js")
@public
def reader() -> Response:
    """Send the worker that reads codes; `v` in its address is the version of its page.

    A service worker looks after a worker by the address of its script: below static/ this one would fetch its modules
    past it, and read no code without network once the browser has let go of them.
    """
    code = f'import "{url_for("static", filename="door/decoder.worker.js")}";\n'
    response = Response(code, mimetype="text/javascript")
    response.headers["Cache-Control"] = "no-cache"
    return response


def _version() -> str:
    return str(current_app.static_url_path).rsplit("/", 1)[-1]


@bp.app_template_global()
def decoder_url() -> str:
    """Return the address of the worker that reads codes, for the pages with a camera."""
    return url_for("checkin.app.reader", v=_version())


@bp.get("/door/app.webmanifest")
@public
def web_manifest() -> Response:
    """Describe the door to phones that put it on their home screen."""
    key = i18n.current_language()
    response = jsonify(
        id="/door/",
        name=_("Door"),
        short_name=_("Door"),
        lang=key,
        dir=i18n.BY_KEY[key].direction,
        start_url=url_for("checkin.start"),
        scope=url_for("checkin.start"),
        display="standalone",
        background_color="#0a1216",
        theme_color="#0a1216",
        icons=[_icon(size, purpose) for size, purpose in _ICONS],
    )
    response.mimetype = "application/manifest+json"
    return response


def _icon(size: str, purpose: str) -> dict[str, str]:
    name = f"img/icon-{size}.png" if purpose == "any" else f"img/icon-{purpose}-{size}.png"
    return {
        "src": url_for("static", filename=name),
        "sizes": f"{size}x{size}",
        "type": "image/png",
        "purpose": purpose,
    }
