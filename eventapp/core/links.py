"""Addresses of pages: full ones for mails, calendars and machines, which begin with BASE_URL; paths from a query."""

from collections.abc import Mapping
from typing import Any

from flask import current_app, request


def absolute(endpoint: str, **values: Any) -> str:
    """Return the full address of a page; values that are not part of its path become the query."""
    path = current_app.url_map.bind("").build(endpoint, values)
    return f"{current_app.config['EVENTAPP'].base_url}{path}"


def path(endpoint: str, values: Mapping[str, Any]) -> str:
    """Return the path of a page; what is not part of it becomes the query, whatever it is called.

    `url_for` takes `_scheme`, `_external` or `endpoint` as its own options: never give it what stood in an address.
    """
    return current_app.url_map.bind("", script_name=request.script_root or None).build(endpoint, values)
