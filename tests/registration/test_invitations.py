"""Invitations: used once, in the transaction of the sign-up; who is trusted; the window; reminders and their ends."""

from datetime import timedelta

import pytest
import time_machine
from flask import Flask
from sqlalchemy import select

from eventapp.capacity.rules import LimitKind
from eventapp.capacity.service import set_size
from eventapp.core import clock
from eventapp.core.audit import AuditEntry
from eventapp.core.db import db
from eventapp.core.localized import Localized
from eventapp.core.refusal import NotFound, Refusal
from eventapp.events import service as events
from eventapp.events.rules import CategoryInput, EventAction, EventState
from eventapp.outbox.models import Message
from eventapp.registration import refusals as common
from eventapp.registration.invitations import refusals, service
from eventapp.registration.invitations.models import Invitation
from eventapp.registration.invitations.queries import state_of
from eventapp.registration.invitations.rules import MOVES, InvitationState
from eventapp.registration.models import Registration
from eventapp.registration.refusals import CalledOff, Over, WrongCategory
from eventapp.registration.rules import ParticipantState
from eventapp.registration.service import cancel
from eventapp.registration.signup.rules import Arrival, Contact, Outcome
from eventapp.registration.signup.service import arrive, arrive_all, sign_up
from tests.make import make_event
from tests.registration.inviting import NADIA, accept, count, invite_nadia, mails, make_inviting
from tests.registration.people import check_invariants, person


def test_every_state_has_its_moves() -> None:
    assert set(MOVES) == set(InvitationState)


def test_an_invited_guest_gets_a_place_in_a_closed_group_without_approval(app: Flask) -> None:
    event, press = make_inviting(confirms_address=True)
    invitation = invite_nadia(event, press)
    assert mails() == [NADIA["email"]]
    done = accept(invitation)
    assert done.outcome is Outcome.CONFIRMED
    stored = db.session.get_one(Invitation, invitation.id)
    assert (stored.state, stored.registration_id) == (InvitationState.REDEEMED, done.participant.registration_id)
    actions = db.session.scalars(select(AuditEntry.action).where(AuditEntry.about == service.about(stored.public_id)))
    assert list(actions) == ["invitation.sent", "invitation.redeem"]
    assert mails() == [], "what was not sent yet is taken back: it is no longer true"
    check_invariants(event.id)


def test_from_another_address_the_rules_of_the_event_apply(app: Flask) -> None:
    event, press = make_inviting(confirms_address=True)
    done = accept(invite_nadia(event, press), email="jemand@example.org")
    assert done.outcome is Outcome.TO_APPROVE
    assert done.participant.registration.hold_until is not None


def test_case_does_not_make_another_address(app: Flask) -> None:
    event, press = make_inviting()
    assert accept(invite_nadia(event, press), email="NADIA@Example.org").outcome is Outcome.CONFIRMED


def test_it_works_once(app: Flask) -> None:
    event, press = make_inviting()
    invitation = invite_nadia(event, press)
    accept(invitation)
    with pytest.raises(refusals.InvitationUsed):
        accept(invitation, 2)
    assert count() == 1
    assert accept(invitation).outcome is Outcome.ALREADY, "the same person is told kindly"
    assert count() == 1


def test_of_two_in_one_batch_the_second_is_refused(app: Flask) -> None:
    event, press = make_inviting()
    invitation = invite_nadia(event, press)
    people = [person(event, number, category_id=press.id) for number in (1, 2)]
    first, second = arrive_all(event.id, [Arrival((one,), invitation_id=invitation.id) for one in people])
    assert not isinstance(first, Refusal)
    assert isinstance(second, refusals.InvitationUsed)


def test_who_is_refused_can_try_again(app: Flask) -> None:
    event, press = make_inviting()
    invitation = invite_nadia(event, press)
    with pytest.raises(common.WrongItem):
        accept(invitation, item_ids=(9999,))
    assert db.session.get_one(Invitation, invitation.id).state is InvitationState.OPEN
    assert accept(invitation).outcome is Outcome.CONFIRMED


def test_a_full_event_puts_the_invited_on_the_waiting_list_and_uses_the_invitation(app: Flask) -> None:
    event, press = make_inviting(seats=1)
    sign_up(event.id, person(event, 1, category_id=event.categories[0].id))
    invitation = invite_nadia(event, press)
    done = accept(invitation)
    assert done.outcome is Outcome.WAITLISTED
    assert db.session.get_one(Invitation, invitation.id).state is InvitationState.REDEEMED
    check_invariants(event.id)


def test_the_window_does_not_matter_but_the_end_and_the_state_of_the_event_do(
    app: Flask, clock: time_machine.Traveller
) -> None:
    event, press = make_inviting()
    opens, closes = event.starts_at - timedelta(days=10), event.starts_at - timedelta(days=5)
    events.change(event.id, {"registration_opens_at": opens, "registration_closes_at": closes})
    early, late = (invite_nadia(event, press, email=f"{name}@example.org") for name in ("early", "late"))
    long = invite_nadia(event, press, email="long@example.org", expires_at=event.ends_at)
    assert accept(early, 1).outcome is Outcome.TO_APPROVE
    clock.move_to(closes)
    with pytest.raises(refusals.InvitationExpired):
        accept(late, 2)
    assert accept(long, email="long@example.org").outcome is Outcome.CONFIRMED
    clock.move_to(event.ends_at)
    with pytest.raises(Over):
        accept(late, 3)


def test_a_called_off_event_invites_nobody(app: Flask) -> None:
    event, press = make_inviting()
    invitation = invite_nadia(event, press)
    events.move(event.id, EventAction.CALL_OFF, Localized(de="Sturm"))
    with pytest.raises(CalledOff):
        accept(invitation)
    with pytest.raises(CalledOff):
        invite_nadia(event, press, email="b@example.org")
    assert count() == 0


def test_of_another_event_or_group_it_opens_nothing(app: Flask) -> None:
    event, press = make_inviting()
    invitation, other = invite_nadia(event, press), make_event(slug="anderes")
    with pytest.raises(refusals.InvitationGone):
        arrive(other.id, Arrival((person(other, 1),), invitation_id=invitation.id))
    with pytest.raises(WrongCategory):
        accept(invitation, category_id=event.categories[0].id)
    pair = (person(event, 1, category_id=press.id), person(event, 2, category_id=press.id))
    with pytest.raises(refusals.InvitationGone):
        arrive(event.id, Arrival(pair, contact=Contact("A", "a@example.org", "de"), invitation_id=invitation.id))
    assert count() == 0


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({}, refusals.AlreadyInvited),
        ({"email": "NADIA@example.org", "given_name": "NADIA"}, refusals.AlreadyInvited),
        ({"email": "b@example.org", "category_id": 9999}, WrongCategory),
    ],
)
def test_who_cannot_be_invited(app: Flask, changes: dict[str, object], reason: type[Refusal]) -> None:
    event, press = make_inviting()
    invite_nadia(event, press)
    with pytest.raises(reason):
        invite_nadia(event, press, **changes)
    assert count(Invitation) == 1
    assert len(mails()) == 1


def test_a_shared_mailbox_has_an_invitation_for_each_name(app: Flask) -> None:
    event, press = make_inviting()
    invite_nadia(event, press)
    invite_nadia(event, press, given_name="Ruth")
    assert count(Invitation) == 2


def test_registered_people_and_drafts_are_refused(app: Flask) -> None:
    event, press = make_inviting()
    sign_up(event.id, person(event, 1, category_id=event.categories[0].id, **NADIA))
    with pytest.raises(refusals.AlreadyRegistered):
        invite_nadia(event, press)
    draft = make_event(slug="entwurf", published=False)
    assert draft.state is EventState.DRAFT
    with pytest.raises(refusals.NotPublic):
        invite_nadia(draft, draft.categories[0])


def test_times_that_cannot_be(app: Flask) -> None:
    event, press = make_inviting()
    for wrong in (clock.now() - timedelta(minutes=1), event.ends_at + timedelta(minutes=1)):
        with pytest.raises(refusals.WrongExpiry):
            invite_nadia(event, press, expires_at=wrong)
    events.change(event.id, {"registration_closes_at": clock.now() - timedelta(days=1)})
    with pytest.raises(refusals.NoTimeLeft):
        invite_nadia(event, press)
    assert count(Invitation) == 0


def test_reminders_go_out_once_a_day(app: Flask, clock: time_machine.Traveller) -> None:
    event, press = make_inviting()
    invitation = invite_nadia(event, press)
    with pytest.raises(refusals.NotYetAgain):
        service.remind(invitation.public_id, event.id)
    assert service.remind_all(event.id) == 0
    clock.shift(timedelta(days=1))
    invite_nadia(event, press, email="neu@example.org")
    registered = invite_nadia(event, press, email="dabei@example.org")
    clock.shift(timedelta(hours=23))
    assert service.remind_all(event.id) == 1
    assert mails("registration.invitation_reminder") == [NADIA["email"]]
    with pytest.raises(refusals.NotYetAgain):
        service.remind(invitation.public_id, event.id)
    clock.shift(timedelta(days=1))
    own = {**NADIA, "email": registered.email, "category_id": event.categories[0].id}
    sign_up(event.id, person(event, 1, **own))
    assert service.remind_all(event.id) == 2, "who registered without the invitation is not reminded"


def test_withdrawn_and_declined_invitations_open_nothing(app: Flask) -> None:
    event, press = make_inviting()
    taken, refused = invite_nadia(event, press), invite_nadia(event, press, given_name="Ruth")
    service.withdraw(taken.public_id, event.id)
    service.decline(refused.public_id, event.id)
    service.decline(refused.public_id, event.id)
    with pytest.raises(refusals.InvitationWithdrawn):
        accept(taken, 1)
    with pytest.raises(refusals.InvitationDeclined):
        accept(refused, 2)
    with pytest.raises(refusals.InvitationWithdrawn):
        service.decline(taken.public_id, event.id)
    with pytest.raises(refusals.InvitationDeclined):
        service.withdraw(refused.public_id, event.id)
    assert (count(), mails()) == (0, [])
    invite_nadia(event, press)


def test_an_expired_invitation_is_renewed_with_another_link(app: Flask, clock: time_machine.Traveller) -> None:
    event, press = make_inviting()
    invitation = invite_nadia(event, press, expires_at=event.starts_at - timedelta(days=20))
    with pytest.raises(refusals.NotExpired):
        service.renew(invitation.public_id, event.id, None)
    clock.move_to(event.starts_at - timedelta(days=19))
    with pytest.raises(refusals.InvitationExpired):
        accept(invitation)
    with pytest.raises(refusals.InvitationExpired):
        service.remind(invitation.public_id, event.id)
    service.renew(invitation.public_id, event.id, None)
    stored = db.session.get_one(Invitation, invitation.id)
    assert (stored.version, stored.ends, state_of(stored, event.starts_at)) == (2, event.starts_at, "expired")
    assert len(mails()) == 1, "the one for the old link is taken back"
    assert accept(stored).outcome is Outcome.CONFIRMED


def test_nobody_acts_on_the_invitation_of_another_event(app: Flask) -> None:
    event, press = make_inviting()
    invitation, other = invite_nadia(event, press), make_event(slug="anderes")
    for act in (service.withdraw, service.remind, service.decline):
        with pytest.raises(NotFound):
            act(invitation.public_id, other.id)


def test_a_group_with_open_invitations_stays_and_goes_when_they_have_ended(app: Flask) -> None:
    event, press = make_inviting()
    invitation = invite_nadia(event, press)
    with pytest.raises(refusals.CategoryInvited):
        events.remove_category(press.id)
    service.withdraw(invitation.public_id, event.id)
    events.remove_category(press.id)
    assert count(Invitation) == 0


def test_a_draft_with_invitations_can_be_deleted_and_is_not_copied(app: Flask) -> None:
    event, press = make_inviting()
    invite_nadia(event, press)
    events.move(event.id, EventAction.UNPUBLISH)
    events.delete(event.id)
    assert (count(Invitation), count(Registration)) == (0, 0)


def test_cancelling_gives_the_invitation_not_back(app: Flask) -> None:
    event, press = make_inviting()
    invitation = invite_nadia(event, press)
    done = accept(invitation)
    cancel(done.participant.id)
    with pytest.raises(refusals.InvitationUsed):
        accept(invitation)
    assert db.session.get_one(Registration, done.participant.registration_id).living == []


def test_invited_guests_wait_in_the_same_order(app: Flask) -> None:
    event, press = make_inviting(seats=2)
    events.update_category(press.id, CategoryInput(press.label, seats=1, is_open=False))
    first, second = (invite_nadia(event, press, email=f"{name}@example.org") for name in "ab")
    assert accept(first, 1).outcome is Outcome.CONFIRMED
    waiting = accept(second, 2)
    assert waiting.outcome is Outcome.WAITLISTED
    set_size(event.id, LimitKind.CATEGORY, str(press.id), 2)
    assert waiting.participant.state is ParticipantState.CONFIRMED
    assert len(list(db.session.scalars(select(Message.id).where(Message.kind == "registration.ticket")))) == 2
    check_invariants(event.id)
