"""What must be true of the log after any chaos: all that the doors did is in it, once, and the tickets follow it."""

from collections import Counter
from collections.abc import Iterable, Mapping

from sqlalchemy import select

from eventapp.checkin.models import Scan
from eventapp.checkin.rules import Outcome
from eventapp.core.db import db
from eventapp.tickets.models import Ticket


def check_log(did: Mapping[str, Outcome], codes: Iterable[str]) -> None:
    """Assert that the log holds exactly what was done, by id; entries only, each at an open door."""
    db.session.rollback()
    log = list(db.session.scalars(select(Scan)))
    assert {scan.id: scan.outcome for scan in log} == did
    admitted = Counter(scan.code for scan in log if scan.outcome is Outcome.ADMITTED)
    assert Counter(scan.code for scan in log if scan.conflict) == Counter(
        {code: number - 1 for code, number in admitted.items() if number > 1}
    )
    tickets = {ticket.code: (ticket.inside, ticket.entries) for ticket in db.session.scalars(select(Ticket))}
    assert tickets == {code: (admitted[code] > 0, admitted[code]) for code in codes}
