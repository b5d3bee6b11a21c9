"""The sign-up form of an event, made for its categories and its items that guests choose."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import HiddenField, RadioField, SelectChoice, SelectField, SelectMultipleField
from wtforms.validators import DataRequired, InputRequired, Length
from wtforms.widgets import CheckboxInput, ListWidget

from eventapp.agenda.models import AgendaItem
from eventapp.core.forms import EmailField, Form, LineField
from eventapp.core.i18n import CONTENT_LANGUAGES, LANGUAGES, language_name
from eventapp.core.localized import plain
from eventapp.core.refusal import Refusal
from eventapp.events.labels import ORGANISATION_KINDS
from eventapp.events.models import Category, Event
from eventapp.events.rules import OrganisationKind
from eventapp.registration.models import Participant
from eventapp.registration.rules import Choosable, overlaps, slots
from eventapp.registration.signup.rules import Person

LATER = "0"
"""Value of "I do not know yet" among the items of a time."""


@dataclass(frozen=True)
class Slot:
    """Items among which a guest chooses: one of them when all run at the same time, else any that go together."""

    name: str
    items: tuple[AgendaItem, ...]
    is_one_of: bool


class CheckboxesField(SelectMultipleField):
    """Several choices as checkboxes."""

    widget = ListWidget(prefix_label=False)
    option_widget = CheckboxInput()


class PersonForm(Form):
    """Who somebody is and what they choose; the fields of the choices are added per event by `person_form`."""

    title = LineField(_l("Title before the name"), limit=60, description=_l("If you wish, for example Dr."))
    given_name = LineField(_l("Given name"), [DataRequired(message=_l("Please write your name."))])
    family_name = LineField(_l("Family name"), description=_l("Leave this empty if you have only one name."))
    email = EmailField(
        _l("E-mail address"),
        [DataRequired(message=_l("Please write your e-mail address."))],
        description=_l("We send your ticket there."),
    )
    language = SelectField(_l("In which language shall we write to you?"))
    organisation = LineField(
        _l("Name of the organisation"), description=_l("Leave this empty if you come for yourself.")
    )
    key = HiddenField(validators=[Length(max=64)])
    notice = HiddenField(validators=[Length(max=20)])
    slots: tuple[Slot, ...] = ()
    event: Event

    @property
    def items(self) -> list[AgendaItem]:
        """All items that can be chosen."""
        return [item for slot in self.slots for item in slot.items]

    def person(self, *, email: str | None = None, category: Category | None = None) -> Person:
        """Return what was typed as input for the service."""
        chosen = category or next((c for c in self.event.categories if str(c.id) == self["category"].data), None)
        fixed = chosen.organisation_kind if chosen else None
        return Person(
            title=self.title.data or "",
            given_name=self.given_name.data or "",
            family_name=self.family_name.data or "",
            email=email or self.email.data or "",
            category_id=chosen.id if chosen else 0,
            language=self.language.data,
            organisation=self.organisation.data or "",
            organisation_kind=fixed or _kind(self["kind"].data if "kind" in self else ""),
            item_ids=self.item_ids(),
        )

    def item_ids(self) -> tuple[int, ...]:
        """Return the ids of all chosen items."""
        chosen: list[int] = []
        for slot in self.slots:
            data = self[slot.name].data
            values = data if isinstance(data, list) else [data]
            chosen += [int(value) for value in values if value and value != LATER]
        return tuple(chosen)

    def refuse(self, refusal: Refusal) -> None:
        """Show a refusal about items at the first choice."""
        if refusal.at == "items" and self.slots:
            refusal.at = self.slots[0].name
        super().refuse(refusal)

    def validate(self, extra_validators: Any = None) -> bool:
        """Check also that a category which leaves the kind of organisation open comes with one."""
        valid = bool(super().validate(extra_validators))
        if "kind" in self and "category" in self and valid:
            chosen = next((c for c in self.event.categories if str(c.id) == self["category"].data), None)
            if chosen is not None and chosen.organisation_kind is None and not self["kind"].data:
                self["kind"].errors = [*self["kind"].errors, _("Please choose the kind of your organisation.")]
                return False
        return valid


def person_form(
    event: Event,
    items: Sequence[AgendaItem],
    categories: Sequence[Category],
    *,
    asks_kind: bool | None = None,
    **kwargs: Any,
) -> PersonForm:
    """Make the form for an event: `categories` that may be chosen (none: not asked) and its `items`.

    The kind of organisation is asked when one of the categories leaves it open, or as `asks_kind` says.
    """
    fields: dict[str, Any] = {"event": event, "slots": make_slots(items)}
    if categories:
        fields["category"] = RadioField(
            _l("Which group do you belong to?"),
            [InputRequired(message=_l("Please choose one of the groups."))],
            choices=[SelectChoice(str(c.id), plain(c.label)) for c in categories],
            description=_l("This helps us to keep places for everybody."),
            default=str(categories[0].id) if len(categories) == 1 else None,
            validate_choice=True,
        )
    if any(c.organisation_kind is None for c in categories) if asks_kind is None else asks_kind:
        kinds = [SelectChoice("", _("Please choose"))]
        kinds += [SelectChoice(kind.value, str(ORGANISATION_KINDS[kind])) for kind in OrganisationKind]
        asked = ", ".join(plain(c.label) for c in categories if c.organisation_kind is None)
        hint = _("Only for: %(groups)s", groups=asked) if len(asked) > 0 and len(categories) > 1 else ""
        fields["kind"] = SelectField(_l("Kind of organisation"), choices=kinds, description=hint)
    for slot in fields["slots"]:
        fields[slot.name] = _slot_field(slot)
    form: PersonForm = type("PersonFormOfEvent", (PersonForm,), fields)(**kwargs)
    form.language.choices = [SelectChoice(key, language_name(key)) for key in _languages(event, kwargs.get("data"))]
    form.key.data = form.key.data or secrets.token_urlsafe(24)
    return form


def edit_form(
    event: Event,
    items: Sequence[AgendaItem],
    participant: Participant,
    categories: Sequence[Category] = (),
    *,
    is_new: bool = False,
) -> PersonForm:
    """Make the form in which a guest changes what they told: address and group stay as they are.

    With `categories`, for organisers, both can be changed too; `is_new`: for somebody who comes in this one's place.
    """
    chosen = {str(choice.item_id) for choice in participant.choices}
    values: dict[str, Any] = {
        name: getattr(participant, name)
        for name in ("title", "given_name", "family_name", "email", "language", "organisation")
    }
    for slot in make_slots(items):
        mine = [str(item.id) for item in slot.items if str(item.id) in chosen]
        values[slot.name] = (mine[0] if mine else LATER) if slot.is_one_of else mine
    if is_new:
        values |= dict.fromkeys(("title", "given_name", "family_name", "email"), "")
    asks_kind = None if categories else participant.category.organisation_kind is None
    known = {"kind": participant.organisation_kind.value, "category": str(participant.category_id)}
    form = person_form(event, items, categories, asks_kind=asks_kind, data={**values, **known})
    if not categories:
        del form["email"]
    return form


def make_slots(items: Sequence[AgendaItem]) -> tuple[Slot, ...]:
    """Group items by time: those that run at the same time are one choice."""
    by_id = {item.id: item for item in items}
    groups = slots([Choosable(item.id, item.starts_at, item.ends_at) for item in items])
    return tuple(
        Slot(f"items_{place}", tuple(by_id[x.id] for x in group), len(group) > 1 and overlaps(group))
        for place, group in enumerate(groups, start=1)
    )


def _slot_field(slot: Slot) -> Any:
    choices = [SelectChoice(str(item.id), plain(item.title)) for item in slot.items]
    if slot.is_one_of:
        choices.append(SelectChoice(LATER, _("I do not know yet")))
        return RadioField(_l("Which forum would you like to attend?"), choices=choices, default=LATER)
    return CheckboxesField(_l("What would you like to attend?"), choices=choices)


def _languages(event: Event, known: dict[str, Any] | None) -> list[str]:
    """Languages that a guest may ask for: those of the interface and of the event first, then all others."""
    first = [language.key for language in LANGUAGES] + list(event.languages)
    return list(dict.fromkeys([*first, *CONTENT_LANGUAGES, *([known["language"]] if known else [])]))


def _kind(value: str) -> OrganisationKind:
    return OrganisationKind(value) if value else OrganisationKind.OTHER


class LinkForm(Form):
    """Where to send somebody's link again."""

    email = EmailField(_l("E-mail address"), [DataRequired(message=_l("Please write your e-mail address."))])
