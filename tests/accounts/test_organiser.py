"""The organiser's page: texts in several languages, the colour that must be readable, the logo."""

import io

import pytest
from flask import Flask
from PIL import Image
from sqlalchemy import func, select

from eventapp.accounts.models import Organiser
from eventapp.accounts.rules import Role
from eventapp.accounts.service import ColourUnreadable, OrganiserInput, create_organiser, create_owner
from eventapp.core.db import db
from eventapp.core.localized import Localized
from eventapp.media.models import Picture
from tests.make import make_account, make_organiser, sign_in
from tests.pages import Client, Visitor

GOOD = {
    "name-de": "Stadt Essen", "name-ar": "مدينة إسن", "address": "Porscheplatz 1\n45121 Essen",
    "email": "forum@example.org", "accent": "#7a1f5c", "website": "https://www.example.org",
}  # fmt: skip


def open_page(client: Client, page: Visitor) -> None:
    """Sign an owner in and open the page of the organiser."""
    sign_in(client, make_account(make_organiser("Stadt", slug="stadt")))
    page.get("/manage/organisers/stadt")


def kept() -> Organiser:
    """Return the only organiser as it is stored."""
    return db.session.scalars(select(Organiser)).one()


def test_an_owner_changes_what_guests_read(client: Client, page: Visitor) -> None:
    open_page(client, page)
    page.submit(page.form(containing="email"), GOOD, status=200)
    organiser = kept()
    assert dict(organiser.name) == {"de": "Stadt Essen", "ar": "مدينة إسن"}
    assert organiser.address == "Porscheplatz 1\n45121 Essen"
    page.get("/ar/organisers/stadt/legal-notice")
    assert "مدينة إسن" in page.text
    assert "colours-7a1f5c.css" in page.html


@pytest.mark.parametrize(
    "wrong",
    [{"name-de": "", "name-ar": ""}, {"email": "x"}, {"website": "javascript:alert(1)"}, {"website": "ftp://x.org"},
     {"accent": "#ffff00"}, {"accent": "red"}, {"accent": "#7a1f5c;}body{display:none"}, {"address": ""},
     {"name-de": "x" * 10_000}, {"phone": "1" * 61}],
)  # fmt: skip
def test_wrong_input_is_refused_and_what_was_typed_stays(client: Client, page: Visitor, wrong: dict[str, str]) -> None:
    open_page(client, page)
    shown = page.submit(page.form(containing="email"), GOOD | wrong)
    assert shown.status == 422
    assert page.errors
    assert "Porscheplatz" in page.html or "address" in wrong
    assert kept().address == ""


def test_markup_in_names_is_shown_as_text(client: Client, page: Visitor) -> None:
    open_page(client, page)
    page.submit(page.form(containing="email"), GOOD | {"name-de": "<script>alert(1)</script>\x00"}, status=200)
    page.get("/de/organisers/stadt/privacy")
    assert "<script>alert" not in page.html
    assert "<script>alert(1)</script>" in page.text


def test_a_logo_is_shown_and_taken_away(client: Client, page: Visitor) -> None:
    open_page(client, page)
    out = io.BytesIO()
    Image.new("RGBA", (900, 100), (0, 0, 0, 90)).save(out, "PNG")
    page.submit("logo", {"picture": (io.BytesIO(out.getvalue()), "logo.html")}, status=200)
    logo = kept().logo
    assert logo is not None
    assert (logo.width, logo.extension) == (800, "png")
    page.submit("logo", {"is_none": "y"}, status=200)
    assert kept().logo is None


@pytest.mark.parametrize("data", [b"", b"<script>alert(1)</script>", b"\x89PNG\r\n\x1a\n<script>"])
def test_what_is_no_picture_is_refused(client: Client, page: Visitor, data: bytes) -> None:
    open_page(client, page)
    shown = page.submit("logo", {"picture": (io.BytesIO(data), "logo.png")})
    assert shown.status == 422
    assert page.errors
    assert db.session.scalar(select(func.count()).select_from(Picture)) == 0


def test_a_body_of_fifty_megabytes_is_refused_unread(client: Client, page: Visitor) -> None:
    open_page(client, page)
    kind = "multipart/form-data; boundary=x"
    assert client.post("/manage/organisers/stadt/logo", data=b"\x00" * 50_000_000, content_type=kind).status_code == 413


@pytest.mark.parametrize("role", [Role.EDITOR, Role.VIEWER, Role.DOOR])
def test_only_owners_may_change_an_organiser(client: Client, role: Role) -> None:
    sign_in(client, make_account(make_organiser(slug="stadt"), role))
    assert client.get("/manage/organisers/stadt").status_code == 403


def test_colours_are_a_style_sheet_that_is_kept_for_ever(client: Client) -> None:
    make_organiser(slug="stadt")
    response = client.get("/organisers/stadt/colours-00505f.css")
    assert response.mimetype == "text/css"
    assert "immutable" in response.headers["Cache-Control"]
    assert "--ev-accent: light-dark(#00505f" in response.text
    old = client.get("/organisers/stadt/colours-ff0000.css", follow_redirects=True)
    assert old.request.path == "/organisers/stadt/colours-00505f.css"
    assert client.get("/organisers/nobody/colours-00505f.css").status_code == 404


def test_addresses_of_organisers_are_numbered(app: Flask) -> None:
    assert [make_organiser("Stadt Köln").slug for _ in range(3)] == ["stadt-koeln", "stadt-koeln-2", "stadt-koeln-3"]
    assert create_organiser(OrganiserInput(name=Localized(ar="مدينة"), email="a@example.org")).slug == "organiser"


def test_the_first_owner_is_made_whole_or_not_at_all(app: Flask) -> None:
    given = OrganiserInput(name=Localized(de="Stadt"), email="a@example.org", accent="#ffff00")
    with pytest.raises(ColourUnreadable):
        create_owner(given, "ada@example.org", "Ada", "long enough words")
    assert db.session.scalars(select(Organiser)).all() == []
