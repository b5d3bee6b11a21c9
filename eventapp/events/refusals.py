"""Why something cannot be done with an event, in words for the organiser; raised by rules and services."""

from flask_babel import lazy_gettext as _l

from eventapp.core.refusal import Refusal


class TitleMissing(Refusal):
    code, status, field = "title_missing", 422, "title"
    message = _l("Please give the event a title.")


class EndBeforeStart(Refusal):
    code, status, field = "end_before_start", 422, "ends_at"
    message = _l("The end must be after the start.")


class DoorsAfterStart(Refusal):
    code, status, field = "doors_after_start", 422, "doors_at"
    message = _l("The doors must open before the event starts.")


class DoorsOnAnotherDay(Refusal):
    code, status, field = "doors_on_another_day", 422, "doors_at"
    message = _l("The doors open on another day than the event starts. Please check the day.")


class WindowClosed(Refusal):
    code, status, field = "window_closed", 422, "registration_closes_at"
    message = _l("Registration must close after it opens.")


class WindowTooLong(Refusal):
    code, status, field = "window_too_long", 422, "registration_closes_at"
    message = _l("Registration must close before the event ends.")


class UnknownZone(Refusal):
    code, status, field = "unknown_zone", 422, "zone"
    message = _l("We do not know this time zone.")


class UnknownLanguage(Refusal):
    code, status, field = "unknown_language", 422, "languages"
    message = _l("We do not know the language “%(language)s”.")


class WrongSeats(Refusal):
    code, status, field = "wrong_seats", 422, "seats"
    message = _l("Please give the number of places as a whole number, 0 or more.")


class WrongPosition(Refusal):
    code, status, field = "wrong_position", 422, "latitude"
    message = _l("Please give both latitude (-90 to 90) and longitude (-180 to 180), or neither.")


class WrongAddress(Refusal):
    code, status, field = "wrong_address", 422, "slug"
    message = _l("An address has 3 to 60 characters: a to z, 0 to 9 and single hyphens between them.")


class AddressReserved(Refusal):
    code, status, field = "address_reserved", 422, "slug"
    message = _l("The site needs this address itself. Please choose another one.")


class AddressTaken(Refusal):
    code, status, field = "address_taken", 409, "slug"
    message = _l("Another event has or had this address. Please choose another one.")


class ForeignPicture(Refusal):
    code, status, field = "foreign_picture", 422, "picture"
    message = _l("We could not find this picture.")


class LabelMissing(Refusal):
    code, status, field = "label_missing", 422, "label"
    message = _l("Please give the category a name.")


class CategoryInUse(Refusal):
    code, status = "category_in_use", 409
    message = _l("People are registered in this category. Close it for guests instead of removing it.")


class MoveNotPossible(Refusal):
    code, status = "move_not_possible", 409
    message = _l("This is not possible in the event's present state.")


class NotADraft(Refusal):
    code, status = "not_a_draft", 409
    message = _l("Only a draft can be deleted.")


class HasRegistrations(Refusal):
    code, status = "has_registrations", 409
    message = _l("People have registered for this event.")


class ChangedMeanwhile(Refusal):
    code, status = "changed_meanwhile", 409
    message = _l(
        "Somebody else has changed this since you opened it. What you typed is still here: compare, then save."
    )
