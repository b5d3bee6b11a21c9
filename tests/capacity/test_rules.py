"""Who fits, as pure functions: limits, reserves, swaps, and how many places are left."""

from collections.abc import Mapping

import pytest
from hypothesis import given
from hypothesis import strategies as st

from eventapp.capacity.rules import (
    WHOLE_EVENT,
    Lack,
    Limit,
    LimitKind,
    Ref,
    Tally,
    held,
    lacking,
    need,
    never_fits,
    over_after_resize,
    places,
    swap,
    wanted,
)

A: Ref = (LimitKind.CATEGORY, "1")
B: Ref = (LimitKind.CATEGORY, "2")
FORUM: Ref = (LimitKind.ITEM, "7")
ORGANISATION: Ref = (LimitKind.ORGANISATION, "verein")


def house(size: int | None, a: Limit, b: Limit, **more: Limit) -> dict[Ref, Limit]:
    """Return an event of this size with two categories; its seats are those of its categories."""
    names = {"forum": FORUM, "organisation": ORGANISATION}
    whole = Limit(size, a.taken + b.taken)
    return {WHOLE_EVENT: whole, A: a, B: b, **{names[name]: limit for name, limit in more.items()}}


def one(category: Ref, *others: Ref) -> dict[Ref, int]:
    """Return the need of one person."""
    return dict.fromkeys((WHOLE_EVENT, category, *others), 1)


def test_everybody_wants_the_event_their_category_and_what_they_chose() -> None:
    assert wanted(1, [7]) == {WHOLE_EVENT, A, FORUM}
    assert wanted(1, [], "verein") == {WHOLE_EVENT, A, ORGANISATION}


def test_a_group_adds_up() -> None:
    assert need([wanted(1, [7]), wanted(1, []), wanted(2, [7])]) == {WHOLE_EVENT: 3, A: 2, B: 1, FORUM: 2}
    assert need([]) == {}


def test_a_full_limit_holds_back_and_says_so() -> None:
    limits = house(10, Limit(3, 3), Limit(None, 1), forum=Limit(2, 2))
    assert lacking(one(A, FORUM), limits) == Lack(full=(A, FORUM))
    assert lacking(one(B, FORUM), limits) == Lack(full=(FORUM,))
    assert not lacking(one(B), limits)


def test_a_group_must_fit_as_a_whole() -> None:
    limits = house(10, Limit(4, 2), Limit(None, 0))
    assert not lacking({WHOLE_EVENT: 2, A: 2}, limits)
    assert lacking({WHOLE_EVENT: 3, A: 3}, limits).full == (A,)


def test_who_is_over_a_limit_leaves_no_place_behind() -> None:
    assert Limit(2, 3, over=1).left == 0
    assert lacking(one(A), house(10, Limit(2, 3, over=1), Limit(None, 0))).full == (A,)


def test_kept_places_are_for_their_category_alone() -> None:
    limits = house(5, Limit(None, 0, reserved=2), Limit(None, 3))
    assert lacking(one(B), limits) == Lack(kept_for=(A,))
    assert lacking(one(B), limits).refs == (WHOLE_EVENT,)
    assert not lacking(one(A), limits)
    assert not lacking({WHOLE_EVENT: 2, A: 2}, limits)


def test_a_category_beyond_its_reserve_stands_with_all_others() -> None:
    limits = house(5, Limit(None, 2, reserved=2), Limit(None, 2))
    assert not lacking(one(A), limits)
    assert not lacking(one(B), limits)
    both = house(6, Limit(None, 1, reserved=2), Limit(None, 2, reserved=3))
    assert not lacking({WHOLE_EVENT: 2, A: 2}, both)
    assert lacking({WHOLE_EVENT: 3, A: 3}, both) == Lack(kept_for=(B,))


def test_an_own_kept_place_is_given_even_when_reserves_came_too_late_to_fit() -> None:
    limits = house(5, Limit(None, 0, reserved=2), Limit(None, 4))
    assert held(limits) == 6
    assert not lacking(one(A), limits)
    assert lacking(one(B), limits) == Lack(kept_for=(A,))


def test_a_mixed_group_uses_the_kept_place_for_the_one_and_an_open_one_for_the_other() -> None:
    mixed = {WHOLE_EVENT: 2, A: 1, B: 1}
    assert not lacking(mixed, house(5, Limit(None, 0, reserved=2), Limit(None, 2)))
    assert lacking(mixed, house(5, Limit(None, 0, reserved=2), Limit(None, 3))).kept_for == (A,)


def test_a_full_house_is_full_and_not_kept() -> None:
    assert lacking(one(B), house(5, Limit(None, 2, reserved=3), Limit(None, 3))) == Lack(full=(WHOLE_EVENT,))


def test_a_swap_needs_the_new_and_gives_the_old() -> None:
    assert swap(wanted(1, [7]), wanted(2, [7])) == {A: -1, B: 1}
    assert swap(wanted(1, []), wanted(1, [])) == {}


def test_a_swap_of_category_leaves_a_kept_place_behind() -> None:
    change = swap(wanted(1, []), wanted(2, []))
    assert not lacking(change, house(5, Limit(None, 3, reserved=2), Limit(None, 2)))  # the third of A was an open one
    assert lacking(change, house(5, Limit(None, 2, reserved=2), Limit(None, 3))) == Lack(kept_for=(A,))
    assert not lacking(change, house(5, Limit(None, 2, reserved=2), Limit(None, 2)))
    assert lacking(change, house(9, Limit(None, 2), Limit(1, 1))) == Lack(full=(B,))


def test_a_swap_in_an_event_that_is_over_its_size_is_possible() -> None:
    limits = house(3, Limit(None, 3), Limit(None, 1))
    assert not lacking(swap(wanted(1, []), wanted(2, [])), limits)


def test_limits_that_nobody_made_and_limits_without_size_hold_nobody_back() -> None:
    assert not lacking(one(A, ORGANISATION), house(None, Limit(None, 90), Limit(None, 0)))
    assert never_fits(one(A, ORGANISATION), house(None, Limit(None, 90), Limit(None, 0))) == []


def test_what_can_never_fit() -> None:
    limits = house(5, Limit(3, 3), Limit(None, 0), forum=Limit(0, 0))
    assert never_fits({WHOLE_EVENT: 3, A: 3}, limits) == []
    assert never_fits({WHOLE_EVENT: 6, A: 4, B: 2}, limits) == [A, WHOLE_EVENT]
    assert never_fits(one(B, FORUM), limits) == [FORUM]


@pytest.mark.parametrize(("taken", "size", "over"), [(5, 3, 2), (3, 3, 0), (2, 3, 0), (9, None, 0), (2, 0, 2)])
def test_what_lies_beyond_a_new_size(taken: int, size: int | None, over: int) -> None:
    assert over_after_resize(taken, size) == over


def test_a_tally_counts_on() -> None:
    tally = Tally(house(2, Limit(None, 0), Limit(None, 0)))
    full = []
    for _ in range(2):
        full.append(tally.is_full)
        assert not tally.lack(one(A))
        tally.take(one(A))
    assert [*full, tally.is_full] == [False, False, True]
    assert tally.lack(one(B)).full == (WHOLE_EVENT,)


SIZES = st.one_of(st.none(), st.integers(0, 8))
COUNTS = st.integers(0, 6)
CATEGORIES = st.builds(Limit, SIZES, COUNTS, st.just(0), st.integers(0, 5))
HOUSES = st.builds(house, SIZES, CATEGORIES, CATEGORIES, forum=st.builds(Limit, SIZES, COUNTS))


@given(HOUSES, st.sampled_from([A, B]), st.booleans())
def test_so_many_places_are_shown_as_people_can_come(
    limits: Mapping[Ref, Limit], category: Ref, with_forum: bool
) -> None:
    asked = one(category, *([FORUM] if with_forum else []))
    shown, tally, seated = places(asked, limits), Tally(limits), 0
    while seated < 20 and not tally.lack(asked):
        tally.take(asked)
        seated += 1
    assert seated == (20 if shown is None else shown)


@given(HOUSES, st.integers(0, 3), st.integers(0, 3))
def test_taking_seats_makes_nobody_else_fit(limits: Mapping[Ref, Limit], a: int, b: int) -> None:
    """So one pass through the list is enough."""
    others = [one(A), one(B), one(A, FORUM), {WHOLE_EVENT: 2, A: 1, B: 1}, {WHOLE_EVENT: 3, B: 3}]
    before = [bool(Tally(limits).lack(other)) for other in others]
    tally = Tally(limits)
    tally.take({WHOLE_EVENT: a + b, A: a, B: b, FORUM: a})
    assert all(tally.lack(other) for other, lacked in zip(others, before, strict=True) if lacked)


@given(HOUSES, st.sampled_from([A, B]))
def test_nobody_is_kept_from_a_place_that_is_kept_for_them(limits: Mapping[Ref, Limit], category: Ref) -> None:
    if limits[category].unused:
        assert lacking(one(category), limits).kept_for == ()
