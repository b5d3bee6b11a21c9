"""One walk-in sent twice at the same moment, and the last place wanted by two phones."""

from dataclasses import replace
from functools import partial

import pytest
from flask import Flask
from sqlalchemy import func, select

from eventapp.checkin.models import Scan
from eventapp.checkin.rules import Outcome, ScanMode
from eventapp.checkin.walkins.rules import WalkIn, WalkInState
from eventapp.checkin.walkins.service import enter
from eventapp.core.db import db
from eventapp.events.models import Event
from eventapp.registration.models import Participant
from tests.checkin.phones import Phone
from tests.make import make_event
from tests.races.test_door import at_once
from tests.registration.people import check_invariants

pytestmark = pytest.mark.race


def _walk_in(event: Event, number: int) -> WalkIn:
    return WalkIn(
        id=f"00000000-0000-4000-8000-{number:012}",
        at=event.starts_at,
        given_name=f"Gast {number}",
        family_name="",
        email="",
        organisation="",
        category_id=event.categories[-1].id,
        language="de",
        mode=ScanMode.ASK,
        outcome=Outcome.UNKNOWN,
    )


def _count(model: type[Scan] | type[Participant]) -> int:
    db.session.rollback()
    return db.session.scalar(select(func.count()).select_from(model)) or 0


def test_one_person_sent_at_once_from_two_phones_is_one(real_app: Flask) -> None:
    event = make_event()
    given, phones = _walk_in(event, 1), [Phone(event, f"Telefon {number}") for number in range(8)]
    answers = at_once(real_app, [partial(enter, given, phone.place) for phone in phones])
    assert [x.replayed for x in answers].count(False) == 1
    assert len({x.code for x in answers}) == 1
    assert (_count(Participant), _count(Scan)) == (1, 1)
    check_invariants(event.id)


def test_the_last_place_goes_to_one_and_who_is_inside_is_never_lost(real_app: Flask) -> None:
    event = make_event(seats=1)
    phones = [Phone(event, f"Telefon {number}") for number in range(8)]
    asked = [_walk_in(event, number) for number in range(4)]
    told = [replace(_walk_in(event, n), mode=ScanMode.TELL, outcome=Outcome.ADMITTED) for n in range(4, 8)]
    answers = at_once(real_app, [partial(enter, x, y.place) for x, y in zip(asked + told, phones, strict=True)])
    assert {x.state for x in answers[4:]} == {WalkInState.CONFIRMED}
    assert [x.state for x in answers[:4]].count(WalkInState.CONFIRMED) <= 1
    assert _count(Participant) == 8
    check_invariants(event.id)
