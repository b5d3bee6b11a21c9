"""The form in which one person registers several: a contact, what all share, and a row of fields per person."""

from collections.abc import Sequence
from typing import Any

from flask import request
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, RadioField, SelectChoice, SelectField
from wtforms.validators import DataRequired

from eventapp.agenda.models import AgendaItem
from eventapp.core.forms import EmailField, Form, LineField
from eventapp.core.refusal import Refusal
from eventapp.events.models import Category, Event
from eventapp.events.rules import OrganisationKind
from eventapp.questions.models import Question
from eventapp.registration.forms import PersonForm, person_form
from eventapp.registration.groups.people.forms import PersonRow, Places, Rows, person_rows, rows_class
from eventapp.registration.groups.rules import BLANK, FIRST_ROWS, next_number, prefix, row_numbers
from eventapp.registration.refusals import GroupSize
from eventapp.registration.rules import MailsTo
from eventapp.registration.signup.rules import GROUP_SIZE, Contact, Person


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

    @property
    def has_files(self) -> bool:
        """Whether a file can be sent with this form."""
        return self.me.has_files

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
        is_shared = at not in row or (at == "category" and row.own_category is None)
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
            name, whole = self.name_of(row), self.comes_too.id if row is self.me else f"{prefix(row.number)}person"
            for at, label, words in row.each_error():
                found.append((at, f"{name}, {label}", words) if label else (whole, name, words))
        return found

    def name_of(self, row: PersonRow) -> str:
        """Return how a row is called: by its place, or the contact."""
        if row is self.me:
            return str(_("You"))
        return str(_("Person %(number)s", number=1 + self.rows.index(row)))

    def _person(self, row: PersonRow) -> Person:
        mine = row is self.me
        category = row.own_category or self.category_of_all
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
            answers=row.answers if row.questions else None,
        )

    @property
    def category_of_all(self) -> Category | None:
        """The category of all people for whom no other is chosen."""
        chosen = self["category"].data if "category" in self else ""
        return next((category for category in self.event.categories if str(category.id) == chosen), None)

    def _check_kinds(self) -> bool:
        """Ask for the kind of organisation where a category leaves it open: at the person, or once for all."""
        missing = []
        for row in self.used:
            own = row.own_category
            category = own or self.category_of_all
            is_open = category is not None and category.organisation_kind is None
            if is_open and "kind" in row and not row["kind"].data and not self["kind"].data:
                missing.append(row["kind"] if own else self["kind"])
        for field in dict.fromkeys(missing):
            field.errors = [*field.errors, _("Please choose the kind of your organisation.")]
        return not missing


def group_form(
    event: Event,
    items: Sequence[AgendaItem],
    categories: Sequence[Category],
    places: Places,
    language: str,
    *,
    questions: Sequence[Question] = (),
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
    rows = rows_class(event, items, categories, places, questions)
    form.make_row = person_rows(rows, single.language.choices, lambda: form.category_of_all)
    numbers = row_numbers(request.form) or [*range(1, FIRST_ROWS + 1)]
    form.rows = [form.make_row(number) for number in numbers]
    form.me = form.make_row(0)
    return form
