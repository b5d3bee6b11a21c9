"""The layouts: an error is told first in the title, as people who listen hear it first."""

from tests.pages import Visitor


def test_the_title_of_a_page_with_errors_begins_with_the_word(page: Visitor) -> None:
    page.get("/manage/sign-in?lang=de")
    shown = page.submit(values={"email": "niemand", "password": ""})
    assert shown.errors
    assert shown.title == f"Fehler: {shown.h1} – eventapp"


def test_the_title_of_a_page_without_errors_begins_with_the_heading(page: Visitor) -> None:
    shown = page.get("/manage/sign-in?lang=de")
    assert shown.title == f"{shown.h1} – eventapp"
