"""Reads of access codes."""

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from eventapp.core import clock
from eventapp.core.db import db
from eventapp.core.refusal import NotFound
from eventapp.registration.codes.models import AccessCode
from eventapp.registration.codes.rules import fold_code, opens


def list_codes(event_id: int) -> list[AccessCode]:
    """Return the codes of an event with their categories, the oldest first."""
    mine = select(AccessCode).where(AccessCode.event_id == event_id).options(joinedload(AccessCode.category))
    return list(db.session.scalars(mine.order_by(AccessCode.id)))


def get_code(event_id: int, code_id: int) -> AccessCode:
    """Return a code of an event; raise NotFound."""
    mine = AccessCode.event_id == event_id, AccessCode.id == code_id
    found = db.session.scalar(select(AccessCode).where(*mine).options(joinedload(AccessCode.category)))
    if found is None:
        raise NotFound
    return found


def has_codes(event_id: int) -> bool:
    """Tell whether an event has ever had a code, so that its form asks for one."""
    return db.session.scalar(select(AccessCode.id).where(AccessCode.event_id == event_id).limit(1)) is not None


def find_open_code(event_id: int, typed: str) -> AccessCode | None:
    """Find the code that somebody typed, if it opens its category now."""
    mine = AccessCode.event_id == event_id, AccessCode.key == fold_code(typed)
    found = db.session.scalar(select(AccessCode).where(*mine))
    is_open = found is not None and opens(clock.now(), found.used, found.uses, found.expires_at)
    return found if is_open else None
