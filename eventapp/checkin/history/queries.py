"""Reads of what people did about the door."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from flask_sqlalchemy.pagination import Pagination
from sqlalchemy import select

from eventapp.accounts.models import Account
from eventapp.checkin.history.labels import SENTENCES
from eventapp.checkin.models import Device
from eventapp.core.audit import AuditEntry
from eventapp.core.db import db

PER_PAGE = 50
_ACCOUNT, _DEVICE = "account:", "device:"


@dataclass(frozen=True)
class Line:
    """One thing that somebody did; `who` is a colleague or a phone, empty where it was nobody who is still known."""

    at: datetime
    what: str
    who: str


def page_of_history(event_id: int, number: int = 1) -> tuple[list[Line], Pagination]:
    """Return a page of what people did about the door of an event, the newest first."""
    wanted = (
        select(AuditEntry)
        .where(AuditEntry.event_id == event_id, AuditEntry.action.in_(SENTENCES))
        .order_by(AuditEntry.id.desc())
    )
    page = db.paginate(wanted, page=number or 1, per_page=PER_PAGE, max_per_page=PER_PAGE, error_out=False)
    names = _names_of(event_id, page.items)
    return [Line(x.at, SENTENCES[x.action](x.facts), names.get(_actor_of(x), "")) for x in page.items], page


def _actor_of(entry: AuditEntry) -> str:
    """Return who did it: a phone signs itself on before anybody knows it."""
    return entry.about if entry.action == "device.signed_on" else entry.actor


def _names_of(event_id: int, entries: Sequence[AuditEntry]) -> dict[str, str]:
    actors = {_actor_of(entry) for entry in entries}
    people = [actor.removeprefix(_ACCOUNT) for actor in actors if actor.startswith(_ACCOUNT)]
    phones = [actor.removeprefix(_DEVICE) for actor in actors if actor.startswith(_DEVICE)]
    accounts = select(Account.public_id, Account.name).where(Account.public_id.in_(people))
    devices = select(Device.public_id, Device.name).where(Device.event_id == event_id, Device.public_id.in_(phones))
    found = {f"{_ACCOUNT}{public_id}": name for public_id, name in db.session.execute(accounts)}
    return found | {f"{_DEVICE}{public_id}": name for public_id, name in db.session.execute(devices)}
