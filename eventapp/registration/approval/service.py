"""The organiser approves or declines whole registrations; each is one turn of the event."""

from collections.abc import Sequence

from sqlalchemy import select

from eventapp.capacity import service as capacity
from eventapp.core.db import transaction
from eventapp.registration import refusals
from eventapp.registration.models import Registration
from eventapp.registration.moves import move, note, tell
from eventapp.registration.rules import Action, ParticipantState
from eventapp.registration.waitlist.filling.service import fill
from eventapp.registration.waitlist.service import turn_of

_S = ParticipantState


def approve(registration_id: int) -> None:
    """Approve a registration: it is confirmed at once if it fits, else waits by its number. Ends a review too.

    Raises NotToApprove when somebody has decided already.
    """
    with turn_of(registration_id) as (act, unit):
        if unit.review_since is not None:
            unit.review_since = None
            for person in unit.living:
                note(person, "registration.reviewed")
            return
        people = [person for person in unit.participants if person.state is _S.TO_APPROVE]
        if not people:
            raise refusals.NotToApprove
        move(people, Action.APPROVE, act)
        act.at_once.add(unit.id)
        fill(act)
        waiting = [person for person in people if person.state is _S.WAITLISTED]
        if unit.hold_until is None:
            tell(waiting, "waitlisted", why="approved")


def decline(registration_id: int, reason: str = "") -> None:
    """Decline a registration that waits for approval, or take the place back after a change that was reviewed.

    The reason is written to the guest. Raises NotToApprove when somebody has decided already.
    """
    with turn_of(registration_id) as (act, unit):
        wanted = _S.CONFIRMED if unit.review_since is not None else _S.TO_APPROVE
        people = [person for person in unit.participants if person.state is wanted]
        if not people:
            raise refusals.NotToApprove
        unit.review_since = None
        move(people, Action.DECLINE, act, reason=reason.strip())
        tell(people, "declined", reason=reason.strip())


def decide_all(event_id: int, public_ids: Sequence[str], *, is_approved: bool, reason: str = "") -> tuple[int, int]:
    """Approve or decline several registrations in order of arrival, in one transaction.

    Returns how many were decided and how many somebody had decided before; ids of other events count as those.
    """
    done = 0
    with transaction() as session, capacity.turn(event_id):
        mine = Registration.event_id == event_id, Registration.public_id.in_(list(public_ids))
        for row_id in session.scalars(select(Registration.id).where(*mine).order_by(Registration.number)).all():
            unit = session.get_one(Registration, row_id, populate_existing=True)
            if unit.review_since is None and not any(x.state is _S.TO_APPROVE for x in unit.participants):
                continue
            if is_approved:
                approve(row_id)
            else:
                decline(row_id, reason)
            done += 1
    return done, len(set(public_ids)) - done
