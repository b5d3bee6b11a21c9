"""How the stateful test acts: one of the possible acts after the other, drawn by hypothesis so that it can shrink."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from hypothesis import HealthCheck, Phase, note, seed, settings
from hypothesis import strategies as st
from hypothesis.stateful import rule, run_state_machine_as_test

from tests.make import make_organiser
from tests.registration.table import Table

STEPS = 50


@dataclass(frozen=True)
class Act:
    """Something that can be done: how often it is chosen, what is drawn for it, and when it is possible."""

    do: Callable[..., None]
    weight: int
    when: Callable[[Any], Any]
    draws: dict[str, Any]


ACTS: list[Act] = []


def act(
    *, weight: int = 1, when: Callable[[Any], Any] = lambda _: True, **draws: Any
) -> Callable[[Callable[..., None]], Callable[..., None]]:
    """Mark a method as an act. Rules of hypothesis would do, but of those it leaves most out of each example."""

    def mark(do: Callable[..., None]) -> Callable[..., None]:
        ACTS.append(Act(do, weight, when, draws))
        return do

    return mark


class Acting(Table):
    """A table at which the acts of ACTS are done."""

    @rule(data=st.data())
    def step(self, data: st.DataObject) -> None:
        """Do one of the acts that are possible now."""
        possible = [one for one in ACTS if one.when(self)]
        chosen = data.draw(st.sampled_from([n for n, one in enumerate(possible) for _ in range(one.weight)]))
        drawn = {name: data.draw(strategy, label=name) for name, strategy in possible[chosen].draws.items()}
        note(f"{possible[chosen].do.__name__} {drawn}")
        possible[chosen].do(self, **drawn)


def play(machine: type[Acting], number: int, games: int, *, shrinks: bool = False) -> None:
    """Let the machine play so many events of STEPS acts; the same number plays the same ones each time."""
    organiser = make_organiser(slug=f"proof-{number}")
    mine = type(machine.__name__, (machine,), {"organiser_id": organiser.id})
    how = settings(
        max_examples=games,
        stateful_step_count=STEPS,
        deadline=None,
        database=None,
        phases=(Phase.generate, Phase.shrink) if shrinks else (Phase.generate,),
        suppress_health_check=list(HealthCheck),
        report_multiple_bugs=False,
        print_blob=False,
    )
    run_state_machine_as_test(seed(number)(mine), settings=how)
