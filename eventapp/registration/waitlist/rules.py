"""What the waiting are told: how many people stand before them, for one of the limits that hold them back. Pure."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from eventapp.capacity.rules import Ref


@dataclass(frozen=True)
class Waiting:
    """A unit that waits: its registration's id, how many people it has, and the limits that it needs."""

    registration_id: int
    people: int
    needs: frozenset[Ref]


@dataclass(frozen=True)
class Place:
    """Place of a unit in the order: people before it who need what it lacks, and what it lacks."""

    before: int
    lacks: tuple[Ref, ...]


def place(queue: Sequence[Waiting], registration_id: int, lacks: Sequence[Ref]) -> Place:
    """Count who stands before a unit and needs one of the limits that hold it back; `queue` is in order of arrival."""
    before = 0
    for unit in queue:
        if unit.registration_id == registration_id:
            break
        if unit.needs & set(lacks):
            before += unit.people
    return Place(before, tuple(lacks))


def waiting_for(queue: Iterable[Waiting], ref: Ref) -> int:
    """Count the people who wait and need this limit."""
    return sum(unit.people for unit in queue if ref in unit.needs)
