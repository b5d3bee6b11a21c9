"""Answers for whoever watches the site: does the process live, and can it serve. No cookie, no sign-in."""

from flask import Blueprint, jsonify
from sqlalchemy.exc import SQLAlchemyError
from werkzeug.wrappers import Response

from eventapp.core import clock, log, migrating, schedule
from eventapp.core.access import public
from eventapp.jobs import ALIVE

bp = Blueprint("health", __name__)

_RECENT_SECONDS = 180


@bp.get("/healthz")
@public
def healthz() -> Response:
    """Say that this process answers."""
    return _answer(200, status="ok")


@bp.get("/readyz")
@public
def readyz() -> Response:
    """Say whether the site can serve: 503 without database or with old tables. A silent worker is told, not fatal."""
    try:
        is_current = migrating.current() == migrating.newest()
        seen = schedule.last_done(ALIVE) if is_current else None
    except SQLAlchemyError as error:
        log.failure(error)
        return _answer(503, status="down", database=False, migrations=False, worker={"ok": False, "seconds": None})
    seconds = None if seen is None else int((clock.now() - seen).total_seconds())
    worker = {"ok": seconds is not None and seconds <= _RECENT_SECONDS, "seconds": seconds}
    status = "down" if not is_current else "ok" if worker["ok"] else "degraded"
    code = 200 if is_current else 503
    return _answer(code, status=status, database=True, migrations=is_current, worker=worker)


def _answer(code: int, **facts: object) -> Response:
    response = jsonify(facts)
    response.status_code = code
    response.headers["Cache-Control"] = "no-store"
    return response
