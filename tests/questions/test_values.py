"""What may be an answer: every kind with good and bad values, and what settles after conditions. Pure."""

import math
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from eventapp.capacity.rules import LimitKind
from eventapp.core.localized import Localized
from eventapp.core.refusal import Refusal
from eventapp.questions.answers.rules import (
    COUNTRIES,
    LARGEST_NUMBER,
    Upload,
    check_value,
    read,
    settle,
    wanted_choices,
    written,
)
from eventapp.questions.rules import Choice, Condition, QuestionKind
from tests.questions.test_rules import Plain

KIND = QuestionKind
FOOD = (Choice("reis", Localized(de="Reis")), Choice("brot", Localized(de="Brot"), is_retired=True),
        Choice("obst", Localized(de="Obst")))  # fmt: skip
NOW = "2026-06-15T08:00:00+00:00"


def plain(kind: QuestionKind) -> Plain:
    """Return a question of this kind."""
    return Plain(1, kind, choices=FOOD, consent_version=3)


@pytest.mark.parametrize(
    ("kind", "raw", "value"),
    [
        (KIND.SHORT, " Haus  2 ", "Haus 2"),
        (KIND.LONG, "a\nb", "a\nb"),
        (KIND.NUMBER, "12", 12.0),
        (KIND.NUMBER, "3,5", 3.5),
        (KIND.NUMBER, "-0.25", -0.25),
        (KIND.NUMBER, "12 000", 12000.0),
        (KIND.NUMBER, "١٢", 12.0),
        (KIND.NUMBER, "1000000000000", 1e12),
        (KIND.DATE, "2026-12-04", "2026-12-04"),
        (KIND.DATE, "2024-02-29", "2024-02-29"),
        (KIND.EMAIL, "Amira@Example.org", "Amira@example.org"),
        (KIND.PHONE, "+49 (0)201 12345-67", "+492011234567"),
        (KIND.PHONE, "0201 / 123456", "+49201123456"),
        (KIND.PHONE, "0049 201 123456", "+49201123456"),
        (KIND.PHONE, "+380 44 123 45 67", "+380441234567"),
        (KIND.PHONE, "+٩٦٣ ١١ ٢١٢ ٣٤٥٦", "+963112123456"),
        (KIND.YES_NO, "yes", True),
        (KIND.YES_NO, "no", False),
        (KIND.ONE_OF, "reis", "reis"),
        (KIND.SEVERAL_OF, ["obst", "reis", "reis"], ["reis", "obst"]),
        (KIND.COUNTRY, "SY", "SY"),
        (KIND.LANGUAGE, "ti", "ti"),
        (KIND.CONSENT, "3", {"version": 3, "at": NOW}),
        (KIND.FILE, Upload("a.pdf", "application/pdf", b"%PDF"), Upload("a.pdf", "application/pdf", b"%PDF")),
    ],
)
def test_what_was_typed_is_read(kind: QuestionKind, raw: Any, value: Any) -> None:
    found = read(plain(kind), raw, NOW)
    assert found is not None
    assert found == value
    assert type(found) is type(value)
    assert check_value(plain(kind), found) == value


@pytest.mark.parametrize(
    ("kind", "raw", "code"),
    [
        (KIND.SHORT, "x" * 201, "answer_too_long"),
        (KIND.SHORT, ["x"], "not_an_answer"),
        (KIND.LONG, "x" * 4001, "answer_too_long"),
        (KIND.NUMBER, "twelve", "not_a_number"),
        (KIND.NUMBER, "nan", "not_a_number"),
        (KIND.NUMBER, "inf", "not_a_number"),
        (KIND.NUMBER, "1e3", "not_a_number"),
        (KIND.NUMBER, "1_000", "not_a_number"),
        (KIND.NUMBER, "1.500", "thousands_mark"),
        (KIND.NUMBER, "9" * 41, "not_a_number"),
        (KIND.NUMBER, "1000000000001", "number_out_of_range"),
        (KIND.DATE, "4.12.2026", "not_a_date"),
        (KIND.DATE, "2026-02-30", "not_a_date"),
        (KIND.DATE, "2026-W01-1", "not_a_date"),
        (KIND.DATE, "1899-12-31", "date_out_of_range"),
        (KIND.DATE, "2201-01-01", "date_out_of_range"),
        (KIND.EMAIL, "amira@", "not_an_email"),
        (KIND.PHONE, "123456", "not_a_phone"),
        (KIND.PHONE, "+49 20", "not_a_phone"),
        (KIND.PHONE, "+49 201 CALL-ME", "not_a_phone"),
        (KIND.PHONE, "+0 201 123456", "not_a_phone"),
        (KIND.PHONE, "+1234567890123456", "not_a_phone"),
        (KIND.YES_NO, "maybe", "not_an_answer"),
        (KIND.ONE_OF, "pizza", "choice_gone"),
        (KIND.ONE_OF, "brot", "choice_gone"),
        (KIND.SEVERAL_OF, ["reis", "pizza"], "choice_gone"),
        (KIND.SEVERAL_OF, "reis", "not_an_answer"),
        (KIND.COUNTRY, "XX", "not_an_answer"),
        (KIND.COUNTRY, "EU", "not_an_answer"),
        (KIND.LANGUAGE, "tlh", "not_an_answer"),
        (KIND.CONSENT, "2", "consent_changed"),
        (KIND.CONSENT, "on", "consent_changed"),
        (KIND.FILE, {"file": "x"}, "not_an_answer"),
        (KIND.FILE, "x", "not_an_answer"),
    ],
)
def test_what_is_no_answer_is_refused(kind: QuestionKind, raw: Any, code: str) -> None:
    with pytest.raises(Refusal) as refused:
        read(plain(kind), raw, NOW)
    assert refused.value.code == code
    assert str(refused.value)


@pytest.mark.parametrize("kind", list(KIND))
def test_nothing_is_no_answer(kind: QuestionKind) -> None:
    empty: tuple[Any, ...] = (None, "", [])
    for nothing in empty:
        assert read(plain(kind), nothing, NOW) is None


@pytest.mark.parametrize(
    ("kind", "value"),
    [
        (KIND.NUMBER, math.nan),
        (KIND.NUMBER, math.inf),
        (KIND.NUMBER, True),
        (KIND.NUMBER, "12"),
        (KIND.YES_NO, "yes"),
        (KIND.CONSENT, "3"),
        (KIND.CONSENT, {"version": 2, "at": NOW}),
        (KIND.CONSENT, {"version": 3, "at": ""}),
        (KIND.SHORT, ""),
        (KIND.SHORT, 5),
    ],
)
def test_a_service_is_not_told_nonsense(kind: QuestionKind, value: Any) -> None:
    with pytest.raises(Refusal):
        check_value(plain(kind), value)


def test_a_choice_that_is_no_longer_offered_stays_for_who_has_it() -> None:
    assert read(plain(KIND.ONE_OF), "brot", kept=("brot",)) == "brot"
    assert read(plain(KIND.SEVERAL_OF), ["brot", "reis"], kept=("brot",)) == ["reis", "brot"]


@given(st.floats(min_value=-LARGEST_NUMBER, max_value=LARGEST_NUMBER).map(lambda number: round(number, 6)))
def test_a_number_is_read_as_it_is_written(number: float) -> None:
    assert read(plain(KIND.NUMBER), written(number)) == number


def test_countries_are_countries() -> None:
    assert {"DE", "SY", "UA", "AF", "ER", "XK"} <= COUNTRIES
    assert 240 < len(COUNTRIES) < 265


def test_only_what_is_asked_settles() -> None:
    questions = [
        Plain(1, KIND.YES_NO, is_required=True),
        Plain(2, is_required=True, conditions=(Condition(1, ("yes",)),)),
        Plain(3, is_required=True, category_ids=[9]),
    ]
    assert settle(questions, {1: False, 2: "x", 3: "x"}, 7) == {1: False}
    assert settle(questions, {1: True, 2: "x"}, 7) == {1: True, 2: "x"}
    with pytest.raises(Refusal) as refused:
        settle(questions, {1: True}, 7)
    assert refused.value.at == "q_2"
    assert settle(questions, {1: True}, 7, is_complete=False) == {1: True}


def test_every_chosen_choice_wants_a_seat() -> None:
    questions = [Plain(1, KIND.ONE_OF), Plain(2, KIND.SEVERAL_OF), Plain(3, KIND.SHORT), Plain(4, KIND.ONE_OF)]
    found = wanted_choices(questions, {1: "reis", 2: ["a", "b"], 3: "reis"})
    assert found == {(LimitKind.CHOICE, "1:reis"), (LimitKind.CHOICE, "2:a"), (LimitKind.CHOICE, "2:b")}
