"""What those who wait are told, in sentences, for pages and mails alike; called in the reader's language."""

from datetime import datetime

from flask_babel import gettext as _
from flask_babel import ngettext

from eventapp.capacity.rules import LimitKind
from eventapp.core import clock, i18n
from eventapp.core.localized import Localized, plain
from eventapp.events.models import Event
from eventapp.registration.waitlist.filling.service import offers_of
from eventapp.registration.waitlist.queries import Outlook


def before(people: int) -> str:
    """Say how many people are before somebody."""
    if not people:
        return str(_("You are next."))
    return str(ngettext("%(num)s person is before you.", "%(num)s people are before you.", people))


def reasons(outlook: Outlook, zone: str) -> list[str]:
    """Say why somebody waits: a sentence for each thing that is full, and for each group that places are kept for."""
    full = [_full(kind, title) for kind, title in outlook.full]
    return [*full, *(_kept(title, until, zone) for title, until in outlook.kept)]


def promise(event: Event) -> str:
    """Say what happens when a place comes free, as the event is set now."""
    hours = event.offer_hours
    if hours is None or offers_of(event).until(clock.now()) is None:
        return str(_("As soon as a place is free, you get it and we write to you. You need not do anything."))
    return str(
        ngettext(
            "As soon as a place is free, we offer it to you by e-mail. You then have up to %(num)s hour to accept it.",
            "As soon as a place is free, we offer it to you by e-mail. You then have up to %(num)s hours to accept it.",
            hours,
        )
    )


def _full(kind: LimitKind, title: Localized | None) -> str:
    if kind is LimitKind.EVENT:
        return str(_("The event is full."))
    if title is None:
        return str(_("There is no place left for one of your answers."))
    if kind is LimitKind.CATEGORY:
        return str(_("All places of the group “%(title)s” are taken.", title=plain(title)))
    if kind is LimitKind.ORGANISATION:
        return str(_("Enough people from “%(title)s” are registered.", title=plain(title)))
    return str(_("“%(title)s” is full.", title=plain(title)))


def _kept(title: Localized | None, until: datetime | None, zone: str) -> str:
    if until is None:
        return str(_("The last places are kept for “%(group)s”.", group=plain(title)))
    when = i18n.moment(until, zone)
    return str(_("The last places are kept for “%(group)s” until %(moment)s.", group=plain(title), moment=when))
