"""What every answer has: headers, a request id, CSRF, cookies; and what is refused with a clear sentence."""

import json
import re
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from config import Config
from eventapp.app import create_app
from eventapp.core.access import Mark
from tests.pages import Client, Visitor

SIGN_IN = "/manage/sign-in"


def test_pages_carry_the_security_headers(client: Client) -> None:
    headers = client.get(SIGN_IN).headers
    policy = headers["Content-Security-Policy"]
    for part in ("default-src 'none'", "frame-ancestors 'none'", "base-uri 'none'", "form-action 'self'"):
        assert part in policy
    assert (headers["X-Content-Type-Options"], headers["Referrer-Policy"]) == ("nosniff", "same-origin")
    assert "camera=(self)" in headers["Permissions-Policy"]
    assert "Strict-Transport-Security" not in headers
    assert "Strict-Transport-Security" in client.get(SIGN_IN, base_url="https://localhost").headers


def test_every_answer_has_a_nonce_and_an_id_of_its_own(client: Client) -> None:
    answers = [client.get(SIGN_IN) for _ in range(2)]
    nonces = {re.findall(r"'nonce-([^']+)'", answer.headers["Content-Security-Policy"])[0] for answer in answers}
    assert len(nonces) == len({answer.headers["X-Request-ID"] for answer in answers}) == 2
    assert client.get(SIGN_IN, headers={"X-Request-ID": "from-proxy-1234"}).headers["X-Request-ID"] == "from-proxy-1234"
    assert client.get(SIGN_IN, headers={"X-Request-ID": "<script>"}).headers["X-Request-ID"] != "<script>"


def test_cookies_are_closed_to_scripts_and_other_sites(page: Visitor) -> None:
    cookie = page.get(SIGN_IN).response.headers["Set-Cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie
    assert "Secure" not in cookie


def test_cookies_stay_on_https_when_the_site_is_there(real_database: str) -> None:
    app = create_app(Config.for_tests(real_database, base_url="https://forum.example.org"))
    assert "Secure" in app.test_client().get(SIGN_IN).headers["Set-Cookie"]


@pytest.mark.parametrize("token", [None, "", "wrong"])
def test_a_form_from_elsewhere_is_refused_in_words(client: Client, token: str | None) -> None:
    sent = {"email": "a@example.org", "password": "x"} | ({} if token is None else {"csrf_token": token})
    answer = client.post(SIGN_IN + "?lang=de", data=sent)
    assert answer.status_code == 400
    assert "zu lange offen" in answer.text
    assert answer.headers["X-Request-ID"] in answer.text


def test_programs_get_refusals_as_json(client: Client) -> None:
    answer = client.post("/door/api/nothing", data="{}", content_type="application/json")
    assert answer.status_code in (400, 404)
    assert answer.mimetype == "application/problem+json"
    assert json.loads(answer.text)["request_id"] == answer.headers["X-Request-ID"]


MULTIPART = b'--x\r\nContent-Disposition: form-data; name="email"\r\n\r\n\xff\xfe\r\n--x--\r\n'
PLAIN, PARTS = "application/x-www-form-urlencoded", "multipart/form-data; boundary=x"


@pytest.mark.parametrize(
    ("body", "kind"),
    [(b"email=%ff%fe", PLAIN), (b"email=\xff", PLAIN), ("email=a\ufffd".encode(), PLAIN), (MULTIPART, PARTS)],
)
def test_a_body_that_is_not_utf_8_is_refused(client: Client, body: bytes, kind: str) -> None:
    answer = client.post(SIGN_IN + "?lang=de", data=body, content_type=kind)
    assert answer.status_code == 400
    assert "Einige Zeichen konnten wir nicht lesen" in answer.text


def test_a_redirect_never_leads_to_the_host_that_somebody_claims(client: Client) -> None:
    answer = client.get("/de?x=1", headers={"Host": "evil.example"})
    assert (answer.status_code, answer.headers["Location"]) == (308, "/de/?x=1")
    assert client.get("/manage", headers={"Host": "evil.example"}).headers["Location"] == "/manage/"


def test_a_body_that_is_too_large_is_refused(client: Client) -> None:
    large, kind = b"x" * (9 * 1024 * 1024), "multipart/form-data; boundary=x"
    assert client.post(SIGN_IN, data=large, content_type=kind).status_code == 413


def test_an_unexpected_error_is_told_with_a_number_and_without_its_text(
    capfd: pytest.CaptureFixture[str], real_app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(**_values: Any) -> str:
        raise LookupError("Ana Beispiel, ana@example.org")

    monkeypatch.setitem(real_app.view_functions, "accounts.sign_in", fail)
    monkeypatch.setattr(fail, "access_mark", Mark("public"), raising=False)
    answer = FlaskClient(real_app, real_app.response_class).get(SIGN_IN)
    assert answer.status_code == 500
    assert answer.headers["X-Request-ID"] in answer.text
    logged = capfd.readouterr().err
    assert "LookupError" in logged
    assert "ana@example.org" not in logged + answer.text


def test_logs_hold_the_route_and_never_the_path(real_database: str, capfd: pytest.CaptureFixture[str]) -> None:
    app = create_app(Config.for_tests(real_database, log_format="json", testing=False))
    app.test_client().get("/de/my/secret.token-of-a-guest?email=ana@example.org")
    logged = capfd.readouterr().err
    assert '"event": "request"' in logged
    assert "secret" not in logged
    assert "ana@" not in logged


@pytest.mark.parametrize(("proxies", "scheme"), [(0, "http"), (1, "https")])
def test_proxy_headers_are_trusted_only_by_setting(real_database: str, proxies: int, scheme: str) -> None:
    app = create_app(Config.for_tests(real_database, trusted_proxies=proxies))
    forwarded = {"X-Forwarded-Proto": "https", "X-Forwarded-For": "203.0.113.9"}
    headers = app.test_client().get(SIGN_IN, headers=forwarded).headers
    assert ("Strict-Transport-Security" in headers) == (scheme == "https")


def test_unknown_languages_and_methods_are_refused_in_words(client: Client) -> None:
    assert client.get("/xx/").status_code == 404
    assert client.delete(SIGN_IN).status_code in (400, 405, 409)


@pytest.mark.parametrize(
    "path", ["/manage/mail/%00", "/media/%00.webp", "/de/organisers/%00/privacy", "/%00", "/manage/sign-in?next=%00"]
)
def test_an_address_with_a_nul_leads_nowhere(client: Client, path: str) -> None:
    assert client.get(path).status_code == 404
