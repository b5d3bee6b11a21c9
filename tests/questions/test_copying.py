"""The next edition has the same questions: conditions, groups and places lead to its own, answers stay behind."""

from datetime import date

import pytest
from flask import Flask

from eventapp.capacity.queries import list_limits
from eventapp.capacity.rules import LimitKind
from eventapp.core.localized import Localized
from eventapp.editions.service import copy
from eventapp.events.models import Event
from eventapp.questions import service
from eventapp.questions.answers.service import write_answers
from eventapp.questions.queries import count_answers, input_of_question, list_questions
from eventapp.questions.rules import ChoiceInput, Condition, QuestionKind
from tests.make import make_event
from tests.questions import ask, guest


@pytest.fixture
def old(app: Flask) -> Event:
    """An event with a chain of questions, one of them behind the one that depends on it, and one retired."""
    event = make_event()
    choices = (ChoiceInput(Localized(de="Vegan"), 20), ChoiceInput(Localized(de="Fleisch"), None, True))
    food = ask(event, QuestionKind.ONE_OF, "Essen", choices=choices, is_required=True)
    why = ask(
        event, QuestionKind.LONG, "Warum", when=[(food, ("vegan", "fleisch"))], category_ids=(event.categories[1].id,)
    )
    service.move(why.id, up=True)
    service.retire(ask(event, QuestionKind.SHORT, "Alt").id)
    write_answers(guest(event, category=1), event.id, {food.id: "vegan", why.id: "Darum"})
    return event


def test_questions_come_along_and_lead_to_the_copy(old: Event) -> None:
    new = copy(old.id, date(2027, 3, 4))
    why, food = list_questions(new.id, with_retired=True)
    assert (why.code, food.code) == ("warum", "essen")
    assert why.conditions == (Condition(food.id, ("vegan", "fleisch")),)
    assert why.category_ids == [new.categories[1].id]
    assert input_of_question(food).choices == input_of_question(list_questions(old.id)[1]).choices
    sizes = {key: limit.size for (kind, key), limit in list_limits(new.id).items() if kind is LimitKind.CHOICE}
    assert sizes == {f"{food.id}:vegan": 20}
    assert count_answers(new.id) == {}
    assert len(count_answers(old.id)) == 2
