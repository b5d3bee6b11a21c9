"""Why an invitation is refused, in words for the guest or the organiser."""

from flask_babel import lazy_gettext as _l

from eventapp.core.refusal import Refusal


class InvitationGone(Refusal):
    """The invitation cannot be used: what happened to it says the subclass."""

    code, status = "invitation_gone", 410
    message = _l("This invitation cannot be used any more.")


class InvitationUsed(InvitationGone):
    """Somebody has signed up with it already."""

    code = "invitation_used"
    message = _l("Somebody has already signed up with this invitation. It works once.")


class InvitationWithdrawn(InvitationGone):
    """The organiser took it back."""

    code = "invitation_withdrawn"
    message = _l("The organiser has withdrawn this invitation.")


class InvitationDeclined(InvitationGone):
    """The guest said no."""

    code = "invitation_declined"
    message = _l("This invitation was declined.")


class InvitationExpired(InvitationGone):
    """Its time is over."""

    code = "invitation_expired"
    message = _l("This invitation has expired.")


class AlreadyInvited(Refusal):
    """There is an open invitation for this name and address."""

    code, field = "already_invited", "email"
    message = _l("This person has an open invitation already.")


class AlreadyRegistered(Refusal):
    """This name and address are registered."""

    code, field = "already_registered", "email"
    message = _l("This person is registered already.")


class NotPublic(Refusal):
    """Invited guests would find no page."""

    code = "not_public"
    message = _l("Please publish the event first: invited guests see its page.")


class WrongExpiry(Refusal):
    """The time is over already, or after the event."""

    code, status, field = "wrong_expiry", 422, "expires_at"
    message = _l("Please choose a time that is still to come and not after the end of the event.")


class NoTimeLeft(Refusal):
    """Without a time of its own the invitation would have expired at once."""

    code, status, field = "no_time_left", 422, "expires_at"
    message = _l("Registration has closed. Please say until when the invitation works.")


class NotYetAgain(Refusal):
    """People are written to once a day at most."""

    code = "not_yet_again"
    message = _l("This person got a mail about it within the last 24 hours.")


class NotExpired(Refusal):
    """Only what ran out can be renewed."""

    code = "not_expired"
    message = _l("This invitation works still.")


class CategoryInvited(Refusal):
    """Open invitations or codes lead into the category."""

    code = "category_invited"
    message = _l("There are open invitations or access codes for this category. Withdraw or end them first.")
