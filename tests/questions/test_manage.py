"""The form builder's pages: kind first, mistakes at their fields, order, retire, two editors, preview, files."""

import io
from dataclasses import replace
from typing import Any

import pytest
from flask import Flask

from eventapp.accounts.rules import Role
from eventapp.core.localized import Localized
from eventapp.events.models import Event
from eventapp.questions import service
from eventapp.questions.answers.rules import Upload
from eventapp.questions.answers.service import write_answers
from eventapp.questions.queries import input_of_question, list_questions
from eventapp.questions.rules import Condition, QuestionKind
from tests.make import make_account, make_event, make_organiser, sign_in
from tests.pages import Visitor
from tests.questions import ask, guest

KIND = QuestionKind


@pytest.fixture
def event(app: Flask) -> Event:
    return make_event()


@pytest.fixture
def editor(event: Event, page: Visitor) -> Visitor:
    """The tab of an editor of the organiser."""
    sign_in(page.client, make_account(event.organiser, Role.EDITOR))
    return page


def url(event: Event, rest: str = "") -> str:
    """Return an address of the form builder."""
    return f"/manage/events/{event.slug}/questions{rest}"


def labels(event: Event) -> list[str]:
    """Return the German labels of the questions that are asked."""
    return [question.label["de"] for question in list_questions(event.id)]


def test_a_question_begins_with_its_kind(event: Event, editor: Visitor) -> None:
    editor.get(f"/manage/events/{event.slug}/categories")
    editor.click("Fragen")
    assert "Noch keine eigene Frage" in editor.text
    editor.click("Frage hinzufügen")
    assert editor.h1 == "Was antworten die Gäste?"
    editor.click("Eine von mehreren Antworten")
    editor.submit(values={"label-de": ""}, status=422)
    assert "Schreiben Sie hier etwas, mindestens auf Deutsch." in editor.errors[0]
    typed = {
        "label-de": "Was essen Sie?",
        "label-en": "What do you eat?",
        "is_required": "y",
        "why-de": "Für die Küche",
    }
    editor.submit(values=typed, status=422)
    assert "mindestens eine Antwort" in editor.errors[0]
    assert editor.form(containing="label-de").values["label-en"] == "What do you eat?"
    choices = {"choice_1_label-de": "Vegan", "choice_1_places": "20", "choice_3_label-de": "Reis"}
    editor.submit(values={**choices, "choice_1_places": "viele"}, status=422)
    editor.submit(values=choices, press="Weitere Antworten", status=200)
    assert "choice_6_label-de" in editor.form(containing="label-de").names
    editor.submit(values={"choice_6_label-de": "Obst"}, status=200)
    question = list_questions(event.id)[0]
    assert [(c.key, c.label["de"]) for c in question.choices] == [
        ("vegan", "Vegan"),
        ("reis", "Reis"),
        ("obst", "Obst"),
    ]
    assert (question.is_required, question.label["en"]) == (True, "What do you eat?")
    assert [c.places for c in input_of_question(question).choices] == [20, None, None]
    assert "Pflicht" in editor.text


@pytest.mark.parametrize("kind", list(KIND))
def test_every_kind_can_be_asked_and_edited(event: Event, editor: Visitor, kind: QuestionKind) -> None:
    editor.get(url(event, f"/new?kind={kind.value}"))
    values = {"label-de": "Frage <b>eins</b>", **({"choice_1_label-de": "Ja & Amen"} if "_of" in kind.value else {})}
    editor.submit(values=values, status=200)
    editor.click("Frage <b>eins</b>")
    editor.submit(editor.form(containing="label-de"), {"help-de": "Hilfe", "retention": "day"}, status=200)
    question = list_questions(event.id)[0]
    assert (question.kind, question.help, question.retention.value) == (kind, Localized(de="Hilfe"), "day")
    shown = editor.click("Als Gast sehen")
    assert "Frage <b>eins</b>" in shown.text
    assert "Hilfe" in shown.text


def test_an_unknown_kind_shows_the_kinds(event: Event, editor: Visitor) -> None:
    assert editor.get(url(event, "/new?kind=colour")).h1 == "Was antworten die Gäste?"


def test_conditions_are_ticked_and_circles_are_told(event: Event, editor: Visitor) -> None:
    first = ask(event, KIND.YES_NO, "Kommen Sie?")
    second = ask(event, KIND.SHORT, "Womit?")
    editor.get(url(event, "/womit/edit"))
    form = editor.form(containing="label-de")
    values = {f"when_{first.id}": ["yes"], "category_ids": [str(event.categories[1].id)]}
    editor.submit(form, values, status=200)
    assert second.conditions == (Condition(first.id, ("yes",)),)
    assert second.category_ids == [event.categories[1].id]
    assert "Nur wenn die Antwort auf „Kommen Sie?“ „Ja“ ist" in editor.text
    assert "Nur für: Verein" in editor.text
    editor.get(url(event, "/kommen-sie/edit"))
    editor.submit(editor.form(containing="label-de"), {f"when_{second.id}": ["*"], "label-de": "Kommen?"}, status=422)
    assert "im Kreis: „Kommen Sie?“, „Womit?“" in editor.errors[0]
    assert editor.form(containing="label-de").values["label-de"] == "Kommen?"
    editor.post(url(event, "/womit/edit"), {**form.values, f"when_{first.id}": "maybe"}, status=422)
    editor.post(url(event, "/womit/edit"), {**form.values, "category_ids": "999999"}, status=422)
    editor.post(url(event, "/womit/edit"), {**form.values, "retention": "staff"}, status=422)
    assert second.conditions == (Condition(first.id, ("yes",)),)


def test_questions_are_moved_by_buttons_and_at_once(event: Event, editor: Visitor) -> None:
    made = [ask(event, KIND.SHORT, label) for label in ("Eins", "Zwei", "Drei")]
    editor.get(url(event))
    editor.submit("drei/move", status=200)
    assert labels(event) == ["Eins", "Drei", "Zwei"]
    order = " ".join(str(question.id) for question in reversed(made))
    editor.submit("questions/order", {"order": order}, status=200)
    assert labels(event) == ["Drei", "Zwei", "Eins"]
    ask(event, KIND.SHORT, "Vier")
    editor.submit("questions/order", {"order": order}, status=409)
    assert "inzwischen" in editor.text
    editor.post(url(event, "/order"), {"order": "x"}, status=400)
    assert labels(event) == ["Drei", "Zwei", "Eins", "Vier"]


def test_what_was_answered_is_retired_and_comes_back(event: Event, editor: Visitor) -> None:
    question = ask(event, KIND.ONE_OF, "Mahlzeit", "Vegan", "Reis")
    needs = ask(event, KIND.SHORT, "Allergien", when=[(question, ("vegan",))])
    write_answers(guest(event), event.id, {question.id: "vegan"})
    editor.get(url(event))
    assert "1 Antwort" in editor.text
    editor.click("Mahlzeit")
    editor.submit("remove", status=409)
    assert "Diese Frage wurde schon beantwortet" in editor.text
    editor.click("Mahlzeit")
    editor.submit("retire", status=409)
    assert "„Allergien“" in editor.text
    editor.click("Mahlzeit")
    form = editor.form(containing="label-de")
    editor.submit(form, {"choice_1_state": "removed"}, status=409)
    assert "„Vegan“" in editor.errors[0]
    editor.submit(editor.form(containing="label-de"), {"choice_1_state": "retired"}, status=200)
    service.remove(needs.id)
    editor.click("Mahlzeit")
    editor.submit("retire", status=200)
    assert "1 Frage wird nicht mehr gestellt" in editor.text
    editor.submit("restore", status=200)
    assert labels(event) == ["Mahlzeit"]


def test_words_of_an_answer_cannot_be_lost_by_mistake(event: Event, editor: Visitor) -> None:
    question = ask(event, KIND.ONE_OF, "Essen", "Vegan", "Reis")
    editor.get(url(event, "/essen/edit"))
    editor.submit(editor.form(containing="label-de"), {"choice_2_label-de": ""}, status=422)
    assert "Text jeder Antwort" in editor.errors[0]
    editor.submit(editor.form(containing="label-de"), {"choice_2_state": "removed"}, status=200)
    assert [choice.key for choice in question.choices] == ["vegan"]


def test_a_second_editor_is_told_about_the_first(event: Event, editor: Visitor) -> None:
    question = ask(event, KIND.ONE_OF, "Essen", "Vegan", "Reis")
    editor.get(url(event, "/essen/edit"))
    form = editor.form(containing="label-de")
    given = input_of_question(question)
    english = replace(given.choices[1], label=Localized(de="Reis", ar="أرز"))
    service.update_question(question.id, replace(given, label=Localized(de="Von Ada"), choices=(english,)))
    editor.submit(form, {"label-de": "Von Ben", "choice_2_label-de": "Reis!"}, status=409)
    again = editor.form(containing="label-de")
    assert (again.values["label-de"], again.values["choice_2_label-de"]) == ("Von Ben", "Reis!")
    editor.submit(again, {"choice_1_state": "removed"}, status=200)
    assert question.label == Localized(de="Von Ben")
    assert question.choices[0].label == Localized(de="Reis!", ar="أرز")


def test_a_guest_without_script_is_asked_again(event: Event, editor: Visitor) -> None:
    first = ask(event, KIND.YES_NO, "Kommen Sie mit dem Rad?", is_required=True)
    second = ask(
        event, KIND.NUMBER, "Wie viele Räder?", when=[(first, ("yes",))], is_required=True, why=Localized(de="X")
    )
    editor.get(url(event, "/preview"))
    assert _hidden(editor) == {second.id}
    editor.submit("try", {f"q_{first.id}": "yes"}, status=422)
    assert editor.errors == ["Ihre Antworten führen zu weiteren Fragen. Bitte sehen Sie unten nach."]
    assert _hidden(editor) == set()
    editor.submit("try", {f"q_{second.id}": "viele"}, status=422)
    assert "Bitte schreiben Sie eine Zahl" in editor.errors[0]
    assert editor.form("try").values[f"q_{second.id}"] == "viele"
    editor.submit("try", {f"q_{second.id}": "2"}, status=200)
    assert "Es wurde nichts gespeichert" in editor.text
    editor.submit("try", {f"q_{first.id}": "no", f"q_{second.id}": "viele"}, status=200)


def test_the_preview_keeps_groups_apart_and_takes_files(event: Event, editor: Visitor) -> None:
    company, club = event.categories
    paper = ask(event, KIND.FILE, "Ausweis", category_ids=(club.id,), is_required=True)
    food = ask(event, KIND.ONE_OF, "Essen", "Vegan")
    editor.get(url(event, "/preview"))
    assert editor.form("try").element.get("enctype") == "multipart/form-data"
    editor.submit("try", {"category": str(company.id), f"q_{food.id}": "vegan"}, status=200)
    editor.submit("try", {"category": str(club.id)}, status=422)
    wrong: Any = (io.BytesIO(b"MZ"), "ausweis.pdf")
    editor.submit("try", {f"q_{paper.id}": wrong}, status=422)
    assert "PDF-, JPEG- oder PNG-Datei" in editor.errors[0]
    good: Any = (io.BytesIO(b"%PDF-1.7"), "ausweis.pdf")
    editor.submit("try", {f"q_{paper.id}": good, f"q_{food.id}": "pizza"}, status=422)
    assert "„ausweis.pdf“ noch einmal" in editor.text
    good = (io.BytesIO(b"%PDF-1.7"), "ausweis.pdf")
    editor.submit("try", {f"q_{paper.id}": good, f"q_{food.id}": "vegan"}, status=200)


def test_files_are_for_those_who_may_see_participants(event: Event, page: Visitor) -> None:
    paper, person = ask(event, KIND.FILE, "Ausweis"), guest(event)
    upload = Upload("Ausweis Übung.pdf", "application/pdf", b"%PDF-1.7")
    value = write_answers(person, event.id, {paper.id: upload})[paper.id]
    assert isinstance(value, dict)
    address = f"/manage/events/{event.slug}/answers/{value['file']}"
    assert page.client.get(address).status_code == 302
    for role, status in ((Role.DOOR, 403), (Role.VIEWER, 200)):
        sign_in(page.client, make_account(event.organiser, role))
        answer = page.client.get(address)
        assert answer.status_code == status
    assert answer.data == b"%PDF-1.7"
    assert answer.headers["Content-Disposition"].startswith("attachment; filename=")
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Cache-Control"] == "no-store"
    other = make_event(event.organiser)
    assert page.client.get(f"/manage/events/{other.slug}/answers/{value['file']}").status_code == 404


def test_what_belongs_to_another_event_is_not_there(event: Event, editor: Visitor) -> None:
    other = make_event(make_organiser("Andere", slug="andere"))
    ask(other, KIND.SHORT, "Fremd")
    editor.get(url(event, "/fremd/edit"), status=404)
    for act in ("move", "retire", "restore", "remove"):
        editor.get(f"/manage/events/{event.slug}/categories")
        editor.post(url(event, f"/fremd/{act}"), {}, status=404)
    assert labels(other) == ["Fremd"]


def _hidden(editor: Visitor) -> set[int]:
    """Return the ids of the questions that the page hides."""
    rows = [x for x in editor.page.root.iter("div") if x.get("data-question")]
    return {int(row.get("data-question", "0")) for row in rows if row.get("hidden") is not None}
