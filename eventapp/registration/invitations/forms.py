"""The organiser's forms of an invitation, and the sign-up form of somebody who is invited."""

from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import SelectChoice, SelectField
from wtforms.validators import DataRequired

from eventapp.core.forms import EmailField, Form, LineField, TextField, ZonedDateTimeField
from eventapp.core.i18n import CONTENT_LANGUAGES, LANGUAGES, language_name
from eventapp.core.localized import plain
from eventapp.events.labels import ORGANISATION_KINDS
from eventapp.events.models import Event
from eventapp.events.rules import OrganisationKind
from eventapp.questions.queries import list_questions
from eventapp.registration import forms as registration_forms
from eventapp.registration import queries
from eventapp.registration.forms import PersonForm
from eventapp.registration.invitations.models import Invitation
from eventapp.registration.invitations.queries import state_of
from eventapp.registration.invitations.rules import InvitationState, Invited

STATES = {
    InvitationState.OPEN.value: (_l("open"), "info"),
    InvitationState.REDEEMED.value: (_l("redeemed"), "ok"),
    InvitationState.DECLINED.value: (_l("declined"), "off"),
    InvitationState.WITHDRAWN.value: (_l("withdrawn"), "off"),
    "expired": (_l("expired"), "few"),
}
"""Word and sign of each state, the expired ones by themselves."""


class ExpiryForm(Form):
    """Until when an invitation works."""

    expires_at = ZonedDateTimeField(
        _l("Works until"), description=_l("Leave it empty: until registration closes, or else until the event starts.")
    )


class SendForm(ExpiryForm):
    """What is the same for one invitation and for many."""

    category = SelectField(_l("Group"), coerce=int)
    language = SelectField(_l("Language of the e-mails"))
    words = TextField(
        _l("Your own lines"), limit=1000, description=_l("They stand above the link in the mail, as you write them.")
    )


class InviteForm(SendForm):
    """One invitation."""

    email = EmailField(_l("E-mail address"), [DataRequired(message=_l("Please write the e-mail address."))])
    title = LineField(_l("Title before the name"), limit=60)
    given_name = LineField(_l("Given name"))
    family_name = LineField(_l("Family name"))
    organisation = LineField(_l("Name of the organisation"))
    kind = SelectField(_l("Kind of organisation"))

    def given(self) -> Invited:
        """Return what was typed as input for the service."""
        return Invited(
            email=self.email.data or "",
            category_id=self.category.data,
            language=self.language.data,
            title=self.title.data or "",
            given_name=self.given_name.data or "",
            family_name=self.family_name.data or "",
            organisation=self.organisation.data or "",
            organisation_kind=OrganisationKind(self.kind.data) if self.kind.data else None,
        )


def prepare(form: Any, event: Event) -> Any:
    """Give a form its choices: groups, languages, kinds, and the event's zone."""
    form.expires_at.zone = event.zone
    if isinstance(form, SendForm):
        form.category.choices = [SelectChoice(c.id, plain(c.label)) for c in event.categories]
        keys = dict.fromkeys([*(x.key for x in LANGUAGES), *event.languages, *CONTENT_LANGUAGES])
        form.language.choices = [SelectChoice(key, language_name(key)) for key in keys]
    if isinstance(form, InviteForm):
        kinds = [SelectChoice(kind.value, str(ORGANISATION_KINDS[kind])) for kind in OrganisationKind]
        form.kind.choices = [SelectChoice("", "–"), *kinds]
    return form


def invited_form(invitation: Invitation, language: str) -> PersonForm:
    """Make the sign-up form with what the organiser said about the guest; the group is fixed."""
    event, category = invitation.event, invitation.category
    names = ("title", "given_name", "family_name", "email", "organisation")
    kind = invitation.organisation_kind
    data = {
        **{name: getattr(invitation, name) for name in names},
        "language": invitation.language if invitation.language != "de" else language,
        "kind": kind.value if kind else "",
    }
    asks_kind = category.organisation_kind is None
    items, questions = queries.list_choosable(event.id), list_questions(event.id)
    form = registration_forms.person_form(event, items, [], asks_kind=asks_kind, questions=questions, data=data)
    form.category_fixed = category
    return form


def state_words(invitation: Invitation, now: Any) -> tuple[Any, str]:
    """Return word and sign of an invitation's state."""
    return STATES[state_of(invitation, now)]
