"""Commands of the operator, each one call to a service."""

import sys

import click
from flask import Flask, current_app
from flask.cli import with_appcontext

from eventapp import serving, worker
from eventapp.core import migrating


def init(app: Flask) -> None:
    """Hang the commands onto `app`."""
    for command in (work, up):
        app.cli.add_command(command)


@click.command
@with_appcontext
def work() -> None:
    """Deliver mail and run the periodic jobs until stopped."""
    worker.work(current_app._get_current_object())  # type: ignore[attr-defined]


@click.command
@with_appcontext
def up() -> None:
    """Bring the database up to date, then serve the site and work, until stopped."""
    config = current_app.config["EVENTAPP"]
    migrating.upgrade()
    click.echo(f"eventapp: {config.base_url}/  (Ctrl-C ends it)")
    sys.exit(serving.serve(config))
