"""Writes the rows of many sign-ups together; called by the sign-up service under the event's lock."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from types import SimpleNamespace
from typing import Any

from sqlalchemy.orm import Session

from eventapp.capacity.rules import Ref
from eventapp.capacity.service import Turn, hold
from eventapp.core import audit, ids
from eventapp.core.bulk import as_one, draw_ids, insert_all, rewrite
from eventapp.core.db import Base
from eventapp.core.search import fold_email
from eventapp.outbox.rules import Letter
from eventapp.outbox.service import post_all
from eventapp.questions.answers.rules import Given
from eventapp.questions.answers.service import add_answers
from eventapp.registration.models import ItemChoice, Participant, Registration
from eventapp.registration.moves import about, letters, present_kind
from eventapp.registration.rules import (
    HOLDS_A_SEAT,
    MailsTo,
    ParticipantState,
    organisation_key,
    search_text,
    sort_key,
)
from eventapp.registration.signup.rules import Arrival, Person, Standing
from eventapp.tickets.service import issue_all


@dataclass
class Placed:
    """A unit that was found a place, or a place in the list; its people are the rows that are written."""

    arrival: Arrival
    number: int
    standing: Standing
    wishes: list[frozenset[Ref]]
    is_over: bool = False
    answers: list[dict[int, Given]] = field(default_factory=list)
    unit: str = field(default_factory=ids.public_id)
    people: list[dict[str, Any]] = field(default_factory=list)


def write(session: Session, act: Turn, organiser_id: int, placed: Sequence[Placed], counted: Iterable[Base]) -> None:
    """Write registrations, participants, choices, seats, tickets, history and mails of these units.

    `counted` are other rows that changed by them.
    """
    if not placed:
        return
    many = sum(len(one.arrival.people) for one in placed)
    with as_one(session):  # nobody is pending in the session: on SQLite ids are counted from what is written
        unit_ids, people_ids = draw_ids(session, {Registration: len(placed), Participant: many})
        fresh = iter(people_ids)
        for one, unit_id in zip(placed, unit_ids, strict=True):
            one.people = [_participant(act, one, unit_id, next(fresh), person) for person in one.arrival.people]
        units = [_registration(act, one, unit_id) for one, unit_id in zip(placed, unit_ids, strict=True)]
        people = [row for one in placed for row in one.people]
        insert_all(session, Registration, units)
        insert_all(session, Participant, people)
        _write_choices(session, placed)
        _take_seats(act, placed)
        issue_all([row["id"] for row in people if row["state"] is ParticipantState.CONFIRMED], act.event_id)
        audit.record_all([entry for one in placed for entry in _history(act, one)])
        post_all([x for one, unit in zip(placed, units, strict=True) for x in _letters(organiser_id, one, unit)])
        rewrite(session, [*act.rows, *counted])
    add_answers({row["id"]: given for one in placed for row, given in zip(one.people, one.answers, strict=True)})


def personal(person: Person) -> dict[str, Any]:
    """Return the columns of a participant that follow from what they told."""
    return {
        "title": person.title,
        "given_name": person.given_name,
        "family_name": person.family_name,
        "email": person.email,
        "email_key": fold_email(person.email),
        "organisation": person.organisation,
        "organisation_key": organisation_key(person.organisation),
        "organisation_kind": person.organisation_kind,
        "category_id": person.category_id,
        "language": person.language,
        "identity": person.identity,
        "search_text": search_text(
            person.title, person.given_name, person.family_name, person.organisation, person.email
        ),
        "sort_key": sort_key(person.given_name, person.family_name),
    }


def _participant(act: Turn, one: Placed, unit_id: int, row_id: int, person: Person) -> dict[str, Any]:
    return {
        **personal(person),
        "id": row_id,
        "public_id": ids.public_id(),
        "registration_id": unit_id,
        "event_id": act.event_id,
        "state": one.standing.state,
        "notice_id": one.arrival.notice_id,
        "created_at": act.now,
        "changed_at": act.now,
    }


def _registration(act: Turn, one: Placed, unit_id: int) -> dict[str, Any]:
    contact, arrival = one.arrival.contact, one.arrival
    return {
        "id": unit_id,
        "public_id": one.unit,
        "event_id": act.event_id,
        "number": one.number,
        "idempotency_key": arrival.key,
        "via": arrival.via.value,
        "hold_until": one.standing.hold_until,
        "is_over": one.is_over,
        "note": arrival.over_note if one.is_over else "",
        "is_group": contact is not None,
        "contact_name": contact.name if contact else "",
        "contact_email": contact.email if contact else "",
        "contact_language": contact.language if contact else "",
        "mails_to": contact.mails_to if contact else MailsTo.EACH,
        "created_at": act.now,
    }


def _write_choices(session: Session, placed: Sequence[Placed]) -> None:
    rows = [
        {"participant_id": row["id"], "item_id": item_id}
        for one in placed
        for row, person in zip(one.people, one.arrival.people, strict=True)
        for item_id in sorted(set(person.item_ids))
    ]
    insert_all(session, ItemChoice, rows)


def _take_seats(act: Turn, placed: Sequence[Placed]) -> None:
    for over in (False, True):
        wishes = {
            row["id"]: refs
            for one in placed
            if one.standing.state in HOLDS_A_SEAT and one.is_over is over
            for row, refs in zip(one.people, one.wishes, strict=True)
        }
        if wishes:
            hold(act, wishes, over=over, are_new=True)


def _history(act: Turn, one: Placed) -> list[audit.Entry]:
    facts: dict[str, Any] = {"number": one.number, "via": one.arrival.via.value}
    if one.is_over:
        facts["over"] = one.arrival.over_note
    return [
        audit.Entry(
            f"registration.{one.standing.state.value}",
            about(row["public_id"]),
            act.event_id,
            facts=facts,
            by=one.arrival.by,
        )
        for row in one.people
    ]


def _letters(organiser_id: int, one: Placed, unit: dict[str, Any]) -> list[Letter]:
    until: datetime | None = one.standing.hold_until
    kind = present_kind(one.standing.state, until is not None)
    people = [SimpleNamespace(**row) for row in one.people]
    return letters(SimpleNamespace(**unit), organiser_id, people, kind, {"why": "new"})
