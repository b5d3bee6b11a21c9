"""Why a unit waits, in words for the organiser: the limits that are full, by name, and places kept for others."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from flask_babel import gettext as _
from sqlalchemy import select

from eventapp.agenda.models import AgendaItem
from eventapp.capacity.models import SeatLimit
from eventapp.capacity.rules import Lack, LimitKind, Ref
from eventapp.core.db import db
from eventapp.core.i18n import stamp
from eventapp.core.localized import plain
from eventapp.events.models import Event
from eventapp.questions.queries import name_choices
from eventapp.registration.models import Participant, Registration


@dataclass(frozen=True)
class Told:
    """What the words are made of: the limits of an event, and what can be full in it is called."""

    limits: Mapping[Ref, SeatLimit]
    titles: Mapping[Ref, str]
    zone: str

    def name(self, ref: Ref, organisation: str = "") -> str:
        """Return what a limit is called; the name of an organisation is known by its people only."""
        if ref[0] is LimitKind.ORGANISATION:
            return organisation or ref[1]
        return self.titles.get(ref) or str(_("an answer with few places") if ref[1] else _("the whole event"))


def tell_from(event: Event, limits: Mapping[Ref, SeatLimit]) -> Told:
    """Read the names of everything that can be full in an event."""
    items = db.session.execute(select(AgendaItem.id, AgendaItem.title).where(AgendaItem.event_id == event.id))
    titles: dict[Ref, str] = {(LimitKind.ITEM, str(row_id)): plain(title) for row_id, title in items}
    titles |= {(LimitKind.CATEGORY, str(category.id)): plain(category.label) for category in event.categories}
    choices = name_choices(event.id, {key for kind, key in limits if kind is LimitKind.CHOICE})
    titles |= {(LimitKind.CHOICE, key): plain(label) for key, label in choices.items()}
    return Told(limits, titles, event.zone)


def explain(lack: Lack, organisations: Mapping[str, str], told: Told) -> list[str]:
    """Return a sentence for each limit that holds somebody back; `organisations` by folded name, as they write it."""
    return [*(_full(ref, organisations, told) for ref in lack.full), *(_kept(ref, told) for ref in lack.kept_for)]


def explain_unit(lack: Lack, unit: Registration, people: Iterable[Participant], told: Told) -> list[str]:
    """Return a sentence for each thing that holds a unit that waits back."""
    found = explain(lack, {person.organisation_key: person.organisation for person in people}, told)
    return [*found, _("The e-mail address is not confirmed yet.")] if unit.hold_until is not None else found


def _full(ref: Ref, organisations: Mapping[str, str], told: Told) -> str:
    kind, key = ref
    if kind is LimitKind.EVENT:
        return str(_("The event is full."))
    name = told.name(ref, organisations.get(key, ""))
    if kind is LimitKind.ORGANISATION:
        return str(_("Enough people from “%(name)s” are registered.", name=name))
    return str(_("“%(name)s” is full.", name=name))


def _kept(ref: Ref, told: Told) -> str:
    name, limit = told.name(ref), told.limits.get(ref)
    if limit is None or limit.release_at is None:
        return str(_("The last free places are kept for “%(name)s”.", name=name))
    until = stamp(limit.release_at, told.zone)
    return str(_("The last free places are kept until %(moment)s for “%(name)s”.", moment=until, name=name))
