"""What one server serves beside the application: both floors and the plain way, each an application of its own."""

import os
from collections.abc import Iterable
from typing import Any

from benchmarks.floors import form_app, hello_app
from benchmarks.plain import plain_app

_settings = os.environ["DATABASE_URL"], os.environ["SECRET_KEY"]
_apps = {"hello": hello_app(), "form": form_app(*_settings), "plain": plain_app(*_settings)}


def application(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
    """Answer as the application that the first part of the path names."""
    return _apps[environ["PATH_INFO"].split("/")[1]](environ, start_response)
