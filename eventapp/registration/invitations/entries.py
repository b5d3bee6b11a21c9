"""What lets an arrival in where the open form would not: its invitation, or its access code.

The sign-up makes one `Entries` for a batch under the event's lock, asks it for each arrival and uses what was asked.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import select

from eventapp.capacity.service import Turn
from eventapp.core.db import db
from eventapp.core.search import fold_email
from eventapp.registration.codes.models import AccessCode
from eventapp.registration.codes.refusals import CodeNotValid
from eventapp.registration.codes.rules import fold_code, opens
from eventapp.registration.invitations.models import Invitation
from eventapp.registration.invitations.refusals import InvitationGone, InvitationUsed
from eventapp.registration.invitations.service import check_usable, redeem
from eventapp.registration.refusals import WrongCategory
from eventapp.registration.signup.rules import Arrival, CategoryTerms, Terms


@dataclass(frozen=True)
class Entry:
    """How one arrival comes in: the category that is open to it, and what the invitation spares it."""

    category_id: int | None = None
    invitation: Invitation | None = None
    code: AccessCode | None = None
    people: int = 0
    """How many of its people use the code."""
    is_trusted: bool = False
    """The link came to the address that signs up: no approval, no confirmation of the address."""


_OPEN_FORM = Entry()
_FRESH = {"execution_options": {"populate_existing": True}}


class Entries:
    """The invitations and codes of a batch, read once; each arrival uses them after the one before."""

    def __init__(self, act: Turn, event: Terms, arrivals: Sequence[Arrival]) -> None:
        self.act, self.event = act, event
        self.invitations: dict[int, Invitation] = {}
        self.codes: dict[str, AccessCode] = {}
        self.used: set[int] = set()
        if invited := {a.invitation_id for a in arrivals if a.invitation_id is not None}:
            mine = Invitation.event_id == act.event_id, Invitation.id.in_(invited)
            self.invitations = {x.id: x for x in db.session.scalars(select(Invitation).where(*mine), **_FRESH)}
        if keys := {fold_code(a.code) for a in arrivals if a.code}:
            codes = AccessCode.event_id == act.event_id, AccessCode.key.in_(keys)
            self.codes = {x.key: x for x in db.session.scalars(select(AccessCode).where(*codes), **_FRESH)}

    def ask(self, arrival: Arrival, categories: Mapping[int, CategoryTerms]) -> Entry:
        """Return how an arrival comes in; raise the Refusal that its invitation or code deserves."""
        if arrival.invitation_id is not None:
            return self._invited(arrival, self.invitations.get(arrival.invitation_id))
        closed = [p.category_id for p in arrival.people if p.category_id in categories]
        closed = [category_id for category_id in closed if not categories[category_id].is_open]
        if not arrival.code or not closed:
            return _OPEN_FORM
        code = self.codes.get(fold_code(arrival.code))
        people = closed.count(code.category_id) if code is not None else 0
        if code is None or not opens(self.act.now, code.used, code.uses, code.expires_at, max(people, 1)):
            raise CodeNotValid
        return Entry(code.category_id, code=code, people=people)

    def use(self, entry: Entry) -> None:
        """Count what an arrival that got in has used, before the next one is asked."""
        if entry.invitation is not None:
            self.used.add(entry.invitation.id)
        if entry.code is not None:
            entry.code.used += entry.people

    def write(self, made: Sequence[tuple[int, int]]) -> None:
        """Redeem invitations: pairs of an invitation and the registration that came of it, by row id."""
        for invitation_id, registration_id in made:
            redeem(self.invitations[invitation_id], registration_id)

    def _invited(self, arrival: Arrival, invitation: Invitation | None) -> Entry:
        if invitation is None or len(arrival.people) != 1 or arrival.contact is not None:
            raise InvitationGone
        if invitation.id in self.used:
            raise InvitationUsed
        check_usable(invitation, self.event, self.act.now)
        (person,) = arrival.people
        if person.category_id != invitation.category_id:
            raise WrongCategory
        is_trusted = fold_email(person.email) == invitation.email_key
        return Entry(invitation.category_id, invitation, is_trusted=is_trusted)
