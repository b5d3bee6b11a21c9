"""Writes of access codes by the organiser, and the guest's try; uses are counted by the sign-up under the same lock."""

from datetime import datetime, timedelta

from sqlalchemy import select

from eventapp.capacity.service import lock
from eventapp.core import audit, clock, limits
from eventapp.core.db import transaction
from eventapp.events.models import Event
from eventapp.registration.codes import refusals
from eventapp.registration.codes.models import AccessCode
from eventapp.registration.codes.queries import find_open_code, get_code
from eventapp.registration.codes.rules import MOST_USES, CodeInput, fold_code, is_well_formed
from eventapp.registration.invitations.refusals import WrongExpiry
from eventapp.registration.refusals import WrongCategory

WRONG_TRIES, PER = 20, timedelta(hours=1)
"""So many wrong codes may be tried from one network at one event."""


def try_code(event_id: int, typed: str, network: str) -> AccessCode:
    """Return the code that a guest typed if it opens a category now; else raise CodeNotValid, whatever the reason.

    Raises TooMany after too many wrong ones from the same network; right ones are not counted.
    """
    who = f"{event_id}|{network}"
    limits.check("access-code", who, WRONG_TRIES, PER)
    found = find_open_code(event_id, typed)
    if found is None:
        limits.hit("access-code", who, WRONG_TRIES, PER)
        raise refusals.CodeNotValid
    return found


def add(event_id: int, given: CodeInput) -> AccessCode:
    """Make a code; raise CodeTaken when the event has it, also when it has ended."""
    key = fold_code(given.code)
    if not is_well_formed(key):
        raise refusals.WrongCode
    with transaction() as session:
        event = _locked(event_id)
        if given.category_id not in {category.id for category in event.categories}:
            raise WrongCategory
        _check(event, given.uses, given.expires_at)
        same = AccessCode.event_id == event_id, AccessCode.key == key
        if session.scalar(select(AccessCode.id).where(*same)) is not None:
            raise refusals.CodeTaken
        made = AccessCode(
            event_id=event_id,
            category_id=given.category_id,
            code=given.code,
            key=key,
            uses=given.uses,
            used=0,
            expires_at=given.expires_at,
            note=given.note,
            created_at=clock.now(),
        )
        session.add(made)
        session.flush()
        _record(made, "code.added")
    return made


def edit(event_id: int, code_id: int, uses: int | None, expires_at: datetime | None, note: str) -> None:
    """Change number of uses, end and note of a code; a later end opens one that has ended."""
    with transaction():
        event = _locked(event_id)
        code = get_code(event_id, code_id)
        _check(event, uses, expires_at, used=code.used, old=code.expires_at)
        code.uses, code.expires_at, code.note = uses, expires_at, note
        _record(code, "code.changed")


def end(event_id: int, code_id: int) -> None:
    """End a code at once; who has signed up with it stays."""
    with transaction():
        _locked(event_id)
        code, now = get_code(event_id, code_id), clock.now()
        if code.expires_at is None or code.expires_at > now:
            code.expires_at = now
            _record(code, "code.ended")


def _locked(event_id: int) -> Event:
    with transaction() as session:
        lock(event_id)
        codes = select(AccessCode).where(AccessCode.event_id == event_id)
        session.scalars(codes.execution_options(populate_existing=True)).all()
        return session.get_one(Event, event_id, populate_existing=True)


def _check(
    event: Event, uses: int | None, expires_at: datetime | None, *, used: int = 0, old: datetime | None = None
) -> None:
    if uses is not None and not max(used, 1) <= uses <= MOST_USES:
        raise refusals.WrongUses
    if expires_at is not None and expires_at != old and not clock.now() < expires_at <= event.ends_at:
        raise WrongExpiry


def _record(code: AccessCode, action: str) -> None:
    facts = {"uses": code.uses, "used": code.used}
    audit.record(action, f"code:{code.id}", event_id=code.event_id, facts=facts)
