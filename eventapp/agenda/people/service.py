"""Writes of speakers, their roles on items, and partners; called by the editors, by copies, by tests, by the demo."""

from collections.abc import Sequence
from dataclasses import replace

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from eventapp.agenda.models import ItemSpeaker, Partner, Speaker
from eventapp.agenda.queries import input_of_partner, input_of_speaker
from eventapp.agenda.rules import (
    ROLE_ORDER,
    ForeignSpeaker,
    PartnerInput,
    PersonTwice,
    SpeakerInput,
    SpeakerRole,
    check_partner,
    check_speaker,
)
from eventapp.agenda.service import free_slug, lock_item, record
from eventapp.core import clock
from eventapp.core.changes import Changes, Seen, check_unchanged, differences
from eventapp.core.db import transaction
from eventapp.events.models import Event
from eventapp.events.rules import ForeignPicture
from eventapp.events.service import lock_event
from eventapp.media.models import Picture


def add_speaker(event_id: int, given: SpeakerInput) -> Speaker:
    """Add somebody who will be on the stage; they come last in lists unless an order is given."""
    check_speaker(given)
    with transaction() as session:
        event = lock_event(event_id)
        _check_picture(session, event, given.picture_id)
        last = session.scalar(select(func.max(Speaker.order)).where(Speaker.event_id == event_id)) or 0
        speaker = Speaker(
            event_id=event_id,
            slug=free_slug(Speaker, event_id, given.name, "person"),
            role=given.position,
            **{**_plain(given), "order": given.order or last + 1},
        )
        session.add(speaker)
        record(event_id, "speaker.added", f"speaker:{speaker.slug}")
    return speaker


def update_speaker(speaker_id: int, given: SpeakerInput, seen: Seen | None = None) -> Changes:
    """Write all that an organiser says about a speaker; their address stays."""
    check_speaker(given)
    with transaction() as session:
        event = lock_event(session.get_one(Speaker, speaker_id).event_id)
        speaker = session.get_one(Speaker, speaker_id, populate_existing=True)  # as it is under the lock
        before = input_of_speaker(speaker)
        changes = differences(before, replace(given, order=given.order or speaker.order))
        if not changes:
            return changes
        check_unchanged(before, seen)
        if changes.has("picture_id"):
            _check_picture(session, event, given.picture_id)
        for change in changes.each:
            setattr(speaker, "role" if change.field == "position" else change.field, change.new)
        record(event.id, "speaker.changed", f"speaker:{speaker.slug}", changes)
    return changes


def remove_speaker(speaker_id: int) -> None:
    """Take somebody off the stage and off all items."""
    with transaction() as session:
        lock_event(session.get_one(Speaker, speaker_id).event_id)
        speaker = session.get_one(Speaker, speaker_id, populate_existing=True)
        session.delete(speaker)
        record(speaker.event_id, "speaker.removed", f"speaker:{speaker.slug}")


def set_people(item_id: int, people: Sequence[tuple[int, SpeakerRole]]) -> None:
    """Say who is on an item, as (speaker id, role) in the wished order; moderators come first by themselves."""
    with transaction() as session:
        item = lock_item(item_id)
        wanted = sorted(people, key=lambda pair: ROLE_ORDER[pair[1]])
        known = {s.id: s for s in session.scalars(select(Speaker).where(Speaker.event_id == item.event_id))}
        for place, (speaker_id, _role) in enumerate(wanted):
            if speaker_id not in known:
                raise ForeignSpeaker
            if speaker_id in {other for other, _r in wanted[:place]}:
                raise PersonTwice(name=known[speaker_id].name)
        if [(p.speaker_id, p.role) for p in item.people] == wanted:
            return
        item.people.clear()
        session.flush()
        item.people = [
            ItemSpeaker(speaker_id=speaker_id, role=role, position=place)
            for place, (speaker_id, role) in enumerate(wanted)
        ]
        item.changed_at = clock.now()
        record(item.event_id, "item.people", f"item:{item.slug}")


def add_partner(event_id: int, given: PartnerInput) -> Partner:
    """Add a partner; it comes last unless a position is given."""
    check_partner(given)
    with transaction() as session:
        event = lock_event(event_id)
        _check_picture(session, event, given.picture_id)
        last = session.scalar(select(func.max(Partner.position)).where(Partner.event_id == event_id)) or 0
        partner = Partner(event_id=event_id, **{**vars(given), "position": given.position or last + 1})
        session.add(partner)
        record(event_id, "partner.added", f"partner:{given.name}")
    return partner


def update_partner(partner_id: int, given: PartnerInput, seen: Seen | None = None) -> Changes:
    """Write all that an organiser says about a partner."""
    check_partner(given)
    with transaction() as session:
        event = lock_event(session.get_one(Partner, partner_id).event_id)
        partner = session.get_one(Partner, partner_id, populate_existing=True)  # as it is under the lock
        before = input_of_partner(partner)
        changes = differences(before, replace(given, position=given.position or partner.position))
        if not changes:
            return changes
        check_unchanged(before, seen)
        if changes.has("picture_id"):
            _check_picture(session, event, given.picture_id)
        for change in changes.each:
            setattr(partner, change.field, change.new)
        record(event.id, "partner.changed", f"partner:{given.name}", changes)
    return changes


def remove_partner(partner_id: int) -> None:
    """Remove a partner."""
    with transaction() as session:
        lock_event(session.get_one(Partner, partner_id).event_id)
        partner = session.get_one(Partner, partner_id, populate_existing=True)
        session.delete(partner)
        record(partner.event_id, "partner.removed", f"partner:{partner.name}")


def _plain(given: SpeakerInput) -> dict[str, object]:
    return {name: value for name, value in vars(given).items() if name != "position"}


def _check_picture(session: Session, event: Event, picture_id: int | None) -> None:
    if picture_id is None:
        return
    picture = session.get(Picture, picture_id)
    if picture is None or picture.organiser_id != event.organiser_id:
        raise ForeignPicture
