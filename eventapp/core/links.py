"""Full addresses of pages, for mails, calendars and machines: they begin with BASE_URL, also outside a request."""

from typing import Any

from flask import current_app


def absolute(endpoint: str, **values: Any) -> str:
    """Return the full address of a page; values that are not part of its path become the query."""
    path = current_app.url_map.bind("").build(endpoint, values)
    return f"{current_app.config['EVENTAPP'].base_url}{path}"
