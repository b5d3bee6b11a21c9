"""Makes the organisers of the demo with their legal texts, accounts with random passwords, and signs guests up."""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from eventapp.accounts.models import Account, Organiser
from eventapp.accounts.rules import Role
from eventapp.accounts.service import OrganiserInput, create_account, create_organiser, grant
from eventapp.core import audit, clock
from eventapp.core.localized import Localized
from eventapp.demo.files import Guest, localized, read
from eventapp.events.models import Event
from eventapp.events.rules import OrganisationKind
from eventapp.notices.models import NoticeKind
from eventapp.notices.queries import find_current
from eventapp.notices.service import publish
from eventapp.questions.answers.rules import Given
from eventapp.registration.queries import list_choosable
from eventapp.registration.signup.batch import SignUp
from eventapp.registration.signup.rules import Person, Via
from eventapp.registration.signup.service import sign_up

_LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"  # none that is mistaken for another one


@dataclass(frozen=True)
class SignIn:
    """Somebody who can sign in: shown once, the password is kept as a hash only."""

    organiser: str
    role: Role
    email: str
    password: str


def make_organiser(texts: Mapping[str, Any], notices: str) -> Organiser:
    """Make an organiser and publish its three legal texts."""
    words = {name: Localized(texts[name]) for name in ("name", "name_detail")}
    organiser = create_organiser(OrganiserInput(**{**texts, **words}))
    said = {name: texts[name] for name in ("address", "email", "privacy_contact")}
    for kind, bodies in read("notices")[notices].items():
        for_all = {
            language: [part.format(name=words["name"].pick(language).text, **said) for part in parts]
            for language, parts in bodies.items()
        }
        publish(organiser.id, NoticeKind(kind), localized(for_all))
    return organiser


def make_colleague(organiser: Organiser, colleague: Mapping[str, str]) -> tuple[Account, SignIn]:
    """Make somebody who works for an organiser, with a random password."""
    password = "-".join("".join(secrets.choice(_LETTERS) for _ in range(4)) for _ in range(4))
    account = create_account(colleague["email"], colleague["name"], password, colleague["language"])
    role = Role(colleague["role"])
    grant(account.id, organiser.id, role)
    return account, SignIn(organiser.name.pick("de").text, role, account.email, password)


class Desk:
    """Signs the guests of one event up, each at their time, by the form or, where that is closed, by `actor`."""

    def __init__(self, event: Event, actor: str) -> None:
        self.event_id, self.actor = event.id, actor
        self.categories = {category.code: (category.id, category.organisation_kind, category.is_open)
                           for category in event.categories}  # fmt: skip
        self.items = {item.position: item.id for item in list_choosable(event.id)}
        notice = find_current(event.organiser_id, NoticeKind.PRIVACY)
        self.notice_id = notice.id if notice else None
        self.migrant_associations = frozenset(read("texts")["migrant_associations"])

    def enter(
        self, guest: Guest, at: datetime, category: str = "", answers: Mapping[int, Given] | None = None, code: str = ""
    ) -> SignUp:
        """Sign a guest up at that moment."""
        person = self.person(guest, category, answers)
        is_open = self.categories[category or guest.category][2] or bool(code)
        with clock.at(at):
            if is_open:
                return sign_up(self.event_id, person, notice_id=self.notice_id, code=code)
            token = audit.actor.set(self.actor)
            try:
                return sign_up(self.event_id, person, via=Via.ORGANISER)
            finally:
                audit.actor.reset(token)

    def person(self, guest: Guest, category: str = "", answers: Mapping[int, Given] | None = None) -> Person:
        """Return what a guest tells about themselves."""
        wished = self.items.get(guest.forum)
        return Person(
            given_name=guest.given_name,
            family_name=guest.family_name,
            email=guest.email,
            category_id=self.categories[category or guest.category][0],
            language=guest.language,
            organisation=guest.organisation,
            organisation_kind=self._kind_of(guest, category or guest.category),
            item_ids=(wished,) if wished else (),
            answers=answers,
        )

    def _kind_of(self, guest: Guest, category: str) -> OrganisationKind:
        fixed = self.categories[category][1]
        if fixed is not None:
            return fixed
        if guest.organisation in self.migrant_associations:
            return OrganisationKind.MIGRANT_ASSOCIATION
        return OrganisationKind.ASSOCIATION if guest.organisation else OrganisationKind.OTHER
