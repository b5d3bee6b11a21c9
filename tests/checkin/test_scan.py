"""What becomes of a scan. Each test was seen to fail without the thing it is about:

without the outcome update (`replayed = True`) a lost answer burns the ticket; with the fold in order of arrival the six
orders differ and a wrong clock changes who was first; with the undo left out of the fold an undone guest stays inside;
with neither the look-up of the id nor ON CONFLICT a repeated scan is an error (each alone holds).
"""

import itertools
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import update

from eventapp.checkin.models import Scan
from eventapp.checkin.rules import Decision, Opening, Outcome, Reason, ScanKind, ScanMode
from eventapp.core.db import db, transaction
from eventapp.events.models import Event
from eventapp.registration.models import Participant
from eventapp.registration.rules import ParticipantState
from eventapp.registration.service import cancel
from eventapp.tickets.models import TicketState
from eventapp.tickets.rules import Practice, new_code, practice_code
from eventapp.tickets.service import end, issue
from tests.checkin.phones import Phone, conflicts_of, item, log_of, state_of, ticket_of, told
from tests.make import forums, make_event

pytestmark = pytest.mark.usefixtures("app")
_YEAR = 365 * 24


@pytest.fixture
def event(app: Flask) -> Event:
    return make_event()


def test_the_first_scan_admits_and_says_who_comes(event: Event) -> None:
    ticket = ticket_of(event, language="ar", item_ids=(forums(event)[1].id,))
    answer = Phone(event).ask(ticket.code)
    assert (answer.decision, answer.reason, answer.outcome) == (Decision.ADMIT, Reason.OK, Outcome.ADMITTED)
    assert answer.stored
    assert not answer.replayed
    assert answer.ticket is not None
    assert (answer.ticket.name, answer.ticket.category, answer.ticket.entries) == ("Gast 1 Muster", "Verein", 1)
    assert answer.ticket.greeting == "أهلًا وسهلًا!"
    assert [(x.title, x.room) for x in answer.ticket.items] == [("Forum 2", "Raum 2")]
    assert state_of(ticket.code) == (True, 1)


def test_the_second_scan_is_told_when_and_on_which_phone(event: Event) -> None:
    code = ticket_of(event).code
    Phone(event, "Telefon 1").ask(code, 3)
    answer = Phone(event, "Telefon 2").ask(code, 7)
    assert (answer.decision, answer.reason, answer.outcome) == (
        Decision.DENY, Reason.ALREADY_ADMITTED, Outcome.REFUSED,
    )  # fmt: skip
    assert answer.first is not None
    assert (answer.first.device, answer.first.at) == ("Telefon 1", event.starts_at + timedelta(minutes=3))
    assert state_of(code) == (True, 1)


def test_the_same_id_five_times_is_one_scan(event: Event) -> None:
    code, phone = ticket_of(event).code, Phone(event)
    scan = item(code, phone.at(1))
    answers = [phone.send(scan, 1) for _ in range(5)]
    assert [x.replayed for x in answers] == [False, True, True, True, True]
    assert {(x.decision, x.reason, x.stored) for x in answers} == {(Decision.ADMIT, Reason.OK, True)}
    assert state_of(code) == (True, 1)
    assert len(log_of(code)) == 1


def test_a_known_id_with_another_code_is_not_taken(event: Event) -> None:
    first, second, phone = ticket_of(event).code, ticket_of(event, 2).code, Phone(event)
    scan = item(first, phone.at(0))
    phone.send(scan)
    assert not phone.send(replace(scan, code=second)).stored
    assert state_of(second) == (False, 0)


def test_an_answer_that_got_lost_and_was_refused_releases_the_ticket(event: Event) -> None:
    code, phone = ticket_of(event).code, Phone(event)
    scan = item(code, phone.at(0))
    phone.send(scan)
    answer = phone.send(replace(scan, mode=ScanMode.TELL, outcome=Outcome.REFUSED), 1)
    assert (answer.outcome, answer.decision) == (Outcome.REFUSED, Decision.ADMIT)
    assert state_of(code) == (False, 0)
    late = phone.send(scan, 2)  # the question arrives once more: what the door said stays
    assert (late.replayed, late.outcome) == (True, Outcome.REFUSED)
    assert Phone(event).ask(code, 3).decision is Decision.ADMIT


def test_a_denial_that_got_lost_and_was_admitted_is_reported_with_the_first_phone(event: Event) -> None:
    code = ticket_of(event).code
    Phone(event, "Nord").ask(code, 1)
    south = Phone(event, "Süd")
    scan = item(code, south.at(2))
    south.send(scan, 2)
    answer = south.send(replace(scan, mode=ScanMode.TELL, outcome=Outcome.ADMITTED), 3)
    assert answer.conflict
    assert answer.first is not None
    assert answer.first.device == "Nord"
    assert conflicts_of(code) == [scan.id]
    assert state_of(code) == (True, 2)


@pytest.mark.parametrize("order", list(itertools.permutations(range(3))))
def test_three_admissions_without_network_give_the_same_conflicts_in_every_order(
    event: Event, order: tuple[int, ...]
) -> None:
    code = ticket_of(event).code
    phones = [Phone(event, f"Telefon {number}") for number in range(3)]
    scans = [told(code, phone.at(number)) for number, phone in enumerate(phones)]
    for number in order:
        phones[number].send(scans[number], 30)
    assert conflicts_of(code) == [scans[1].id, scans[2].id]
    assert state_of(code) == (True, 3)


def test_an_exit_that_is_uploaded_last_resolves_the_conflict(event: Event) -> None:
    code, phone = ticket_of(event).code, Phone(event)
    phone.tell(code, 1)
    back = phone.send(told(code, phone.at(20)), 20)
    assert back.conflict
    left = phone.send(told(code, phone.at(10), kind=ScanKind.EXIT), 30)
    assert left.stored
    assert conflicts_of(code) == []
    assert state_of(code) == (True, 2)


def test_who_is_not_inside_cannot_leave(event: Event) -> None:
    code, phone = ticket_of(event).code, Phone(event)
    assert phone.ask(code, 1, kind=ScanKind.EXIT).reason is Reason.NOT_INSIDE
    phone.ask(code, 2)
    assert phone.ask(code, 3, kind=ScanKind.EXIT).decision is Decision.ADMIT
    assert state_of(code) == (False, 1)
    assert phone.ask(code, 4).decision is Decision.ADMIT
    assert state_of(code) == (True, 2)


def test_an_undo_frees_the_ticket_whichever_comes_first(event: Event) -> None:
    code, phone = ticket_of(event).code, Phone(event)
    scan = told(code, phone.at(1))
    undo = told(code, phone.at(2), Outcome.UNKNOWN, kind=ScanKind.UNDO, undo_of=scan.id)
    phone.send(undo, 5)
    assert phone.send(scan, 6).reason is Reason.UNDONE
    assert state_of(code) == (False, 0)
    again = phone.ask(code, 7)
    assert again.decision is Decision.ADMIT
    phone.tell(code, 8, Outcome.UNKNOWN, kind=ScanKind.UNDO, undo_of=again.id)
    assert state_of(code) == (False, 0)


@pytest.mark.parametrize("hours", [-3, 3, -3 * _YEAR, 3 * _YEAR])
def test_a_clock_hours_or_years_off_changes_no_order(event: Event, hours: int) -> None:
    code = ticket_of(event).code
    wrong, right = Phone(event, "falsch", ahead=timedelta(hours=hours)), Phone(event, "richtig")
    first = told(code, wrong.at(1))
    second = told(code, right.at(2))
    right.send(second, 10)
    wrong.send(first, 10)
    assert conflicts_of(code) == [second.id]
    assert [scan.at for scan in log_of(code)] == [event.starts_at + timedelta(minutes=x) for x in (1, 2)]


def test_a_question_that_nobody_waits_for_moves_nobody(event: Event) -> None:
    code, phone = ticket_of(event).code, Phone(event)
    assert phone.tell(code, 1, Outcome.UNKNOWN).outcome is Outcome.UNKNOWN
    assert state_of(code) == (False, 0)


def test_every_reason_to_deny(event: Event) -> None:
    phone, other = Phone(event), make_event(slug="anderswo")
    cancelled, revoked, waiting = (ticket_of(event, number) for number in (1, 2, 3))
    cancel(cancelled.participant_id)
    end(revoked.participant_id, TicketState.REVOKED)
    issue(revoked.participant_id, event.id)
    with transaction() as session:
        session.execute(_wait(waiting.participant_id))
    expected = {
        "HALLO": Reason.MALFORMED,
        new_code(): Reason.UNKNOWN,
        practice_code(Practice.ADMIT): Reason.UNKNOWN,
        ticket_of(other, 9).code: Reason.OTHER_EVENT,
        cancelled.code: Reason.CANCELLED,
        revoked.code: Reason.REVOKED,
        waiting.code: Reason.NOT_CONFIRMED,
    }
    answers = {code: phone.ask(code) for code in expected}
    assert {code: answer.reason for code, answer in answers.items()} == expected
    assert all(answer.stored and answer.decision is Decision.DENY for answer in answers.values())
    assert next(x for x in answers.values() if x.reason is Reason.OTHER_EVENT).ticket is None
    assert db.session.query(Scan).count() == len(expected)


def test_the_door_is_open_from_the_day_until_twelve_hours_after_the_end(event: Event) -> None:
    code, phone = ticket_of(event).code, Phone(event)
    assert phone.ask(code, -9.6 * 60).reason is Reason.NOT_YET
    assert phone.ask(code, (7 + 12.1) * 60).reason is Reason.OVER
    phone.place = replace(phone.place, opening=Opening(event.starts_at, event.ends_at, event.zone, True))
    assert phone.ask(code, 1).reason is Reason.CANCELLED
    phone.place = replace(phone.place, opening=Opening(event.starts_at, event.ends_at, event.zone))
    assert phone.ask(code, -9.4 * 60).decision is Decision.ADMIT


def _wait(participant_id: int) -> Any:
    states = (Participant.id == participant_id,)
    return update(Participant).where(*states).values(state=ParticipantState.WAITLISTED)
