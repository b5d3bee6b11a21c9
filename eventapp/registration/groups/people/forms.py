"""The rows of a group's form: a row of fields per person, made for an event.

`rows_class` is the one place where the fields of a person are made; whatever is asked of each person is added there.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext
from wtforms import SelectChoice, SelectField
from wtforms.validators import DataRequired

from eventapp.agenda.models import AgendaItem
from eventapp.capacity.rules import LimitKind, Ref
from eventapp.core.forms import CheckboxesField, EmailField, Form, LineField, optional
from eventapp.core.localized import plain
from eventapp.events.labels import ORGANISATION_KINDS
from eventapp.events.models import Category, Event
from eventapp.events.rules import OrganisationKind
from eventapp.questions.answers.forms import NOT_CHOSEN, answer_fields, name_of, read_answers_of
from eventapp.questions.models import Question
from eventapp.registration.forms import LATER, PersonForm, Slot, make_slots
from eventapp.registration.groups.rules import OWN, prefix

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
    shared: Callable[[], Category | None]
    """Gives the category that all people have unless one is chosen for this person."""

    @property
    def is_empty(self) -> bool:
        """Whether nothing was typed about this person."""
        names = ["title", "given_name", "family_name", "email", "organisation", *map(name_of, self.questions)]
        return not any(self[name].data for name in names) and not self.item_ids()

    @property
    def differs(self) -> bool:
        """Whether something beside name, address, language and choice was told or is wrong."""
        fields = [self[name] for name in ("title", "organisation", "category", "kind") if name in self]
        return any(field.data or field.errors for field in fields)

    @property
    def own_category(self) -> Category | None:
        """The category that was chosen for this person alone."""
        return self._chosen()

    @property
    def category_id(self) -> int:
        """The category of this person, their own or that of all; NOT_CHOSEN while there is none."""
        chosen = self.own_category or self.shared()
        return chosen.id if chosen is not None else NOT_CHOSEN

    def validate(self, extra_validators: Any = None) -> bool:
        """Check the fields and the answers; kinds of organisation are checked by the whole form."""
        Form.validate(self, extra_validators)
        self.answers = read_answers_of(self, self.questions, self.category_id)
        return not self.errors


def rows_class(
    event: Event,
    items: Sequence[AgendaItem],
    categories: Sequence[Category],
    places: Places,
    questions: Sequence[Question],
) -> type[PersonRow]:
    """Make the kind of row for an event: all fields that a person has are added here."""
    slots = make_slots(items)
    fields: dict[str, Any] = {"event": event, "slots": slots, "questions": tuple(questions)}
    fields |= answer_fields(questions)
    as_all = SelectChoice("", _l("As for all"))
    if len(categories) > 1:
        choices = [as_all, *[SelectChoice(str(c.id), plain(c.label)) for c in categories]]
        fields["category"] = SelectField(_l("Other group"), choices=choices, default="")
    if any(category.organisation_kind is None for category in categories):
        kinds = [as_all, *[SelectChoice(kind.value, str(ORGANISATION_KINDS[kind])) for kind in OrganisationKind]]
        fields["kind"] = SelectField(_l("Other kind of organisation"), choices=kinds, default="")
    for slot in slots:
        fields[slot.name] = _slot_field(slot, places)
    return type("PersonRowOfEvent", (PersonRow,), fields)


def person_rows(kind: type[PersonRow], languages: Sequence[Any], shared: Callable[[], Category | None]) -> Rows:
    """Return the function that makes the row with a number; number 0 is the contact, who told name and address above.

    `shared` gives the category of all.
    """

    def make(number: int, start: str = "", **kwargs: Any) -> PersonRow:
        start = start or (prefix(number) if number else OWN)
        row = kind(prefix=start, meta={"csrf": False}, **kwargs)
        row.number, row.shared = number, shared
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
