"""Double admissions: both sides of the story, and what was done about them."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from eventapp.accounts.rules import Role
from eventapp.checkin.conflicts.models import ConflictNote
from eventapp.checkin.conflicts.queries import Conflict, count_open, page_of_conflicts
from eventapp.checkin.conflicts.rules import Answer, admission_before
from eventapp.checkin.conflicts.service import note
from eventapp.checkin.rules import Entry, Outcome, ScanKind
from eventapp.core import clock as core_clock
from eventapp.core.audit import AuditEntry
from eventapp.core.db import db
from eventapp.core.refusal import NotFound
from eventapp.events.models import Event
from tests.checkin.phones import Phone, ticket_of
from tests.make import make_account, make_event, make_organiser, sign_in
from tests.pages import Visitor


def code_of(event: Event, number: int = 1) -> str:
    with core_clock.at(event.starts_at - timedelta(days=30)):
        return ticket_of(event, number).code


def twice(event: Event, number: int = 1, minute: int = 1) -> str:
    """Admit a guest on two phones and return the id of the second scan."""
    code = code_of(event, number)
    Phone(event, "Telefon 1").tell(code, minute)
    return str(Phone(event, "Telefon 2").tell(code, minute + 1).id)


def found(event: Event) -> list[Conflict]:
    db.session.rollback()
    return page_of_conflicts(event.id)[0]


def test_the_scan_before_is_the_one_by_which_the_holder_was_inside_then(event: Event) -> None:
    def scan(name: str, minute: int, kind: ScanKind = ScanKind.ENTRY, undo_of: str | None = None) -> Entry:
        return Entry(name, event.starts_at + timedelta(minutes=minute), kind, Outcome.ADMITTED, undo_of)

    a, out, b, c = scan("a", 1), scan("out", 2, ScanKind.EXIT), scan("b", 3), scan("c", 4)
    later = scan("later", 9, ScanKind.EXIT)
    assert admission_before(c, [later, c, b, out, a]) == "b"
    assert admission_before(c, [a, out, c]) is None
    undone = scan("undo", 8, ScanKind.UNDO, undo_of="b")
    assert admission_before(c, [a, b, c, undone]) == "a"


def test_both_sides_are_told(event: Event) -> None:
    twice(event)
    (one,) = found(event)
    assert one.name == "Gast 1 Muster"
    assert one.first is not None
    assert (one.first.device, one.second.device) == ("Telefon 1", "Telefon 2")
    assert one.second.at - one.first.at == timedelta(minutes=1)
    assert one.second.by_itself
    assert one.is_open


def test_open_ones_come_first_and_what_is_undone_goes(event: Event) -> None:
    scans = [twice(event, number, number * 10) for number in (1, 2, 3)]
    assert [one.id for one in found(event)] == scans[::-1]
    note(event.id, scans[2], Answer.SAME_PERSON, "", None)
    assert [one.id for one in found(event)] == [scans[1], scans[0], scans[2]]
    assert count_open(event.id) == 2
    code = code_of(event, 9)
    phone = Phone(event)
    phone.tell(code, 50)
    wrong = phone.tell(code, 51)
    assert len(found(event)) == 4
    phone.ask(code, 52, kind=ScanKind.UNDO, undo_of=wrong.id)
    assert len(found(event)) == 3


def test_notes_are_added_and_never_changed(event: Event) -> None:
    scan, account = twice(event), make_account(event.organiser, name="Sabine Krüger")
    note(event.id, scan, Answer.TWO_PEOPLE, "Ausweis verlangt", account.id)
    note(event.id, scan, Answer.TWO_PEOPLE, "Ausweis verlangt", account.id)  # a double click
    note(event.id, scan, Answer.SAME_PERSON, "", account.id)
    (one,) = found(event)
    assert [(x.answer, x.words, x.person) for x in one.notes] == [
        (Answer.TWO_PEOPLE, "Ausweis verlangt", "Sabine Krüger"),
        (Answer.SAME_PERSON, "", "Sabine Krüger"),
    ]
    entries = db.session.scalars(select(AuditEntry).where(AuditEntry.action == "conflict.noted")).all()
    assert [entry.facts for entry in entries] == [{"answer": "two_people"}, {"answer": "same_person"}]


def test_only_a_double_admission_of_this_event_is_noted(event: Event) -> None:
    scan, single = twice(event), str(Phone(event).ask(code_of(event, 2), 5).id)
    other = make_event(slug="anderswo")
    for event_id, scan_id in ((other.id, scan), (event.id, single), (event.id, "none")):
        with pytest.raises(NotFound):
            note(event_id, scan_id, Answer.PHONE, "", None)
    assert db.session.scalars(select(ConflictNote)).all() == []


def test_one_click_notes_it(event: Event, page: Visitor) -> None:
    account = make_account(event.organiser, Role.EDITOR, name="Sabine Krüger")
    sign_in(page.client, account)
    address = f"/manage/events/{event.slug}/conflicts"
    assert "Niemand wurde doppelt eingelassen" in page.get(address).text
    scan = twice(event)
    assert "Telefon 1" in page.get(address).text
    page.submit(page.page.form(scan), {f"{scan}-words": "Kam aus der Pause"}, press="dieselbe Person")
    for words in ("Kam aus der Pause", "Sabine Krüger", "vermerkt", "nichts anzusehen"):
        assert words in page.page.text
    page.submit(page.page.form(scan), {f"{scan}-words": "x" * 301}, press="Zwei Personen")
    assert page.page.status == 422
    assert "x" * 301 in page.page.html
    page.submit(page.page.form(scan), {f"{scan}-words": "Doch zwei"})
    assert page.page.status == 422, "no button was pressed"
    assert "Sagen Sie mit einem der drei Knöpfe, was es war." in page.page.text
    assert "Doch zwei" in page.page.html
    assert len(found(event)[0].notes) == 1


def test_who_may_only_see_gets_no_buttons(event: Event, page: Visitor) -> None:
    scan = twice(event)
    sign_in(page.client, make_account(event.organiser, Role.VIEWER))
    assert scan + "-answer" not in page.get(f"/manage/events/{event.slug}/conflicts").html
    sign_in(page.client, make_account(make_organiser("Andere Stelle")))
    page.get(f"/manage/events/{event.slug}/conflicts", status=404)


def test_phones_of_those_who_may_override_get_them_as_json(event: Event, page: Visitor) -> None:
    scan, address = twice(event), f"/door/api/{event.slug}/conflicts"
    sign_in(page.client, make_account(event.organiser, Role.EDITOR))
    answer = page.client.get(address)
    assert answer.headers["Cache-Control"] == "no-store"
    (one,) = answer.get_json()["conflicts"]
    assert (one["id"], one["name"], one["open"]) == (scan, "Gast 1 Muster", True)
    assert one["first"]["device"] == "Telefon 1"
    assert one["second"]["at"] - one["first"]["at"] == 60_000
    sign_in(page.client, make_account(event.organiser, Role.DOOR, event_id=event.id))
    assert page.client.get(address).status_code == 403
