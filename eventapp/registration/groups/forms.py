"""The form in which one person registers several: a contact, what all share, and a row of fields per person.

`person_rows` is the one place where the fields of a person are made; whatever is asked of each person is added there.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from flask import request
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext
from wtforms import BooleanField, RadioField, SelectChoice, SelectField
from wtforms.validators import DataRequired

from eventapp.agenda.models import AgendaItem
from eventapp.capacity.rules import LimitKind, Ref
from eventapp.core.forms import EmailField, Form, LineField, optional
from eventapp.core.localized import plain
from eventapp.core.refusal import Refusal
from eventapp.events.labels import ORGANISATION_KINDS
from eventapp.events.models import Category, Event
from eventapp.events.rules import OrganisationKind
from eventapp.registration.forms import LATER, CheckboxesField, PersonForm, Slot, make_slots, person_form
from eventapp.registration.groups.rules import BLANK, FIRST_ROWS, OWN, next_number, prefix, row_numbers
from eventapp.registration.refusals import GroupSize
from eventapp.registration.rules import MailsTo
from eventapp.registration.signup.rules import GROUP_SIZE, Contact, Person

FEW = 10
"""From this number of places down the words change from "free" to "left"."""
Places = Mapping[Ref, int | None]
"""How many one more person could have of an item; None: as many as one likes."""
Rows = Callable[..., "PersonRow"]


class PersonRow(PersonForm):
    """What is asked of one person of a group; every field begins with the prefix of the row.

    Empty fields mean: as the contact, as all others.
    """

    given_name = LineField(_l("Given name"), [DataRequired(message=_l("Please write the name of this person."))])
    email = EmailField(
        _l("E-mail address"), [optional()], description=_l("Leave this empty if the tickets go to your address.")
    )
    language = SelectField(_l("In which language shall we write to this person?"))
    organisation = LineField(_l("Other organisation"))
    number = 0

    @property
    def is_empty(self) -> bool:
        """Whether nothing was typed about this person."""
        typed = [self[name].data for name in ("title", "given_name", "family_name", "email", "organisation")]
        return not any(typed) and not self.item_ids()

    @property
    def differs(self) -> bool:
        """Whether something beside name, address, language and choice was told or is wrong."""
        fields = [self[name] for name in ("title", "organisation", "category", "kind") if name in self]
        return any(field.data or field.errors for field in fields)

    def own_category(self, categories: Sequence[Category]) -> Category | None:
        """Return the category that was chosen for this person alone."""
        chosen = self["category"].data if "category" in self else ""
        return next((category for category in categories if str(category.id) == chosen), None)

    def validate(self, extra_validators: Any = None) -> bool:
        """Check the fields alone; what depends on the shared part is checked by the whole form."""
        return bool(Form.validate(self, extra_validators))


class GroupForm(Form):
    """The contact and what all people share; `rows` are the people, `me` what the contact chooses as a guest."""

    given_name = LineField(_l("Given name"), [DataRequired(message=_l("Please write your name."))])
    family_name = LineField(_l("Family name"), description=_l("Leave this empty if you have only one name."))
    email = EmailField(
        _l("E-mail address"),
        [DataRequired(message=_l("Please write your e-mail address."))],
        description=_l("We send you a link there, with which you see and change everything."),
    )
    language = SelectField(_l("In which language shall we write to you?"))
    mails_to = RadioField(
        _l("Where shall we send the tickets?"),
        choices=[
            SelectChoice(MailsTo.CONTACT.value, _l("All to me")),
            SelectChoice(MailsTo.EACH.value, _l("To each person")),
        ],
        default=MailsTo.CONTACT.value,
    )
    comes_too = BooleanField(_l("I come too"))
    organisation = LineField(
        _l("Name of the organisation"), description=_l("Leave this empty if the people come for themselves.")
    )
    key = PersonForm.key
    notice = PersonForm.notice
    event: Event
    make_row: Rows
    rows: list[PersonRow]
    me: PersonRow

    def add_row(self) -> PersonRow:
        """Add an empty row for one more person; raise GroupSize when there are enough."""
        if len(self.rows) + bool(self.comes_too.data) >= GROUP_SIZE:
            raise GroupSize(most=GROUP_SIZE)
        self.rows.append(self.make_row(next_number(row.number for row in self.rows), formdata=None))
        return self.rows[-1]

    def blank(self) -> PersonRow:
        """Return the row that a script copies for one more person; BLANK stands for its prefix."""
        return self.make_row(0, BLANK, formdata=None)

    def remove_row(self, number: int) -> PersonRow:
        """Take a row away and return the one that stands in its place then; one row always stays."""
        place = next((place for place, row in enumerate(self.rows) if row.number == number), 0)
        self.rows = [row for row in self.rows if row.number != number]
        if not self.rows:
            self.rows.append(self.make_row(number + 1, formdata=None))
        return self.rows[min(place, len(self.rows) - 1)]

    @property
    def used(self) -> list[PersonRow]:
        """The rows of those who come: the contact first if they come too; empty rows are nobody."""
        filled = [row for row in self.rows if not row.is_empty]
        return [self.me, *filled] if self.comes_too.data else filled or self.rows[:1]

    @property
    def contact(self) -> Contact:
        """Who registers the group."""
        name = f"{self.given_name.data} {self.family_name.data or ''}".strip()
        mails_to = MailsTo(self.mails_to.data or MailsTo.CONTACT)
        return Contact(name, self.email.data or "", self.language.data, mails_to)

    def people(self) -> list[Person]:
        """Return the people as input for the service, in the order of `used`."""
        return [self._person(row) for row in self.used]

    def validate(self, extra_validators: Any = None) -> bool:
        """Check the shared part, every person who comes, and that everybody has a kind of organisation."""
        checks = [bool(super().validate(extra_validators)), *[row.validate() for row in self.used]]
        return all(checks) and self._check_kinds()

    def refuse(self, refusal: Refusal) -> None:
        """Show a refusal at the field of the person whom it concerns."""
        used = self.used
        if refusal.row is None or refusal.row >= len(used):
            super().refuse(refusal)
            return
        self.refused = refusal
        row = used[refusal.row]
        at = row.slots[0].name if refusal.at == "items" and row.slots else refusal.at
        is_shared = at not in row or (at == "category" and row.own_category(self.event.categories) is None)
        fields = self._fields if is_shared and at in self else row._fields
        field = fields.get(at)
        if field is None:
            self.form_errors.append(f"{self.name_of(row)}: {refusal}")
        else:
            field.errors = [*field.errors, str(refusal)]

    def each_error(self) -> list[tuple[str, str, str]]:
        """Return (id of the input, label, sentence) of every error; those of a person name the person."""
        found = super().each_error()
        for row in (self.me, *self.rows):
            found += [(at, f"{self.name_of(row)}, {label}", words) for at, label, words in row.each_error()]
        return found

    def name_of(self, row: PersonRow) -> str:
        """Return how a row is called: by its place, or the contact."""
        if row is self.me:
            return str(_("You"))
        return str(_("Person %(number)s", number=1 + self.rows.index(row)))

    def _person(self, row: PersonRow) -> Person:
        mine = row is self.me
        category = row.own_category(self.event.categories) or self._category()
        kind = category.organisation_kind if category else None
        told = row["kind"].data if "kind" in row else ""
        told = told or (self["kind"].data if "kind" in self else "")
        names = self if mine else row
        return Person(
            title=row.title.data or "",
            given_name=names.given_name.data or "",
            family_name=names.family_name.data or "",
            email=(not mine and row.email.data) or self.email.data or "",
            category_id=category.id if category else 0,
            language=(not mine and row.language.data) or self.language.data,
            organisation=row.organisation.data or self.organisation.data or "",
            organisation_kind=kind or (OrganisationKind(told) if told else OrganisationKind.OTHER),
            item_ids=row.item_ids(),
        )

    def _category(self) -> Category | None:
        chosen = self["category"].data if "category" in self else ""
        return next((category for category in self.event.categories if str(category.id) == chosen), None)

    def _check_kinds(self) -> bool:
        """Ask for the kind of organisation where a category leaves it open: at the person, or once for all."""
        missing = []
        for row in self.used:
            own = row.own_category(self.event.categories)
            category = own or self._category()
            is_open = category is not None and category.organisation_kind is None
            if is_open and "kind" in row and not row["kind"].data and not self["kind"].data:
                missing.append(row["kind"] if own else self["kind"])
        for field in dict.fromkeys(missing):
            field.errors = [*field.errors, _("Please choose the kind of your organisation.")]
        return not missing


def group_form(
    event: Event, items: Sequence[AgendaItem], categories: Sequence[Category], places: Places, language: str
) -> GroupForm:
    """Make the form for an event with the rows that were sent; an empty one has FIRST_ROWS rows.

    `language` is the one of the page: the contact's, unless they choose another.
    """
    single = person_form(event, [], categories, formdata=None)
    shared = {name: type(single).__dict__[name] for name in ("category", "kind") if name in type(single).__dict__}
    form: GroupForm = type("GroupFormOfEvent", (GroupForm,), {**shared, "event": event})()
    if "category" in form:
        form["category"].label.text = _("To which group do the people belong?")
    form.language.choices = single.language.choices
    form.language.data = form.language.data or language
    form.key.data = form.key.data or single.key.data
    form.make_row = person_rows(event, items, categories, places, single.language.choices)
    numbers = row_numbers(request.form) or [*range(1, FIRST_ROWS + 1)]
    form.rows = [form.make_row(number) for number in numbers]
    form.me = form.make_row(0)
    return form


def person_rows(
    event: Event, items: Sequence[AgendaItem], categories: Sequence[Category], places: Places, languages: Sequence[Any]
) -> Rows:
    """Return the function that makes the row with a number; number 0 is the contact, who told name and address above.

    All fields that a person of this event has are added here.
    """
    slots = make_slots(items)
    fields: dict[str, Any] = {"event": event, "slots": slots}
    as_all = SelectChoice("", _l("As for all"))
    if len(categories) > 1:
        choices = [as_all, *[SelectChoice(str(c.id), plain(c.label)) for c in categories]]
        fields["category"] = SelectField(_l("Other group"), choices=choices, default="")
    if any(category.organisation_kind is None for category in categories):
        kinds = [as_all, *[SelectChoice(kind.value, str(ORGANISATION_KINDS[kind])) for kind in OrganisationKind]]
        fields["kind"] = SelectField(_l("Other kind of organisation"), choices=kinds, default="")
    for slot in slots:
        fields[slot.name] = _slot_field(slot, places)
    row_of_event = type("PersonRowOfEvent", (PersonRow,), fields)

    def make(number: int, start: str = "", **kwargs: Any) -> PersonRow:
        start = start or (prefix(number) if number else OWN)
        row: PersonRow = row_of_event(prefix=start, meta={"csrf": False}, **kwargs)
        row.number = number
        row.language.choices = [SelectChoice("", _("As you")), *languages]
        row.language.data = row.language.data or ""
        unasked = (
            ("key", "notice") if start != OWN else ("key", "notice", "given_name", "family_name", "email", "language")
        )
        for name in unasked:
            del row[name]
        return row

    return make


def _slot_field(slot: Slot, places: Places) -> Any:
    choices = [SelectChoice(str(item.id), _with_places(item, places)) for item in slot.items]
    if slot.is_one_of:
        choices.insert(0, SelectChoice(LATER, _("I do not know yet")))
        return SelectField(_l("Which forum?"), choices=choices, default=LATER)
    return CheckboxesField(_l("What would this person like to attend?"), choices=choices)


def _with_places(item: AgendaItem, places: Places) -> str:
    """Return the title of an item with the places that one more person could have."""
    left = places.get((LimitKind.ITEM, str(item.id)))
    title = plain(item.title)
    if left is None:
        return title
    if left == 0:
        free = _("Waiting list")
    elif left > FEW:
        free = ngettext("%(num)s place free", "%(num)s places free", left)
    else:
        free = ngettext("%(num)s place left", "%(num)s places left", left)
    return str(_("%(title)s – %(places)s", title=title, places=free))
