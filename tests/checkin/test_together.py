"""Scans that are taken together are answered and folded as those that are taken one by one.

Seen to fail: with the second scan of a ticket, or the second of an id, left among the plain ones; without the ids that
are known; with the seats left out at a forum's door.
"""

import random
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import insert

from eventapp.agenda.models import AgendaItem
from eventapp.checkin.entrances.rules import EntranceRules
from eventapp.checkin.entrances.service import add_entrance
from eventapp.checkin.envelope import Item, Result
from eventapp.checkin.models import Scan
from eventapp.checkin.rules import Outcome, ScanKind, ScanMode
from eventapp.checkin.scans import statements
from eventapp.checkin.scans.deciding import Place, decided
from eventapp.checkin.scans.service import Came, record
from eventapp.checkin.service import answer
from eventapp.core.db import db
from eventapp.events.models import Event
from eventapp.tickets.rules import new_code
from tests.checkin.phones import Phone, item, log_of, presence_of, state_of, ticket_of
from tests.make import forums, make_event

TICKETS, SCANS = 5, 40


@dataclass(frozen=True)
class Step:
    """A scan of a story, told without names: which ticket, at which door, what of, and which earlier one it repeats."""

    ticket: int
    door: int
    kind: ScanKind
    mode: ScanMode
    outcome: Outcome
    override: bool
    earlier: int | None = None
    repeats: bool = False


@dataclass
class Cast:
    """Tickets and doors by which one story is played."""

    event: Event
    codes: list[str]
    phones: list[Phone]
    forum: AgendaItem

    def come(self, story: list[Step]) -> Iterator[Came]:
        """Give the scans of a story, a minute after another, as they reach the server."""
        sent: list[Item] = []
        for minute, step in enumerate(story):
            phone, at = self.phones[step.door], self.event.starts_at + timedelta(minutes=minute)
            told = {"kind": step.kind, "mode": step.mode, "outcome": step.outcome, "override": step.override}
            scan = item(self.codes[step.ticket], at, **told)
            if step.earlier is not None:
                old = sent[step.earlier]
                scan = replace(scan, id=old.id) if step.repeats else replace(scan, code=old.code, undo_of=old.id)
            sent.append(scan)
            yield Came(scan, replace(phone.place, received_at=at))

    def standing(self) -> list[object]:
        """Return where all holders are, and what the log holds of each, without what names one scan or event."""
        real = self.codes[:TICKETS]
        return [
            (state_of(code), presence_of(code, self.forum.id), [row_of(scan) for scan in log_of(code)]) for code in real
        ]


def row_of(scan: Scan) -> object:
    """Return what of a row does not name its scan or event."""
    return (
        scan.kind, scan.mode, scan.at.time(), scan.received_at.time(), scan.decision, scan.reason, scan.outcome,
        scan.conflict, scan.override, scan.authorised, scan.local_reason, scan.undo_of is None, scan.zone is None,
        scan.entrance_id is None, scan.device_id is None, scan.account_id,
    )  # fmt: skip


def story_of(seed: int) -> list[Step]:
    """Make up a story: people come, go, come twice, are told late, taken back, sent twice, with wrong codes."""
    chance, story = random.Random(seed), list[Step]()  # noqa: S311 - a story, no secret
    for n in range(SCANS):
        step = Step(
            ticket=chance.choice([*range(TICKETS), *range(TICKETS), TICKETS, TICKETS + 1]),
            door=chance.choice([0, 0, 1, 2] if seed % 2 else [0, 0, 1]),
            kind=chance.choice([ScanKind.ENTRY, ScanKind.ENTRY, ScanKind.EXIT]),
            mode=chance.choice([ScanMode.ASK, ScanMode.TELL]),
            outcome=chance.choice([Outcome.ADMITTED, Outcome.REFUSED]),
            override=chance.random() < 0.2,
        )
        if step.door == 2:  # the room that counts is asked only, so that the order of its answers is certain
            step = replace(step, mode=ScanMode.ASK)
        if n and chance.random() < 0.2:
            repeats = chance.random() < 0.5
            step = replace(step, earlier=chance.randrange(n), repeats=repeats)
            step = step if repeats else replace(step, kind=ScanKind.UNDO)
        story.append(step)
    return story


def cast_of(event: Event, first: int) -> Cast:
    """Bring together tickets, a code that nobody has, one of another event, and phones at three doors."""
    forum = next(item for item in forums(event) if item.is_chosen)
    codes = [ticket_of(event, first + n, item_ids=[forum.id] if n % 2 else []).code for n in range(TICKETS)]
    other = ticket_of(make_event(slug=f"other-{first}"), first)
    small = add_entrance(event.id, f"Klein {first}", EntranceRules(limit=2))
    at_forum = add_entrance(event.id, f"Forum {first}", EntranceRules(item_id=forum.id))
    phones = [Phone(event), Phone(event).go_to(at_forum), Phone(event).go_to(small)]
    return Cast(event, [*codes, new_code(), other.code], phones, forum)


def told(result: Result) -> object:
    """Return an answer without the id, and without what its clock said."""
    guest = result.ticket
    return (replace(result, id="", ticket=None, first=None), guest and replace(guest, name=""), result.first is None)


@pytest.mark.parametrize("seed", range(8))
def test_together_is_as_one_by_one(app: Flask, seed: int) -> None:
    event, story, chance = make_event(), story_of(seed), random.Random(seed)  # noqa: S311 - how a queue is cut
    alone, together = cast_of(event, 10), cast_of(make_event(slug="second"), 30)
    one_by_one = [told(record(*one)) for one in alone.come(story)]
    came, in_parts = list(together.come(story)), []
    while came:
        many = chance.randint(2, 9)
        in_parts += [told(result) for result in answer(came[:many])]
        came = came[many:]
    assert in_parts == one_by_one
    assert together.standing() == alone.standing()


@pytest.mark.parametrize("seed", range(0, 16, 2))
def test_a_long_queue_keeps_its_order(app: Flask, monkeypatch: pytest.MonkeyPatch, seed: int) -> None:
    monkeypatch.setattr("eventapp.checkin.service.LARGEST", 5)
    event, story = make_event(), story_of(seed)
    alone, together = cast_of(event, 10), cast_of(make_event(slug="second"), 30)
    one_by_one = [told(record(*one)) for one in alone.come(story)]
    assert [told(result) for result in answer(list(together.come(story)))] == one_by_one
    assert together.standing() == alone.standing()


def test_an_id_that_appears_at_this_moment_makes_all_go_alone(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    event = make_event()
    cast = cast_of(event, 10)
    story = [Step(n, 0, ScanKind.ENTRY, ScanMode.TELL, Outcome.ADMITTED, override=False) for n in range(TICKETS)]
    came, histories = list(cast.come(story)), statements.histories

    def late(*asked: object) -> object:
        found = histories(*asked)  # type: ignore[arg-type]
        other = replace(came[0].item, code=cast.codes[1])
        monkeypatch.setattr(statements, "histories", histories)
        db.session.execute(insert(Scan).values(decided(other, came[0].place, None, None, {})))
        return found

    monkeypatch.setattr(statements, "histories", late)
    assert [result.stored for result in answer(came)] == [True] * TICKETS
    assert [state_of(code) for code in cast.codes[:TICKETS]] == [(True, 1)] * TICKETS


def test_most_of_a_queue_is_taken_at_once(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    event = make_event()
    cast, alone = cast_of(event, 10), list[Item]()

    def noted(scan: Item, place: Place) -> Result:
        alone.append(scan)
        return record(scan, place)

    monkeypatch.setattr("eventapp.checkin.service.record", noted)
    story = [Step(n, 0, ScanKind.ENTRY, ScanMode.TELL, Outcome.ADMITTED, override=False) for n in range(TICKETS)]
    assert all(result.stored for result in answer(list(cast.come(story))))
    assert alone == []
    assert [state_of(code) for code in cast.codes[:TICKETS]] == [(True, 1)] * TICKETS
