"""What every answer has: security headers with a nonce, a request id, error pages in the look of the site."""

import re
import secrets
from typing import Any
from urllib.parse import unquote_to_bytes, urlsplit, urlunsplit

from flask import Flask, Request, Response, abort, g, jsonify, render_template, request, session
from flask.globals import app_ctx, request_ctx
from flask_babel import gettext as _
from flask_wtf.csrf import CSRFError, CSRFProtect
from sqlalchemy.exc import NoResultFound
from werkzeug.exceptions import HTTPException, InternalServerError
from werkzeug.middleware.proxy_fix import ProxyFix
from werkzeug.routing import BaseConverter, IntegerConverter, RequestRedirect

from eventapp.core import i18n, log
from eventapp.core.access import SIGNED_IN
from eventapp.core.ids import SLUG
from eventapp.core.limits import TooMany
from eventapp.core.links import path
from eventapp.core.localized import lines, plain, sentences, soft, text
from eventapp.core.markup import localized_html
from eventapp.core.refusal import Refusal

csrf = CSRFProtect()
_REQUEST_ID = re.compile(r"[A-Za-z0-9-]{8,64}")
_BEYOND_ASCII = re.compile(rb"%[89A-Fa-f][0-9A-Fa-f]")
_URLENCODED = "application/x-www-form-urlencoded"
_FORMS = (_URLENCODED, "multipart/form-data")
_ALWAYS = {
    "X-Content-Type-Options": "nosniff",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(self), microphone=(), geolocation=(), payment=()",
}
FOR_EVER = 365 * 24 * 3600
"""Seconds that browsers and proxies keep what never changes under its address."""


class LanguageConverter(BaseConverter):
    """A language of the interface in an address."""

    regex = "|".join(re.escape(key) for key in i18n.BY_KEY)


class SlugConverter(BaseConverter):
    """A slug in an address."""

    regex = SLUG.pattern


class NumberConverter(IntegerConverter):
    """A number in an address, no larger than a column holds."""

    regex = r"\d{1,9}"


def json_body() -> Any:
    """Return what was sent as JSON, None when it is none."""
    try:
        return request.get_json(silent=True, force=True)
    except RecursionError:  # brackets in brackets in brackets
        return None


def json_now(**body: Any) -> Response:
    """Return an answer in JSON that nobody keeps."""
    response = jsonify(body)
    response.headers["Cache-Control"] = "no-store"
    return response


def init(app: Flask) -> None:
    """Hang headers, languages in addresses, checks of the body and error pages onto `app`."""
    app.url_map.converters.update(lang=LanguageConverter, slug=SlugConverter, int=NumberConverter)
    if proxies := app.config["TRUSTED_PROXIES"]:
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=proxies, x_proto=proxies, x_host=proxies)  # type: ignore[method-assign]
    app.before_request(_begin)
    csrf.init_app(app)  # behind _begin: its refusal too needs the request's id and nonce
    app.after_request(_headers)
    app.register_error_handler(HTTPException, _http_error)
    app.register_error_handler(Refusal, _refused)
    app.register_error_handler(NoResultFound, _gone)
    app.register_error_handler(Exception, _failed)
    app.jinja_env.globals.update(text=text, markdown=localized_html)
    app.jinja_env.filters.update(plain=plain, lines=lines, sentences=sentences, soft=soft)
    app.context_processor(_context)


def _begin() -> None:
    here, known = request_ctx.request, app_ctx.g  # each look through a proxy costs as much as several of these lines
    given = here.headers.get("X-Request-ID", "")
    known.request_id = given if _REQUEST_ID.fullmatch(given) else secrets.token_hex(8)
    known.csp_nonce = secrets.token_urlsafe(16)
    first = here.path.split("/")[1]  # an address that nobody knows is refused in the language it names
    known.language = (here.view_args or {}).get("lang") or (first if first in i18n.BY_KEY else None)
    chosen = here.args.get("lang", "")
    if known.language is None and chosen in i18n.BY_KEY and not here.path.endswith(".ics"):
        session["language"] = chosen
    known.began = log.begin_request(known.request_id)
    _without_nul(here)
    _readable_body(here)


def _without_nul(here: Request) -> None:
    """Refuse an address with a NUL in it: no name of ours has one, and Postgres fails at it."""
    if "\x00" in here.path or any("\x00" in key + value for key, value in here.args.items(multi=True)):
        abort(404)


def _readable_body(here: Request) -> None:
    """Refuse a form that is not UTF-8: werkzeug would replace the bytes, or keep "%FF", and store nonsense."""
    if here.method not in ("POST", "PUT", "PATCH"):
        return
    body = here.get_data() if here.mimetype == _URLENCODED else b""
    is_ascii = body.isascii() and not _BEYOND_ASCII.search(body)
    sent = "" if is_ascii else unquote_to_bytes(body).decode("utf-8", "replace")
    values = [text for pair in here.form.items(multi=True) for text in pair] if here.mimetype in _FORMS else []
    if any("\ufffd" in text for text in (sent, *values)) or "\ufffd" in here.query_string.decode("utf-8", "replace"):
        abort(400, _("Some characters could not be read. Please send the form again."))


def _headers(response: Response) -> Response:
    here, known = request_ctx.request, app_ctx.g
    nonce = known.get("csp_nonce", "")
    worker = here.path.endswith(".worker.js")  # a worker obeys the policy of its own file, not of its page
    wasm = " 'wasm-unsafe-eval'" if worker or known.get("needs_wasm") else ""
    policy = (
        f"default-src 'none'; script-src 'self' 'nonce-{nonce}'{wasm}; style-src 'self'; img-src 'self' data: blob:; "
        "font-src 'self'; connect-src 'self'; media-src 'self' blob:; worker-src 'self'; manifest-src 'self'; "
        "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    )
    private = bool((here.view_args or {}).get("token"))
    wanted = {
        "Content-Security-Policy": policy,
        **_ALWAYS,
        "Referrer-Policy": "no-referrer" if private else "same-origin",
    }
    if private or session.get(SIGNED_IN) or known.get("is_private"):
        wanted["Cache-Control"] = "no-store"
    if here.is_secure:
        wanted["Strict-Transport-Security"] = "max-age=31536000"
    own = {name.title() for name, _ in response.headers}
    response.headers.extend({name: value for name, value in wanted.items() if name not in own})
    response.headers["X-Request-ID"] = known.get("request_id", "")
    if isinstance(here.routing_exception, RequestRedirect):
        response.headers["Location"] = _path_of(here.routing_exception.new_url)
    log.end_request(here, known.get("began"), response.status_code)
    return response


def _path_of(address: str) -> str:
    """Leave the host out: werkzeug takes it from the request, and a cache would give it to everybody."""
    parts = urlsplit(address)
    return urlunsplit(("", "", "/" + parts.path.lstrip("/"), parts.query, ""))


def keep_for_ever(response: Response) -> None:
    """Let browsers and proxies keep an answer for ever: its address changes with its content."""
    response.cache_control.public = True
    response.cache_control.max_age = FOR_EVER
    response.cache_control.immutable = True


def wants_json() -> bool:
    """Tell whether a program asks: the door's and the API's addresses answer in JSON."""
    return "/api/" in request.path


def _http_error(error: HTTPException) -> Any:
    if error.code is not None and error.code < 400:
        return error
    code = error.code or 500
    detail = error.description if _is_ours(error) else None
    if isinstance(error, CSRFError):
        detail = _("This page was open for too long. Please go back, reload it and send it again.")
    return _error_page(code, detail, getattr(error, "retry_after", None))


def _is_ours(error: HTTPException) -> bool:
    return error.description not in (None, type(error).description)


def _refused(refusal: Refusal) -> Any:
    seconds = refusal.seconds if isinstance(refusal, TooMany) else None
    return _error_page(refusal.status, str(refusal), seconds, refusal.code)


def _gone(error: NoResultFound) -> Any:
    """Somebody else removed at this moment what a service was about to write."""
    log.failure(error)
    return _error_page(404, None)


def _failed(error: Exception) -> Any:
    log.failure(error)
    if request.environ.get("eventapp.raise"):
        raise error
    return _error_page(InternalServerError.code, None)


def _error_page(status: int, detail: str | None, retry_after: Any = None, code: str = "") -> Any:
    headers = {"Retry-After": str(retry_after)} if retry_after else {}
    if wants_json():
        body = {
            "title": detail or _("This is not possible."),
            "status": status,
            "code": code,
            "request_id": g.request_id,
        }
        return jsonify(body), status, {**headers, "Content-Type": "application/problem+json"}
    page = status if status in (403, 404, 409, 413, 429, 500) else (500 if status >= 500 else 409)
    return render_template(f"errors/{page}.html", detail=detail, status=status), status, headers


def language_urls() -> list[tuple[i18n.Language, str]]:
    """Return every language with the address of this same page in it."""
    if not request.endpoint or request.routing_exception is not None:
        return [(x, f"/{x.key}/") for x in i18n.LANGUAGES]
    args = {key: value for key, value in request.args.items() if key != "lang"}
    known = dict(request.view_args or {})
    return [(x, path(request.endpoint or "", {**args, **known, "lang": x.key})) for x in i18n.LANGUAGES]


def _context() -> dict[str, Any]:
    key = i18n.current_language()
    return {
        "lang": key,
        "direction": i18n.BY_KEY[key].direction,
        "languages": i18n.LANGUAGES,
        "language_urls": language_urls,
        "csp_nonce": g.get("csp_nonce", ""),
    }
