"""Own questions inside a form for guests: what counts, what is missing, asked again without script, several people."""

import io
from typing import Any

import pytest
from flask import Flask
from werkzeug.datastructures import FileStorage, MultiDict

from eventapp.core.forms import Form
from eventapp.events.models import Event
from eventapp.questions.answers.forms import (
    NOT_CHOSEN,
    answer_data,
    answer_fields,
    answer_rows,
    asks_more,
    needs_multipart,
    read_answers_of,
)
from eventapp.questions.answers.rules import Upload
from eventapp.questions.models import Question
from eventapp.questions.queries import list_questions
from eventapp.questions.rules import QuestionKind, Value
from tests.make import make_event
from tests.questions import ask

KIND = QuestionKind


@pytest.fixture
def event(app: Flask) -> Event:
    return make_event()


def sent(
    questions: list[Question], values: dict[str, Any], stored: dict[int, Value] | None = None, prefix: str = "",
) -> Form:  # fmt: skip
    """Return the form as if a guest had sent `values`."""
    fields = answer_fields(questions, prefix, stored)
    kind: type[Form] = type("Filled", (Form,), fields)
    known = answer_data(questions, stored or {}, prefix)
    return kind(formdata=MultiDict(values), data=known, meta={"csrf": False})


def read(
    questions: list[Question], values: dict[str, Any], category: int = 7, stored: dict[int, Value] | None = None
) -> tuple[dict[int, Any], dict[str, list[str]]]:
    """Return the answers and the errors of what a guest sent who saw every question."""
    seen = " ".join(str(question.id) for question in questions)
    form = sent(questions, {"asked": seen, **values}, stored)
    assert form.validate()
    answers = read_answers_of(form, questions, category)
    return answers, {str(name): list(errors) for name, errors in form.errors.items()}


def test_every_kind_is_read(app: Flask, event: Event) -> None:
    raw: dict[QuestionKind, Any] = {
        KIND.SHORT: "Amira", KIND.LONG: "a\r\nb", KIND.NUMBER: "3,5", KIND.DATE: "2026-12-04",
        KIND.EMAIL: "a@example.org", KIND.PHONE: "0201 123456", KIND.YES_NO: "no", KIND.ONE_OF: "a",
        KIND.SEVERAL_OF: "b", KIND.COUNTRY: "SY", KIND.LANGUAGE: "ti", KIND.CONSENT: "1",
    }  # fmt: skip
    made = {kind: ask(event, kind, kind.value, *(("A", "B") if "_of" in kind.value else ())) for kind in raw}
    questions = list_questions(event.id)
    with app.test_request_context():
        answers, errors = read(questions, {f"q_{made[kind].id}": value for kind, value in raw.items()})
    assert errors == {}
    at = answers[made[KIND.CONSENT].id].pop("at")
    assert at.startswith("2026-06-15T08:00")
    assert [answers[question.id] for question in questions] == [
        "Amira", "a\nb", 3.5, "2026-12-04", "a@example.org", "+49201123456", False, "a", ["b"], "SY", "ti",
        {"version": 1},
    ]  # fmt: skip


def test_mistakes_stand_at_their_fields_and_what_was_typed_stays(app: Flask, event: Event) -> None:
    number, phone = ask(event, KIND.NUMBER, "Zahl"), ask(event, KIND.PHONE, "Telefon", is_required=True)
    consent = ask(event, KIND.CONSENT, "Ja", is_required=True)
    questions = list_questions(event.id)
    with app.test_request_context():
        answers, errors = read(questions, {f"q_{number.id}": "zwölf", f"q_{phone.id}": " "})
        assert answers == {}
        assert set(errors) == {f"q_{question.id}" for question in (number, phone, consent)}
        form = sent(questions, {f"q_{number.id}": "zwölf"})
        assert 'value="zwölf"' in form[f"q_{number.id}"]()


def test_a_hidden_question_is_never_an_error(app: Flask, event: Event) -> None:
    first = ask(event, KIND.YES_NO, "Eins")
    second = ask(event, KIND.NUMBER, "Zwei", when=[(first, ("yes",))], is_required=True)
    third = ask(event, KIND.SHORT, "Drei", category_ids=(event.categories[0].id,), is_required=True)
    questions = list_questions(event.id)
    with app.test_request_context():
        values = {f"q_{first.id}": "no", f"q_{second.id}": "zwölf", f"q_{third.id}": "x" * 999}
        assert read(questions, values) == ({first.id: False}, {})
        _answers, errors = read(questions, {**values, f"q_{first.id}": "yes"}, event.categories[0].id)
        assert set(errors) == {f"q_{second.id}", f"q_{third.id}"}


def test_without_script_the_form_asks_again(app: Flask, event: Event) -> None:
    first = ask(event, KIND.YES_NO, "Eins")
    second = ask(event, KIND.SHORT, "Zwei", when=[(first, ("yes",))], is_required=True)
    questions = list_questions(event.id)
    with app.test_request_context():
        form = sent(questions, {"asked": str(first.id), f"q_{first.id}": "yes"})
        assert [row.is_shown for row in answer_rows(form, questions, 7)] == [True, True]
        read_answers_of(form, questions, 7)
        assert asks_more(form)
        assert len(form.form_errors) == 1
        assert not form[f"q_{second.id}"].errors
        assert form.status == 422
        again = sent(questions, {"asked": f"{first.id} {second.id}", f"q_{first.id}": "yes"})
        read_answers_of(again, questions, 7)
        assert not asks_more(again)
        assert again[f"q_{second.id}"].errors


def test_rows_say_what_is_shown_and_on_what(app: Flask, event: Event) -> None:
    first = ask(event, KIND.YES_NO, "Eins")
    ask(event, KIND.SHORT, "Zwei", when=[(first, ("yes", "no"))])
    ask(event, KIND.SHORT, "Drei", category_ids=(event.categories[0].id,))
    questions = list_questions(event.id)
    with app.test_request_context():
        fresh = type("Fresh", (Form,), answer_fields(questions))()
        rows = answer_rows(fresh, questions, NOT_CHOSEN)
    assert [row.is_shown for row in rows] == [True, False, False]
    assert rows[1].shown_if == f'[{{"question": {first.id}, "values": ["yes", "no"]}}]'
    assert answer_fields([]) == {}
    assert not needs_multipart(questions)


def test_two_people_in_one_form_have_answers_of_their_own(app: Flask, event: Event) -> None:
    name = ask(event, KIND.SHORT, "Name", is_required=True)
    questions = list_questions(event.id)
    with app.test_request_context():
        fields = {**answer_fields(questions, "a_"), **answer_fields(questions, "b_")}
        values = {"a_asked": str(name.id), "b_asked": str(name.id), f"a_q_{name.id}": "Amira"}
        form: Form = type("Both", (Form,), fields)(formdata=MultiDict(values), meta={"csrf": False})
        assert form.validate()
        assert read_answers_of(form, questions, 7, "a_") == {name.id: "Amira"}
        assert not form.errors
        assert read_answers_of(form, questions, 7, "b_") == {}
        assert set(form.errors) == {f"b_q_{name.id}"}


def test_what_is_stored_is_shown_and_stays(app: Flask, event: Event) -> None:
    food = ask(event, KIND.ONE_OF, "Essen", "A", "B")
    number, yes = ask(event, KIND.NUMBER, "Zahl"), ask(event, KIND.YES_NO, "Ja")
    consent, paper = ask(event, KIND.CONSENT, "Fotos"), ask(event, KIND.FILE, "Ausweis")
    questions = list_questions(event.id)
    file = {"file": "x", "name": "a.pdf", "size": 4}
    stored: dict[int, Value] = {
        food.id: "a", number.id: 1.125, yes.id: False, consent.id: {"version": 1, "at": "2026-01-01"}, paper.id: file,
    }  # fmt: skip
    with app.test_request_context():
        form = type("Stored", (Form,), answer_fields(questions, "", stored))(data=answer_data(questions, stored))
        shown = {name: form[f"q_{question.id}"] for name, question in (("food", food), ("yes", yes), ("n", number))}
        assert (shown["food"].data, shown["yes"].data, shown["n"].data) == ("a", "no", "1.1250")
        assert "checked" in form[f"q_{consent.id}"]()
        typed = {f"q_{food.id}": "", f"q_{number.id}": "1.1250", f"q_{consent.id}": "1"}
        answers, errors = read(questions, typed, stored=stored)
        assert errors == {}
        assert answers[paper.id] == file
        assert food.id not in answers
        assert answers[number.id] == 1.125
        answers, errors = read(questions, {f"q_{paper.id}-remove": "1"}, stored=stored)
        assert paper.id not in answers


def test_a_file_is_checked_when_it_comes(app: Flask, event: Event) -> None:
    paper = ask(event, KIND.FILE, "Ausweis", is_required=True)
    questions = list_questions(event.id)
    assert needs_multipart(questions)
    with app.test_request_context():
        good = FileStorage(io.BytesIO(b"%PDF-1.7"), "Ausweis.pdf")
        answers, errors = read(questions, {f"q_{paper.id}": good})
        assert (answers, errors) == ({paper.id: Upload("Ausweis.pdf", "application/pdf", b"%PDF-1.7")}, {})
        for wrong in (FileStorage(io.BytesIO(b"MZ"), "a.pdf"), "a.pdf", ""):
            answers, errors = read(questions, {f"q_{paper.id}": wrong})
            assert answers == {}
            assert len(errors[f"q_{paper.id}"]) == 1
