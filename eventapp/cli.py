"""Commands of the operator, each one call to a service."""

from flask import Flask


def init(app: Flask) -> None:
    """Hang the commands onto `app`."""
    del app
