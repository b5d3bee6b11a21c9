"""The mails of one guest in German and Arabic: each says the facts, and an old one tells where the guest stands now."""

from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from eventapp.capacity.rules import LimitKind
from eventapp.capacity.service import reserve, set_size
from eventapp.core import clock
from eventapp.core.db import db
from eventapp.core.localized import Localized
from eventapp.events.models import Event
from eventapp.events.rules import CategoryInput, EventAction
from eventapp.events.service import add_category, move
from eventapp.outbox.models import Message
from eventapp.outbox.rules import Mail
from eventapp.outbox.service import render
from eventapp.registration.approval.service import approve, decline
from eventapp.registration.deputy.service import send_deputy
from eventapp.registration.queries import link_token
from eventapp.registration.service import cancel
from eventapp.registration.signup.rules import Outcome
from eventapp.registration.waitlist import service as waitlist
from eventapp.registration.waitlist.filling.service import settle_due
from eventapp.registration.wishes import service as wishes
from tests import markup
from tests.make import forums, make_event
from tests.registration.people import arrive, person

pytestmark = pytest.mark.usefixtures("app")
BOTH = pytest.mark.parametrize("language", ["de", "ar"])


def last(kind: str) -> Message:
    """Return the last message of a kind."""
    found = select(Message).where(Message.kind == f"registration.{kind}").order_by(Message.id.desc())
    message = db.session.scalars(found).first()
    assert message is not None, kind
    return message


def written(kind: str) -> Mail:
    """Write the last mail of a kind and look at its HTML."""
    mail = render(last(kind))
    root = markup.parse(mail.html)
    assert len(list(root.iter("h1"))) in (1, 2), "a title a language"
    assert "%(" not in mail.text
    assert len([x for x in root.iter("a") if "font-size:19px" in (x.get("style") or "")]) <= 2, "one main link"
    return mail


def offered(language: str = "de", **changes: Any) -> tuple[Event, Any, Any]:
    """Return an event with one place, who gave it back, and who is offered it."""
    event = make_event(seats=1, offer_hours=48, **changes)
    first = arrive(event, 1).participant
    second = arrive(event, 2, language=language).participant
    cancel(first.id)
    return event, first, second


@BOTH
def test_an_offer_says_until_when_and_leads_to_the_page(language: str) -> None:
    _, _, guest = offered(language)
    mail = written("offer")
    assert f"/{language}/my/{link_token(guest)}" in mail.text
    assert {"de": "Wir halten ihn für Sie frei bis Mittwoch, 17. Juni 2026, 10:00 Uhr", "ar": "17 يونيو 2026"}[
        language
    ] in mail.text
    assert {"de": "Ein Platz ist für Sie frei", "ar": "يوجد مكان لك"}[language] in mail.subject


def test_an_offer_in_another_zone_names_the_zone() -> None:
    offered(zone="Europe/Kyiv")
    assert "11:00 Uhr (Ortszeit: Kiew)" in written("offer").text or "(Ortszeit: " in written("offer").text


@BOTH
def test_waiting_says_place_reason_and_what_happens(language: str) -> None:
    event = make_event(seats=1, offer_hours=24)
    for number in (1, 2, 3):
        arrive(event, number, language=language)
    text = written("waitlisted").text
    for words in {
        "de": ("Vor Ihnen steht 1 Person.", "Die Veranstaltung ist voll.", "bis zu 24 Stunden"),
        "ar": ("قبلك شخص واحد.", "24 ساعة"),
    }[language]:
        assert words in text


def test_waiting_names_full_forums_groups_and_organisations_and_what_has_places() -> None:
    event = make_event(organisation_seats=2)
    first, second = forums(event)
    set_size(event.id, LimitKind.ITEM, str(first.id), 1)
    arrive(event, 1, item_ids=(first.id,), organisation="Ämter")
    arrive(event, 2, item_ids=(first.id,), organisation="")
    text = written("waitlisted").text
    assert "„Forum 1“ ist voll." in text
    assert "ist hier sofort ein Platz für Sie frei: Forum 2" in text
    assert "bekommen Sie ihn und wir schreiben Ihnen" in text
    for number in (3, 4):
        arrive(event, number, organisation="Ämter", item_ids=(second.id,))
    assert "Von „Ämter“ sind genug Personen angemeldet." in written("waitlisted").text
    set_size(event.id, LimitKind.CATEGORY, str(event.categories[0].id), 0)
    with pytest.raises(Exception, match="keine Plätze"):
        arrive(event, 5, category_id=event.categories[0].id)


def test_waiting_says_for_whom_the_last_places_are_kept() -> None:
    event = make_event(seats=2)
    release = clock.now() + timedelta(days=3)
    reserve(event.id, str(event.categories[0].id), 1, release)
    arrive(event, 1)
    arrive(event, 2)
    text = written("waitlisted").text
    assert "Die letzten Plätze sind bis Donnerstag, 18. Juni 2026, 10:00 Uhr für „Unternehmen“ reserviert." in text


@BOTH
def test_too_late_says_how_to_join_again(language: str) -> None:
    event, _, _ = offered(language)
    with clock.at(clock.now() + timedelta(hours=49)):
        settle_due()
        text = written("expired").text
    assert {"de": "stellen Sie sich auf Ihrer Seite wieder an", "ar": "انضم مجددًا"}[language] in text
    assert event.title["de"] in text


@BOTH
def test_approval_and_its_refusal_with_the_reason(language: str) -> None:
    event = make_event()
    press = add_category(event.id, CategoryInput(Localized(de="Presse"), needs_approval=True))
    done = arrive(event, 1, category_id=press.id, language=language)
    assert done.outcome is Outcome.TO_APPROVE
    assert "Presse" in written("to_approve").text
    other = arrive(event, 2, category_id=press.id, language=language).participant
    decline(done.participant.registration_id, "Nur für <Akkreditierte> & Gäste")
    mail = written("declined")
    assert "Nur für <Akkreditierte> & Gäste" in mail.text
    assert "Nur für &lt;Akkreditierte&gt;" in mail.html
    set_size(event.id, LimitKind.EVENT, "", 0)
    approve(other.registration_id)
    assert {"de": "der Veranstalter hat zugesagt", "ar": "وافق المنظِّم"}[language] in written("waitlisted").text


@BOTH
def test_the_address_is_confirmed_on_a_page_and_the_mail_says_what_is_kept(language: str) -> None:
    event = make_event(seats=1, confirms_address=True, address_minutes=60)
    arrive(event, 1, language=language)
    text = written("address").text
    assert f"/{language}/address/" in text
    assert {"de": "halten wir einen Platz für Sie frei bis Montag, 15. Juni 2026, 11:00 Uhr", "ar": "11:00"}[
        language
    ] in text
    arrive(event, 2, language=language)
    assert {"de": "Sie stehen auf der Warteliste", "ar": "وأنت على قائمة الانتظار"}[language] in written("address").text


@BOTH
def test_a_deputy_gets_a_ticket_and_the_old_address_learns_nothing_of_them(language: str) -> None:
    event = make_event()
    guest = arrive(event, 1, language=language).participant
    before = last("ticket").id
    send_deputy(guest.id, person(event, 9, given_name="Zoë", family_name="Neu", language=language))
    mail = written("ticket")
    assert last("ticket").recipient == "gast9@example.org"
    assert "Gast 1 Muster" in mail.text
    assert {"de": "gibt den Platz an Sie weiter", "ar": "نُقل المكان إليك"}[language] in mail.text
    for message in (last("deputy"), db.session.get_one(Message, before)):
        assert message.recipient == "gast1@example.org"
        old = render(message)
        assert {"de": "kommt an Ihrer Stelle", "ar": "بدلًا منك"}[language] in old.text
        for secret in ("Zoë", "Neu", "gast9", link_token(guest).partition(".")[0]):
            assert secret not in old.text + old.html + old.subject
        assert old.attachments == ()


@BOTH
def test_a_wish_is_offered_and_fulfilled(language: str) -> None:
    event = make_event(offer_hours=48)
    small, other = forums(event)
    set_size(event.id, LimitKind.ITEM, str(small.id), 1)
    first = arrive(event, 1, item_ids=(small.id,)).participant
    guest = arrive(event, 2, item_ids=(other.id,), language=language).participant
    wish = wishes.add(guest.id, small.id)
    cancel(first.id)
    text = written("wish_offer").text
    assert "Forum 1" in text
    assert {"de": "17. Juni 2026, 10:00 Uhr", "ar": "17 يونيو 2026"}[language] in text
    wishes.accept(wish.id)
    assert {"de": "Sie haben einen Platz in „Forum 1“", "ar": "لديك مكان في «Forum 1»"}[language] in written(
        "swapped"
    ).text
    assert {"de": "abgelaufen", "ar": "انتهى العرض"}[language] in written("wish_offer").text


def test_an_old_mail_says_where_the_guest_stands_now() -> None:
    event, _, guest = offered()
    waitlist.accept(guest.registration_id)
    mail = written("offer")
    assert "Ihr Ticket" in mail.subject
    assert len(mail.attachments) == 2
    assert "Sie haben zugesagt" in written("ticket").text
    cancel(guest.id)
    for kind in ("offer", "ticket", "waitlisted"):
        assert "Ihre Anmeldung ist abgesagt." in written(kind).text
    arrive(event, 3)
    move(event.id, EventAction.CALL_OFF, Localized(de="Kein Wasser."))
    text = written("ticket").text
    assert "Diese Veranstaltung ist abgesagt." in text
    assert "Kein Wasser." in text


def test_an_offer_that_is_written_too_late_promises_nothing() -> None:
    offered()
    with clock.at(clock.now() + timedelta(hours=49)):
        assert "Kein Platz mehr für Sie reserviert" in written("offer").subject


def test_who_declines_an_offer_reads_that(app: Flask) -> None:
    del app
    _, _, guest = offered()
    waitlist.decline(guest.registration_id)
    assert "Jemand anderes bekommt ihn" in written("cancelled").text
