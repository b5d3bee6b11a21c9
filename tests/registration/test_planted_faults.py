"""The proof proved: with each of these faults in the code, the machine of `test_stateful` must fail.

The first three leave somebody waiting, or offered, whom the model has moved on. A reserve without the "or", or stored
per person, refuses a seat (or waits) where the model gives it. Seats worked out again are given back twice or never:
the counters disagree, or the database's own key or CHECK stops it. Two more faults need people at the same moment and
stand in `tests/races/test_pairs.py`.
"""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from eventapp.capacity import rules as capacity_rules
from eventapp.capacity import service as capacity
from eventapp.capacity.models import Seat, SeatLimit
from eventapp.capacity.rules import WHOLE_EVENT, Limit, LimitKind, Need, Ref, Tally
from eventapp.core.db import db
from eventapp.registration import moves, service
from eventapp.registration.models import Participant
from eventapp.registration.queries import read_wishes
from eventapp.registration.rules import ParticipantState
from eventapp.registration.signup import rows
from tests.registration.steps import play
from tests.registration.test_stateful import Seats

Plant = Callable[[pytest.MonkeyPatch, Flask], None]


def no_fill_after_cancel(patch: pytest.MonkeyPatch, _app: Flask) -> None:
    real = service._cancel

    def cancel(act: capacity.Turn, people: Iterable[Participant], via: Any) -> None:
        real(act, people, via)
        act.freed = False

    patch.setattr(service, "_cancel", cancel)


def no_fill_after_a_waiting_group_shrinks(patch: pytest.MonkeyPatch, _app: Flask) -> None:
    real = service._cancel

    def cancel(act: capacity.Turn, people: Iterable[Participant], via: Any) -> None:
        leaving = list(people)
        waits = any(person.state is ParticipantState.WAITLISTED for person in leaving)
        real(act, leaving, via)
        act.freed = act.freed and not waits

    patch.setattr(service, "_cancel", cancel)


def no_settle(patch: pytest.MonkeyPatch, app: Flask) -> None:
    patch.setitem(app.extensions["waiting"], "settle", lambda _: None)


def reserve_without_or(patch: pytest.MonkeyPatch, _app: Flask) -> None:
    """Places are kept whenever more is held than there is, also from whom they are kept for."""

    def kept_for(needed: Need, limits: Mapping[Ref, Limit]) -> tuple[Ref, ...]:
        whole = limits.get(WHOLE_EVENT)
        if whole is None or whole.size is None or not any(limit.reserved for limit in limits.values()):
            return ()
        tally = Tally(limits)
        tally.take(needed)
        return (WHOLE_EVENT,) if capacity_rules.held(tally._limits) > whole.size else ()

    patch.setattr(capacity_rules, "_kept_for", kept_for)


def reserve_stored_per_person(patch: pytest.MonkeyPatch, _app: Flask) -> None:
    """Who comes first has a reserved place, who comes later an open one, and so it stays."""
    holders: dict[str, set[int]] = {}
    marked: dict[str, set[int]] = {}
    real = capacity.hold

    def hold(act: capacity.Turn, wishes: Mapping[int, Iterable[Ref]], **how: bool) -> bool:
        wanted = {who: set(refs) for who, refs in wishes.items()}
        for who, refs in wanted.items():
            for ref, limit in act.states.items():
                if ref[0] is not LimitKind.CATEGORY:
                    continue
                inside, own = holders.setdefault(ref[1], set()), marked.setdefault(ref[1], set())
                if ref not in refs:
                    inside.discard(who)
                    own.discard(who)
                elif who not in inside:
                    inside.add(who)
                    own |= {who} if len(own) < limit.reserved else set()
        return real(act, wanted, **how)

    def held(limits: Mapping[Ref, Limit]) -> int:
        total = 0
        for (kind, key), limit in limits.items():
            if kind is LimitKind.CATEGORY:
                inside, own = len(holders.get(key, ())), len(marked.get(key, ()))
                kept = max(limit.reserved, own)
                total += inside - own + kept + max(0, limit.taken - inside - (kept - own))
        return total

    patch.setattr(capacity_rules, "held", held)
    for module in (moves, rows, capacity):
        patch.setattr(module, "hold", hold)


def seats_worked_out_again(patch: pytest.MonkeyPatch, _app: Flask) -> None:
    """What somebody holds is told from category and choices as they are now, not from the rows of seats."""

    def held(people: Iterable[int]) -> set[tuple[int, int]]:
        ids = list(people)
        seated = set(db.session.scalars(select(Seat.participant_id).where(Seat.participant_id.in_(ids))))
        guests = list(db.session.scalars(select(Participant).where(Participant.id.in_(seated))))
        if not guests:
            return set()
        of_event = select(SeatLimit).where(SeatLimit.event_id == guests[0].event_id)
        limits = {limit.ref: limit.id for limit in db.session.scalars(of_event)}
        return {(who, limits[ref]) for who, refs in read_wishes(guests, limits).items() for ref in refs}

    patch.setattr(capacity, "_held", held)


@pytest.mark.once
@pytest.mark.long
@pytest.mark.parametrize(
    ("plant", "number"),
    [
        (no_fill_after_cancel, 102),
        (no_fill_after_a_waiting_group_shrinks, 109),
        (no_settle, 100),
        (reserve_without_or, 101),
        (reserve_stored_per_person, 201),
        (seats_worked_out_again, 100),
    ],
)
def test_the_machine_finds(app: Flask, monkeypatch: pytest.MonkeyPatch, plant: Plant, number: int) -> None:
    """Each number plays a game that finds its fault soon; more games follow, should the acts change one day."""
    plant(monkeypatch, app)
    with pytest.raises((AssertionError, IntegrityError)):
        play(Seats, number, 40)
