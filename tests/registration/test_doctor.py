"""`flask doctor`: right is silent and 0, wrong is named and 1."""

from flask import Flask
from sqlalchemy import update

from eventapp.capacity.models import SeatLimit
from eventapp.capacity.rules import LimitKind
from eventapp.core.audit import AuditEntry
from eventapp.core.db import db, transaction
from eventapp.events.models import Event
from eventapp.registration.doctor.queries import list_faults
from tests.make import make_event, make_organiser
from tests.registration.people import arrive


def wrong(event: Event, **values: int) -> None:
    """Write numbers into the event's own limit as no service would."""
    mine = SeatLimit.event_id == event.id, SeatLimit.kind == LimitKind.EVENT
    with transaction() as session:
        session.execute(update(SeatLimit).where(*mine).values(**values))


def test_all_events_or_one_are_looked_at(app: Flask) -> None:
    arrive(make_event(slug="eins"), 1)
    other = make_event(make_organiser("Andere"), slug="zwei")
    run = app.test_cli_runner().invoke
    done = run(args=["doctor"])
    assert (done.exit_code, done.output) == (0, "2 events looked at, 0 faults.\n")
    wrong(other, taken=2)
    done = run(args=["doctor"])
    assert done.exit_code == 1
    assert "zwei: event : 2 counted, 0 seats" in done.output
    assert run(args=["doctor", "eins"]).exit_code == 0
    assert run(args=["doctor", "zwei"]).exit_code == 1
    missing = run(args=["doctor", "drei"])
    assert missing.exit_code == 1
    assert "no event at the address" in missing.output


def test_a_limit_that_is_over_needs_an_entry_that_allows_it(app: Flask) -> None:
    event = make_event()
    arrive(event, 1)
    assert db.session.query(AuditEntry).filter_by(event_id=event.id).count() > 1
    wrong(event, over=1)
    assert list_faults(event.id) == ["a limit is exceeded and the history does not say why"]
