"""`flask doctor` folds the log of the door anew: right is silent, wrong is named."""

from flask import Flask
from sqlalchemy import update

from eventapp.checkin.doctor.queries import list_faults
from eventapp.checkin.entrances.rules import EntranceRules
from eventapp.checkin.entrances.service import add_entrance
from eventapp.checkin.models import Presence, Scan
from eventapp.core.db import transaction
from eventapp.tickets.models import Ticket
from tests.checkin.phones import Phone, ticket_of
from tests.make import forums, make_event


def test_wrong_places_and_conflicts_are_named(app: Flask) -> None:
    event = make_event()
    forum = forums(event)[0]
    ticket = ticket_of(event, item_ids=(forum.id,))
    code, row_id = ticket.code, ticket.id
    hall = Phone(event, "Saal").go_to(add_entrance(event.id, "Saal", EntranceRules(item_id=forum.id)))
    for minute in (1, 2):
        Phone(event).tell(code, minute)
        hall.tell(code, minute)
    assert list_faults(event.id) == []
    with transaction() as session:
        session.execute(update(Ticket).where(Ticket.id == row_id).values(entries=1))
        session.execute(update(Presence).where(Presence.ticket_id == row_id).values(inside=False))
        session.execute(update(Scan).where(Scan.conflict.is_(True)).values(conflict=False))
    faults = list_faults(event.id)
    assert sorted(fault.partition(":")[0] for fault in faults) == [
        f"ticket {row_id}",
        f"ticket {row_id}, house",
        f"ticket {row_id}, item {forum.id}",
    ]
