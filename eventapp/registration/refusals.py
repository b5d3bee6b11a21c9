"""Why a sign-up or a change is refused, in words for the guest."""

from flask_babel import lazy_gettext as _l

from eventapp.core.limits import TooMany
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


class OrganisationFull(Refusal):
    """Enough people of this organisation come; what the guest had is kept."""

    code = "organisation_full"
    field = "organisation"
    message = _l("Enough people from this organisation are registered. Nothing has been changed.")


class CategoryFull(Refusal):
    """The category, or the event for it, has no place left; what the guest had is kept."""

    code = "category_full"
    field = "category"
    message = _l("There is no place left in this group. Nothing has been changed.")


class ChoiceFull(Refusal):
    """An answer with limited places has none left; the guest keeps what they had."""

    code = "choice_full"
    message = _l("There are no places left for this answer. Nothing has been changed.")


class Robot(Refusal):
    """The control that no person sees was filled in."""

    code = "robot"
    status = 422
    message = _l("This form could not be accepted. Please write to the organiser if you want to sign up.")


class TooFast(Refusal):
    """The form came back faster than a person can read it, or does not say when it was shown."""

    code = "too_fast"
    status = 422
    message = _l("That was very fast. Please look at your details again and send the form once more.")


class AddressFull(Refusal):
    """Many people are registered with one e-mail address already."""

    code = "address_full"
    field = "email"
    message = _l("Many people are registered with this e-mail address already. Please write to the organiser.")


class TooManyFromHere(TooMany):
    """Very many sign-ups came from one network within minutes."""

    code = "too_many_from_here"
    message = _l(
        "Very many people have just signed up from your network. Your details are still here: please send them again "
        "in %(minutes)s minutes."
    )


class GroupSize(Refusal):
    """Too many people in one go, or none."""

    code = "group_size"
    status = 422
    message = _l("You can register 1 to %(most)s people in one go.")


class TooLate(Refusal):
    """The organiser's date for changes has passed."""

    code = "too_late"
    message = _l("Changes are no longer possible here. Please write to the organiser. You can still cancel.")


class NotOffered(Refusal):
    """There is no offer to answer."""

    code = "not_offered"
    message = _l("No place is offered to you now.")


class NotWaiting(Refusal):
    """Only who waits can be moved ahead or let in."""

    code = "not_waiting"
    message = _l("This registration does not wait any more.")


class NotEnded(Refusal):
    """Only who is not registered any more can be restored."""

    code = "not_ended"
    message = _l("This registration has not ended.")


class NotFull(Refusal):
    """Nobody needs to wait for an item that has places."""

    code = "not_full"
    field = "items"
    message = _l("There are places: you can choose it at once.")


class NotToApprove(Refusal):
    """Somebody has decided already."""

    code = "not_to_approve"
    message = _l("This registration does not wait for a decision any more.")


class NeedsApproval(Refusal):
    """A guest cannot change by themselves into a group whose people are approved."""

    code = "needs_approval"
    field = "category"
    message = _l("The organiser approves the people of this group. Please write to the organiser to change to it.")


class NoReason(Refusal):
    """What passes others by needs a reason."""

    code = "no_reason"
    status = 422
    field = "reason"
    message = _l("Please write why. Your colleagues read it.")


class CannotDivide(Refusal):
    """Both parts of a group need somebody, and all must still wait."""

    code = "cannot_divide"
    status = 422
    field = "people"
    message = _l("Please choose some of the people who wait, not all of them.")


class NoAddress(Refusal):
    """Somebody who came without a ticket gave no e-mail address."""

    code = "no_address"
    message = _l("There is no e-mail address to write to.")


class SamePerson(Refusal):
    """A change would make two registrations the same person."""

    code = "same_person"
    field = "given_name"
    message = _l("Somebody with this name and e-mail address is registered already.")


class NotRegistered(Refusal):
    """The participant has cancelled; nothing can be changed any more."""

    code = "not_registered"
    message = _l("This registration has been cancelled.")


class SomebodyElse(Refusal):
    """The link belonged to somebody who was replaced."""

    code = "somebody_else"
    status = 410
    message = _l("Somebody else comes in your place. Your ticket and your link are not valid any more.")


class ByContact(Refusal):
    """The place of a group is answered for by whoever registered it."""

    code = "by_contact"
    message = _l("Whoever registered your group answers for all of you.")


class AddressOpen(Refusal):
    """Nothing can be passed on before the address is confirmed."""

    code = "address_open"
    message = _l("Please confirm your e-mail address first.")
