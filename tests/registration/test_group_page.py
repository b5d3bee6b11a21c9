"""The group's page and its mails: who stands where, offers, dividing, cancelling, tickets in one file, links again."""

import io
from dataclasses import replace
from datetime import timedelta

import pypdf
import pytest
import time_machine
from flask import Flask

from eventapp.outbox.models import Message
from eventapp.outbox.queries import list_messages
from eventapp.outbox.rules import Mail
from eventapp.outbox.service import render
from eventapp.registration.groups.queries import Group, group_token
from eventapp.registration.rules import LINK_LIVES, MailsTo
from eventapp.registration.service import cancel, resend, send_links
from eventapp.registration.waitlist import service as waitlist
from eventapp.registration.waitlist.filling.service import settle_due
from tests.make import forums, make_event
from tests.pages import Client, Visitor
from tests.registration.groups import CONTACT, address, get_group, make_group
from tests.registration.people import arrive, check_invariants


def states(group: Group) -> list[str]:
    """Return where the people of a group stand now."""
    return [person.state.value for person in get_group(group.contact.public_id).people]


def told(event_id: int) -> list[tuple[str, str, str | None]]:
    """Return the mails of an event, oldest first: kind, recipient, what the contact is told."""
    found = reversed(list_messages(event_id=event_id))
    return [(x.kind.removeprefix("registration."), x.recipient, x.facts.get("what")) for x in found]


def newest(event_id: int) -> tuple[Message, Mail]:
    """Return the newest mail of an event, as its reader gets it."""
    message = list_messages(event_id=event_id)[0]
    return message, render(message)


def pages_of(made: bytes) -> list[str]:
    """Return the text of each page of a PDF."""
    return [" ".join(page.extract_text().split()) for page in pypdf.PdfReader(io.BytesIO(made)).pages]


def test_all_tickets_are_one_file_each_in_its_own_language(app: Flask, client: Client) -> None:
    event = make_event()
    group = make_group(event, 1, 2, 3)
    cancel(group.people[1].id)
    sheets = pages_of(client.get(f"{address(group)}/tickets.pdf").data)
    assert len(sheets) == 2
    assert ["Gast 1 Muster" in sheets[0], "Gast 3 Muster" in sheets[1]] == [True, True]
    for person in get_group(group.contact.public_id).living:
        cancel(person.id)
    assert client.get(f"{address(group)}/tickets.pdf").status_code == 404


def test_the_page_leads_to_each_person_and_cancels_one_or_all(app: Flask, page: Visitor) -> None:
    event = make_event()
    group = make_group(event, 1, 2, 3, item_ids=(forums(event)[0].id,))
    page.get(address(group))
    assert [words for words, _ in page.links if words.startswith("Ticket und Änderungen")] == [
        f"Ticket und Änderungen: Gast {number} Muster" for number in (1, 2, 3)
    ]
    page.click("Ticket und Änderungen: Gast 2 Muster")
    assert page.h1 == "Guten Tag, Gast 2 Muster"
    page.get(address(group))
    page.click("Absagen: Gast 2 Muster")
    assert page.h1 == "Möchten Sie Gast 2 Muster abmelden?"
    page.submit("Ja, diese Person abmelden")
    assert "Gast 2 Muster ist abgemeldet." in page.text
    assert states(group) == ["confirmed", "cancelled", "confirmed"]
    page.click("Alle abmelden")
    page.submit("Ja, alle abmelden")
    assert states(group) == ["cancelled"] * 3
    assert "Alle abmelden" not in [words for words, _ in page.links]
    check_invariants(event.id)


def test_an_offer_is_answered_for_all(app: Flask, page: Visitor) -> None:
    event = make_event(seats=2, offer_hours=48)
    first, group = arrive(event, 9).participant, make_group(event, 1, 2)
    cancel(first.id)
    assert states(group) == ["offered"] * 2
    message, mail = newest(event.id)
    assert (message.kind, message.facts["what"]) == ("registration.group", "offer")
    assert mail.subject.startswith("Plätze für Ihre Gruppe sind frei: Gemeinsam vor Ort")
    page.get(address(group))
    assert "2 Plätze sind für Sie frei" in page.text
    page.submit("Ja, wir kommen")
    assert states(group) == ["confirmed"] * 2
    other = make_group(event, 3, 4)
    for person in group.people:
        cancel(person.id)
    page.get(address(other))
    page.submit("Nein, geben Sie die Plätze weiter")
    assert states(other) == ["cancelled"] * 2
    check_invariants(event.id)


def test_an_offer_that_ran_out_can_be_taken_up_again(app: Flask, page: Visitor, clock: time_machine.Traveller) -> None:
    event = make_event(seats=2, offer_hours=2)
    first, group = arrive(event, 9).participant, make_group(event, 1, 2)
    cancel(first.id)
    until = get_group(group.contact.public_id).contact.offer_until
    assert until is not None
    clock.move_to(until)
    settle_due()
    assert states(group) == ["expired"] * 2
    assert newest(event.id)[1].subject.startswith("Die Plätze für Ihre Gruppe sind nicht mehr reserviert")
    page.get(address(group))
    page.submit("Wir möchten noch kommen")
    assert states(group) == ["confirmed"] * 2
    page.get(address(group))
    assert "Alle 2 Tickets als ein PDF" in page.text
    check_invariants(event.id)


def test_a_waiting_group_divides_itself_and_stays_on_one_page(app: Flask, page: Visitor) -> None:
    event = make_event(seats=3)
    keeps = arrive(event, 8).participant
    arrive(event, 9)
    group = make_group(event, 1, 2, 3)
    page.get(address(group))
    assert "Sie sind als Nächstes dran. Die Veranstaltung ist voll." in page.text
    page.submit("Gruppe teilen", {"people": [x.public_id for x in group.people]}, status=422)
    assert page.errors == ["Wählen Sie einige der wartenden Personen, nicht alle."]
    page.get(address(group))
    page.submit("Gruppe teilen", {"people": [group.people[1].public_id]})
    assert states(group) == ["waitlisted", "confirmed", "waitlisted"]
    cancel(keeps.id)
    parts = get_group(group.contact.public_id).units
    assert [len(unit.participants) for unit in parts] == [2, 1]
    for unit in parts:
        page.get(f"/de/group/{group_token(unit)}")
        assert len(page.all("li", css="ev-member")) == 3
    check_invariants(event.id)


def test_who_only_in_part_joins_again_stays_on_the_page_too(app: Flask, page: Visitor) -> None:
    event = make_event()
    group = make_group(event, 1, 2)
    cancel(group.people[0].id)
    waitlist.restore([group.people[0].id])
    page.get(address(group))
    assert len(page.all("li", css="ev-member")) == 2
    assert states(group) == ["confirmed"] * 2


def test_the_address_is_confirmed_only_with_the_link_of_the_mail(app: Flask, page: Visitor) -> None:
    event = make_event(confirms_address=True)
    page.get(f"/ar/{event.slug}/register/group")
    values = {"given_name": "Sabine", "email": CONTACT.email, "category": str(event.categories[0].id)}
    page.submit(values={**values, "p1_given_name": "Amira"}, press="سجّل الجميع الآن")
    assert page.h1 == "تفقّد بريدك الإلكتروني"
    message, mail = newest(event.id)
    group = get_group(message.facts["registration"])
    assert group_token(group.contact) not in page.html
    assert address(group, "ar") in mail.text
    assert states(group) == ["unconfirmed"]
    page.get(address(group, "ar"))
    page.submit("نعم، هذا عنواني")
    assert states(group) == ["confirmed"]
    assert newest(event.id)[0].facts["what"] == "ticket"


@pytest.mark.parametrize("part", ["", "/tickets.pdf", "/cancel", "/cancel/MEMBER"])
def test_links_end_and_open_only_their_own_group(
    app: Flask, client: Client, clock: time_machine.Traveller, part: str
) -> None:
    event = make_event()
    group, other = make_group(event, 1, 2), make_group(event, 3)
    here = address(group) + part.replace("MEMBER", group.people[0].public_id)
    assert client.get(here).status_code == 200
    for wrong in (
        here.replace(".", ".1."),
        here.replace(group.contact.public_id, other.contact.public_id),
        "/de/group/é",
    ):
        assert client.get(wrong).status_code == 404
    assert client.get(f"{address(group)}/cancel/{other.people[0].public_id}").status_code == 404
    clock.move_to(event.ends_at + LINK_LIVES + timedelta(hours=1))
    assert client.get(here).status_code == 404


def test_the_contact_gets_all_tickets_or_each_person_their_own(app: Flask) -> None:
    event = make_event()
    make_group(event, 1, 2, language="ar")
    assert told(event.id) == [("group", CONTACT.email, "ticket")]
    message, mail = newest(event.id)
    assert message.language == "de"
    assert [x.name for x in mail.attachments] == ["qr-1.png", "qr-2.png", f"tickets-{event.slug}.pdf"]
    assert len(pages_of(mail.attachments[-1].data)) == 2
    assert mail.html.count('src="cid:qr') == 2
    assert mail.subject == "Ihre Gruppe ist angemeldet: Gemeinsam vor Ort, 14. August 2026"
    assert {"Gast 1 Muster", "Gast 2 Muster"} <= set(mail.text.replace(",", "\n").replace("- ", "\n").split("\n"))
    make_group(event, 3, contact=replace(CONTACT, mails_to=MailsTo.EACH, language="ar"), email="drei@example.org")
    assert told(event.id)[1:] == [("ticket", "drei@example.org", None), ("group", CONTACT.email, "ticket")]
    mail = newest(event.id)[1]
    assert mail.attachments == ()
    assert mail.subject.startswith("مجموعتك مسجّلة: ")
    assert mail.text.index("مجموعتك مسجّلة") < mail.text.index("Ihre Gruppe ist angemeldet")


def test_more_than_five_codes_come_in_the_file_only(app: Flask) -> None:
    event = make_event()
    make_group(event, *range(1, 7))
    mail = newest(event.id)[1]
    assert [x.name for x in mail.attachments] == [f"tickets-{event.slug}.pdf"]
    assert "cid:" not in mail.html


def test_a_ticket_mail_that_is_late_says_what_is_true(app: Flask) -> None:
    event = make_event()
    group = make_group(event, 1)
    first = newest(event.id)[0]
    cancel(group.people[0].id)
    assert render(first).subject.startswith("Abmeldung in Ihrer Gruppe")
    assert newest(event.id)[1].attachments == ()


def test_a_waiting_group_is_told_its_place(app: Flask) -> None:
    event = make_event(seats=2)
    arrive(event, 9)
    make_group(event, 1, 2)
    mail = newest(event.id)[1]
    assert mail.subject.startswith("Ihre Gruppe steht auf der Warteliste")
    assert "Sie sind als Nächstes dran." in mail.text


def test_a_lost_link_reaches_the_contact_once_and_each_person_alone(app: Flask) -> None:
    event = make_event()
    make_group(event, 1, 2)
    each = make_group(
        event, 3, 4, contact=replace(CONTACT, email="haus@example.org", mails_to=MailsTo.EACH), email="vier@example.org"
    )
    before = len(told(event.id))
    send_links(event.id, "SABINE@example.org", "192.0.2.1")
    assert told(event.id)[before:] == [("group", "sabine@example.org", "ticket")]
    send_links(event.id, "vier@example.org", "192.0.2.1")
    assert told(event.id)[before + 1 :] == [("ticket", "vier@example.org", None)] * 2
    send_links(event.id, "haus@example.org", "192.0.2.1")
    assert told(event.id)[before + 3 :] == [("group", "haus@example.org", "ticket")]
    resend(each.people[0].id)
    assert told(event.id)[-1] == ("ticket", "vier@example.org", None)
    assert newest(event.id)[1].subject.startswith("Ihr Ticket")


def test_resending_for_somebody_without_own_mails_reaches_the_contact(app: Flask) -> None:
    event = make_event()
    group = make_group(event, 1, 2)
    resend(group.people[1].id)
    message, mail = newest(event.id)
    assert (message.recipient, message.facts["people"]) == (CONTACT.email, [group.people[1].public_id])
    assert len(pages_of(mail.attachments[-1].data)) == 1
    assert address(group) in mail.text
