"""The application as a server runs it: static files are answered before the application is asked.

For granian, gunicorn or any other WSGI server: `eventapp.wsgi:app`.
"""

import gc
from wsgiref.headers import Headers

from whitenoise import WhiteNoise

from eventapp.app import create_app
from eventapp.cores import keep_to_one
from eventapp.static import FOLDER, address

_WASM = "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; connect-src 'self'"
"""A worker's script has its own policy: the decoder of the door needs WebAssembly."""


def _headers(headers: Headers, _path: str, url: str) -> None:
    headers["X-Content-Type-Options"] = "nosniff"
    headers["Cross-Origin-Resource-Policy"] = "same-origin"
    if url.startswith(f"{address()}/door/"):
        headers["Content-Security-Policy"] = _WASM


_application = create_app()
_config = _application.config["EVENTAPP"]
keep_to_one(_config.instance, _config.tied_processes)
app = WhiteNoise(
    _application,
    root=FOLDER,
    prefix=address(),
    immutable_file_test=lambda _path, _url: True,
    allow_all_origins=False,
    add_headers_function=_headers,
)
gc.collect()
gc.freeze()  # what is there from the start stays: looking through it again and again took a tenth of a rush
gc.set_threshold(20_000, 50, 100)  # a request leaves few objects in circles; to look after each took another twentieth
