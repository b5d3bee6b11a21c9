"""A list of guests from a file: what is read, what is refused in which line, and that nothing is sent by half."""

import io
import time
import tracemalloc
from datetime import timedelta

import pytest
import time_machine
from flask import Flask
from sqlalchemy import select

from eventapp.accounts.rules import Role
from eventapp.core.db import db
from eventapp.core.refusal import NotFound
from eventapp.events.models import Category, Event
from eventapp.jobs import JOBS
from eventapp.registration.imports import refusals, service
from eventapp.registration.imports.rules import MOST_BYTES, MOST_ROWS, decode, read_sheet
from eventapp.registration.invitations.models import Invitation, InvitationDraft
from eventapp.registration.invitations.refusals import WrongExpiry
from eventapp.registration.signup.service import sign_up
from tests.make import make_account, make_event, sign_in
from tests.pages import Visitor
from tests.registration.inviting import NADIA, count, invite_nadia, mails, make_inviting
from tests.registration.people import person

HEAD = "E-Mail;Titel;Vorname;Nachname;Firma;Art der Organisation;Gruppe;Sprache\n"


def load(event: Event, category: Category, data: str | bytes) -> service.Preview:
    """Read a file and look at it."""
    file = data.encode() if isinstance(data, str) else data
    return service.look(event.id, service.read(event.id, file, category_id=category.id, language="de"))


def test_german_headings_and_words(app: Flask) -> None:
    event, press = make_inviting()
    row = "ada@example.org;Dr.;Ada;Öztürk;Verein Brücke;Verein;Verein;Arabisch\n\n"
    (found,) = load(event, press, HEAD + row).good
    assert found.given is not None
    assert (found.line, found.given.category_id, found.given.language) == (2, event.categories[1].id, "ar")
    assert (found.given.title, found.given.given_name, found.given.family_name) == ("Dr.", "Ada", "Öztürk")
    assert (found.given.organisation, str(found.given.organisation_kind)) == ("Verein Brücke", "association")


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Given name,E-mail address,Group,Language\nÉlise,a@example.org,Press,French\n", "Élise"),
        ("First name\temail\tcategory\tlanguage\nЖанна\ta@example.org\tPRESSE\tfr\n", "Жанна"),
        ("\ufeffEMAIL;VORNAME;gruppe;sprache\r\na@example.org;أمل;الصحافة;français\r\n", "أمل"),
        ('email;vorname;gruppe;sprache\n"a@example.org";"An;na ""B""\nC";presse;Französisch\n', 'An;na "B" C'),
    ],
)
def test_delimiters_headings_and_scripts(app: Flask, text: str, name: str) -> None:
    event, press = make_inviting()
    preview = load(event, event.categories[0], text)
    assert preview.bad == []
    given = preview.good[0].given
    assert given is not None
    assert (given.given_name, given.email, given.category_id, given.language) == (name, "a@example.org", press.id, "fr")


def test_windows_letters_are_read_when_they_make_sense() -> None:
    assert decode("E-Mail;Name\na@example.org;Jörg Weiß – „Élan“ €\n".encode("cp1252")).splitlines()[1].endswith("€")
    assert decode("E-Mail;Ort\na@example.org;Öl Łódź\n".encode()).endswith("Łódź\n")


@pytest.mark.parametrize(
    "line",
    [
        "Иванов".encode("cp1251"),
        "أمل حداد".encode("cp1256"),
        "Müller".encode("mac_roman"),
        "Käthe".encode("mac_roman"),
        "Jörg".encode() + "Jörg".encode("cp1252") + "Ãœ".encode("cp1252"),
        b"M\x81ller",
    ],
)
def test_other_encodings_are_refused_with_their_line(line: bytes) -> None:
    with pytest.raises(refusals.WrongEncoding) as refused:
        read_sheet(b"E-Mail;Name\na@example.org;Anna\nb@example.org;" + line + b"\n")
    assert refused.value.facts == {"line": 3}


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", refusals.NothingInside),
        (b"\n\n;;\n", refusals.NothingInside),
        (b"E-Mail;Name\n", refusals.NothingInside),
        (b"Vorname;Nachname\nA;B\n", refusals.NoAddressColumn),
        (b"PK\x03\x04\x14\x00", refusals.NotText),
        ("E-Mail\na@example.org\n".encode("utf-16"), refusals.NotText),
        (b"E-Mail;Name\na@example.org;A\x00B\n", refusals.NotText),
        (b'E-Mail;Name\na@example.org;"offen\nb@example.org;B\n', refusals.BrokenRow),
        (b'E-Mail;Name\na@example.org;"A"B\n', refusals.BrokenRow),
        (b"E-Mail;Name\na@example.org;" + b"x" * 140_000 + b"\n", refusals.BrokenRow),
        (b"x" * (MOST_BYTES + 1), refusals.TooMuch),
        (b"E-Mail\n" + b"a@b.de\n" * (MOST_ROWS + 1), refusals.TooManyRows),
    ],
)
def test_files_that_are_not_read(app: Flask, data: bytes, reason: type[refusals.UnreadableFile]) -> None:
    event, press = make_inviting()
    with pytest.raises(reason):
        load(event, press, data)
    assert count(InvitationDraft) == 0


def test_fifty_thousand_rows_are_refused_at_once_and_in_little_memory(app: Flask) -> None:
    short = b"E-Mail\n" + b"".join(b"g%d@b.de\n" % number for number in range(50_000))
    assert len(short) < MOST_BYTES
    tracemalloc.start()
    began = time.perf_counter()
    with pytest.raises(refusals.TooManyRows):
        read_sheet(short)
    took, (_now, peak) = time.perf_counter() - began, tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert took < 2
    assert peak < 20 * 1024 * 1024


def test_every_row_is_looked_at_and_doubles_are_marked(app: Flask) -> None:
    event, press = make_inviting()
    invite_nadia(event, press)
    sign_up(event.id, person(event, 1, category_id=event.categories[0].id, email="da@example.org"))
    rows = [
        "gut@example.org;;Ada;Gut;;;;",
        "GUT@Example.org;;ADA;gut;;;;",
        "gut@example.org;;Ruth;Gut;;;;",
        "nadia@example.org;;Nadia;Sommer;;;;",
        "da@example.org;;Gast 1;Muster;;;;",
        "keine Adresse;;A;B;;;;",
        ";;Leer;;;;;",
        "a@example.org;;;;;;Gibt es nicht;",
        "b@example.org;;;;;;;Klingonisch",
        "c@example.org;;;;;Raumschiff;;",
        "d@example.org;;;;;;;;zu viel",
        f"e@example.org;;{'x' * 201};;;;;",
    ]
    preview = load(event, press, HEAD + "\n".join(rows) + "\n")
    assert [row.line for row in preview.good] == [2, 4]
    assert [(row.line, row.problem) for row in preview.bad] == [
        (3, "double"), (5, "invited"), (6, "registered"), (7, "address"), (8, "address"), (9, "category"),
        (10, "language"), (11, "kind"), (12, "cells"), (13, "long"),
    ]  # fmt: skip
    assert preview.bad[0].what == "2"
    assert (len(mails()), count(Invitation)) == (1, 1), "nothing is sent by looking"


def test_sending_is_once_and_whole(app: Flask, clock: time_machine.Traveller) -> None:
    event, press = make_inviting()
    rows = "a@example.org;;A\nb@example.org;;B\nnichts;;C\n"
    draft = service.read(
        event.id, (HEAD + rows).encode(), category_id=press.id, language="ar", words="Hallo", expires_at=event.ends_at
    )
    with pytest.raises(refusals.ListChanged):
        service.send(event.id, draft, 3)
    with pytest.raises(NotFound):
        service.send(make_event(slug="anderes").id, draft, 2)
    assert count(Invitation) == 0
    assert service.send(event.id, draft, 2) == 2
    stored = db.session.scalars(select(Invitation).order_by(Invitation.id)).all()
    assert [(x.email, x.language, x.words, x.ends) for x in stored] == [
        (f"{name}@example.org", "ar", "Hallo", event.ends_at) for name in "ab"
    ]
    assert mails() == ["a@example.org", "b@example.org"]
    with pytest.raises(NotFound):
        service.send(event.id, draft, 2)
    assert (count(Invitation), count(InvitationDraft)) == (2, 0)


def test_what_happened_since_the_look_stops_the_whole_list(app: Flask) -> None:
    event, press = make_inviting()
    rows = f"{NADIA['email']};;Nadia;Sommer\nb@example.org;;B\n"
    draft = service.read(event.id, (HEAD + rows).encode(), category_id=press.id, language="de")
    invite_nadia(event, press)
    with pytest.raises(refusals.ListChanged):
        service.send(event.id, draft, 2)
    assert count(Invitation) == 1
    assert service.send(event.id, draft, 1) == 1


def test_a_draft_is_gone_after_a_day(app: Flask, clock: time_machine.Traveller) -> None:
    event, press = make_inviting()
    draft = service.read(event.id, b"E-Mail\na@example.org\n", category_id=press.id, language="de")
    with pytest.raises(WrongExpiry):
        service.read(
            event.id, b"E-Mail\na@example.org\n", category_id=press.id, language="de", expires_at=event.created_at
        )
    (sweep,) = [job for job in JOBS if job.name == "sweep-imports"]
    clock.shift(timedelta(hours=23))
    sweep.run()
    assert service.look(event.id, draft).good
    clock.shift(timedelta(hours=1))
    with pytest.raises(NotFound):
        service.look(event.id, draft)
    sweep.run()
    assert count(InvitationDraft) == 0


def test_five_thousand_rows_go_out_in_one_transaction(app: Flask) -> None:
    event, press = make_inviting()
    rows = "".join(f"gast{number}@example.org;;Gast {number};Muster\n" for number in range(MOST_ROWS))
    draft = service.read(event.id, (HEAD + rows).encode(), category_id=press.id, language="de")
    assert service.send(event.id, draft, MOST_ROWS) == MOST_ROWS
    assert (count(Invitation), len(mails())) == (MOST_ROWS, MOST_ROWS)


def test_the_pages_lead_from_the_file_to_the_mails(app: Flask, page: Visitor) -> None:
    event, press = make_inviting()
    sign_in(page.client, make_account(event.organiser, Role.EDITOR))
    page.get(f"/manage/events/{event.slug}/invitations")
    page.click("Liste einlesen")
    page.submit("Liste lesen", {}, status=422)
    assert "Bitte wählen Sie eine Datei." in page.errors[0]
    cyrillic = HEAD.encode() + b"a@example.org;;" + "Иванов".encode("cp1251") + b"\n"
    page.submit("Liste lesen", {"file": (io.BytesIO(cyrillic), "liste.csv"), "words": "Hallo"}, status=422)
    assert "Zeile 2: Die Buchstaben" in page.errors[0]
    assert page.form("Liste lesen").values["words"] == "Hallo"
    evil = '=HYPERLINK("http://evil.example")'
    text = f"{HEAD}a@example.org;;{evil.replace(chr(34), chr(39))};<b>;@SUM(1);;;\nb;;+1;-1;;;;\n"
    page.submit(
        "Liste lesen", {"file": (io.BytesIO(text.encode()), "liste.csv"), "category": str(press.id)}, status=200
    )
    assert page.h1 == "Das steht in der Liste"
    assert "1 Person kann eingeladen werden. 1 Zeile wird ausgelassen." in page.text
    assert "=HYPERLINK('http://evil.example') <b>" in page.text
    assert ["Firma", "Organisation"] in page.page.rows(2)
    form, address = page.form("1 Einladung senden"), page.url
    page.submit(form, status=200)
    assert "1 Einladung ist unterwegs." in page.text
    page.submit(form, status=200)
    assert "schon gesendet" in page.text
    page.get(address, status=404)
    assert mails() == ["a@example.org"]


def test_a_list_that_changed_is_shown_again(app: Flask, page: Visitor) -> None:
    event, press = make_inviting()
    sign_in(page.client, make_account(event.organiser, Role.EDITOR))
    rows = f"{NADIA['email']};;Nadia;Sommer\nb@example.org;;B\n"
    draft = service.read(event.id, (HEAD + rows).encode(), category_id=press.id, language="de")
    page.get(f"/manage/events/{event.slug}/invitations/import/{draft}")
    form = page.form("2 Einladungen senden")
    invite_nadia(event, press)
    page.submit(form, status=409)
    assert "Inzwischen wurde jemand" in page.errors[0]
    page.submit("1 Einladung senden", status=200)
    assert count(Invitation) == 2
    for wrong in ("", "-1", "²", "9" * 30):
        page.get(f"/manage/events/{event.slug}/invitations/import")
        page.post(f"/manage/events/{event.slug}/invitations/import/{draft}", {"number": wrong}, status=200)
    assert count(Invitation) == 2
