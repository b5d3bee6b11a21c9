"""The style page shows every component, in every language, on a phone and a desk, light and dark, without a fault."""

import re
from pathlib import Path

import pytest

from tests.make import make_account, make_organiser, sign_in
from tests.pages import Client, Visitor

ROOT = Path(__file__).resolve().parents[2]


def test_the_style_page_is_for_people_who_are_signed_in(client: Client) -> None:
    answer = client.get("/manage/style")
    assert answer.status_code == 302


@pytest.mark.parametrize("language", ["de", "en", "ar"])
def test_the_style_page_shows_every_component(page: Visitor, language: str) -> None:
    sign_in(page.client, make_account(make_organiser(), language=language))
    shown = page.get("/manage/style")
    assert shown.language == language
    for component in ("ev-errors", "ev-choice", "ev-agenda", "ev-person", "ev-ticket", "ev-table", "ev-tt", "ev-doors"):
        assert component in shown.html


def test_every_sign_of_the_style_sheet_is_on_the_style_page() -> None:
    drawn = set(re.findall(r"\.ev-icon--([a-z-]+) \{ --i", (ROOT / "static/css/icons.css").read_text()))
    template = (ROOT / "templates/dashboard/manage/style/ground.html").read_text()
    assert drawn <= set(re.findall(r'"([a-z-]+)"', template))
