"""The plain way to take a scan, to compare with: the same lock, look-up, fold and answer by SQLAlchemy's ORM alone.

Called by `benchmarks.plain`, which is served beside the floors. It is exact too: what it lacks is speed, and the checks
of who may scan, undo and practice.
"""

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session, joinedload

from eventapp.capacity.models import Seat, SeatLimit
from eventapp.checkin.models import Device, Scan
from eventapp.checkin.rules import (
    Decision,
    Entry,
    Opening,
    Outcome,
    Reason,
    ScanKind,
    ScanMode,
    Standing,
    decide,
    fold,
)
from eventapp.core.localized import plain
from eventapp.events.models import Event
from eventapp.events.rules import EventState
from eventapp.registration.models import ItemChoice, Participant
from eventapp.registration.rules import ParticipantState
from eventapp.tickets.models import Ticket, TicketState


def take(session: Session, slug: str, phone: dict[str, str], given: dict[str, Any]) -> dict[str, Any]:
    """Take one scan, commit, and return the answer."""
    event = session.scalars(select(Event).where(Event.slug == slug)).one()
    device = session.scalars(select(Device).filter_by(event_id=event.id, public_id=phone["id"])).one_or_none()
    ticket = session.scalars(select(Ticket).where(Ticket.code == given["code"]).with_for_update()).one()
    guest = session.get_one(Participant, ticket.participant_id)
    known = session.get(Scan, given["id"])
    if known is None:
        known = _decided(event, device, ticket, guest, given)
        session.add(known)
        session.flush()
    scans = session.scalars(select(Scan).where(Scan.ticket_id == ticket.id)).all()
    folded = fold(Entry(scan.id, scan.at, scan.kind, scan.outcome, scan.undo_of) for scan in scans)
    if (folded.inside, folded.entries) != (ticket.inside, ticket.entries):
        ticket.inside, ticket.entries = folded.inside, folded.entries
        ticket.rev = session.scalar(select(func.txid_current())) or 0
    for scan in scans:
        scan.conflict = scan.id in folded.conflicts
    answer = _answer(session, known, guest)
    session.commit()
    return answer


def _decided(event: Event, device: Device | None, ticket: Ticket, guest: Participant, given: dict[str, Any]) -> Scan:
    now = datetime.now(UTC)
    opening = Opening(event.starts_at, event.ends_at, event.zone, event.state is EventState.CALLED_OFF)
    standing = Standing(
        is_of_this_event=ticket.event_id == event.id,
        is_cancelled=ticket.state is TicketState.CANCELLED,
        is_revoked=ticket.state is TicketState.REVOKED,
        is_confirmed=guest.state is ParticipantState.CONFIRMED,
    )
    reason = decide(ScanKind.ENTRY, standing, ticket.inside, opening.closed_because(now))
    is_ok = reason is Reason.OK
    return Scan(
        id=given["id"], event_id=event.id, ticket_id=ticket.id, code=ticket.code, kind=ScanKind.ENTRY,
        mode=ScanMode.ASK, at=datetime.fromtimestamp(given["at"] / 1000, UTC), received_at=now,
        device_id=device.id if device else None, decision=Decision.ADMIT if is_ok else Decision.DENY, reason=reason,
        outcome=Outcome.ADMITTED if is_ok else Outcome.REFUSED,
    )  # fmt: skip


def _answer(session: Session, scan: Scan, guest: Participant) -> dict[str, Any]:
    held = select(SeatLimit.key).join(Seat, Seat.limit_id == SeatLimit.id).where(Seat.participant_id == guest.id)
    keys = set(session.scalars(held))
    room = joinedload(ItemChoice.item)
    choices = session.scalars(select(ItemChoice).where(ItemChoice.participant_id == guest.id).options(room)).all()
    items = [choice.item for choice in choices if str(choice.item_id) in keys]
    return {
        "id": scan.id,
        "decision": scan.decision,
        "reason": scan.reason,
        "outcome": scan.outcome,
        "conflict": scan.conflict,
        "ticket": {
            "name": guest.name,
            "category": plain(guest.category.label, "de"),
            "items": [
                {"title": plain(item.title, "de"), "room": item.room.name if item.room else ""} for item in items
            ],
        },
    }
