"""Forms of the event editor: each section of what an organiser says about an event."""

from collections.abc import Sequence
from typing import Any, ClassVar, Self

from babel import Locale
from flask_babel import get_locale
from flask_babel import lazy_gettext as _l
from flask_wtf.file import FileField
from wtforms import BooleanField, IntegerField, SelectChoice, SelectField
from wtforms.validators import InputRequired

from eventapp.core.forms import (
    CheckboxesField,
    EmailField,
    Form,
    LineField,
    LocalizedField,
    ZonedDateTimeField,
    optional,
)
from eventapp.core.i18n import FALLBACK, language_name
from eventapp.core.refusal import Refusal
from eventapp.core.sections import DegreesField, PlacesField, SectionForm
from eventapp.events.labels import ORGANISATION_KINDS
from eventapp.events.rules import LANGUAGES_OF_CONTENT, ZONES, OrganisationKind

_NEEDED = _l("Please fill this in.")
_SHORT, _LONG = 300, 8000


def kind_or_none(value: Any) -> OrganisationKind | None:
    """Read a kind of organisation; empty is none."""
    return OrganisationKind(value) if value else None


def kind_choices() -> list[SelectChoice]:
    """Return the kinds of organisation for a select, none first."""
    return [SelectChoice("", "–"), *(SelectChoice(kind.value, label) for kind, label in ORGANISATION_KINDS.items())]


class BasicsForm(SectionForm):
    """What the event is about."""

    names = ("title", "series", "summary", "description", "audience", "cost", "spoken", "contact_email")
    title = LocalizedField(_l("Title"), required=True)
    series = LocalizedField(_l("Series"), description=_l("The name that all events of a series share."))
    summary = LocalizedField(
        _l("In one sentence"), limit=_SHORT, multiline=True, description=_l("Stands below the title.")
    )
    description = LocalizedField(
        _l("What it is about"),
        limit=_LONG,
        multiline=True,
        description=_l("Markdown: # heading, **bold**, - list, [words](https://…)."),
    )
    audience = LocalizedField(_l("For whom"), limit=_SHORT)
    cost = LocalizedField(_l("What it costs"))
    spoken = LocalizedField(_l("Languages spoken and interpreted"), limit=_SHORT)
    contact_email = EmailField(
        _l("E-mail address for questions"), [optional()], description=_l("Empty: the organiser's address.")
    )


class TimePlaceForm(SectionForm):
    """When and where."""

    names = ("zone", "starts_at", "ends_at", "doors_at", "registration_opens_at", "registration_closes_at",
             "venue_name", "venue_street", "venue_postcode", "venue_city", "venue_country", "latitude", "longitude",
             "venue_notes", "access_summary", "access_notes")  # fmt: skip
    starts_at = ZonedDateTimeField(_l("Begins"), [InputRequired(message=_NEEDED)])
    ends_at = ZonedDateTimeField(_l("Ends"), [InputRequired(message=_NEEDED)])
    doors_at = ZonedDateTimeField(_l("Doors open"))
    zone = SelectField(_l("Time zone"), choices=sorted(zone for zone in ZONES if "/" in zone))
    with_programme = BooleanField(
        _l("Move the programme along when the day changes"), default=True, description=_l("Times on the clock stay.")
    )
    registration_opens_at = ZonedDateTimeField(_l("Registration opens"))
    registration_closes_at = ZonedDateTimeField(_l("Registration closes"))
    venue_name = LineField(_l("Name of the venue"))
    venue_street = LineField(_l("Street and number"))
    venue_postcode = LineField(_l("Postcode"), limit=20)
    venue_city = LineField(_l("City"), limit=100)
    venue_country = SelectField(_l("Country"))
    latitude = DegreesField(_l("Latitude"), description=_l("For the map and calendars, for example 51.4556."))
    longitude = DegreesField(_l("Longitude"), description=_l("For example 7.0116."))
    venue_notes = LocalizedField(_l("How to find the entrance"), limit=1000, multiline=True)
    access_summary = LocalizedField(_l("Accessibility in a few words"))
    access_notes = LocalizedField(
        _l("Accessibility of the place"), limit=2000, multiline=True, description=_l("One point a line.")
    )

    @classmethod
    def start(
        cls, values: dict[str, Any], languages: Sequence[str], zone: str = "Europe/Berlin", mark: str = ""
    ) -> Self:
        """Make the form; the zone that was chosen on it is the zone of its times."""
        form = super().start(values, languages, zone, mark)
        form.venue_country.choices = _countries()
        chosen = form.zone.data if form.zone.data in ZONES else zone
        if values.get("zone") and values["zone"] not in form.zone.choices:
            form.zone.choices = [values["zone"], *form.zone.choices]
        for field in form:
            if isinstance(field, ZonedDateTimeField):
                field.zone = chosen
        return form


class SizeForm(SectionForm):
    """How many people fit."""

    names = ("seats",)
    seats = PlacesField(_l("Places for the whole event"))

    def refuse(self, refusal: Refusal) -> None:
        """Show at the size what is refused because categories keep more places than would be left."""
        refusal.at = "seats" if refusal.at == "reserved" else refusal.at
        super().refuse(refusal)


class SignUpForm(SectionForm):
    """Who may come from one organisation, how free places are offered, and what guests may change until when."""

    names = ("organisation_seats", "offer_hours", "confirms_on_the_day", "confirms_address", "address_minutes",
             "changes_until", "reviews_changes")  # fmt: skip
    organisation_seats = PlacesField(_l("At most this many people from one organisation"))
    offer_hours = IntegerField(
        _l("Hours to answer the offer of a place"),
        [optional()],
        description=_l(
            "Who is next on the waiting list is asked, and the place is kept until they answer. As the day comes near "
            "this gets shorter by itself. Empty: they get the place at once, without being asked."
        ),
    )
    confirms_on_the_day = BooleanField(
        _l("On the day itself, give free places at once"), description=_l("Nobody is asked any more on that day.")
    )
    confirms_address = BooleanField(
        _l("Guests confirm their e-mail address"),
        description=_l("They click a link in a first e-mail. Until then their place is kept."),
    )
    address_minutes = IntegerField(
        _l("Minutes to confirm the address"),
        [InputRequired(message=_NEEDED)],
        description=_l("Afterwards the place goes to whoever is next."),
    )
    changes_until = ZonedDateTimeField(
        _l("Guests may change what they told until"),
        description=_l("Empty: until the event ends. Guests may cancel until the end in any case."),
    )
    reviews_changes = BooleanField(
        _l("Show me changes of guests whom I approved"),
        description=_l("You look at them under “Approvals” and may take the place back."),
    )


class CategoryForm(SectionForm):
    """One category of guests."""

    names = ("label", "seats", "reserved", "release_at", "organisation_kind", "is_open", "needs_approval", "position")
    label = LocalizedField(_l("Name of the category"), required=True)
    seats = PlacesField(_l("At most this many places"))
    reserved = IntegerField(
        _l("Keep this many places of the event"),
        [optional()],
        description=_l("Others do not get these places, also when the event is nearly full."),
    )
    release_at = ZonedDateTimeField(
        _l("Keep them until"),
        description=_l("From then on everybody may have what is left of them. Empty: they are always kept."),
    )
    organisation_kind = SelectField(
        _l("Kind of organisation"),
        coerce=kind_or_none,
        description=_l("When it is fixed here, guests of this category are not asked."),
    )
    is_open = BooleanField(
        _l("Guests choose this category themselves"),
        description=_l("Otherwise people come in only by invitation, with an access code, or entered by you."),
    )
    needs_approval = BooleanField(
        _l("You approve who comes"),
        description=_l("Who signs up in it waits for your decision. Whom you invite or enter needs none."),
    )
    position = IntegerField(_l("Position in the list"), [optional()])

    @classmethod
    def start(
        cls, values: dict[str, Any], languages: Sequence[str], zone: str = "Europe/Berlin", mark: str = ""
    ) -> Self:
        """Make the form with the kinds in the reader's language."""
        form = super().start(values, languages, zone, mark)
        form.organisation_kind.choices = kind_choices()
        return form

    def section(self) -> dict[str, Any]:
        """Return what was typed; no position means where it is, or last; nothing kept is 0."""
        typed = super().section()
        position = max(0, min(typed["position"] or 0, 10_000))
        return {**typed, "position": position, "reserved": typed["reserved"] or 0}


class LanguagesForm(SectionForm):
    """In which languages the event's texts are written, beside German."""

    names: ClassVar[tuple[str, ...]] = ("languages",)
    languages = CheckboxesField(_l("Languages beside German"))

    @classmethod
    def start(
        cls, values: dict[str, Any], languages: Sequence[str], zone: str = "Europe/Berlin", mark: str = ""
    ) -> Self:
        """Make the form with every language of content in its own name."""
        form = super().start(values, languages, zone, mark)
        form.languages.choices = [
            SelectChoice(key, language_name(key)) for key in LANGUAGES_OF_CONTENT if key != FALLBACK
        ]
        return form

    def section(self) -> dict[str, Any]:
        """Return the languages, German first."""
        return {"languages": (FALLBACK, *(key for key in self.languages.data or () if key != FALLBACK))}


class PictureForm(Form):
    """The event's picture."""

    picture = FileField(
        _l("Picture"), description=_l("JPEG, PNG or WebP, at most 8 MB. Details about place and camera are removed.")
    )
    remove = BooleanField(_l("Remove the present picture"))


class AddressForm(SectionForm):
    """The event's address on the site."""

    names = ("slug",)
    slug = LineField(_l("Address"), [InputRequired(message=_NEEDED)], limit=60)


def _countries() -> list[SelectChoice]:
    names = (get_locale() or Locale.parse("de")).territories
    known = sorted(((str(name), key) for key, name in names.items() if len(key) == 2 and key.isalpha()))
    return [SelectChoice("DE", names["DE"]), *(SelectChoice(key, name) for name, key in known if key != "DE")]
