"""Which questions are asked: groups, conditions, chains; circles; what an organiser may say. Pure."""

from dataclasses import dataclass, field, replace

import pytest

from eventapp.core.localized import Localized
from eventapp.core.personal import Retention
from eventapp.core.refusal import Refusal
from eventapp.questions.rules import (
    Choice,
    ChoiceInput,
    ChoicesMissing,
    ChoiceWithoutLabel,
    Condition,
    QuestionInput,
    QuestionKind,
    QuestionMissing,
    TooManyChoices,
    UnknownRetention,
    Value,
    WrongFileSize,
    WrongPlaces,
    check,
    circle,
    holds_true,
    shown,
)


@dataclass
class Plain:
    """A question without a database."""

    id: int
    kind: QuestionKind = QuestionKind.SHORT
    label: Localized = Localized(de="?")  # noqa: RUF009 - immutable
    is_required: bool = False
    category_ids: list[int] = field(default_factory=list)
    conditions: tuple[Condition, ...] = ()
    choices: tuple[Choice, ...] = ()
    consent_version: int = 1
    is_retired: bool = False


def ids(questions: list[Plain], answers: dict[int, Value], category: int | None = 7) -> list[int]:
    """Return the ids of the questions that are asked."""
    return [question.id for question in shown(questions, answers, category)]


def test_a_question_for_some_groups_is_asked_to_them() -> None:
    questions = [Plain(1), Plain(2, category_ids=[7, 8]), Plain(3, category_ids=[9])]
    assert ids(questions, {}) == [1, 2]
    assert ids(questions, {}, 0) == [1]
    assert ids(questions, {}, None) == [1, 2, 3]


@pytest.mark.parametrize(
    ("values", "answer", "expected"),
    [
        (("yes",), True, True),
        (("yes",), False, False),
        (("no",), False, True),
        ((), False, True),
        ((), 0.0, True),
        ((), "", False),
        ((), [], False),
        (("vegan", "halal"), "halal", True),
        (("vegan", "halal"), "rice", False),
        (("vegan",), ["rice", "vegan"], True),
        (("vegan",), ["rice"], False),
        ((), {"version": 1, "at": "2026-06-15"}, True),
    ],
)
def test_a_condition_looks_at_the_answer(values: tuple[str, ...], answer: Value, expected: bool) -> None:
    assert holds_true(Condition(1, values), {1: answer}) is expected
    assert not holds_true(Condition(1, values), {2: answer})


def test_all_conditions_must_hold() -> None:
    questions = [Plain(1), Plain(2), Plain(3, conditions=(Condition(1, ("a",)), Condition(2)))]
    assert ids(questions, {1: "a"}) == [1, 2]
    assert ids(questions, {1: "a", 2: "x"}) == [1, 2, 3]
    assert ids(questions, {1: "b", 2: "x"}) == [1, 2]


def test_answers_to_hidden_questions_count_as_not_given() -> None:
    chain = [Plain(1), Plain(2, conditions=(Condition(1, ("yes",)),)), Plain(3, conditions=(Condition(2),))]
    assert ids(chain, {1: True, 2: "x"}) == [1, 2, 3]
    assert ids(chain, {1: False, 2: "x"}) == [1]
    for hidden in (replace(chain[1], category_ids=[9]), replace(chain[1], is_retired=True)):
        assert ids([chain[0], hidden, chain[2]], {1: True, 2: "x"}) == [1]
    assert ids(list(reversed(chain)), {1: True, 2: "x"}) == [3, 2, 1]


def test_what_depends_on_nothing_or_itself_is_never_asked() -> None:
    assert ids([Plain(1, conditions=(Condition(99),))], {99: "x"}) == []
    assert ids([Plain(1, conditions=(Condition(1),))], {1: "x"}) == []
    both = [Plain(1, conditions=(Condition(2),)), Plain(2, conditions=(Condition(1),))]
    assert ids(both, {1: "x", 2: "x"}) == []


def test_circles_are_found_and_named_in_their_order() -> None:
    assert circle({1: [2], 2: [3], 3: []}) == []
    assert circle({1: [2, 3], 2: [3], 3: []}) == []
    assert circle({1: [1]}) == [1]
    assert circle({1: [2], 2: [3], 3: [1], 4: [1]}) == [1, 2, 3]
    assert circle({4: [1], 1: [2], 2: [3], 3: [2]}) == [2, 3]
    assert circle({n: [n + 1] for n in range(1, 100)}) == []


@pytest.mark.parametrize(
    ("change", "refusal"),
    [
        ({"label": Localized()}, QuestionMissing),
        ({"retention": Retention.STAFF}, UnknownRetention),
        ({"largest_mb": 6}, WrongFileSize),
        ({"choices": ()}, ChoicesMissing),
        ({"choices": (ChoiceInput(Localized(de="A"), is_retired=True),)}, ChoicesMissing),
        ({"choices": (ChoiceInput(Localized()),)}, ChoiceWithoutLabel),
        ({"choices": (ChoiceInput(Localized(de="A"), places=-1),)}, WrongPlaces),
        ({"choices": (ChoiceInput(Localized(de="A")),) * 101}, TooManyChoices),
    ],
)
def test_what_cannot_be_is_refused(change: dict[str, object], refusal: type[Refusal]) -> None:
    good = QuestionInput(QuestionKind.ONE_OF, Localized(de="Essen"), choices=(ChoiceInput(Localized(de="Reis")),))
    check(good)
    with pytest.raises(refusal):
        check(replace(good, **change))  # type: ignore[arg-type]
