"""The strict client refuses every page that breaks one of its rules, and lets a good one pass."""

import pytest
from flask import Flask, render_template_string, request

from tests import markup
from tests.pages import Client, Visitor

GOOD = """<!doctype html>
<html lang="de" dir="ltr"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>Anmelden – Forum</title><script src="/static/a.js" nonce="n0" type="module"></script></head>
<body><main><h1>Anmel&shy;den</h1>
<form method="post" action="/x?a=1"><input type="hidden" name="csrf_token" value="t">
<p><label for="name">Name</label> <input id="name" name="name" value="Ana"></p>
<p><label><input type="checkbox" name="day" value="1" checked> Tag 1</label>
<label><input type="checkbox" name="day" value="2" checked> Tag 2</label></p>
<p><label for="kind">Art</label> <select id="kind" name="kind"><option value="a">A</option></select></p>
<button name="act" value="go">Los</button></form></main></body></html>"""
HEADERS = {
    "Content-Type": "text/html; charset=utf-8",
    "X-Content-Type-Options": "nosniff",
    "Content-Security-Policy": "default-src 'none'; script-src 'self' 'nonce-n0'",
}

BAD = {
    "no doctype": ("<!doctype html>\n", "", "expected-doctype"),
    "an open element": ("</form>", "", "end-tag-too-early"),
    "unknown language": ('lang="de"', 'lang="xx"', "html lang"),
    "wrong direction": ('dir="ltr"', 'dir="rtl"', "html dir"),
    "two headings": ("<main>", "<main><h1>Noch eine</h1>", "2 h1"),
    "another title": ("<title>Anmelden", "<title>Willkommen", "does not start with the h1"),
    "no label": ('<label for="name">Name</label>', "", "no label"),
    "an empty label": ('<label for="kind">Art</label>', '<label for="kind"></label>', "no label"),
    "a mute button": (">Los<", "><", "no label"),
    "a mute link": ("<main>", '<main><a href="/"></a>', "without words"),
    "a picture without alt": ("<main>", '<main><img src="/a.png">', "no alt"),
    "inline style": ("<main>", '<main style="color:red">', "style="),
    "inline script": ("</main>", '<script nonce="n0">1</script></main>', "inline <script>"),
    "a handler": ("<main>", '<main onclick="x()">', "onclick"),
    "a script address": ("<main>", '<main><a href="javascript:x()">x</a>', "javascript:"),
    "no nonce": ('nonce="n0"', "", "without the nonce"),
    "another nonce": ('nonce="n0"', 'nonce="n1"', "without the nonce"),
    "another host": ('src="/static/a.js"', 'src="https://example.org/a.js"', "another host"),
    "another host, without scheme": ("<main>", '<main><img alt="" src="//example.org/a.png">', "another host"),
    "an id twice": ("<main>", '<main id="name">', "used 2 times"),
    "a label for nothing": ('for="kind"', 'for="sort"', "names nothing"),
    "a link to nothing": ("<main>", '<main><a href="#top-news">x</a>', "not there"),
    "an unfilled text": ("Tag 1", "Tag %(day)s", "stands in the text"),
}


def test_a_good_page_passes() -> None:
    markup.check(GOOD, HEADERS, "good")


def test_an_error_may_stand_before_the_title() -> None:
    markup.check(GOOD.replace("<title>", "<title>Fehler: "), HEADERS, "good")


@pytest.mark.parametrize("name", BAD)
def test_a_bad_page_is_refused(name: str) -> None:
    old, new, wanted = BAD[name]
    assert old in GOOD
    with pytest.raises(AssertionError, match=wanted):
        markup.check(GOOD.replace(old, new, 1), HEADERS, name)


@pytest.mark.parametrize(
    ("header", "value"),
    [
        ("Content-Type", "text/html"),
        ("X-Content-Type-Options", ""),
        ("Content-Security-Policy", "default-src 'none'; script-src 'nonce-n0' 'unsafe-inline'"),
    ],
)
def test_bad_headers_are_refused(header: str, value: str) -> None:
    with pytest.raises(AssertionError, match=header):
        markup.check(GOOD, HEADERS | {header: value}, "headers")


def _small_site() -> Flask:
    site = Flask("small")
    site.test_client_class = Client

    @site.route("/", methods=["GET", "POST"])
    def _start() -> tuple[str, dict[str, str]]:
        sent = {name: request.form.getlist(name) for name in request.form}
        return render_template_string(GOOD.replace("</main>", "<p>{{ sent }}</p></main>"), sent=sent), HEADERS

    site.add_url_rule("/x", "x", _start, methods=["POST"])
    site.add_url_rule("/bad", "bad", lambda: "<p>bad")
    return site


def test_a_visitor_submits_what_the_form_holds_and_what_was_typed() -> None:
    page = Visitor(_small_site().test_client())
    page.get("/")
    assert (page.h1, page.language) == ("Anmelden", "de")
    page.submit(values={"name": "Zoë", "day": ["2"]}, press="Los")
    assert "{'csrf_token': ['t'], 'name': ['Zoë'], 'day': ['2'], 'kind': ['a'], 'act': ['go']}" in page.text
    page.submit(values={"day": None})
    assert "'day'" not in page.text
    with pytest.raises(AssertionError, match="no control named"):
        page.submit(values={"nam": "x"})


def test_a_bad_page_fails_the_test_that_fetches_it() -> None:
    with pytest.raises(AssertionError, match="GET /bad is not a good page"):
        _small_site().test_client().get("/bad")
