"""What a guest carries away: the mails of a registration and the printed ticket."""

from collections.abc import Callable
from zoneinfo import ZoneInfo

from flask_babel import gettext as _

from eventapp.accounts.models import Organiser
from eventapp.capacity.rules import LimitKind
from eventapp.core import clock, i18n
from eventapp.core.links import absolute
from eventapp.core.localized import plain
from eventapp.core.refusal import NotFound
from eventapp.core.search import fold_email
from eventapp.notices.models import NoticeKind
from eventapp.outbox.letters import letter
from eventapp.outbox.models import Message
from eventapp.outbox.rules import Attachment, Mail
from eventapp.registration.address.queries import address_token
from eventapp.registration.models import Participant
from eventapp.registration.queries import find_participant, find_standing, link_token, name_limits
from eventapp.registration.rules import ParticipantState, is_running, kind_of
from eventapp.registration.waitlist import labels
from eventapp.registration.waitlist.queries import find_outlook
from eventapp.registration.wishes.service import find_open
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


def _write(message: Message) -> Mail:
    """Write a mail to one guest: of the kind that was asked for, or where they stand now if that has changed since."""
    guest = _guest(message)
    if fold_email(message.recipient) != guest.email_key:  # somebody else comes: nothing of theirs for the old address
        return _letter("registration/mail/deputy", message, guest)
    return _LETTERS[find_standing(guest, message.kind.removeprefix("registration."))](message, guest)


def _ticket(message: Message, guest: Participant) -> Mail:
    ticket = find_living(guest.id)
    if ticket is None:
        raise NotFound
    with i18n.speaking(message.language):
        printed = pdf.render(ticket_page(guest, ticket.code))
    files = (
        Attachment("qr.png", "image/png", qr.png(ticket.code), content_id="qr"),
        Attachment(f"ticket-{guest.registration.event.slug}.pdf", "application/pdf", printed),
    )
    return _letter("registration/mail/ticket", message, guest, files, code=grouped(ticket.code))


def _waitlisted(message: Message, guest: Participant) -> Mail:
    return _letter("registration/mail/waitlisted", message, guest, outlook=find_outlook(guest))


def _expired(message: Message, guest: Participant) -> Mail:
    event = guest.registration.event
    can_join = is_running(event.state, event.ends_at, clock.now())
    address = address_token(guest.registration) if event.confirms_address else ""
    return _letter("registration/mail/expired", message, guest, can_join=can_join, address=address)


def _declined(message: Message, guest: Participant) -> Mail:
    return _letter("registration/mail/declined", message, guest, reason_given=message.facts.get("reason", ""))


def _address(message: Message, guest: Participant) -> Mail:
    return _letter("registration/mail/address", message, guest, address=address_token(guest.registration))


def _wish_offer(message: Message, guest: Participant) -> Mail:
    item_id = message.facts["item"]
    wish = find_open(guest.id, item_id)
    until = wish.offer_until if wish is not None and guest.state is ParticipantState.CONFIRMED else None
    (title,) = name_limits(guest.event_id, [(LimitKind.ITEM, str(item_id))])
    is_open = until is not None and until > clock.now()
    return _letter("registration/mail/wish_offer", message, guest, title=title, until=until, is_open=is_open)


def _swapped(message: Message, guest: Participant) -> Mail:
    item = next((choice.item for choice in guest.choices if choice.item_id == message.facts["item"]), None)
    if item is None or guest.state is not ParticipantState.CONFIRMED:  # changed once more since
        return _LETTERS[kind_of(guest.state, is_address_open=False)](message, guest)
    return _letter("registration/mail/swapped", message, guest, item=item)


def _simple(folder: str) -> Callable[[Message, Participant], Mail]:
    return lambda message, guest: _letter(folder, message, guest)


def _guest(message: Message) -> Participant:
    guest = find_participant(message.facts["participant"])
    if guest is None:
        raise NotFound
    return guest


def notice_links(language: str, organiser: Organiser) -> list[tuple[str, str]]:
    """Return label and address of an organiser's notices, for the foot of a mail."""
    kinds = (
        (_("Legal notice"), NoticeKind.LEGAL),
        (_("Privacy"), NoticeKind.PRIVACY),
        (_("Accessibility"), NoticeKind.ACCESSIBILITY),
    )
    return [
        (label, absolute("notices.page", lang=language, organiser=organiser.slug, kind=kind.value))
        for label, kind in kinds
    ]


def _letter(
    folder: str, message: Message, guest: Participant, files: tuple[Attachment, ...] = (), **context: object
) -> Mail:
    event, organiser = guest.registration.event, guest.registration.event.organiser
    token = link_token(guest)
    own = i18n.interface(message.language)
    with i18n.speaking(own):
        foot = notice_links(own, organiser)
        reason = _("You get this e-mail because you signed up for this event.")
    return letter(
        folder,
        message.language,
        organiser=organiser,
        reply_to=event.contact_email,
        attachments=files,
        foot=foot,
        reason=reason,
        guest=guest,
        event=event,
        zone=ZoneInfo(event.zone),
        token=token,
        why=message.facts.get("why", "new") if message.kind.rpartition(".")[2] in folder else "new",
        via=message.facts.get("via", ""),
        instead_of=message.facts.get("instead_of", ""),
        chosen=sorted((choice.item for choice in guest.choices), key=lambda item: item.starts_at),
        labels=labels,
        **context,
    )


_LETTERS: dict[str, Callable[[Message, Participant], Mail]] = {
    "ticket": _ticket,
    "waitlisted": _waitlisted,
    "offer": _simple("registration/mail/offer"),
    "expired": _expired,
    "to_approve": _simple("registration/mail/to_approve"),
    "declined": _declined,
    "address": _address,
    "cancelled": _simple("registration/mail/cancelled"),
    "closed": _simple("registration/mail/closed"),
    "deputy": _simple("registration/mail/deputy"),
    "wish_offer": _wish_offer,
    "swapped": _swapped,
}
"""Who writes which kind of mail to one guest."""

MAILS: dict[str, Callable[[Message], Mail]] = {
    **{f"registration.{kind}": _write for kind in _LETTERS},
}
