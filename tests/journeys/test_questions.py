"""A guest answers an organiser's own questions on a phone, with script and asked again without, until a choice is full.

In German and Arabic; every page on the way is accessible and fits the phone.
"""

from dataclasses import dataclass
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from eventapp.core.db import db
from eventapp.core.localized import Localized
from eventapp.events.models import Event
from eventapp.questions.answers.queries import read_answers
from eventapp.questions.rules import ChoiceInput, QuestionKind
from eventapp.registration.models import Participant
from eventapp.registration.rules import ParticipantState
from tests.browser import PHONE, OpenTab, Site, accessibility, scrolls_sideways, take_a_minute
from tests.make import make_event
from tests.questions import ask

pytestmark = pytest.mark.browser
KIND = QuestionKind
FULL = {"de": "„Vegan (Essen)“ ist voll.", "ar": "نباتي (الطعام)"}


@dataclass(frozen=True)
class Asked:
    """The questions of the event, by id."""

    food: int
    allergy: int
    which: int
    role: int
    photos: int


def prepare(event: Event) -> Asked:
    """Ask what is required, a chain of two, what only one group is asked, places for one vegan, and for a consent."""
    vegan = ChoiceInput(Localized(de="Vegan", ar="نباتي"), 1)
    meat = ChoiceInput(Localized(de="Mit Fleisch", ar="مع اللحم"))
    food = ask(event, KIND.ONE_OF, Localized(de="Essen", ar="الطعام"), choices=(vegan, meat), is_required=True)
    allergy = ask(event, KIND.YES_NO, "Haben Sie eine Allergie?", is_required=True, when=[(food, ())])
    which = ask(event, KIND.SHORT, "Welche?", is_required=True, when=[(allergy, ("yes",))])
    group = (event.categories[1].id,)
    role = ask(event, KIND.SHORT, "Ihre Aufgabe im Verein", category_ids=group, is_required=True)
    photos = ask(event, KIND.CONSENT, "Ich bin mit Fotos einverstanden.", is_required=True)
    return Asked(food.id, allergy.id, which.id, role.id, photos.id)


@pytest.mark.parametrize(("language", "has_script"), [("ar", True), ("de", False)], ids=["ar-script", "de-plain"])
def test_a_guest_answers_and_the_next_one_waits(
    site: Site, open_tab: OpenTab, language: str, *, has_script: bool
) -> None:
    del site
    event = make_event()
    asked, association = prepare(event), event.categories[1].id
    slug, event_id = event.slug, event.id
    for number, name in enumerate(("Amira", "Mehmet")):
        page = open_tab(PHONE, language, java_script_enabled=has_script).goto(f"/{language}/{slug}/register")
        looks_right(page, has_script=has_script)
        for field, value in (("given_name", name), ("email", f"{name}@example.org".lower())):
            page.locator(f"[name={field}]").fill(value)
        page.locator("[name=kind]").select_option("association")
        assert not row(page, asked.allergy).is_visible()
        assert not row(page, asked.role).is_visible()
        (answer_all if has_script else answer_step_by_step)(page, asked, association)
        if number == 0:
            expect(page.locator("img[src$='/qr.svg']")).to_be_visible()
        else:
            expect(page.locator("[aria-labelledby=waiting]")).to_contain_text(FULL[language])
        looks_right(page, has_script=has_script)
        check_stored(event_id, name, asked, association)
    assert [person.state for person in people(event_id)] == [ParticipantState.CONFIRMED, ParticipantState.WAITLISTED]


@pytest.mark.parametrize("language", ["de", "ar"])
def test_a_person_who_is_added_to_a_group_is_asked_too(site: Site, open_tab: OpenTab, language: str) -> None:
    del site
    event = make_event()
    asked, association = prepare(event), event.categories[1].id
    event_id = event.id
    page = open_tab(PHONE, language).goto(f"/{language}/{event.slug}/register/group")
    page.locator("[name=given_name]").fill("Sabine")
    page.locator("[name=email]").fill("sabine@example.org")
    tick(page.locator(f"[name=category][value='{event.categories[0].id}']"))
    for _ in range(2):
        page.locator("[name=add]").click()
    for _ in range(2):
        page.locator("[name=remove]").first.click()
    for place, food in enumerate(("vegan", "mit-fleisch")):
        person = page.locator("form .ev-member").nth(place)
        person.locator("[name$=_given_name]").fill(("Amira", "Mehmet")[place])
        mine = [person.locator(f"[data-question='{number}']") for number in (asked.food, asked.allergy, asked.role)]
        assert not mine[1].is_visible()
        tick(mine[0].locator(f"[value={food}]"))
        expect(mine[1]).to_be_visible()
        tick(mine[1].locator("[value=no]"))
        person.locator(f"[data-question='{asked.photos}'] input").check()
        expect(mine[2]).to_be_hidden()
    last = page.locator("form .ev-member").last
    last.locator("summary").first.click()
    last.locator("[name$=_category]").select_option(str(association))
    last.locator("[name$=_kind]").select_option("association")
    last.locator(f"[data-question='{asked.role}'] input").fill("Vorstand")
    looks_right(page, has_script=True)
    send(page)
    expect(page.locator("li.ev-member")).to_have_count(2)
    stored = read_answers([person.id for person in people(event_id)])
    told = [{key: value for key, value in each.items() if key != asked.photos} for each in stored.values()]
    rest = {asked.allergy: False}
    assert told == [{asked.food: "vegan", **rest}, {asked.food: "mit-fleisch", **rest, asked.role: "Vorstand"}]


def answer_all(page: Page, asked: Asked, association: int) -> None:
    """Answer while the questions appear, and forget one that is required: it is named, and nothing is lost."""
    tick(page.locator(f"[name=category][value='{association}']"))
    expect(row(page, asked.role)).to_be_visible()
    tick(row(page, asked.food).locator("[value=vegan]"))
    expect(row(page, asked.allergy)).to_be_visible()
    tick(row(page, asked.allergy).locator("[value=yes]"))
    row(page, asked.which).locator("input").fill("Nüsse")
    row(page, asked.role).locator("input").fill("Vorstand")
    looks_right(page, has_script=True)
    send(page)
    expect(page.locator(".ev-errors li")).to_have_count(1)
    expect(page.locator(f".ev-errors a[href='#q_{asked.photos}']")).to_be_visible()
    expect(row(page, asked.which).locator("input")).to_have_value("Nüsse")
    looks_right(page, has_script=True)
    row(page, asked.photos).locator("input").check()
    send(page)


def answer_step_by_step(page: Page, asked: Asked, association: int) -> None:
    """Answer without script: each time that answers lead to more questions, the same page comes back with them."""
    tick(page.locator(f"[name=category][value='{association}']"))
    tick(row(page, asked.food).locator("[value=vegan]"))
    row(page, asked.photos).locator("input").check()
    send(page)
    expect(page.locator(".ev-errors li")).to_have_count(1)
    expect(row(page, asked.role)).to_be_visible()
    tick(row(page, asked.allergy).locator("[value=yes]"))
    row(page, asked.role).locator("input").fill("Vorstand")
    send(page)
    expect(row(page, asked.which)).to_be_visible()
    expect(row(page, asked.role).locator("input")).to_have_value("Vorstand")
    row(page, asked.which).locator("input").fill("Nüsse")
    send(page)


def check_stored(event_id: int, name: str, asked: Asked, association: int) -> None:
    """Find every answer where it belongs."""
    (mine,) = [person for person in people(event_id) if person.given_name == name]
    assert mine.category_id == association
    answers: dict[int, Any] = dict(read_answers([mine.id])[mine.id])
    assert answers.pop(asked.photos)["version"] == 1
    assert answers == {asked.food: "vegan", asked.allergy: True, asked.which: "Nüsse", asked.role: "Vorstand"}


def people(event_id: int) -> list[Participant]:
    """Return who signed up, in their order, as stored now."""
    db.session.rollback()
    return list(db.session.query(Participant).filter_by(event_id=event_id).order_by(Participant.id))


def row(page: Page, question_id: int) -> Locator:
    """Return the part of the page that asks a question."""
    return page.locator(f"[data-question='{question_id}']")


def tick(control: Locator) -> None:
    """Choose as a finger does: on the words beside the circle."""
    page, name = control.page, control.get_attribute("id")
    page.locator(f"label[for='{name}']").click()
    expect(control).to_be_checked()


def send(page: Page) -> None:
    """Press the button of the form, a minute after it was shown."""
    take_a_minute(page)
    page.locator("main form.ev-form .ev-cta button").click()


def looks_right(page: Page, *, has_script: bool) -> None:
    """Find nothing wrong with the page that is shown; axe needs script."""
    if has_script:
        assert accessibility(page) == []
        assert not scrolls_sideways(page)
