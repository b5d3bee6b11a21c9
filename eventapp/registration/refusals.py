"""Why a sign-up or a change is refused, in words for the guest."""

from flask_babel import lazy_gettext as _l

from eventapp.core.refusal import Refusal


class NotOpenYet(Refusal):
    """The registration window has not begun."""

    code = "not_open_yet"
    message = _l("Registration has not opened yet.")


class Closed(Refusal):
    """The registration window has ended, or the event is not public."""

    code = "closed"
    message = _l("Registration is closed.")


class Over(Refusal):
    """The event has taken place."""

    code = "over"
    message = _l("This event is over.")


class CalledOff(Refusal):
    """The event will not take place."""

    code = "called_off"
    message = _l("This event has been called off.")


class NoName(Refusal):
    """No name was given."""

    code = "no_name"
    status = 422
    field = "given_name"
    message = _l("Please write your name.")


class WrongCategory(Refusal):
    """The category is not of this event, or guests cannot choose it."""

    code = "wrong_category"
    status = 422
    field = "category"
    message = _l("Please choose one of the groups.")


class WrongItem(Refusal):
    """An item is not of this event, or cannot be chosen any more."""

    code = "wrong_item"
    status = 422
    field = "items"
    message = _l("One of the forums that you chose cannot be chosen any more. Please look at your choice again.")


class ItemsClash(Refusal):
    """Two chosen items run at the same time."""

    code = "items_clash"
    status = 422
    field = "items"
    message = _l("“%(first)s” and “%(second)s” take place at the same time. Please choose one of them.")


class ItemFull(Refusal):
    """The item that somebody wants to change to has no seat left; the old one is kept."""

    code = "item_full"
    field = "items"
    message = _l("“%(title)s” is full. You keep your present choice.")


class TooSmall(Refusal):
    """Even the empty event could not seat this wish."""

    code = "too_small"
    field = "items"
    message = _l("There are no places for this choice. Please choose something else.")


class SamePerson(Refusal):
    """A change would make two registrations the same person."""

    code = "same_person"
    field = "given_name"
    message = _l("Somebody with this name and e-mail address is registered already.")


class NotRegistered(Refusal):
    """The participant has cancelled; nothing can be changed any more."""

    code = "not_registered"
    message = _l("This registration has been cancelled.")
