"""Questions for tests: made through the service, with German words and short keys."""

from typing import Any

from eventapp.core.localized import Localized
from eventapp.events.models import Event
from eventapp.questions.models import Question
from eventapp.questions.rules import ChoiceInput, Condition, QuestionInput, QuestionKind
from eventapp.questions.service import add_question
from eventapp.registration.signup.rules import Person, Via
from eventapp.registration.signup.service import sign_up


def given(kind: QuestionKind, label: str | Localized, *choices: str, **more: Any) -> QuestionInput:
    """Return the input of a question with these choices."""
    made = tuple(ChoiceInput(Localized(de=words)) for words in choices)
    words = Localized(de=label) if isinstance(label, str) else label
    return QuestionInput(kind, words, choices=more.pop("choices", made), **more)


def ask(
    event: Event, kind: QuestionKind, label: str | Localized, *choices: str, when: Any = (), **more: Any
) -> Question:
    """Add a question; `when`: pairs of another question and the values that it must have."""
    conditions = tuple(Condition(other.id, values) for other, values in when)
    return add_question(event.id, given(kind, label, *choices, conditions=conditions, **more))


def guest(event: Event, name: str = "Amira", category: int = 0) -> int:
    """Enter somebody by hand, who need not answer, and return the id of the participant."""
    person = Person(name, f"{name.lower()}@example.org", event.categories[category].id, "de")
    return sign_up(event.id, person, via=Via.ORGANISER).participant.id
