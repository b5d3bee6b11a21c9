"""The guest's page says what still is to be answered, and lets them withdraw what they agreed to."""

from collections.abc import Mapping
from typing import Any

import pytest
from flask import Flask

from eventapp.core.localized import Localized
from eventapp.events.models import Event
from eventapp.questions.answers.queries import read_answers
from eventapp.questions.answers.service import write_answers
from eventapp.questions.queries import input_of_question
from eventapp.questions.rules import QuestionKind
from eventapp.questions.service import retire, update_question
from eventapp.registration.deputy.service import send_deputy
from eventapp.registration.models import Participant
from eventapp.registration.queries import find_participant, link_token
from eventapp.registration.signup.rules import Via
from eventapp.registration.signup.service import sign_up
from tests.make import make_account, make_event, sign_in
from tests.pages import Client, Visitor
from tests.questions import ask
from tests.registration.people import arrive, check_invariants, person

KIND = QuestionKind
AGREED = {"version": 1, "at": "2026-06-15T08:00:00+00:00"}
ONE = {"de": "Bitte beantworten Sie 1 Frage", "ar": "يرجى الإجابة عن سؤال واحد"}


@pytest.fixture
def event(app: Flask) -> Event:
    return make_event()


def my(guest: Participant, language: str = "de") -> str:
    """Return the address of a guest's page."""
    return f"/{language}/my/{link_token(guest)}"


def now(guest: Participant) -> Participant:
    """Return a guest as stored now."""
    found = find_participant(guest.public_id)
    assert found is not None
    return found


def answers(guest: Participant) -> Mapping[int, Any]:
    """Return what a guest answered, as stored now."""
    return read_answers([guest.id])[guest.id]


@pytest.mark.parametrize("language", ["de", "ar"])
def test_a_question_that_came_later_is_told_until_it_is_answered(event: Event, page: Visitor, language: str) -> None:
    guest = arrive(event).participant
    page.get(my(guest, language))
    assert 'id="missing"' not in page.html
    first = ask(event, KIND.YES_NO, "Rad", is_required=True)
    second = ask(event, KIND.NUMBER, "Größe", is_required=True, when=[(first, ("yes",))])
    ask(event, KIND.SHORT, "Freiwillig")
    ask(event, KIND.SHORT, "Nur für andere", is_required=True, category_ids=(event.categories[0].id,))
    page.get(my(guest, language))
    assert page.id("missing").text == ONE[language]
    page.get(f"{my(guest, language)}/change")
    page.submit(values={f"q_{first.id}": "no"}, status=200)
    assert 'id="missing"' not in page.html
    write_answers(guest.id, event.id, {first.id: True}, category_id=guest.category_id)
    page.get(my(guest, language))
    assert 'id="missing"' in page.html, "the answer leads to another required question"
    retire(second.id)
    page.get(my(guest, language))
    assert 'id="missing"' not in page.html


def test_a_deputy_and_a_guest_by_hand_are_asked(event: Event, page: Visitor) -> None:
    name, photos = (
        ask(event, KIND.SHORT, "Verein", is_required=True),
        ask(event, KIND.CONSENT, "Fotos", is_required=True),
    )
    guest = arrive(event, answers={name.id: "Brücke", photos.id: AGREED}).participant
    page.get(my(guest))
    assert 'id="missing"' not in page.html
    send_deputy(guest.id, person(event, 2))
    page.get(my(now(guest)))
    assert page.id("missing").text == "Bitte beantworten Sie 2 Fragen"
    page.click("Jetzt antworten")
    page.submit(values={f"q_{name.id}": "Dorf", f"q_{photos.id}": "1"}, status=200)
    assert 'id="missing"' not in page.html
    by_hand = arrive_by_hand(event)
    page.get(my(by_hand))
    assert page.id("missing").text == "Bitte beantworten Sie 2 Fragen"


def arrive_by_hand(event: Event) -> Participant:
    """Enter somebody as the organiser does."""
    from_desk = person(event, 3)
    return sign_up(event.id, from_desk, via=Via.ORGANISER).participant


@pytest.mark.parametrize("language", ["de", "ar"])
def test_a_consent_is_withdrawn_also_when_it_was_required(event: Event, page: Visitor, language: str) -> None:
    words = Localized(de="Fotos von mir sind erlaubt.", ar="أوافق على الصور.")
    photos, name = ask(event, KIND.CONSENT, words, is_required=True), ask(event, KIND.SHORT, "Verein", is_required=True)
    guest = arrive(event, answers={photos.id: AGREED, name.id: "Brücke"}).participant
    given = input_of_question(photos)
    update_question(photos.id, type(given)(**{**vars(given), "label": Localized(de="Fotos und Filme")}))
    page.get(my(guest, language))
    assert words.pick(language).text in page.text, "what is shown is what was agreed to"
    page.click({"de": "Einwilligung widerrufen", "ar": "سحب هذه الموافقة"}[language])
    assert answers(guest)[photos.id] == AGREED
    asked = page.page.url
    page.submit(status=200)
    assert {"de": "Ihre Einwilligung ist widerrufen.", "ar": "تم سحب موافقتك."}[language] in page.text
    assert words.pick(language).text not in page.text
    assert answers(guest) == {name.id: "Brücke"}
    assert 'id="missing"' not in page.html, "nobody is asked again for what they withdrew"
    page.get(asked)
    assert page.page.url == my(guest, language)
    page.get(f"{my(guest, language)}/change")
    page.submit(values={f"q_{name.id}": "Dorf"}, status=200)
    assert answers(guest) == {name.id: "Dorf"}, "what somebody withdrew does not hinder other changes"
    check_invariants(event.id)


def test_the_history_names_what_was_withdrawn(event: Event, page: Visitor, client: Client) -> None:
    photos = ask(event, KIND.CONSENT, "Fotos von mir sind erlaubt.")
    guest = arrive(event, answers={photos.id: AGREED}).participant
    page.get(f"{my(guest)}/consents/{photos.code}")
    page.submit(status=200)
    sign_in(client, make_account(event.organiser))
    page.get(f"/manage/events/{event.slug}/participants/{guest.public_id}")
    assert any(
        "Einwilligung „Fotos von mir sind erlaubt.“ widerrufen, Fassung 1." in row[1] for row in page.page.rows()
    )
    page.get(f"{my(guest)}/consents/nothing", status=404)
