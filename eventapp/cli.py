"""Commands of the operator, each one call to a service."""

import sys
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import click
from flask import Flask, current_app
from flask.cli import with_appcontext

from eventapp import serving, worker
from eventapp.accounts import service as accounts
from eventapp.checkin.doctor.queries import list_faults as list_door_faults
from eventapp.core import backup, migrating
from eventapp.core.i18n import speaking
from eventapp.core.localized import Localized
from eventapp.core.refusal import Refusal
from eventapp.demo import service as demo
from eventapp.events.queries import list_slugs
from eventapp.privacy.queries import list_register
from eventapp.registration.doctor.queries import list_faults as list_seat_faults
from eventapp.tickets import service as tickets


def init(app: Flask) -> None:
    """Hang the commands onto `app`."""
    for command in (work, up, load_demo, create_owner, write_backup, restore_backup, doctor, personal_data):
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
    if config.demo and demo.is_empty():
        click.echo("First start: loading the demonstration, which takes some seconds ...")
        _show(demo.load())
    click.echo(f"eventapp: {config.base_url}/  (Ctrl-C ends it)")
    sys.exit(serving.serve(config))


@click.command("demo")
@with_appcontext
def load_demo() -> None:
    """Load the demonstration: three events of two organisers, with guests. No mail goes out."""
    migrating.upgrade()
    try:
        _show(demo.load())
    except Refusal as refusal:
        with speaking("en"):
            raise click.ClickException(str(refusal)) from refusal


def _show(loaded: demo.Loaded) -> None:
    base_url = current_app.config["EVENTAPP"].base_url
    for event in loaded.events:
        click.echo(f"  {base_url}/{event.slug}")
    click.echo(f"Sign in at {base_url}/manage/ (these passwords are shown once):")
    for one in loaded.sign_ins:
        click.echo(f"  {one.role.value:7} {one.email:34} {one.password}")


@click.command("backup")
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@with_appcontext
def write_backup(file: Path) -> None:
    """Write all data, as they are at this moment, and the made secret key into FILE; the site may go on running."""
    click.echo(f"{_save_or_load(lambda: backup.save(file))} rows are in {file}. Keep it as safe as the data.")


@click.command("restore")
@click.argument("file", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.option("--replace", is_flag=True, help="Delete the data that are there.")
@with_appcontext
def restore_backup(file: Path, replace: bool) -> None:
    """Fill an empty database from FILE; stop the site before and start it afterwards."""
    rows = _save_or_load(lambda: backup.load(file, replace=replace))
    tickets.renew_all()
    click.echo(f"{rows} rows are restored from {file}.")


@click.command("create-owner")
@click.option("--organiser", prompt="Organiser (name)", help="Name of the organiser in German.")
@click.option("--organiser-email", default="", help="Address for guests; the owner's if it is left out.")
@click.option("--email", prompt="E-mail address of the owner")
@click.option("--name", prompt="Name of the owner")
@click.option("--password", prompt=True, hide_input=True, confirmation_prompt=True, envvar="OWNER_PASSWORD")
@click.option("--language", default="de", help="Language of the owner: de, en or ar.")
@with_appcontext
def create_owner(*, organiser: str, organiser_email: str, email: str, name: str, password: str, language: str) -> None:
    """Make an organiser and the first person who may sign in for it."""
    given = accounts.OrganiserInput(name=Localized(de=organiser), email=organiser_email or email)
    try:
        made, account = accounts.create_owner(given, email, name, password, language)
    except Refusal as refusal:
        with speaking("en"):
            raise click.ClickException(str(refusal)) from refusal
    base = current_app.config["EVENTAPP"].base_url
    click.echo(f"{account.name} is owner of “{made.name['de']}”. Sign in at {base}/manage/sign-in")


def _save_or_load(act: Callable[[], Counter[str]]) -> int:
    try:
        return act().total()
    except backup.BackupError as error:
        raise click.ClickException(str(error)) from error


@click.command
@click.argument("slug", required=False)
@with_appcontext
def doctor(slug: str | None) -> None:
    """Check seats, waiting lists and doors of all events, or of that at the address SLUG; fail when one is wrong."""
    events = [(row_id, name) for row_id, name in list_slugs() if slug in (None, name)]
    if slug is not None and not events:
        raise click.ClickException(f"There is no event at the address “{slug}”.")
    faults = [f"{name}: {fault}" for row_id, name in events for fault in _list_faults(row_id)]
    for fault in faults:
        click.echo(fault)
    click.echo(f"{len(events)} events looked at, {len(faults)} faults.")
    sys.exit(1 if faults else 0)


def _list_faults(event_id: int) -> list[str]:
    return list_seat_faults(event_id) + list_door_faults(event_id)


@click.command("personal-data")
def personal_data() -> None:
    """List every column that holds personal data, with its kind and how long it may stay after the event."""
    for entry in list_register():
        days = f"{entry.keep.days} days" if entry.keep else "as long as the role"
        click.echo(f"{entry.table + '.' + entry.column:40} {entry.retention.value:12} {days}")
