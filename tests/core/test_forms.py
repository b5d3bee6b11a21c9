"""Fields clean what is typed, say what is wrong in words, and keep what was typed."""

import io
from datetime import UTC, datetime
from typing import Any

import pytest
from flask import Flask
from flask_wtf.file import FileField
from werkzeug.datastructures import MultiDict
from wtforms import DateField
from wtforms.validators import InputRequired, ValidationError

from eventapp.core.forms import EmailField, Form, LineField, LocalizedField, TextField, ZonedDateTimeField, parse_local
from eventapp.core.localized import Localized
from eventapp.core.refusal import Refusal
from eventapp.core.sections import DegreesField
from tests.pages import Visitor


class Sample(Form):
    """One field of each of our kinds."""

    name = LineField("Name", limit=20)
    note = TextField("Note")
    email = EmailField("E-mail")
    title = LocalizedField("Title", required=True)
    starts = ZonedDateTimeField("Starts")


def _sent(app: Flask, **values: Any) -> Sample:
    whole = {"name": "Ana", "email": "ana@example.org", "title-de": "Forum", "starts": "2026-06-15T10:00"} | values
    with app.test_request_context("/de/", method="POST"):
        form = Sample(MultiDict(whole), meta={"csrf": False})
        form.validate()
        return form


def test_lines_are_cleaned(app: Flask) -> None:
    form = _sent(app, name="  A\x00na\t\u00a0 Zoe\u0308 ", note="a\x00b \r\nc\x07\n\n")
    assert form.name.data == "Ana Zoë"
    assert form.note.data == "ab\nc"
    assert not form.errors


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("name", "x" * 21),
        ("note", "x" * 10_000),
        ("email", "ana@"),
        ("email", "ana example.org"),
        ("title-de", "x" * 300),
        ("starts", "tomorrow"),
        ("starts", "2026-02-30T10:00"),
        ("starts", "2026-03-29T02:30"),
        ("starts", "0026-03-29T02:30"),
    ],
)
def test_what_is_wrong_is_said_and_what_was_typed_is_kept(app: Flask, field: str, value: str) -> None:
    form = _sent(app, **{field: value})
    name = field.partition("-")[0]
    assert form[name].errors
    kept = form.title.data["de"] if name == "title" else form[name]._value()
    assert kept == value


def test_a_localized_text_needs_one_language_and_keeps_those_not_shown(app: Flask) -> None:
    assert _sent(app, **{"title-de": " "}).title.errors
    with app.test_request_context("/de/", method="POST"):
        sent = MultiDict({"title-de": "Neu", "title-ar": "", "title-<b>": "x"})
        form = Sample(sent, data={"title": Localized(de="Alt", uk="Форум", ar="منتدى")}, meta={"csrf": False})
    assert dict(form.title.data) == {"de": "Neu", "uk": "Форум"}


def test_local_times_become_moments() -> None:
    assert parse_local("2026-06-15T10:00", "Europe/Berlin") == datetime(2026, 6, 15, 8, tzinfo=UTC)
    assert parse_local("2026-12-04 09:30", "Europe/Berlin") == datetime(2026, 12, 4, 8, 30, tzinfo=UTC)
    assert parse_local("2026-10-25T02:30", "Europe/Berlin") == datetime(2026, 10, 25, 0, 30, tzinfo=UTC)
    with pytest.raises(ValidationError):
        parse_local("2026-03-29T02:30", "Europe/Berlin")


def test_a_refusal_is_shown_at_its_field_or_on_top(app: Flask) -> None:
    form = _sent(app)
    with app.test_request_context("/de/"):
        form.refuse(Refusal(field="email"))
        form.refuse(Refusal())
        errors = form.each_error()
    assert [where for where, _label, _text in errors] == ["main", "email"]
    assert {text for _where, _label, text in errors} == {"Das ist nicht möglich."}


def test_a_file_in_place_of_a_text_is_no_error_of_ours(app: Flask) -> None:
    files = {"name": (io.BytesIO(b"x"), "x.txt"), "title-de": "Forum"}
    with app.test_request_context("/de/", method="POST", data=files, content_type="multipart/form-data"):
        form = Sample(meta={"csrf": False})
        assert not form.validate()


@pytest.mark.parametrize("name", ["next", "email"])
def test_a_nul_in_any_field_is_left_out(page: Visitor, name: str) -> None:
    page.get("/manage/sign-in")
    shown = page.post("/manage/sign-in", {"email": "ana@example.org", "password": "", name: "a\x00b"}, status=422)
    assert "\x00" not in shown.html


def test_a_file_in_place_of_a_text_is_nothing(app: Flask) -> None:
    class Day(Form):
        day = DateField()
        degrees = DegreesField()
        starts_at = ZonedDateTimeField(validators=[InputRequired()])
        picture = FileField()

    names = ("day", "degrees", "starts_at", "picture")
    files = {name: (io.BytesIO(b"x"), "x.png") for name in names}
    with app.test_request_context("/", method="POST", data=files):
        form = Day()
        form.validate()
        assert set(form.errors) == {"day", "starts_at", "csrf_token"}
        assert "value" in str(form.day())
        assert form.picture.data.read() == b"x"


def test_blanks_are_no_time(app: Flask) -> None:
    class Moment(Form):
        starts_at = ZonedDateTimeField(validators=[InputRequired()])

    with app.test_request_context("/", method="POST", data={"starts_at": "   "}):
        form = Moment()
        form.validate()
        assert "starts_at" in form.errors
