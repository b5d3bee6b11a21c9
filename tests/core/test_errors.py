"""Error pages: in the look of the site, in the reader's language, with the number to quote."""

import pytest
from flask import Flask, render_template

from tests import markup
from tests.pages import Visitor

UNKNOWN = {"de": "Wir finden diese Seite nicht", "ar": "لم نعثر على هذه الصفحة"}


@pytest.mark.parametrize("language", UNKNOWN)
def test_an_unknown_address_is_told_in_the_language_it_names(page: Visitor, language: str) -> None:
    shown = page.get(f"/{language}/gibt-es-nicht/gar-nicht", status=404)
    assert (shown.h1, shown.language) == (UNKNOWN[language], language)
    assert shown.response.headers["X-Request-ID"] in shown.text


@pytest.mark.parametrize("detail", [None, "Der Link ist abgelaufen."])
@pytest.mark.parametrize("status", [403, 404, 409, 413, 429, 500])
def test_every_error_page_is_a_good_page(app: Flask, status: int, detail: str | None) -> None:
    with app.test_request_context("/de/"):
        app.preprocess_request()
        html = render_template(f"errors/{status}.html", detail=detail, status=status)
        answer = app.process_response(app.make_response(html))
    markup.check(html, dict(answer.headers), f"error page {status}")
    assert status == 500 or (detail or str(status)) in html
