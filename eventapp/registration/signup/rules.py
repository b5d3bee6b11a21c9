"""What somebody who signs up tells, and where they stand afterwards. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from functools import cached_property

from eventapp.events.rules import EventState, OrganisationKind
from eventapp.questions.answers.rules import Given
from eventapp.registration.rules import MailsTo, ParticipantState, identity

GROUP_SIZE = 20
"""How many people one person can register in one go."""
PER_ADDRESS = 20
"""How many people can be registered for one event with the same e-mail address by the form; mailboxes are shared."""
PER_NETWORK = timedelta(minutes=10)
"""In which time the sign-ups from one network are counted."""


class Via(StrEnum):
    """Who signed the person up."""

    FORM = "form"
    ORGANISER = "organiser"
    DOOR = "door"
    """Somebody without a ticket, entered by who stands at the door."""


class Outcome(StrEnum):
    """What came of a sign-up; none of these is an error."""

    CONFIRMED = "confirmed"
    WAITLISTED = "waitlisted"
    UNCONFIRMED = "unconfirmed"
    """A place is held until the address is confirmed."""
    TO_APPROVE = "to_approve"
    REPEATED = "repeated"
    """The same form arrived twice: the first registration is the answer."""
    ALREADY = "already"
    """This person was registered before; the mail went out again."""


@dataclass(frozen=True)
class Person:
    """What a guest tells about themselves; ids are those of this event."""

    given_name: str
    email: str
    category_id: int
    language: str
    family_name: str = ""
    title: str = ""
    organisation: str = ""
    organisation_kind: OrganisationKind = OrganisationKind.OTHER
    item_ids: tuple[int, ...] = ()
    answers: Mapping[int, Given] | None = None
    """Own questions of the event by id; None: nothing is said about them (a change leaves them as they are)."""
    apart: str = ""
    """What tells somebody without an e-mail address from others of the same name."""

    @cached_property
    def identity(self) -> str:
        """What makes two registrations the same person."""
        return identity(self.email or self.apart, self.given_name, self.family_name)


@dataclass(frozen=True)
class Contact:
    """Who registers a group: where its page and, if chosen, all tickets are sent."""

    name: str
    email: str
    language: str
    mails_to: MailsTo = MailsTo.EACH


@dataclass(frozen=True)
class Arrival:
    """One sign-up as it reaches the lock: a person, or a group with its `contact`.

    `key` comes from the form: the second click of a double click has the same. `over_note`: the organiser lets them in
    beyond a limit on purpose, and why. `by` is who acts, for the history. `invitation_id` is redeemed by it; `code` is
    an access code as it was typed.
    """

    people: tuple[Person, ...]
    via: Via = Via.FORM
    key: str | None = None
    notice_id: int | None = None
    contact: Contact | None = None
    over_note: str = ""
    invitation_id: int | None = None
    code: str = ""
    by: str = field(default="guest", compare=False)
    network: str = field(default="", compare=False)
    """Of a form: where it came from, for the limit per network; it is not stored."""


@dataclass(frozen=True)
class CategoryTerms:
    """What a decision asks of a category."""

    id: int
    is_open: bool
    needs_approval: bool


@dataclass(frozen=True)
class Terms:
    """What a decision asks of the event: its columns by their names, its categories, and whether it asks questions."""

    organiser_id: int
    state: EventState
    starts_at: datetime
    ends_at: datetime
    registration_opens_at: datetime | None
    registration_closes_at: datetime | None
    organisation_seats: int | None
    confirms_address: bool
    address_minutes: int
    categories: tuple[CategoryTerms, ...]
    has_questions: bool


@dataclass(frozen=True)
class Standing:
    """Where a new unit stands: the state of its people and until when the address must be confirmed."""

    state: ParticipantState
    hold_until: datetime | None = None


def standing(
    now: datetime, *, fits: bool, is_over: bool, needs_approval: bool, address_minutes: int | None
) -> Standing:
    """Decide where a new unit stands. `address_minutes` None: the address need not be confirmed."""
    until = now + timedelta(minutes=address_minutes) if address_minutes is not None else None
    if needs_approval:
        return Standing(ParticipantState.TO_APPROVE, until)
    if not fits and not is_over:
        return Standing(ParticipantState.WAITLISTED, until)
    return Standing(ParticipantState.UNCONFIRMED if until else ParticipantState.CONFIRMED, until)
