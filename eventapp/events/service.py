"""Writes of events and categories; called by the editors, by copies, by tests and by the demo."""

import uuid
from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from functools import partial
from typing import Any

from flask import current_app
from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from eventapp.accounts.models import Organiser
from eventapp.capacity.rules import LimitKind
from eventapp.capacity.service import drop_limit, lock, open_event, reserve, resize_organisations, set_size
from eventapp.core import audit, clock, ids
from eventapp.core.changes import Changes, Seen, check_unchanged, differences
from eventapp.core.db import transaction
from eventapp.core.localized import Localized
from eventapp.core.refusal import NotFound
from eventapp.events.addresses.service import add_with_address, move_address
from eventapp.events.models import Category, Event
from eventapp.events.queries import input_of, input_of_category
from eventapp.events.rules import (
    MOVES,
    MOVING,
    CategoryInput,
    CategoryInUse,
    EventAction,
    EventInput,
    EventState,
    ForeignPicture,
    HasRegistrations,
    LabelMissing,
    MoveNotPossible,
    NotADraft,
    ReleaseTooLate,
    check,
    check_seats,
    ordered_languages,
    shifted,
)
from eventapp.media.models import Picture

_ELSEWHERE = ("seats", "slug", "languages")


def create(organiser_id: int, given: EventInput) -> Event:
    """Make a draft with its limit and its lock; raise a Refusal when the input cannot be."""
    check(given)
    with transaction() as session:
        session.get_one(Organiser, organiser_id)
        _check_picture(session, organiser_id, given.picture_id)
        now = clock.now()
        event = Event(
            public_id=ids.public_id(),
            organiser_id=organiser_id,
            state=EventState.DRAFT,
            languages=list(ordered_languages(given.languages)),
            uid=f"{uuid.uuid4()}@eventapp",
            called_off_reason=Localized(),
            created_at=now,
            changed_at=now,
            **_plain(given),
        )
        add_with_address(session, event, given)
        open_event(event.id, given.seats)
        audit.record("event.created", f"event:{event.public_id}", event_id=event.id, organiser_id=organiser_id)
    return event


def update(event_id: int, given: EventInput, seen: Seen | None = None) -> Changes:
    """Write all that an organiser says about an event and return what changed.

    `seen` is what the editor had before their eyes; ChangedMeanwhile when somebody else changed it since.
    """
    with transaction() as session:
        return _update(session, lock_event(event_id), given, seen)


def change(event_id: int, section: Mapping[str, Any], seen: Seen | None = None) -> Changes:
    """Write some fields of an `EventInput` and leave the others as they are now."""
    with transaction() as session:
        event = lock_event(event_id)
        return _update(session, event, replace(input_of(event), **section), seen)


def _update(session: Session, event: Event, given: EventInput, seen: Seen | None) -> Changes:
    before = input_of(event)
    given = replace(given, slug=given.slug or event.slug, languages=ordered_languages(given.languages))
    check(given)
    changes = differences(before, given, MOVING)
    if not changes:
        return changes
    check_unchanged(before, seen)
    if changes.has("picture_id"):
        _check_picture(session, event.organiser_id, given.picture_id)
    if changes.has("slug"):
        move_address(session, event, given.slug)
    for name, value in _plain(given).items():
        setattr(event, name, value)
    event.languages = list(given.languages)
    if changes.has("seats"):
        set_size(event.id, LimitKind.EVENT, "", given.seats)
    if changes.has("organisation_seats"):
        resize_organisations(event.id, given.organisation_seats)
    event.sequence += bool(changes.moves)
    _touch(event)
    _record(event, "event.changed", {"fields": [change.field for change in changes.each]})
    return changes


def touch(event_id: int) -> None:
    """Raise the version of an event, because something that its public pages show has changed."""
    with transaction():
        _touch(lock_event(event_id))


def lock_event(event_id: int) -> Event:
    """Return the event, locked against other editors until the transaction ends; raise NotFound. Sign-ups pass."""
    with transaction() as session:
        event = session.get(Event, event_id, with_for_update={"key_share": True})
    if event is None:
        raise NotFound
    return event


def move(event_id: int, action: EventAction, reason: Localized | None = None) -> Event:
    """Move an event to its next state; raise MoveNotPossible. Whoever may publish is checked in `editions`."""
    with transaction():
        event = lock_event(event_id)
        after = MOVES[event.state].get(action)
        if after is None:
            raise MoveNotPossible
        event.state = after
        if action is EventAction.CALL_OFF:
            event.called_off_reason = reason or Localized()
        event.sequence += 1
        _touch(event)
        _record(event, f"event.{action.value}", {"reason": dict(reason or {})})
    return event


def delete(event_id: int) -> None:
    """Delete a draft with all that belongs to it; refused as soon as anybody has registered."""
    with transaction() as session:
        event = lock_event(event_id)
        if event.state is not EventState.DRAFT:
            raise NotADraft
        lock(event_id)  # somebody may be entered by hand at this moment
        about, organiser_id = f"event:{event.public_id}", event.organiser_id
        try:
            with session.begin_nested():
                session.delete(event)
        except IntegrityError as error:  # registrations hold on to their event
            raise HasRegistrations from error
        audit.record("event.deleted", about, organiser_id=organiser_id)


def renew_preview(event_id: int) -> Event:
    """Revoke all preview links of an event."""
    with transaction():
        event = lock_event(event_id)
        event.link_version += 1
        _record(event, "event.preview_revoked", {})
    return event


def add_category(event_id: int, given: CategoryInput) -> Category:
    """Add a category with its limit; it comes last unless a position is given."""
    with transaction() as session:
        event = lock_event(event_id)
        _check_category(event, given)
        category = Category(
            event_id=event_id,
            code=_free_code(session, event_id, given),
            label=given.label,
            position=given.position or _last(session, event_id) + 1,
            organisation_kind=given.organisation_kind,
            is_open=given.is_open,
            needs_approval=given.needs_approval,
        )
        session.add(category)
        session.flush()
        set_size(event_id, LimitKind.CATEGORY, str(category.id), given.seats)
        reserve(event_id, str(category.id), given.reserved, given.release_at)
        _touch(event)
        _record(event, "category.added", {"code": category.code})
    return category


def update_category(category_id: int, given: CategoryInput, seen: Seen | None = None) -> Changes:
    """Write all that an organiser says about a category; its code stays."""
    with transaction() as session:
        event = lock_event(session.get_one(Category, category_id).event_id)
        _check_category(event, given)
        category = session.get_one(Category, category_id, populate_existing=True)  # as it is under the lock
        before = input_of_category(category)
        given = replace(given, code=category.code, position=given.position or category.position)
        changes = differences(before, given)
        if not changes:
            return changes
        check_unchanged(before, seen)
        category.label, category.position = given.label, given.position
        category.organisation_kind, category.is_open = given.organisation_kind, given.is_open
        category.needs_approval = given.needs_approval
        _resize(event.id, str(category_id), before, given)
        _touch(event)
        _record(event, "category.changed", {"code": category.code, "fields": [each.field for each in changes.each]})
    return changes


def remove_category(category_id: int) -> None:
    """Remove a category and its limit; refused when anybody has ever registered in it, or is invited into it.

    Invitations stand below this feature: the application hands in who looks, as "keep_category".
    """
    with transaction() as session:
        event = lock_event(session.get_one(Category, category_id).event_id)
        current_app.extensions["keep_category"](event.id, category_id)
        category = session.get_one(Category, category_id, populate_existing=True)
        code = category.code
        try:
            with session.begin_nested():
                session.delete(category)
        except IntegrityError as error:  # participants hold on to their category
            raise CategoryInUse from error
        drop_limit(event.id, LimitKind.CATEGORY, str(category_id))
        _touch(event)
        _record(event, "category.removed", {"code": code})


def copy_to(old: Event, new: Event, shift: timedelta) -> None:
    """Copy the categories of one event, with their sizes and reserves, into another."""
    with transaction():
        for category in old.categories:
            given = input_of_category(category)
            moved = shifted(given.release_at, shift, old.zone) if given.release_at else None
            add_category(new.id, replace(given, release_at=moved))


def _resize(event_id: int, key: str, before: CategoryInput, given: CategoryInput) -> None:
    """Change size and reserve of a category, the one first that makes room for the other."""
    resize = partial(set_size, event_id, LimitKind.CATEGORY, key, given.seats)
    keep = partial(reserve, event_id, key, given.reserved, given.release_at)
    for step in (keep, resize) if given.reserved < before.reserved else (resize, keep):
        step()


def _touch(event: Event) -> None:
    event.version += 1
    event.changed_at = clock.now()


def _record(event: Event, action: str, facts: dict[str, Any]) -> None:
    audit.record(action, f"event:{event.public_id}", event_id=event.id, facts=facts)


def _plain(given: EventInput) -> dict[str, Any]:
    return {name: value for name, value in vars(given).items() if name not in _ELSEWHERE}


def _check_category(event: Event, given: CategoryInput) -> None:
    if not given.label:
        raise LabelMissing
    check_seats(given.seats)
    check_seats(given.reserved, "reserved")
    if given.release_at is not None and given.release_at > event.ends_at:
        raise ReleaseTooLate


def _check_picture(session: Session, organiser_id: int, picture_id: int | None) -> None:
    if picture_id is None:
        return
    picture = session.get(Picture, picture_id)
    if picture is None or picture.organiser_id != organiser_id:
        raise ForeignPicture


def _free_code(session: Session, event_id: int, given: CategoryInput) -> str:
    wanted = given.code or ids.slug(given.label.pick("de").text, 50) or "category"
    codes = set(session.scalars(select(Category.code).where(Category.event_id == event_id)))
    return next(code for n in range(1, 1000) if (code := wanted if n == 1 else f"{wanted}-{n}") not in codes)


def _last(session: Session, event_id: int) -> int:
    return session.scalar(select(func.max(Category.position)).where(Category.event_id == event_id)) or 0
