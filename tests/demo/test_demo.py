"""The demonstration tells the reference event as it was, and two more, without a mail to anybody."""

from collections import Counter
from datetime import date, timedelta

import pytest
from flask import Flask
from sqlalchemy import func, select

from eventapp.accounts.models import Account, Membership, Organiser
from eventapp.accounts.rules import Role
from eventapp.accounts.signin.service import sign_in
from eventapp.agenda.models import AgendaItem, ItemSpeaker, Partner, Speaker
from eventapp.agenda.queries import list_items
from eventapp.agenda.rules import ItemKind
from eventapp.capacity.queries import list_limits
from eventapp.capacity.rules import LimitKind
from eventapp.checkin.models import Scan
from eventapp.checkin.queries import list_entrances
from eventapp.checkin.rules import Outcome, Reason, ScanKind
from eventapp.core import clock
from eventapp.core.db import db
from eventapp.demo import rules, service
from eventapp.demo.coming.service import SLUG as COMING
from eventapp.demo.people.service import make_colleague
from eventapp.events.models import Event
from eventapp.events.queries import find_event
from eventapp.events.rules import EventState
from eventapp.notices.queries import gaps
from eventapp.outbox.models import Message, MessageState
from eventapp.outbox.service import deliver_due
from eventapp.questions.models import Answer
from eventapp.questions.queries import list_questions
from eventapp.questions.rules import QuestionKind
from eventapp.registration.codes.models import AccessCode
from eventapp.registration.doctor.queries import list_faults
from eventapp.registration.invitations.models import Invitation
from eventapp.registration.invitations.rules import InvitationState
from eventapp.registration.models import Participant, Registration
from eventapp.registration.rules import ParticipantState
from eventapp.tickets.models import Ticket
from tests.make import make_organiser
from tests.pages import Visitor

PAST, WORKSHOP = "gemeinsam-vor-ort-2025", "bewerbungswerkstatt"


def event_of(slug: str) -> Event:
    event = find_event(slug)
    assert event is not None
    return event


def states_of(event: Event) -> Counter[ParticipantState]:
    return Counter(db.session.scalars(select(Participant.state).where(Participant.event_id == event.id)))


def left_in_forums(event: Event) -> dict[int, int]:
    """Return how many seats each forum has left, by its number."""
    limits = list_limits(event.id)
    chosen = [item for item in list_items(event.id) if item.is_chosen]
    states = {item.position: limits[LimitKind.ITEM, str(item.id)].state_at(clock.now()) for item in chosen}
    return {number: state.left for number, state in states.items() if state.left is not None}


@pytest.mark.usefixtures("story")
def test_three_published_events_of_two_organisers() -> None:
    events = list(db.session.scalars(select(Event).order_by(Event.id)))
    assert [event.slug for event in events] == [PAST, COMING, WORKSHOP]
    assert {event.state for event in events} == {EventState.PUBLISHED}
    assert len({event.organiser_id for event in events}) == 2
    assert [event.is_example for event in events] == [False, True, True]
    assert not any(gaps(event.organiser_id) for event in events)
    assert len({organiser.accent for organiser in db.session.scalars(select(Organiser))}) == 2


@pytest.mark.usefixtures("story")
def test_the_past_event_holds_the_published_facts() -> None:
    event = event_of(PAST)
    assert event.starts_at.astimezone(event.tz).isoformat() == "2025-12-04T09:30:00+01:00"
    items = db.session.scalars(select(AgendaItem).where(AgendaItem.event_id == event.id)).all()
    kinds = Counter(item.kind for item in items)
    assert (kinds[ItemKind.PANEL], kinds[ItemKind.FORUM]) == (2, 6)
    on_stage = select(func.count()).select_from(ItemSpeaker).join(Speaker).where(Speaker.event_id == event.id)
    assert db.session.scalar(on_stage) == 8
    assert db.session.scalar(select(func.count()).select_from(Partner).where(Partner.event_id == event.id)) == 5
    limits = list_limits(event.id)
    for item in items:
        if item.is_chosen:
            assert item.room is not None
            assert limits[LimitKind.ITEM, str(item.id)].size == item.room.seats
    assert all(set(item.title) == {"de", "en", "ar"} for item in items)


@pytest.mark.usefixtures("story")
def test_399_are_confirmed_and_signed_up_over_weeks() -> None:
    event = event_of(PAST)
    assert states_of(event) == {ParticipantState.CONFIRMED: 399}
    rows = select(Registration).where(Registration.event_id == event.id).order_by(Registration.number)
    moments = [row.created_at for row in db.session.scalars(rows)]
    assert moments == sorted(moments)
    days = Counter(moment.astimezone(event.tz).date() for moment in moments)
    assert date(2025, 10, 19) <= min(days) < max(days) <= date(2025, 12, 3)
    assert len(days) > 30
    assert max(days.values()) > 2 * 399 / len(days)


@pytest.mark.usefixtures("story")
def test_press_and_guests_of_honour_were_entered_by_the_organiser() -> None:
    event = event_of(PAST)
    rows = select(Participant).where(Participant.event_id == event.id)
    by_via = Counter(
        guest.registration.via
        for guest in db.session.scalars(rows)
        if guest.category.code in ("press", "guest_of_honour")
    )
    assert by_via == {"organiser": 11}


@pytest.mark.usefixtures("story")
def test_most_came_some_twice_and_one_admission_was_taken_back() -> None:
    event = event_of(PAST)
    inside = db.session.scalar(select(func.count()).where(Ticket.event_id == event.id, Ticket.inside.is_(True)))
    assert inside is not None
    assert 340 < inside < 399
    scans = list(db.session.scalars(select(Scan).where(Scan.event_id == event.id)))
    assert len(scans) > inside
    assert sum(scan.kind is ScanKind.UNDO for scan in scans) == 1
    again = [scan for scan in scans if scan.reason is Reason.ALREADY_ADMITTED]
    assert len(again) > 5
    assert {scan.outcome for scan in again} == {Outcome.REFUSED}
    assert event.doors_at is not None
    assert min(scan.at for scan in scans) >= event.doors_at
    assert {scan.at.date() for scan in scans} == {date(2025, 12, 4)}


@pytest.mark.usefixtures("story")
def test_no_mail_ever_goes_out() -> None:
    states = Counter(db.session.scalars(select(Message.state)))
    assert set(states) == {MessageState.SENT}
    assert states[MessageState.SENT] > 700
    assert deliver_due() == 0


@pytest.mark.usefixtures("story")
def test_loading_twice_is_refused_and_changes_nothing() -> None:
    before = db.session.scalar(select(func.count()).select_from(Participant))
    with pytest.raises(service.AlreadyLoaded, match="geladen"):
        service.load()
    assert db.session.scalar(select(func.count()).select_from(Participant)) == before


@pytest.mark.usefixtures("story")
def test_the_coming_edition_is_open_with_one_forum_full_and_two_nearly() -> None:
    event = event_of(COMING)
    assert timedelta(days=35) <= event.starts_at - clock.now() < timedelta(days=64)
    assert left_in_forums(event) == {1: 7, 2: 47, 3: 0, 4: 44, 5: 5, 6: 50}
    assert states_of(event) == {
        ParticipantState.CONFIRMED: 348,
        ParticipantState.OFFERED: 1,
        ParticipantState.WAITLISTED: 7,
        ParticipantState.TO_APPROVE: 2,
        ParticipantState.CANCELLED: 1,
    }
    assert event.series == event_of(PAST).series


@pytest.mark.usefixtures("story")
def test_the_coming_edition_keeps_places_for_newcomers_until_two_weeks_before() -> None:
    event = event_of(COMING)
    by_code = {category.code: category for category in event.categories}
    limit = list_limits(event.id)[LimitKind.CATEGORY, str(by_code["newcomer"].id)]
    assert (limit.reserved, limit.release_at) == (55, event.starts_at - timedelta(days=14))
    assert limit.taken < limit.reserved
    assert (by_code["press"].is_open, by_code["press"].needs_approval) == (True, True)
    assert list_faults(event.id) == []


@pytest.mark.usefixtures("story")
def test_people_come_in_every_way() -> None:
    event = event_of(COMING)
    (group,) = db.session.scalars(select(Registration).where(Registration.event_id == event.id, Registration.is_group))
    assert {person.language for person in group.participants} == {"de", "ar"}
    assert {person.state for person in group.participants} == {ParticipantState.CONFIRMED}
    states = db.session.scalars(select(Invitation.state).where(Invitation.event_id == event.id))
    assert Counter(states) == {InvitationState.REDEEMED: 1, InvitationState.OPEN: 1}
    (code,) = db.session.scalars(select(AccessCode).where(AccessCode.event_id == event.id))
    assert (code.used, code.uses) == (1, 5)


@pytest.mark.usefixtures("story")
def test_three_questions_are_asked_and_answered_by_some() -> None:
    event = event_of(COMING)
    tour, language, photos = list_questions(event.id)
    assert [len(question.conditions) for question in (tour, language, photos)] == [0, 1, 0]
    assert photos.kind is QuestionKind.CONSENT
    limits = {key: limit for (kind, key), limit in list_limits(event.id).items() if kind is LimitKind.CHOICE}
    assert {(limit.size, limit.taken) for limit in limits.values()} == {(25, 22), (40, 20)}
    asked = select(Answer.question_id).where(Answer.question_id.in_([tour.id, language.id, photos.id]))
    answers = Counter(db.session.scalars(asked))
    on_a_tour = 22 + 20 + 1  # one waits for a forum and holds no seat
    assert answers[language.id] == on_a_tour < answers[tour.id]
    assert 50 < answers[photos.id] < 150


@pytest.mark.usefixtures("story")
def test_every_event_has_an_entrance_for_its_door() -> None:
    found = {event.slug: len(list_entrances(event.id)) for event in map(event_of, (PAST, COMING, WORKSHOP))}
    assert found == {PAST: 2, COMING: 2, WORKSHOP: 1}


@pytest.mark.usefixtures("story")
def test_every_role_can_sign_in() -> None:
    roles = Counter(db.session.scalars(select(Membership.role)))
    assert roles == {Role.OWNER: 2, Role.EDITOR: 1, Role.VIEWER: 1, Role.DOOR: 1}
    assert db.session.scalar(select(func.count()).select_from(Account)) == 5


@pytest.mark.usefixtures("app")
def test_passwords_are_random_and_open_the_door() -> None:
    organiser = make_organiser()
    made = [
        make_colleague(organiser, {"role": "editor", "name": "A", "email": f"{n}@example.org", "language": "de"})[1]
        for n in (1, 2)
    ]
    assert len({one.password for one in made}) == 2
    assert sign_in(made[0].email, made[0].password, "203.0.113.1").email == made[0].email


@pytest.mark.usefixtures("app")
def test_a_database_is_empty_until_somebody_uses_it() -> None:
    assert service.is_empty()
    make_organiser()
    assert not service.is_empty()


@pytest.mark.parametrize("language", ["de", "en", "ar"])
def test_public_pages_are_alive(story: Flask, language: str) -> None:
    page = Visitor(story.test_client())
    page.get(f"/{language}/")
    for slug in (PAST, COMING, WORKSHOP):
        page.get(f"/{language}/{slug}/")
        page.get(f"/{language}/{slug}/agenda")
    page.get(f"/{language}/{COMING}/register")
    page.get(f"/{language}/{COMING}/people/josefine-paul")


@pytest.mark.parametrize(
    ("today", "day"),
    [
        (date(2026, 6, 15), date(2026, 7, 23)),
        (date(2026, 11, 22), date(2027, 1, 7)),
        (date(2026, 2, 26), date(2026, 4, 2)),
    ],
)
def test_the_coming_edition_is_a_thursday_and_never_over_the_holidays(today: date, day: date) -> None:
    assert rules.coming_day(today) == day
