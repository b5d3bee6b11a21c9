"""What a guest carries away: the mails of a registration and the printed ticket."""

from collections.abc import Callable
from zoneinfo import ZoneInfo

from flask_babel import gettext as _

from eventapp.accounts.models import Organiser
from eventapp.core import i18n
from eventapp.core.links import absolute
from eventapp.core.localized import plain
from eventapp.core.refusal import NotFound
from eventapp.notices.models import NoticeKind
from eventapp.outbox.letters import letter
from eventapp.outbox.models import Message
from eventapp.outbox.rules import Attachment, Mail
from eventapp.registration.models import Participant
from eventapp.registration.queries import find_participant, link_token, name_limits
from eventapp.registration.waitlist.queries import find_place
from eventapp.tickets import pdf, qr
from eventapp.tickets.rules import grouped
from eventapp.tickets.service import find_living


def ticket_page(guest: Participant, code: str) -> pdf.TicketPage:
    """Return what is printed on a guest's ticket, in the language that is spoken now."""
    event, zone = guest.registration.event, guest.registration.event.zone
    own = i18n.current_language()
    day = [
        pdf.Part(
            when=_(
                "%(start)s to %(end)s", start=i18n.bare_clock(x.starts_at, zone), end=i18n.bare_clock(x.ends_at, zone)
            ),
            what=plain(x.title),
            where=x.room.name if x.room else "",
        )
        for x in sorted((choice.item for choice in guest.choices), key=lambda item: item.starts_at)
    ]
    notes = [
        pdf.Note(title=_("How to get there"), text=plain(event.venue_notes)),
        pdf.Note(title=_("Access"), text=plain(event.access_notes)),
        pdf.Note(title=_("Questions?"), text=event.contact_email or event.organiser.email),
    ]
    return pdf.TicketPage(
        language=own,
        direction=i18n.direction(own),
        title=_("Ticket: %(event)s", event=plain(event.title)),
        organiser=plain(event.organiser.name),
        series=plain(event.series),
        event=plain(event.title),
        name=guest.name,
        code=code,
        qr_alt=_("QR code of your ticket"),
        hint=_("Please show this code at the door. It is valid for you only."),
        facts=tuple(fact for fact in _facts(guest) if fact.value),
        day_title=_("Your day"),
        day=tuple(day),
        notes=tuple(note for note in notes if note.text),
        accent=event.organiser.accent,
    )


def _facts(guest: Participant) -> list[pdf.Fact]:
    event, zone = guest.registration.event, guest.registration.event.zone
    return [
        pdf.Fact(label=_("Date"), value=i18n.day(event.starts_at, zone), wide=True),
        pdf.Fact(label=_("Doors open"), value=i18n.clock(event.doors_at, zone) if event.doors_at else ""),
        pdf.Fact(label=_("Begins"), value=i18n.clock(event.starts_at, zone)),
        pdf.Fact(label=_("Place"), value=event.address_line, wide=True),
        pdf.Fact(label=_("Group"), value=plain(guest.category.label)),
        pdf.Fact(label=_("Organisation"), value=guest.organisation),
    ]


def _ticket(message: Message) -> Mail:
    guest = _guest(message)
    ticket = find_living(guest.id)
    if ticket is None:  # cancelled since: the mail that says so is on its way
        return _letter("registration/mail/cancelled", message, guest)
    with i18n.speaking(message.language):
        printed = pdf.render(ticket_page(guest, ticket.code))
    files = (
        Attachment("qr.png", "image/png", qr.png(ticket.code), content_id="qr"),
        Attachment(f"ticket-{guest.registration.event.slug}.pdf", "application/pdf", printed),
    )
    return _letter("registration/mail/ticket", message, guest, files, code=grouped(ticket.code))


def _waitlisted(message: Message) -> Mail:
    guest = _guest(message)
    place = find_place(guest)
    return _letter(
        "registration/mail/waitlisted",
        message,
        guest,
        place=place,
        lacks=[title for title in name_limits(guest.event_id, place.lacks) if title],
    )


def _cancelled(message: Message) -> Mail:
    return _letter("registration/mail/cancelled", message, _guest(message))


def _guest(message: Message) -> Participant:
    guest = find_participant(message.facts["participant"])
    if guest is None:
        raise NotFound
    return guest


def _letter(
    folder: str, message: Message, guest: Participant, files: tuple[Attachment, ...] = (), **context: object
) -> Mail:
    event, organiser = guest.registration.event, guest.registration.event.organiser
    token = link_token(guest)
    with i18n.speaking(message.language):
        reason = _("You get this e-mail because you signed up for this event.")
    return letter(
        folder,
        message.language,
        organiser=organiser,
        reply_to=event.contact_email,
        attachments=files,
        foot=notices_of(organiser, message.language),
        reason=reason,
        guest=guest,
        event=event,
        zone=ZoneInfo(event.zone),
        token=token,
        why=message.facts.get("why", "new"),
        chosen=sorted((choice.item for choice in guest.choices), key=lambda item: item.starts_at),
        **context,
    )


def notices_of(organiser: Organiser, language: str) -> list[tuple[str, str]]:
    """Return label and address of the legal pages, for the foot of a mail."""
    own = i18n.interface(language)
    with i18n.speaking(own):
        return [
            (label, absolute("notices.page", lang=own, organiser=organiser.slug, kind=kind.value))
            for label, kind in (
                (_("Legal notice"), NoticeKind.LEGAL),
                (_("Privacy"), NoticeKind.PRIVACY),
                (_("Accessibility"), NoticeKind.ACCESSIBILITY),
            )
        ]


_SIMPLE = ("offer", "expired", "to_approve", "declined", "address", "deputy", "wish_offer", "swapped")


def _plain(folder: str) -> Callable[[Message], Mail]:
    return lambda message: _letter(f"registration/mail/{folder}", message, _guest(message))


MAILS: dict[str, Callable[[Message], Mail]] = {
    "registration.ticket": _ticket,
    "registration.waitlisted": _waitlisted,
    "registration.cancelled": _cancelled,
    **{f"registration.{kind}": _plain(kind) for kind in _SIMPLE},
}
