"""Sign-up, change and cancel through the service: who gets a seat, who waits, who moves up, who is told."""

from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from eventapp.capacity.queries import list_seats, read_limits
from eventapp.capacity.rules import LimitKind
from eventapp.capacity.service import set_size
from eventapp.core import clock
from eventapp.core.db import db
from eventapp.core.limits import TooMany
from eventapp.events.rules import EventAction
from eventapp.events.service import move
from eventapp.outbox.models import Message
from eventapp.registration import refusals
from eventapp.registration.models import Participant, Registration
from eventapp.registration.rules import ParticipantState
from eventapp.registration.service import cancel, change, resend, send_links, set_language
from eventapp.registration.signup.rules import Outcome, Via
from eventapp.registration.signup.service import sign_up
from eventapp.tickets.models import Ticket, TicketState
from tests.make import forums, make_event, make_item
from tests.registration.people import arrive, check_invariants, person

CONFIRMED, WAITLISTED = ParticipantState.CONFIRMED, ParticipantState.WAITLISTED


def mails() -> list[tuple[str, str, str | None]]:
    """Return all mails in the outbox as (kind, recipient, why)."""
    found = db.session.scalars(select(Message).order_by(Message.id))
    return [(m.kind.removeprefix("registration."), m.recipient, m.facts.get("why")) for m in found]


def test_a_guest_gets_seats_a_ticket_and_a_mail(app: Flask) -> None:
    event = make_event()
    forum = forums(event)[0]
    done = arrive(event, item_ids=(forum.id,))
    assert done.outcome is Outcome.CONFIRMED
    guest = done.participant
    assert guest.registration.number == 1
    assert list_seats(guest.id) == {
        (LimitKind.EVENT, ""),
        (LimitKind.CATEGORY, str(guest.category_id)),
        (LimitKind.ITEM, str(forum.id)),
    }
    ticket = db.session.scalars(select(Ticket)).one()
    assert (ticket.participant_id, ticket.state) == (guest.id, TicketState.VALID)
    assert mails() == [("ticket", "gast1@example.org", "new")]
    check_invariants(event.id)


def test_full_means_waiting_in_order_and_a_cancelled_seat_goes_to_the_next(app: Flask) -> None:
    event = make_event(seats=2)
    first, _second, third, fourth = (arrive(event, n) for n in range(1, 5))
    assert [third.outcome, fourth.outcome] == [Outcome.WAITLISTED] * 2
    cancel(first.participant.id)
    assert db.session.get_one(Participant, third.participant.id).state is CONFIRMED
    assert db.session.get_one(Participant, fourth.participant.id).state is WAITLISTED
    assert mails()[-2:] == [("cancelled", "gast1@example.org", None), ("ticket", "gast3@example.org", "moved_up")]
    check_invariants(event.id)


def test_who_does_not_fit_is_passed_over_by_who_does(app: Flask) -> None:
    event = make_event(seats=3)
    small, other = forums(event)
    set_size(event.id, LimitKind.ITEM, str(small.id), 1)
    keeps = arrive(event, 1, item_ids=(small.id,)).participant
    leaves = arrive(event, 2, item_ids=(other.id,)).participant
    arrive(event, 3)
    waits = arrive(event, 4, item_ids=(small.id,)).participant
    jumps = arrive(event, 5, item_ids=(other.id,)).participant
    cancel(leaves.id)
    assert db.session.get_one(Participant, waits.id).state is WAITLISTED
    assert db.session.get_one(Participant, jumps.id).state is CONFIRMED
    check_invariants(event.id)
    cancel(keeps.id)
    assert db.session.get_one(Participant, waits.id).state is CONFIRMED
    check_invariants(event.id)


def test_the_same_form_twice_is_one_registration(app: Flask) -> None:
    event = make_event()
    first = sign_up(event.id, person(event), idempotency_key="key-of-the-form")
    again = sign_up(event.id, person(event), idempotency_key="key-of-the-form")
    assert again.outcome is Outcome.REPEATED
    assert again.participant.id == first.participant.id
    assert len(mails()) == 1


def test_the_same_person_twice_is_told_by_mail_and_a_shared_mailbox_is_fine(app: Flask) -> None:
    event = make_event()
    arrive(event, given_name="Fatima", family_name="Al-Ḥusaynī", email="familie@example.org")
    again = arrive(event, given_name="FATIMA ", family_name="al husayni", email="Familie@Example.org")
    other = arrive(event, given_name="Omar", family_name="Al-Husayni", email="familie@example.org")
    assert [again.outcome, other.outcome] == [Outcome.ALREADY, Outcome.CONFIRMED]
    assert mails()[1] == ("ticket", "familie@example.org", "again")
    assert len(list(db.session.scalars(select(Registration)))) == 2


def test_who_cancelled_may_come_back_at_the_end(app: Flask) -> None:
    event = make_event(seats=1)
    first = arrive(event, 1).participant
    arrive(event, 2)
    cancel(first.id)
    assert arrive(event, 1).outcome is Outcome.WAITLISTED
    assert cancel(first.id).state is ParticipantState.CANCELLED
    assert [kind for kind, *_ in mails()].count("cancelled") == 1
    check_invariants(event.id)


def test_a_change_of_forum_never_loses_the_old_seat(app: Flask) -> None:
    event = make_event()
    old, new = forums(event)
    set_size(event.id, LimitKind.ITEM, str(new.id), 1)
    arrive(event, 1, item_ids=(new.id,))
    guest = arrive(event, 2, item_ids=(old.id,)).participant
    with pytest.raises(refusals.ItemFull, match=r"Forum 2.*voll"):
        change(guest.id, person(event, 2, item_ids=(new.id,)))
    db.session.expire_all()
    assert (LimitKind.ITEM, str(old.id)) in list_seats(guest.id)
    changed = change(guest.id, person(event, 2, family_name="Neu", item_ids=()))
    assert changed.search_text.startswith("gast 2 neu")
    assert read_limits(event.id)[LimitKind.ITEM, str(old.id)].taken == 0
    check_invariants(event.id)


def test_a_waiting_guest_who_asks_for_less_moves_up(app: Flask) -> None:
    event = make_event()
    full, other = forums(event)
    set_size(event.id, LimitKind.ITEM, str(full.id), 1)
    arrive(event, 1, item_ids=(full.id,))
    guest = arrive(event, 2, item_ids=(full.id,)).participant
    assert guest.state is WAITLISTED
    assert change(guest.id, person(event, 2, item_ids=(other.id,))).state is CONFIRMED
    assert mails()[-1] == ("ticket", "gast2@example.org", "moved_up")
    check_invariants(event.id)


def test_a_larger_event_lets_the_waiting_in_and_a_smaller_one_breaks_nothing(app: Flask) -> None:
    event = make_event(seats=2)
    for number in range(1, 5):
        arrive(event, number)
    assert set_size(event.id, LimitKind.EVENT, "", 3) == 0
    assert read_limits(event.id)[LimitKind.EVENT, ""].taken == 3
    assert set_size(event.id, LimitKind.EVENT, "", 1) == 2
    check_invariants(event.id)
    cancel(db.session.scalars(select(Participant.id).order_by(Participant.id)).first() or 0)
    assert read_limits(event.id)[LimitKind.EVENT, ""].taken == 2
    assert db.session.scalars(select(Participant.state).order_by(Participant.id)).all()[-1] is WAITLISTED
    check_invariants(event.id)


@pytest.mark.parametrize(
    ("opens", "closes", "why"),
    [
        (timedelta(days=1), None, refusals.NotOpenYet),
        (None, timedelta(hours=-1), refusals.Closed),
    ],
)
def test_outside_its_window_nobody_signs_up_but_the_organiser_may(
    app: Flask, opens: timedelta | None, closes: timedelta | None, why: type[Exception]
) -> None:
    now = clock.now()
    event = make_event(
        registration_opens_at=now + opens if opens else None,
        registration_closes_at=now + closes if closes else None,
    )
    with pytest.raises(why):
        arrive(event)
    assert sign_up(event.id, person(event), via=Via.ORGANISER).outcome is Outcome.CONFIRMED


def test_drafts_called_off_and_past_events_take_nobody(app: Flask) -> None:
    draft = make_event(published=False)
    with pytest.raises(refusals.Closed):
        arrive(draft)
    event = make_event()
    move(event.id, EventAction.CALL_OFF)
    with pytest.raises(refusals.CalledOff):
        arrive(event)
    with clock.at(draft.ends_at), pytest.raises(refusals.Over):
        sign_up(draft.id, person(draft), via=Via.ORGANISER)
    assert mails() == []


def test_wrong_choices_are_refused_and_leave_nothing(app: Flask) -> None:
    event, other = make_event(), make_event()
    first, second = forums(event)
    talk = make_item(event, "Vortrag", 14, 15)
    cases: list[tuple[dict[str, Any], type[Exception]]] = [
        ({"category_id": other.categories[0].id}, refusals.WrongCategory),
        ({"item_ids": (forums(other)[0].id,)}, refusals.WrongItem),
        ({"item_ids": (talk.id,)}, refusals.WrongItem),
        ({"item_ids": (first.id, second.id)}, refusals.ItemsClash),
        ({"given_name": "", "family_name": ""}, refusals.NoName),
    ]
    for wrong, why in cases:
        with pytest.raises(why):
            arrive(event, **wrong)
    assert list(db.session.scalars(select(Registration))) == []
    assert mails() == []
    assert arrive(event, 2).participant.registration.number == 1


def test_links_are_sent_again_to_known_addresses_only_and_not_for_ever(app: Flask) -> None:
    event = make_event(seats=1)
    arrive(event, 1)
    arrive(event, 2, email="gast1@example.org")
    before = len(mails())
    send_links(event.id, "GAST1@example.org", "192.0.2.1")
    assert [kind for kind, *_ in mails()[before:]] == ["ticket", "waitlisted"]
    send_links(event.id, "unknown@example.org", "192.0.2.1")
    assert len(mails()) == before + 2
    for _ in range(4):
        send_links(event.id, "gast1@example.org", "192.0.2.1")
    with pytest.raises(TooMany):
        send_links(event.id, "gast1@example.org", "192.0.2.1")


def test_language_and_resend(app: Flask) -> None:
    event = make_event()
    guest = arrive(event).participant
    set_language(guest.id, "ar")
    resend(guest.id)
    assert db.session.scalars(select(Message).order_by(Message.id.desc())).first().language == "ar"  # type: ignore[union-attr]
    cancel(guest.id)
    with pytest.raises(refusals.NotRegistered):
        resend(guest.id)
