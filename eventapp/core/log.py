"""Structured logs: one line a request with its id and route, never a path, an address or a name."""

import logging
import sys
import time

import structlog
from flask import Flask, Request

_logger = structlog.get_logger("eventapp")


def init(app: Flask) -> None:
    """Write logs as JSON or as text to standard error, as the setting says."""
    json_lines = app.config["LOG_FORMAT"] == "json"
    renderer = structlog.processors.JSONRenderer() if json_lines else structlog.dev.ConsoleRenderer(colors=False)
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso"),
            structlog.processors.format_exc_info,
            renderer,
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.WARNING if app.testing else logging.INFO),
        logger_factory=lambda *_args: structlog.PrintLogger(sys.stderr),  # looked up anew: tests exchange it
        cache_logger_on_first_use=False,
    )


def begin_request(request_id: str) -> float:
    """Bind the request id to all lines of this request; return when it began, by the clock of `end_request`."""
    structlog.contextvars.clear_contextvars()
    structlog.contextvars.bind_contextvars(request_id=request_id)
    return time.perf_counter()


def end_request(here: Request, began: float | None, status: int) -> None:
    """Write the line of this request: method, route, status, milliseconds; None: it ended before it was looked at."""
    route = here.url_rule.rule if here.url_rule else "-"
    took = round((time.perf_counter() - began) * 1000, 1) if began is not None else 0.0
    _logger.info("request", method=here.method, route=route, status=status, ms=took)


def failure(error: BaseException) -> None:
    """Write an unexpected error with its trace; messages of exceptions may hold data, so only type and place go out."""
    frames = []
    trace = error.__traceback__
    while trace:
        frames.append(f"{trace.tb_frame.f_code.co_filename}:{trace.tb_lineno}")
        trace = trace.tb_next
    _logger.error("failure", kind=type(error).__name__, at=frames[-6:])


def job(name: str, **facts: object) -> None:
    """Write what a periodic job did."""
    _logger.info("job", job=name, **facts)
