"""The sign-up form of an event, made for its categories and its items that guests choose."""

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import HiddenField, RadioField, SelectChoice, SelectField
from wtforms.validators import DataRequired, InputRequired, Length

from eventapp.agenda.models import AgendaItem
from eventapp.capacity.rules import Limit, Ref
from eventapp.core.forms import CheckboxesField, EmailField, Form, LineField, optional
from eventapp.core.i18n import CONTENT_LANGUAGES, LANGUAGES, language_name
from eventapp.core.localized import plain
from eventapp.core.refusal import Refusal
from eventapp.events.labels import ORGANISATION_KINDS
from eventapp.events.models import Category, Event
from eventapp.events.rules import OrganisationKind
from eventapp.questions.answers.forms import (
    NOT_CHOSEN,
    AnswerRow,
    answer_data,
    answer_fields,
    answer_rows,
    needs_multipart,
    read_answers_of,
)
from eventapp.questions.answers.rules import Given
from eventapp.questions.models import Question
from eventapp.questions.rules import Value
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
    questions: tuple[Question, ...] = ()
    answers: Mapping[int, Given] = MappingProxyType({})
    """What was answered to the event's own questions, once the form is validated."""
    excused: frozenset[int] = frozenset()
    """Required questions that may stay without an answer: consents that were withdrawn."""
    category_fixed: Category | None = None
    """The category of somebody who cannot choose one here."""
    spoken: tuple[str, ...] = ()
    """Languages in which guests of this event may ask to be written to."""
    event: Event

    @property
    def items(self) -> list[AgendaItem]:
        """All items that can be chosen."""
        return [item for slot in self.slots for item in slot.items]

    @property
    def category_id(self) -> int:
        """The category that was chosen, or is fixed; NOT_CHOSEN while there is none."""
        chosen = self.category_fixed or self._chosen()
        return chosen.id if chosen is not None else NOT_CHOSEN

    def asked_rows(self, limits: Mapping[Ref, Limit]) -> list[AnswerRow]:
        """Return the event's own questions as the page draws them."""
        return answer_rows(self, self.questions, self.category_id, limits=limits)

    @property
    def has_files(self) -> bool:
        """Whether a file can be sent with this form."""
        return needs_multipart(self.questions)

    def person(self, *, email: str | None = None, category: Category | None = None) -> Person:
        """Return what was typed as input for the service."""
        chosen = category or self.category_fixed or self._chosen()
        fixed = chosen.organisation_kind if chosen else None
        return Person(
            title=self.title.data or "",
            given_name=self.given_name.data or "",
            family_name=self.family_name.data or "",
            email=(self.email.data or "") if email is None else email,
            category_id=chosen.id if chosen else 0,
            language=self.language.data,
            organisation=self.organisation.data or "",
            organisation_kind=fixed or _kind(self["kind"].data if "kind" in self else ""),
            item_ids=self.item_ids(),
            answers=self.answers if self.questions else None,
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
        """Check also the kind of organisation, where the category leaves it open, and the event's own questions."""
        super().validate(extra_validators)
        chosen = self.category_fixed or self._chosen()
        if "kind" in self and chosen is not None and chosen.organisation_kind is None and not self["kind"].data:
            self["kind"].errors = [*self["kind"].errors, _("Please choose the kind of your organisation.")]
        self.answers = read_answers_of(self, self.questions, self.category_id, excused=self.excused)
        return not self.errors

    def _chosen(self) -> Category | None:
        if "category" not in self:
            return None
        return next((c for c in self.event.categories if str(c.id) == self["category"].data), None)


def person_form(
    event: Event,
    items: Sequence[AgendaItem],
    categories: Sequence[Category],
    *,
    asks_kind: bool | None = None,
    questions: Sequence[Question] = (),
    **kwargs: Any,
) -> PersonForm:
    """Make the form for an event: `categories` that may be chosen (none: not asked), its `items` and `questions`.

    The kind of organisation is asked when one of the categories leaves it open, or as `asks_kind` says.
    """
    return fill(form_class(event, items, categories, asks_kind=asks_kind, questions=questions), **kwargs)


def fill(kind: type[PersonForm], **kwargs: Any) -> PersonForm:
    """Make a form of this kind for one request."""
    form = kind(**kwargs)
    known = (kwargs.get("data") or {}).get("language")
    choices = dict.fromkeys([*kind.spoken, *([known] if known else [])])
    form.language.choices = [SelectChoice(key, language_name(key)) for key in choices]
    form.key.data = form.key.data or secrets.token_urlsafe(24)
    return form


def form_class(
    event: Event,
    items: Sequence[AgendaItem],
    categories: Sequence[Category],
    *,
    asks_kind: bool | None = None,
    questions: Sequence[Question] = (),
    stored: Mapping[int, Value] | None = None,
) -> type[PersonForm]:
    """Make the kind of form that `person_form` fills, in the language that is spoken now.

    `stored` are the answers to the questions that somebody gave before.
    """
    fields: dict[str, Any] = {"event": event, "slots": make_slots(items), "spoken": languages_of(event)}
    fields |= {"questions": tuple(questions), **answer_fields(questions, "", stored)}
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
    return type("PersonFormOfEvent", (PersonForm,), fields)


def edit_form(
    event: Event,
    items: Sequence[AgendaItem],
    participant: Participant,
    questions: Sequence[Question] = (),
    stored: Mapping[int, Value] | None = None,
    *,
    categories: Sequence[Category] = (),
    is_new: bool = False,
) -> PersonForm:
    """Make the form in which a guest changes what they told: address and group stay as they are.

    `stored` are the guest's answers to the event's own `questions`. With `categories`, for organisers, address and
    group can be changed too; `is_new`: for somebody who comes in this one's place.
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
    values |= {"kind": participant.organisation_kind.value, "category": str(participant.category_id)}
    values |= answer_data(questions, stored or {})
    kind = form_class(event, items, categories, asks_kind=asks_kind, questions=questions, stored=stored)
    form = fill(kind, data=values)
    if not participant.email and not is_new:  # came without a ticket and gave none
        form.email.validators = [optional(), *form.email.validators[1:]]
        form.email.flags.required = False
    if not categories:
        form.category_fixed = participant.category
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


def languages_of(event: Event) -> tuple[str, ...]:
    """Languages that a guest may ask for: those of the interface and of the event first, then all others."""
    first = [language.key for language in LANGUAGES] + list(event.languages)
    return tuple(dict.fromkeys([*first, *CONTENT_LANGUAGES]))


def _kind(value: str) -> OrganisationKind:
    return OrganisationKind(value) if value else OrganisationKind.OTHER


class LinkForm(Form):
    """Where to send somebody's link again."""

    email = EmailField(_l("E-mail address"), [DataRequired(message=_l("Please write your e-mail address."))])
