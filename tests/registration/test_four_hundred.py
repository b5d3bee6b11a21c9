"""The 400 guests of the reference event have gone through the sign-up service: what became of them."""

import csv
import io
import unicodedata
from dataclasses import replace

import pytest
from flask import Flask
from sqlalchemy import select

from eventapp.accounts.models import Account
from eventapp.checkin.queries import search_guests
from eventapp.core import i18n
from eventapp.core.db import db
from eventapp.demo.files import Guest, list_guests
from eventapp.demo.people.service import Desk
from eventapp.events.models import Event
from eventapp.events.queries import find_event
from eventapp.outbox.models import Message
from eventapp.registration.mails import ticket_page
from eventapp.registration.models import Participant, Registration
from eventapp.registration.rules import ParticipantState
from eventapp.registration.signup.rules import Outcome
from eventapp.tickets import pdf
from eventapp.tickets.models import Ticket, TicketState
from tests.make import sign_in
from tests.pages import Visitor

pytestmark = pytest.mark.usefixtures("story")


@pytest.fixture
def event(story: Flask) -> Event:
    reference = find_event("gemeinsam-vor-ort-2025")
    assert reference is not None
    return reference


def guests_of(event: Event) -> list[Participant]:
    rows = select(Participant).where(Participant.event_id == event.id).order_by(Participant.id)
    return list(db.session.scalars(rows))


def enter(event: Event, guest: Guest) -> Outcome:
    """Sign a guest up once more, while the event still took registrations."""
    assert event.registration_closes_at is not None
    return Desk(event, "test").enter(guest, event.registration_closes_at.replace(hour=8)).outcome


def found(event: Event, sought: str) -> set[str]:
    """Return the names that the door finds."""
    return {guest.name for guest in search_guests(event.id, sought)}


def test_400_lines_are_399_registrations(event: Event) -> None:
    assert len(list_guests()) == 400
    guests = guests_of(event)
    assert len(guests) == 399
    assert {guest.state for guest in guests} == {ParticipantState.CONFIRMED}
    numbers = select(Registration.number).where(Registration.event_id == event.id).order_by(Registration.number)
    assert list(db.session.scalars(numbers)) == list(range(1, 400))


def test_the_one_duplicate_was_told_so(event: Event) -> None:
    again = [x for x in db.session.scalars(select(Message).where(Message.event_id == event.id))
             if x.facts.get("why") == "again"]  # fmt: skip
    assert [message.recipient for message in again] == ["GAST.21@EXAMPLE.ORG"]
    fatima = [guest for guest in list_guests() if guest.email.lower() == "gast.21@example.org"]
    assert len(fatima) == 2
    assert enter(event, fatima[1]) is Outcome.ALREADY


def test_a_shared_address_is_two_people(event: Event) -> None:
    family = [guest for guest in guests_of(event) if guest.email == "familie.haddad@example.org"]
    assert [guest.name for guest in family] == ["Anna Özdemir-Krüger", "ሰላም"]
    assert len({guest.public_id for guest in family}) == 2


@pytest.mark.parametrize(
    ("sought", "name"),
    [
        ("أحمد حداد", "أحمد حداد"),
        ("احمد حداد", "أحمد حداد"),
        ("علیرضا احمدزاده", "علی‌رضا احمدزاده"),
        ("ገብረሚካኤል", "ሰላም ገብረሚካኤል"),
        ("Їжакевич", "Сергій Їжакевич"),
        ("іжакевич", "Сергій Їжакевич"),
        ("Григорєва", "Оксана Григор’єва"),
        ("Nguyễn Thị Hoa", "Nguyễn Thị Hoa"),
        ("nguyen thi hoa", "Nguyễn Thị Hoa"),
        ("Đặng", "Đặng Minh"),
        ("dang minh", "Đặng Minh"),
        ("yilmaz sukran", "Şükran Yılmaz"),
        ("STRASSBURGER HOLGER", "Holger Straßburger"),
        ("ndiaye", "Jean-François N’Diaye"),
    ],
)
def test_names_are_found_in_any_script_with_and_without_accents(event: Event, sought: str, name: str) -> None:
    assert name in found(event, sought)


def test_the_same_name_in_another_normal_form_is_the_same_person(event: Event) -> None:
    guest = next(guest for guest in list_guests() if guest.given_name == "Annä")
    apart = replace(guest, given_name=unicodedata.normalize("NFD", guest.given_name))
    assert apart.given_name != guest.given_name
    assert enter(event, apart) is Outcome.ALREADY
    assert found(event, unicodedata.normalize("NFD", "Annä Jäger")) >= {"Annä Jäger"}


def test_markup_and_formulas_are_kept_as_they_were_typed(event: Event) -> None:
    names = {guest.name for guest in guests_of(event)}
    assert {'<b>Max</b> Mustermann"><script>', "-2+3 أبو زيد"} <= names
    organisations = {guest.organisation for guest in guests_of(event)}
    assert {"=SUM(1;2) Consulting", "@cmd", "@freie_journalistin"} <= organisations


def desk_of(story: Flask) -> Visitor:
    """Sign the ministry's owner in."""
    owner = db.session.scalars(select(Account).where(Account.email == "inhaberin@example.org")).one()
    client = story.test_client()
    sign_in(client, owner)
    return Visitor(client)


@pytest.mark.parametrize(
    ("sought", "name"),
    [
        ("احمد حداد", "أحمد"),
        ("ገብረሚካኤል", "ገብረሚካኤል"),
        ("іжакевич", "Їжакевич"),
        ("nguyen thi", "Nguyễn Thị"),
        ("Mustermann", "<b>Max</b>"),
    ],
)
def test_the_desk_finds_them_and_shows_what_was_typed(story: Flask, sought: str, name: str) -> None:
    page = desk_of(story)
    page.get("/manage/events/gemeinsam-vor-ort-2025/participants", query_string={"q": sought})
    rows = page.rows()
    assert rows
    assert all(name in " ".join(row) for row in rows)


def test_markup_in_a_name_is_text_on_the_page_of_the_person(story: Flask, event: Event) -> None:
    guest = next(guest for guest in guests_of(event) if guest.given_name == "<b>Max</b>")
    page = desk_of(story)
    page.get(f"/manage/events/{event.slug}/participants/{guest.public_id}")
    assert '<b>Max</b> Mustermann"><script>' in page.h1


def test_formulas_are_text_in_the_export(story: Flask, event: Event) -> None:
    page = desk_of(story)
    answer = page.client.get(f"/manage/events/{event.slug}/participants.csv")
    rows = list(csv.reader(io.StringIO(answer.text.removeprefix("\ufeff")), delimiter=";"))
    assert len(rows) == 400
    cells = {cell for row in rows for cell in row}
    assert {"'=SUM(1;2) Consulting", "'@cmd", "'-2+3", "<b>Max</b>"} <= cells
    assert not [cell for cell in cells if cell.startswith(("=", "+", "-", "@"))]


@pytest.mark.once
def test_everybody_has_a_ticket_as_pdf(event: Event) -> None:
    rows = select(Participant, Ticket.code).join(Ticket, Ticket.participant_id == Participant.id)
    mine = rows.where(Participant.event_id == event.id, Ticket.state == TicketState.VALID)
    printed = 0
    for guest, code in db.session.execute(mine):
        with i18n.speaking(guest.language):
            made = pdf.render(ticket_page(guest, code))
        assert made.startswith(b"%PDF-"), guest.name
        printed += 1
    assert printed == 399
