"""Forms of the agenda editor: items, who is on them, rooms."""

from collections.abc import Sequence
from typing import Any, Self

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, IntegerField, SelectChoice, SelectField
from wtforms.validators import InputRequired

from eventapp.agenda.labels import ITEM_KINDS
from eventapp.agenda.models import AgendaItem, Room
from eventapp.agenda.queries import input_of_item, list_rooms
from eventapp.agenda.rules import ItemKind
from eventapp.core.changes import fingerprint
from eventapp.core.forms import LineField, LocalizedField, ZonedDateTimeField, optional
from eventapp.core.sections import PlacesField, SectionForm
from eventapp.events.models import Event

_NEEDED = _l("Please fill this in.")


def room_or_none(value: Any) -> int | None:
    """Read the id of a room; empty is none."""
    return int(value) if value else None


class ItemForm(SectionForm):
    """One item of the programme."""

    names = ("kind", "title", "starts_at", "ends_at", "room_id", "description", "is_chosen", "seats", "position")
    kind = SelectField(
        _l("Kind"), coerce=ItemKind, choices=[SelectChoice(kind.value, label) for kind, label in ITEM_KINDS.items()]
    )
    room_id = SelectField(_l("Room"), coerce=room_or_none)
    starts_at = ZonedDateTimeField(_l("From"), [InputRequired(message=_NEEDED)])
    ends_at = ZonedDateTimeField(_l("Until"), [InputRequired(message=_NEEDED)])
    title = LocalizedField(_l("Title"), limit=300, multiline=True, required=True)
    description = LocalizedField(_l("What it is about"), limit=4000, multiline=True)
    is_chosen = BooleanField(_l("Guests choose this item when they sign up"))
    seats = PlacesField(_l("Places"))
    position = IntegerField(
        _l("Number among items at the same time"), [optional()], description=_l("Forums are shown in this order.")
    )

    @classmethod
    def of_item(cls, item: AgendaItem, languages: Sequence[str]) -> Self:
        """Make the form for an item."""
        given = input_of_item(item)
        return cls._in(item.event, vars(given), languages, fingerprint(given, cls.names))

    @classmethod
    def new_in(cls, event: Event, languages: Sequence[str]) -> Self:
        """Make the form for a new item of an event."""
        return cls._in(event, {"kind": ItemKind.TALK, "starts_at": event.starts_at}, languages, "")

    @classmethod
    def _in(cls, event: Event, values: dict[str, Any], languages: Sequence[str], mark: str) -> Self:
        form = cls.start(values, languages, event.zone, mark)
        form.room_id.choices = [SelectChoice("", "–"), *(_choice(room) for room in list_rooms(event.id))]
        return form

    def section(self) -> dict[str, Any]:
        """Return what was typed; places count only for items that guests choose."""
        typed = super().section()
        seats = typed["seats"] if typed["is_chosen"] else None
        return {**typed, "seats": seats, "position": max(0, min(typed["position"] or 0, 10_000))}


class RoomForm(SectionForm):
    """One room of the venue."""

    names = ("name", "seats", "notes", "position")
    name = LineField(_l("Name of the room"), [InputRequired(message=_NEEDED)], limit=100)
    seats = PlacesField(_l("Places"), description=_l("Only for your planning: forums have places of their own."))
    notes = LocalizedField(_l("How to get there, steps, hearing loop"), limit=1000, multiline=True)
    position = IntegerField(_l("Position in the list"), [optional()])

    def section(self) -> dict[str, Any]:
        """Return what was typed; no position means where it is, or last."""
        typed = super().section()
        return {**typed, "position": max(0, min(typed["position"] or 0, 10_000))}


def _choice(room: Room) -> SelectChoice:
    return SelectChoice(str(room.id), room.name if room.seats is None else f"{room.name}, {room.seats}")
