"""The form of one entrance: its name and its rules."""

from typing import Self

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, IntegerField, SelectChoice, SelectField

from eventapp.agenda.forms import room_or_none
from eventapp.checkin.entrances.queries import name_forums, rules_of
from eventapp.checkin.entrances.rules import EntranceRules
from eventapp.checkin.forms import EntranceForm
from eventapp.checkin.models import Entrance
from eventapp.core.forms import CheckboxesField, ZonedDateTimeField, optional
from eventapp.core.localized import plain
from eventapp.events.models import Event


class RulesForm(EntranceForm):
    """Name and rules of an entrance."""

    item_id = SelectField(
        _l("Door to"),
        coerce=room_or_none,
        description=_l("At the door of a forum only guests with a place there come in, and it counts for itself."),
    )
    category_ids = CheckboxesField(
        _l("Who comes in here"),
        coerce=int,
        description=_l("Tick nothing if all groups come in here."),
    )
    opens_at = ZonedDateTimeField(_l("Open from"), description=_l("Empty: with the day of the event."))
    closes_at = ZonedDateTimeField(_l("Open until"), description=_l("Empty: until twelve hours after its end."))
    reentry = BooleanField(
        _l("Who left may come in again"), description=_l("Otherwise each ticket comes in here once.")
    )
    limit = IntegerField(
        _l("How many people the room takes"),
        [optional()],
        description=_l("The door warns when so many are inside; whoever stands there decides. Empty: no warning."),
    )

    @classmethod
    def of(cls, entrance: Entrance, event: Event) -> Self:
        """Make the form for an entrance."""
        form = cls(data={"name": entrance.name, **vars(rules_of(entrance))})
        forums = [SelectChoice(str(item_id), name) for item_id, name in name_forums(event.id).items()]
        form.item_id.choices = [SelectChoice("", _("the house")), *forums]
        form.category_ids.choices = [SelectChoice(str(one.id), plain(one.label)) for one in event.categories]
        for field in (form.opens_at, form.closes_at):
            field.zone = event.zone
        return form

    def rules(self) -> EntranceRules:
        """Return the rules that were typed."""
        return EntranceRules(
            item_id=self.item_id.data,
            category_ids=frozenset(self.category_ids.data or ()),
            opens_at=self.opens_at.data,
            closes_at=self.closes_at.data,
            reentry=bool(self.reentry.data),
            limit=self.limit.data,
        )
