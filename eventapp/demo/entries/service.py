"""Gives the coming edition what makes registration more than a form; called by `demo.coming.service`.

A reserve for newcomers, three questions, press that must be approved; later a group that a counsellor registers, two
applications, an invitation that was followed and one that was not yet, and a guest with an access code.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from eventapp.accounts.models import Account
from eventapp.core import audit, clock
from eventapp.core.localized import Localized
from eventapp.demo.files import Guest, read
from eventapp.demo.people.service import Desk
from eventapp.events.models import Event
from eventapp.events.queries import input_of_category
from eventapp.events.service import update_category
from eventapp.questions.answers.rules import Given
from eventapp.questions.models import Question
from eventapp.questions.rules import ChoiceInput, Condition, QuestionInput, QuestionKind
from eventapp.questions.service import add_question
from eventapp.registration.approval.service import approve
from eventapp.registration.codes.rules import CodeInput
from eventapp.registration.codes.service import add as add_code
from eventapp.registration.invitations.rules import Invited
from eventapp.registration.invitations.service import invite
from eventapp.registration.rules import MailsTo
from eventapp.registration.signup.batch import SignUp
from eventapp.registration.signup.rules import Arrival, Contact, Outcome
from eventapp.registration.signup.service import arrive

Answering = Callable[[Guest], dict[int, Given]]


def prepare(event: Event) -> Answering:
    """Keep places, open press to applications and ask three questions; return who answers what."""
    told = read("coming")
    reserve = told["reserve"]
    by_code = {category.code: category for category in event.categories}
    kept, press = by_code[reserve["category"]], by_code["press"]
    release_at = event.starts_at - timedelta(days=reserve["released_days_before"])
    update_category(kept.id, replace(input_of_category(kept), reserved=reserve["places"], release_at=release_at))
    update_category(press.id, replace(input_of_category(press), is_open=True, needs_approval=True))
    return _ask(event, told["questions"])


def open_doors(event: Event, desk: Desk, owner: Account, now: datetime) -> None:
    """Let them all come in the last days, in the order of the story."""
    told = read("coming")
    with clock.at(now - timedelta(days=4)), acting(owner):
        code = add_code(event.id, _code(desk, told))
    _invite(event, desk, owner, told["invitations"], now)
    _register_group(desk, told["group"], now - timedelta(days=2))
    guest = {"category": told["invitations"]["category"], "forum": 0, **told["code"]["guest"]}
    desk.enter(Guest(**guest), now - timedelta(days=1), code=code.code)
    for number, person in enumerate(told["press"]):
        desk.enter(Guest(category="press", **person), now - timedelta(hours=20 - 15 * number))


def approve_at_once(done: SignUp, owner: Account, moment: datetime) -> None:
    """Let the organiser approve somebody two hours after they applied."""
    if done.outcome is Outcome.TO_APPROVE:
        with clock.at(moment + timedelta(hours=2)), acting(owner):
            approve(done.participant.registration_id)


@contextmanager
def acting(account: Account) -> Iterator[None]:
    """Write into the history that somebody who is signed in acts."""
    token = audit.actor.set(f"account:{account.public_id}")
    try:
        yield
    finally:
        audit.actor.reset(token)


def _ask(event: Event, texts: dict[str, Any]) -> Answering:
    kind = QuestionKind
    choices = tuple(ChoiceInput(Localized(x["label"]), x.get("places")) for x in texts["tour"]["choices"])
    tour = add_question(event.id, QuestionInput(kind.ONE_OF, **_words(texts["tour"]), choices=choices))
    training, park, _no = (choice.key for choice in tour.choices)
    on_a_tour = (Condition(tour.id, (training, park)),)
    spoken = QuestionInput(kind.LANGUAGE, **_words(texts["tour_language"]), conditions=on_a_tour)
    language = add_question(event.id, spoken)
    photos = add_question(event.id, QuestionInput(kind.CONSENT, **_words(texts["photos"])))
    return _Answers(tour, language, photos).of


class _Answers:
    """Who answers what: one in sixteen chooses the training centre, one in fifteen the park, many say nothing."""

    def __init__(self, tour: Question, language: Question, photos: Question) -> None:
        self.tour, self.language, self.photos = tour, language, photos
        self.number = 0

    def of(self, guest: Guest) -> dict[int, Given]:
        """Return the answers of the next guest."""
        self.number += 1
        found: dict[int, Given] = {}
        training, park, no = (choice.key for choice in self.tour.choices)
        wished = training if self.number % 16 == 3 else park if self.number % 15 == 7 else ""
        if wished:
            found |= {self.tour.id: wished, self.language.id: guest.language}
        elif self.number % 3 == 0:
            found[self.tour.id] = no
        if self.number % 4 == 1:
            found[self.photos.id] = {"version": self.photos.consent_version, "at": clock.now().isoformat()}
        return found


def _words(texts: dict[str, Any]) -> dict[str, Any]:
    return {name: Localized(texts[name]) for name in ("label", "help", "why") if name in texts}


def _code(desk: Desk, told: dict[str, Any]) -> CodeInput:
    category_id = desk.categories[told["invitations"]["category"]][0]
    return CodeInput(told["code"]["code"], category_id, told["code"]["uses"], note=told["code"]["note"])


def _invite(event: Event, desk: Desk, owner: Account, told: dict[str, Any], now: datetime) -> None:
    """Invite two guests of honour; the first comes, the second has not answered yet."""
    category = told["category"]
    with clock.at(now - timedelta(days=3)), acting(owner):
        category_id = desk.categories[category][0]
        first, _second = (
            invite(event.id, Invited(category_id=category_id, **told[name]), told["words"])
            for name in ("redeemed", "open")
        )
    person = {name: value for name, value in told["redeemed"].items() if name != "title"}
    guest = desk.person(Guest(category=category, language="de", forum=0, **person))
    answer = Arrival(
        (replace(guest, title=told["redeemed"]["title"]),), invitation_id=first.id, notice_id=desk.notice_id
    )
    with clock.at(now - timedelta(days=2, hours=5)):
        arrive(event.id, answer)


def _register_group(desk: Desk, told: dict[str, Any], moment: datetime) -> None:
    """Let a counsellor register four people, all tickets to her own address."""
    contact = Contact(**told["contact"], mails_to=MailsTo.CONTACT)
    shared = {"email": contact.email, "organisation": told["organisation"]}
    people = tuple(desk.person(Guest(**person, **shared)) for person in told["people"])
    with clock.at(moment):
        arrive(desk.event_id, Arrival(people, contact=contact, notice_id=desk.notice_id))
