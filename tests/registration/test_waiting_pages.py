"""What one guest sees and does while they wait: offers, joining again, other forums, wishes, the confirmed address."""

from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit

import pytest
from sqlalchemy import func, select

from eventapp.capacity.rules import LimitKind
from eventapp.capacity.service import reserve, set_size
from eventapp.core import clock
from eventapp.core.db import db
from eventapp.core.localized import Localized
from eventapp.events.models import Event
from eventapp.events.rules import CategoryInput, EventAction
from eventapp.events.service import add_category, move
from eventapp.outbox.models import Message
from eventapp.registration.approval.service import decline
from eventapp.registration.models import Participant
from eventapp.registration.queries import link_token
from eventapp.registration.rules import ParticipantState
from eventapp.registration.service import cancel
from eventapp.registration.signup.rules import Contact
from eventapp.registration.signup.service import sign_up_group
from eventapp.registration.waitlist.filling.service import settle_due
from tests.make import forums, make_event
from tests.pages import Visitor
from tests.registration.people import arrive, check_invariants, person

pytestmark = pytest.mark.usefixtures("app")
S = ParticipantState


def state_of(guest: Any) -> ParticipantState:
    """Return where a guest stands in the database."""
    db.session.expire_all()
    return db.session.get_one(Participant, guest.id).state


def count_mails() -> int:
    """Return how many mails were written."""
    return db.session.scalar(select(func.count(Message.id))) or 0


def offered(**changes: Any) -> tuple[Event, Any]:
    """Return an event with one place and the guest to whom it is offered."""
    event = make_event(seats=1, offer_hours=48, **changes)
    first = arrive(event, 1).participant
    guest = arrive(event, 2).participant
    cancel(first.id)
    return event, guest


def my(guest: Any, language: str = "de") -> str:
    """Return the address of a guest's own page."""
    return f"/{language}/my/{link_token(guest)}"


@pytest.mark.parametrize(("language", "until", "yes", "done"), [
    ("de", "Mittwoch, 17. Juni 2026, 10:00 Uhr", "Ja, ich komme", "Der Platz gehört Ihnen."),
    ("ar", "17 يونيو 2026", "نعم، سأحضر", "المكان لك."),
])  # fmt: skip
def test_an_offer_is_accepted_by_a_button_and_twice_is_once(
    page: Visitor, language: str, until: str, yes: str, done: str
) -> None:
    event, guest = offered()
    page.get(my(guest, language))
    assert until in page.text
    assert state_of(guest) is S.OFFERED, "opening the page decides nothing"
    form = page.form(yes)
    page.submit(form)
    assert done in page.text
    assert page.all("img", css="ev-ticket__qr")
    mails = count_mails()
    page.submit(form, status=200)
    assert (state_of(guest), count_mails()) == (S.CONFIRMED, mails)
    check_invariants(event.id)


def test_an_offer_is_declined_after_a_question(page: Visitor) -> None:
    event, guest = offered()
    page.get(my(guest))
    assert "Jemand anderes bekommt den Platz" in page.text
    form = page.form("Platz weitergeben")
    page.submit(form)
    assert "Danke." in page.text
    assert "Sie haben abgesagt." in page.text
    assert state_of(guest) is S.CANCELLED
    page.submit(form, status=200)
    check_invariants(event.id)


def test_who_answers_too_late_joins_again_at_the_end_or_gets_a_free_place(page: Visitor, clock: Any) -> None:
    event, guest = offered()
    third = arrive(event, 3).participant
    page.get(my(guest))
    form = page.form("Ja, ich komme")
    clock.shift(timedelta(hours=49))
    page.get(my(guest))
    assert "Die Zeit zum Antworten ist abgelaufen." in page.text, "also before anybody settled it"
    page.get(my(guest))  # the tab was closed since
    page.post(urlsplit(form.action).path, {}, status=200)
    assert "Sie stehen am Ende der Warteliste." in page.text
    assert (state_of(guest), state_of(third)) == (S.WAITLISTED, S.OFFERED)
    clock.shift(timedelta(hours=49))
    settle_due()
    assert state_of(guest) is S.OFFERED
    clock.shift(timedelta(hours=49))
    settle_due()
    page.get(my(third))
    page.submit("Wieder anstellen")
    assert "Der Platz gehört Ihnen." in page.text
    check_invariants(event.id)


@pytest.mark.parametrize(("what", "sentence"), [
    ("off", "Diese Veranstaltung ist abgesagt."), ("over", "Diese Veranstaltung ist vorbei."),
])  # fmt: skip
def test_nothing_is_answered_when_called_off_or_over(page: Visitor, clock: Any, what: str, sentence: str) -> None:
    event, guest = offered()
    page.get(my(guest))
    assert page.form("Ja, ich komme").action.endswith("/accept")
    if what == "off":
        move(event.id, EventAction.CALL_OFF)
    else:
        clock.move_to(event.ends_at + timedelta(minutes=1))
    mails = count_mails()
    page.get(f"/de/{event.slug}/link")
    page.post(f"{my(guest)}/accept", {}, status=409)
    assert sentence in page.text
    assert count_mails() == mails
    assert state_of(guest) is S.OFFERED
    check_invariants(event.id)


def test_nobody_answers_what_was_not_offered_or_belongs_to_a_group(page: Visitor) -> None:
    event = make_event(seats=1, offer_hours=48)
    first = arrive(event, 1).participant
    guest = arrive(event, 2).participant
    page.get(my(guest))
    page.post(f"{my(guest)}/accept", {}, status=409)
    assert "Zurzeit ist Ihnen kein Platz angeboten." in page.text or page.errors
    assert state_of(guest) is S.WAITLISTED
    page.post(f"{my(first)}/decline", {}, status=409)
    assert state_of(first) is S.CONFIRMED
    other = make_event(seats=2, offer_hours=48)
    left = arrive(other, 1).participant
    people = [person(other, number) for number in (4, 5)]
    group = sign_up_group(other.id, people, Contact("Ada", "ada@example.org", "de")).participant
    cancel(left.id)
    assert state_of(group) is S.OFFERED
    page.get(my(group))
    assert "Wer Ihre Gruppe angemeldet hat, antwortet für Sie alle." in page.text
    page.post(f"{my(group)}/accept", {}, status=409)
    assert state_of(group) is S.OFFERED


def test_a_forum_at_the_same_time_is_taken_at_once(page: Visitor) -> None:
    event = make_event(offer_hours=48)
    full, free = forums(event)
    set_size(event.id, LimitKind.ITEM, str(full.id), 1)
    arrive(event, 1, item_ids=(full.id,))
    guest = arrive(event, 2, item_ids=(full.id,)).participant
    late = arrive(event, 3, item_ids=(full.id,)).participant
    page.get(my(guest))
    assert "„Forum 1“ ist voll." in page.text
    assert "bis zu 48 Stunden" in page.text
    form = page.form("„Forum 2“ nehmen")
    page.submit(form)
    assert "Der Platz gehört Ihnen." in page.text
    assert [x.item_id for x in db.session.get_one(Participant, guest.id).choices] == [free.id]
    page.submit(form, status=200)
    page.get(my(late))
    form = page.form("„Forum 2“ nehmen")
    set_size(event.id, LimitKind.ITEM, str(free.id), 1)
    page.submit(form, status=409)
    assert "„Forum 2“ ist voll." in page.text
    assert state_of(late) is S.WAITLISTED
    assert [x.item_id for x in db.session.get_one(Participant, late.id).choices] == [full.id]
    check_invariants(event.id)


def test_the_page_says_for_whom_the_last_places_are_kept(page: Visitor) -> None:
    event = make_event(seats=2)
    reserve(event.id, str(event.categories[0].id), 1, clock.now() + timedelta(days=3))
    arrive(event, 1)
    guest = arrive(event, 2).participant
    page.get(my(guest))
    assert "bis Donnerstag, 18. Juni 2026, 10:00 Uhr für „Unternehmen“ reserviert" in page.text
    page.get(f"/de/{event.slug}/register")
    assert "noch 1 Platz" in page.text, "for companies"
    assert "Warteliste – 1 vor Ihnen" in page.text, "for all others"


def test_a_confirmed_guest_waits_for_a_full_forum_and_swaps(page: Visitor) -> None:
    event = make_event(offer_hours=48)
    full, mine = forums(event)
    set_size(event.id, LimitKind.ITEM, str(full.id), 1)
    first = arrive(event, 1, item_ids=(full.id,)).participant
    guest = arrive(event, 2, item_ids=(mine.id,)).participant
    page.get(f"{my(guest)}/change")
    form = page.form("Auf „Forum 1“ warten")
    page.submit(form)
    page.submit(form, status=200)
    assert "Sie warten auf „Forum 1“" in page.text
    assert "Sie sind als Nächstes dran." in page.text
    assert "Sie warten darauf" in page.get(f"{my(guest)}/change").text
    cancel(first.id)
    page.get(my(guest))
    assert "Ein Platz in „Forum 1“ ist für Sie frei." in page.text
    take = page.form("wechseln")
    page.submit(take)
    assert "Ihre Auswahl ist geändert." in page.text
    assert [x.item_id for x in db.session.get_one(Participant, guest.id).choices] == [full.id]
    page.submit(take, status=200)
    page.post(f"{my(guest)}/wishes/accept", {"item": "999999999999999999999"}, status=409)
    page.post(f"{my(guest)}/wishes", {"item": str(mine.id)}, status=409)
    assert "Es sind Plätze frei" in page.text or page.errors
    check_invariants(event.id)


def test_a_wish_is_withdrawn(page: Visitor) -> None:
    event = make_event()
    full, mine = forums(event)
    set_size(event.id, LimitKind.ITEM, str(full.id), 1)
    arrive(event, 1, item_ids=(full.id,))
    guest = arrive(event, 2, item_ids=(mine.id,)).participant
    page.get(f"{my(guest)}/change")
    page.submit("Auf „Forum 1“ warten")
    form = page.form("Nicht mehr warten")
    page.submit(form)
    assert "Sie warten auf" not in page.text
    page.submit(form, status=200)
    check_invariants(event.id)


def test_changes_end_with_their_date_and_cancelling_stays(page: Visitor) -> None:
    event = make_event(changes_until=clock.now() - timedelta(hours=1))
    guest = arrive(event).participant
    page.get(my(guest))
    assert "Änderungen sind hier nicht mehr möglich." in page.text
    assert not [href for _, href in page.links if href.endswith(("/change", "/deputy"))]
    for part in ("change", "deputy"):
        page.get(f"{my(guest)}/{part}", status=409)
    page.get(my(guest))
    page.click("Absagen")
    page.submit("Ja, ich sage ab", {})
    assert state_of(guest) is S.CANCELLED


@pytest.mark.parametrize("language", ["de", "ar"])
def test_who_waits_for_approval_sees_what_happens_next(page: Visitor, language: str) -> None:
    event = make_event()
    press = add_category(event.id, CategoryInput(Localized(de="Presse", ar="الصحافة"), needs_approval=True))
    guest = arrive(event, category_id=press.id).participant
    page.get(my(guest, language))
    assert {"de": "entscheidet der Veranstalter, wer kommt", "ar": "يقرر المنظِّم من يحضر"}[language] in page.text
    decline(guest.registration_id, "Voll.")
    page.get(my(guest, language))
    assert {"de": "Sie haben keinen Platz.", "ar": "ليس لديك مكان."}[language] in page.text
    page.get(f"{my(guest, language)}/deputy", status=409)
