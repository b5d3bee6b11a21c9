"""Issues and ends tickets; called by registration inside its transaction, under the event's lock."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import BigInteger, func, literal_column, select, update
from sqlalchemy.orm import Session

from eventapp.core import clock
from eventapp.core.bulk import insert_all
from eventapp.core.db import db, is_sqlite, transaction
from eventapp.tickets.models import Ticket, TicketState
from eventapp.tickets.rules import new_code

_XACT = literal_column("pg_current_xact_id()::text::bigint", BigInteger)


def issue(participant_id: int, event_id: int) -> None:
    """Give a participant a ticket unless they have a living one."""
    with transaction():
        if find_living(participant_id) is None:
            issue_all([participant_id], event_id)


def issue_all(participant_ids: Sequence[int], event_id: int) -> None:
    """Give each of these participants of an event, none of whom has one, a ticket."""
    if not participant_ids:
        return
    with transaction() as session:
        rev, now = next_rev(session, event_id), clock.now()
        rows = [
            {
                "participant_id": participant_id,
                "event_id": event_id,
                "code": new_code(),
                "state": TicketState.VALID,
                "rev": rev,
                "issued_at": now,
            }
            for participant_id in participant_ids
        ]
        insert_all(session, Ticket, rows)


def end(participant_id: int, state: TicketState) -> None:
    """End the living ticket of a participant, if there is one; its code opens no door any more."""
    with transaction() as session:
        ticket = find_living(participant_id)
        if ticket is not None:
            ticket.state, ticket.ended_at, ticket.rev = state, clock.now(), next_rev(session, ticket.event_id)


def touch(participant_id: int) -> None:
    """Tell the doors that something about the holder changed."""
    with transaction() as session:
        ticket = find_living(participant_id)
        if ticket is not None:
            ticket.rev = next_rev(session, ticket.event_id)


def renew_all() -> None:
    """Give all tickets a revision that no phone has seen, after an older database was restored.

    Phones then take the whole list, and let go of tickets that were issued later. SQLite counts from 1, so it would
    come by the same numbers again: tenths of seconds are always ahead of a count.
    """
    with transaction() as session:
        rev: Any = round(clock.moment().timestamp() * 10) if is_sqlite(session) else _XACT
        session.execute(update(Ticket).values(rev=rev).execution_options(synchronize_session=False))


def find_living(participant_id: int) -> Ticket | None:
    """Find the valid ticket of a participant."""
    found = select(Ticket).where(Ticket.participant_id == participant_id, Ticket.state == TicketState.VALID)
    return db.session.scalar(found)


def next_rev(session: Session, event_id: int) -> int:
    """Return a revision that grows within the event and that no late commit can hide.

    Postgres: the id of this transaction, compared by doors with the oldest one still running. SQLite: one writer.
    """
    if is_sqlite(session):
        return 1 + (session.scalar(select(func.max(Ticket.rev)).where(Ticket.event_id == event_id)) or 0)
    return int(session.scalar(select(_XACT)) or 0)
