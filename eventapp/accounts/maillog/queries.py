"""Reads of the mail log, always narrowed to what one person may see."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, or_, select

from eventapp.accounts.colleagues.queries import name_events
from eventapp.accounts.queries import list_memberships
from eventapp.accounts.rules import Permission, may
from eventapp.core.db import db
from eventapp.core.localized import Localized
from eventapp.outbox.models import Message, MessageState

PAGE = 50


@dataclass(frozen=True)
class Reach:
    """The organisers whose whole mail, and the events whose mail a person may see; events with address and title."""

    organiser_ids: frozenset[int]
    events: dict[int, tuple[str, Localized]]

    @property
    def condition(self) -> ColumnElement[bool]:
        """The condition that a mail is among them."""
        return or_(Message.organiser_id.in_(self.organiser_ids), Message.event_id.in_(self.events))

    def only(self, slug: str) -> "Reach":
        """Return the part of it that is about the event with this address."""
        return Reach(frozenset(), {key: event for key, event in self.events.items() if event[0] == slug})


def reach_of(account_id: int) -> Reach:
    """Return what mail an account may see."""
    mine = [one for one in list_memberships(account_id) if may({one.role}, Permission.SEE_MAIL)]
    whole = frozenset(one.organiser_id for one in mine if one.event_id is None)
    single = {one.event_id for one in mine if one.event_id is not None}
    events: dict[int, tuple[str, Localized]] = {}
    for organiser_id in {one.organiser_id for one in mine}:
        known = name_events(organiser_id)
        events |= {key: event for key, event in known.items() if organiser_id in whole or key in single}
    return Reach(whole, events)


def list_mails(reach: Reach, state: MessageState | None, before: int | None) -> Sequence[Message]:
    """Return at most `PAGE` + 1 mails older than the row `before`, the newest first."""
    wanted = select(Message).where(reach.condition).order_by(Message.id.desc()).limit(PAGE + 1)
    if state is not None:
        wanted = wanted.where(Message.state == state)
    if before is not None:
        wanted = wanted.where(Message.id < before)
    return db.session.scalars(wanted).all()


def find_mail(reach: Reach, public_id: str) -> Message | None:
    """Find one mail among those that the person may see."""
    return db.session.scalar(select(Message).where(reach.condition, Message.public_id == public_id))
