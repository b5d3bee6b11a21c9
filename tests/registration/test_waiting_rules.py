"""How long an offer stands, and where somebody stands in the list."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from eventapp.capacity.rules import WHOLE_EVENT, Lack, LimitKind, Ref
from eventapp.registration.waitlist.rules import Offers, Place, Waiting, place

BERLIN = ZoneInfo("Europe/Berlin")
FORUM: Ref = (LimitKind.ITEM, "7")


def at(day: int, hour: int, minute: int = 0, month: int = 3) -> datetime:
    """Return a moment of 2026 by the clocks of Berlin, in UTC; summer time begins on 29 March at 2:00."""
    return datetime(2026, month, day, hour, minute, tzinfo=BERLIN).astimezone(UTC)


OFFERS = Offers(48, False, at(30, 9, 30), at(30, 16, 30), "Europe/Berlin")


@pytest.mark.parametrize(
    ("now", "until"),
    [
        (at(1, 10), at(3, 10)),  # far away: the hours of the event
        (at(24, 0), at(25, 23, 40)),  # six days less the hour that summer time takes: a third of 143 hours
        (at(28, 2), at(28, 17)),  # on the wall 46 hours are left, in truth 45
        (at(29, 23), at(30, 0)),  # at least an hour, up to the day
        (at(29, 23, 30), at(30, 0, 30)),  # and into it
        (at(30, 0), at(30, 9, 30)),  # on the day until it begins
        (at(30, 9, 29), at(30, 9, 30)),
        (at(30, 9, 30), at(30, 16, 30)),  # then until it ends
    ],
)
def test_an_offer_gets_shorter_as_the_day_comes(now: datetime, until: datetime) -> None:
    assert OFFERS.until(now) == until


def test_the_hours_pass_over_summer_time_as_they_are() -> None:
    offers = replace(OFFERS, starts_at=at(20, 9, month=5), ends_at=at(20, 16, month=5))
    assert offers.until(at(28, 12)) == at(28, 12) + timedelta(hours=48) == at(30, 13)


def test_on_the_day_nobody_is_asked_if_so_set() -> None:
    offers = replace(OFFERS, confirms_on_the_day=True)
    assert offers.until(at(29, 23, 59)) == at(30, 0, 59)
    assert offers.until(at(30, 0)) is None
    assert offers.until(at(30, 12)) is None


def test_without_hours_nobody_is_ever_asked() -> None:
    assert replace(OFFERS, hours=None).until(at(1, 10)) is None


def test_the_day_begins_where_the_event_is() -> None:
    tokyo = replace(OFFERS, zone="Asia/Tokyo", confirms_on_the_day=True)  # there it is seven hours later
    assert tokyo.until(at(29, 18)) is None
    assert tokyo.until(at(29, 16)) is not None


def waiting(number: int, *people: int, **changes: object) -> Waiting:
    """Return a unit that needs the event and Forum 7."""
    need = {WHOLE_EVENT: len(people), FORUM: len(people)}
    return replace(Waiting(number, number, 0, 0, people, need), **changes)  # type: ignore[arg-type]


def test_the_order_is_by_hand_then_by_arrival_then_by_part() -> None:
    units = [waiting(3, 1), waiting(2, 2, part=1), waiting(2, 3), waiting(9, 4, ahead=1), waiting(8, 5, ahead=2)]
    assert [(x.number, x.part) for x in sorted(units, key=lambda x: x.order)] == [
        (8, 0),
        (9, 0),
        (2, 0),
        (2, 1),
        (3, 0),
    ]


def test_before_somebody_are_only_those_who_need_the_same() -> None:
    other = waiting(1, 11, need={WHOLE_EVENT: 1})
    queue = [other, waiting(2, 12, 13), waiting(3, 14), waiting(4, 15)]
    assert place(queue, 4, Lack(full=(FORUM,))) == Place(3, Lack(full=(FORUM,)))
    assert place(queue, 4, Lack(full=(WHOLE_EVENT,))).before == 4
    assert place(queue, 4, Lack(kept_for=((LimitKind.CATEGORY, "1"),))).before == 4
    assert place(queue, 1, Lack(full=(FORUM,))).before == 0


def test_a_wish_of_the_same_guest_is_not_their_place() -> None:
    wish = Waiting(3, 2, 0, 0, (14,), {FORUM: 1}, wish_id=1)
    assert place([waiting(1, 11), wish, waiting(3, 14)], 3, Lack(full=(FORUM,))).before == 2
