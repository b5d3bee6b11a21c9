"""Copies the programme of one event into another; called by `editions` when an organiser makes the next edition."""

from dataclasses import replace
from datetime import timedelta

from eventapp.agenda.people.service import add_partner, add_speaker, set_people
from eventapp.agenda.queries import (
    input_of_item,
    input_of_partner,
    input_of_room,
    input_of_speaker,
    list_items,
    list_partners,
    list_rooms,
    list_speakers,
)
from eventapp.agenda.service import add_item, add_room
from eventapp.core.db import transaction
from eventapp.events.models import Event
from eventapp.events.rules import shifted


def copy_to(old: Event, new: Event, shift: timedelta) -> None:
    """Copy rooms, people, partners and the items that take place, moved by `shift`, whole days of the zone."""
    with transaction():
        rooms = {room.id: add_room(new.id, input_of_room(room)).id for room in list_rooms(old.id)}
        speakers = {each.id: add_speaker(new.id, input_of_speaker(each)).id for each in list_speakers(old.id)}
        for partner in list_partners(old.id):
            add_partner(new.id, input_of_partner(partner))
        for item in list_items(old.id):
            if item.is_cancelled:
                continue
            moved = replace(
                input_of_item(item),
                starts_at=shifted(item.starts_at, shift, old.zone),
                ends_at=shifted(item.ends_at, shift, old.zone),
                room_id=rooms.get(item.room_id) if item.room_id else None,
            )
            made = add_item(new.id, moved)
            set_people(made.id, [(speakers[each.speaker_id], each.role) for each in item.people])
