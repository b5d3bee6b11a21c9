"""What the contact of a group is told, in one mail for all whom it concerns, and the printed tickets of a group."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from flask_babel import gettext as _

from eventapp.core import i18n
from eventapp.core.refusal import NotFound
from eventapp.outbox.letters import letter
from eventapp.outbox.models import Message
from eventapp.outbox.rules import Attachment, Mail
from eventapp.registration.groups.queries import Group, find_group, find_title, group_token, list_places
from eventapp.registration.mails import notice_links, ticket_page
from eventapp.registration.models import Participant
from eventapp.registration.rules import MailsTo
from eventapp.tickets import pdf, qr
from eventapp.tickets.rules import grouped

MOST_PICTURES = 5
"""Up to this number of tickets their QR codes stand in the mail itself; more are in the file only."""


def print_tickets(people: Iterable[Participant], codes: Mapping[int, str]) -> bytes:
    """Return the tickets of those who have a code as one PDF, each on a sheet and in the language of its holder."""
    pages = []
    for person in people:
        if person.id in codes:
            with i18n.speaking(person.language):
                pages.append(ticket_page(person, codes[person.id]))
    return pdf.render(pages)


def _group(message: Message) -> Mail:
    facts = message.facts
    group = find_group(facts["registration"])
    people = [person for person in group.people if person.public_id in facts["people"]] if group else []
    if group is None or not people:
        raise NotFound
    event, what, unit = group.event, facts["what"], people[0].registration
    codes = {x.id: group.tickets[x.id] for x in people if x.id in group.tickets} if what == "ticket" else {}
    if what == "ticket" and not codes:
        what = "cancelled"  # since then: the mail that says so is on its way
    brings = codes if unit.mails_to is MailsTo.CONTACT else {}
    place, lacks = list_places(group).get(unit.id, (None, [])) if what == "waitlisted" else (None, [])
    with i18n.speaking(message.language):
        reason = _("You get this e-mail because you registered people for this event.")
        foot = notice_links(i18n.interface(message.language), event.organiser)
    return letter(
        "registration/mail/group",
        message.language,
        organiser=event.organiser,
        reply_to=event.contact_email,
        attachments=_files(group, people, brings),
        foot=foot,
        reason=reason,
        group=group,
        event=event,
        zone=ZoneInfo(event.zone),
        token=group_token(group.contact),
        what=what,
        why=facts.get("why", "new"),
        people=people,
        codes={row_id: grouped(code) for row_id, code in brings.items()},
        has_pictures=len(brings) <= MOST_PICTURES,
        place=place,
        lacks=[title for title in lacks if title],
        until=datetime.fromisoformat(facts["until"]) if facts.get("until") else unit.hold_until,
        item=find_title(facts["item"]) if "item" in facts else None,
        words=facts.get("reason", ""),
    )


def _files(group: Group, people: Sequence[Participant], codes: Mapping[int, str]) -> tuple[Attachment, ...]:
    if not codes:
        return ()
    printed = Attachment(f"tickets-{group.event.slug}.pdf", "application/pdf", print_tickets(people, codes))
    if len(codes) > MOST_PICTURES:
        return (printed,)
    pictures = [
        Attachment(f"qr-{place}.png", "image/png", qr.png(codes[person.id]), content_id=f"qr{person.id}")
        for place, person in enumerate(people, start=1)
        if person.id in codes
    ]
    return (*pictures, printed)


MAILS: dict[str, Callable[[Message], Mail]] = {"registration.group": _group}
