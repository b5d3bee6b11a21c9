"""Notes for the door: written by the organiser, shown at the scan as far as the event says so, nowhere else."""

import uuid
from typing import Any

import pytest
import time_machine
from flask import Flask

from eventapp.accounts.rules import Role
from eventapp.checkin.entrances.service import copy_to
from eventapp.checkin.envelope import milliseconds
from eventapp.core import clock as core_clock
from eventapp.core.db import db
from eventapp.events.models import Event
from eventapp.registration.attention.models import AttentionNote
from eventapp.registration.attention.queries import find_attention
from eventapp.registration.attention.rules import Attention, NoteKind
from eventapp.registration.attention.service import set_attention, show_at_door
from eventapp.tickets.service import find_living
from tests.make import make_account, make_event, sign_in
from tests.pages import Visitor
from tests.registration.people import arrive


@pytest.fixture
def event(app: Flask, clock: time_machine.Traveller) -> Event:
    event = make_event()
    arrive(event, 1)
    return event


def note_of(page: Visitor, event: Event, guest_id: int) -> Any:
    """Scan a guest's ticket as the door does and return the note of the answer."""
    visitor = page.another()
    sign_in(visitor.client, make_account(event.organiser, Role.DOOR, event_id=event.id))
    db.session.rollback()
    ticket = find_living(guest_id)
    assert ticket is not None
    at = milliseconds(core_clock.moment())
    scan = {"id": str(uuid.uuid4()), "code": ticket.code, "at": at}
    sent = {"device": {"id": str(uuid.uuid4()), "name": ""}, "sent_at": at, "scans": [scan]}
    [result] = visitor.client.post(f"/door/api/{event.slug}/scans", json=sent).get_json()["results"]
    return result["ticket"]["note"]


def test_the_organiser_writes_a_note_and_the_door_sees_what_the_event_shows(
    page: Visitor, event: Event, clock: time_machine.Traveller
) -> None:
    sign_in(page.client, make_account(event.organiser))
    guest = arrive(event, 1).participant
    guest_id = guest.id
    page.get(f"/manage/events/{event.slug}/participants/{guest.public_id}")
    page.click("Hinweis für den Einlass")
    page.submit(values={"no_photo": "y", "needs": "x" * 121}, status=422)
    assert find_attention(guest.id) == Attention()
    page.submit(values={"no_photo": "y", "needs": "Rollstuhl <b>, Seiteneingang", "is_vip": False}, status=200)
    shown = page.get(f"/manage/events/{event.slug}/participants/{guest.public_id}").text
    assert "Rollstuhl <b>, Seiteneingang" in shown
    assert "Der Hinweis für den Einlass wurde geändert." in shown
    page.get(f"/manage/events/{event.slug}/entrances")
    page.click("Hinweise am Einlass")
    page.submit(values={"photo": "y", "names_offline": "y"}, status=200)
    page.get(f"/manage/events/{event.slug}/door-notes")
    page.submit(status=200)
    db.session.rollback()
    assert db.session.get_one(Event, event.id).names_offline, "the form shows what was chosen"
    clock.move_to(event.starts_at)
    assert note_of(page, event, guest_id) == [{"label": "Foto", "words": "Keine Fotos"}]


def test_what_the_event_does_not_show_stays_with_the_organiser(
    page: Visitor, event: Event, clock: time_machine.Traveller
) -> None:
    guest_id = arrive(event, 1).participant.id
    set_attention(guest_id, Attention(is_vip=True, no_photo=True, needs="Rollstuhl"))
    clock.move_to(event.starts_at)
    assert note_of(page, event, guest_id) == []


def test_a_second_scan_says_nothing_of_the_note(page: Visitor, event: Event, clock: time_machine.Traveller) -> None:
    guest_id = arrive(event, 1).participant.id
    set_attention(guest_id, Attention(is_vip=True, needs="Rollstuhl"))
    show_at_door(event.id, list(NoteKind))
    clock.move_to(event.starts_at)
    assert [x["words"] for x in note_of(page, event, guest_id)] == ["Persönlich begrüßen", "Rollstuhl"]
    assert note_of(page, event, guest_id) == []


def test_a_note_can_be_taken_back_and_leaves_with_the_guest(event: Event) -> None:
    guest = arrive(event, 1).participant
    set_attention(guest.id, Attention())
    assert db.session.query(AttentionNote).count() == 0
    set_attention(guest.id, Attention(needs="Rollstuhl"))
    set_attention(guest.id, Attention())
    assert find_attention(guest.id).kinds == []


def test_the_next_edition_shows_the_same_notes(event: Event) -> None:
    other = make_event(event.organiser, slug="naechstes")
    show_at_door(event.id, [NoteKind.NEEDS], names_offline=True)
    copy_to(event, other, other.starts_at - event.starts_at)
    db.session.rollback()
    edition = db.session.get_one(Event, other.id)
    assert (edition.door_notes, edition.names_offline) == (["needs"], True)
