"""A file in the sign-up form: a wrong one is named at its field, a good one is stored, and what was typed stays."""

import io
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select
from werkzeug.datastructures import FileStorage
from werkzeug.test import encode_multipart

from eventapp.core.db import db
from eventapp.events.models import Event
from eventapp.questions.models import AnswerFile
from eventapp.questions.rules import QuestionKind
from eventapp.registration.models import Participant
from tests.make import make_event
from tests.pages import Visitor
from tests.questions import ask

KIND = QuestionKind
WRONG = [
    (b"MZ\x90", "Programm.exe", "Bitte nehmen Sie eine PDF-, JPEG- oder PNG-Datei."),
    (b"", "leer.pdf", "Diese Datei ist leer."),
]


@pytest.fixture
def event(app: Flask) -> Event:
    return make_event()


@pytest.mark.parametrize(("data", "name", "words"), WRONG)
def test_a_wrong_file_keeps_the_rest(event: Event, page: Visitor, data: bytes, name: str, words: str) -> None:
    paper, club = ask(event, KIND.FILE, "Ausweis", is_required=True, largest_mb=1), ask(event, KIND.SHORT, "Verein")
    typed = {"given_name": "Amira", "email": "amira@example.org", "category": str(event.categories[0].id)}
    page.get(f"/de/{event.slug}/register")
    sent = {**typed, f"q_{club.id}": "Brücke", f"q_{paper.id}": (io.BytesIO(data), name)}
    page.submit("Jetzt anmelden", sent, status=422)
    assert page.errors == [f"Ausweis: {words}"]
    kept = page.form("Jetzt anmelden").values
    assert {**typed, f"q_{club.id}": "Brücke"}.items() <= kept.items()
    assert list(db.session.scalars(select(Participant))) == []
    good = {f"q_{paper.id}": (io.BytesIO(b"%PDF-1.7"), "Ausweis.pdf")}
    page.submit("Jetzt anmelden", good, status=200)
    (file,) = db.session.scalars(select(AnswerFile))
    assert file.name == "Ausweis.pdf"


def test_a_good_file_is_chosen_again_when_something_else_is_wrong(event: Event, page: Visitor) -> None:
    paper = ask(event, KIND.FILE, "Ausweis", is_required=True)
    page.get(f"/de/{event.slug}/register")
    good = {f"q_{paper.id}": (io.BytesIO(b"%PDF-1.7"), "Ausweis.pdf")}
    page.submit("Jetzt anmelden", {**good, "category": str(event.categories[0].id)}, status=422)
    assert len(page.errors) == 2, "name and address; the file is good"
    assert "Bitte wählen Sie „Ausweis.pdf“ noch einmal" in page.text


def test_a_file_that_is_too_large_is_named_and_the_rest_stays(event: Event, page: Visitor) -> None:
    paper = ask(event, KIND.FILE, "Ausweis", largest_mb=1)
    page.get(f"/de/{event.slug}/register")
    typed = page.form("Jetzt anmelden").filled({"given_name": "Amira"}, None)
    large = {f"q_{paper.id}": FileStorage(io.BytesIO(b"%PDF-1.7" + bytes(1024 * 1024)), "gross.pdf")}
    shown = send(page, f"/de/{event.slug}/register", {**typed, **large}, 422)
    assert "Diese Datei ist zu groß. Sie darf höchstens 1 MB haben." in shown
    assert 'value="Amira"' in shown


@pytest.mark.parametrize("language", ["de", "ar"])
def test_what_is_far_too_large_is_answered_kindly(event: Event, page: Visitor, language: str) -> None:
    paper = ask(event, KIND.FILE, "Ausweis")
    huge = {f"q_{paper.id}": FileStorage(io.BytesIO(b"%PDF" + bytes(9 * 1024 * 1024)), "huge.pdf")}
    shown = send(page, f"/{language}/{event.slug}/register", huge, 413)
    assert {"de": "Diese Datei ist zu groß", "ar": "هذا الملف كبير جدًا"}[language] in shown
    assert {"de": "Gehen Sie im Browser zurück", "ar": "ارجع في المتصفح"}[language] in shown
    assert list(db.session.scalars(select(Participant))) == []


def send(page: Visitor, address: str, values: dict[str, Any], status: int) -> str:
    """Send a form that is larger than the test client likes to encode; return the page."""
    boundary, body = encode_multipart(values)
    answer = page.client.post(address, data=body, content_type=f"multipart/form-data; boundary={boundary}")
    assert answer.status_code == status
    return answer.text
