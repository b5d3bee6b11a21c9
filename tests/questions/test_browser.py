"""Questions in a real browser: they appear at once, are dragged into order, and nothing is wrong with their pages."""

import pytest

from eventapp.core.db import db
from eventapp.core.localized import Localized
from eventapp.events.models import Event
from eventapp.questions.queries import list_questions
from eventapp.questions.rules import ChoiceInput, QuestionKind
from tests.browser import DESK, PHONE, OpenTab, Site
from tests.editions.test_browser import LONG, enter, look
from tests.make import make_account, make_event, make_organiser
from tests.questions import ask

pytestmark = pytest.mark.browser
KIND = QuestionKind


def fill(language: str = "de") -> tuple[str, dict[str, int]]:
    """Make an event with a question of each kind and conditions; return its address and the ids by code."""
    organiser = make_organiser("Stadt Essen")
    make_account(organiser, email="ada@example.org", language=language)
    event: Event = make_event(organiser)
    bike = ask(event, KIND.YES_NO, "Rad", is_required=True, why=Localized(de=f"Für den Ständer, {LONG}"))
    ask(event, KIND.NUMBER, "Anzahl", when=[(bike, ("yes",))], is_required=True)
    ask(event, KIND.SHORT, "Verein", category_ids=(event.categories[1].id,))
    choices = (ChoiceInput(Localized(de="Vegan", ar="نباتي"), 5), ChoiceInput(Localized(de=LONG), 0))
    food = ask(event, KIND.SEVERAL_OF, "Speisen", choices=choices, help=Localized(de=f"Zum Beispiel {LONG}"))
    ask(event, KIND.LONG, "Allergie", when=[(food, ("vegan",)), (bike, ())])
    for kind in (KIND.DATE, KIND.EMAIL, KIND.PHONE, KIND.COUNTRY, KIND.LANGUAGE, KIND.FILE):
        ask(event, kind, kind.value)
    ask(event, KIND.CONSENT, f"Ich bin mit Fotos einverstanden. {LONG}")
    found = {question.code: question.id for question in list_questions(event.id)}
    slug = event.slug
    db.session.rollback()
    return f"/manage/events/{slug}/questions", found


def test_questions_appear_and_go_at_once(site: Site, open_tab: OpenTab) -> None:
    url, ids = fill()
    tab = open_tab(PHONE, "de")
    enter(tab, "de")
    page = tab.goto(f"{url}/preview")
    row = {code: page.locator(f'[data-question="{number}"]') for code, number in ids.items()}
    assert not row["anzahl"].is_visible()
    page.get_by_label("Ja", exact=True).check()
    assert row["anzahl"].is_visible()
    assert not row["allergie"].is_visible()
    page.get_by_text("Vegan", exact=True).click()
    assert row["allergie"].is_visible()
    page.get_by_label("Verein", exact=True).first.check()
    assert row["verein"].is_visible()
    page.get_by_label("Nein", exact=True).check()
    assert not row["anzahl"].is_visible()
    assert page.locator(f"#q_{ids['anzahl']}").is_disabled()
    page.get_by_role("button", name="Diese Antworten ausprobieren").click()
    assert page.get_by_text("Diese Antworten würden angenommen.").is_visible()
    page.get_by_label("Ja", exact=True).check()
    page.locator(f"#q_{ids['anzahl']}").fill("viele")
    page.get_by_role("button", name="Diese Antworten ausprobieren").click()
    assert page.get_by_role("alert").is_visible()
    assert page.locator(f"#q_{ids['anzahl']}").input_value() == "viele"


def test_questions_are_dragged_into_order(site: Site, open_tab: OpenTab) -> None:
    url, _ids = fill()
    tab = open_tab(DESK, "de")
    enter(tab, "de")
    page = tab.goto(url)
    page.locator("#question-verein [data-grip]").drag_to(
        page.locator("#question-rad"), target_position={"x": 20, "y": 3}
    )
    page.wait_for_load_state()
    page.wait_for_function("document.querySelector('[data-order] > li').id === 'question-verein'")
    page = tab.goto(url)
    assert page.locator("[data-order] > li").first.get_attribute("id") == "question-verein"


@pytest.mark.parametrize(("width", "language"), [(PHONE, "ar"), (DESK, "de")])
def test_nothing_is_wrong_with_the_pages(site: Site, open_tab: OpenTab, width: int, language: str) -> None:
    url, _ids = fill(language)
    tab = open_tab(width, language)
    enter(tab, language)
    wrong = []
    for number, rest in enumerate(("", "/new", "/new?kind=one_of", "/speisen/edit", "/preview")):
        page = tab.goto(url + rest)
        page.evaluate("for (const one of document.querySelectorAll('main details')) one.open = true")
        wrong += look(tab, f"questions-{number}-{width}-{language}")
    assert wrong == []
