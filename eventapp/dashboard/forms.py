"""The form of the style page: one field of every kind, sent nowhere."""

from flask_babel import lazy_gettext as _l
from flask_wtf.file import FileField
from wtforms import BooleanField, PasswordField, RadioField, SelectChoice, SelectField
from wtforms.validators import InputRequired

from eventapp.core.forms import (
    CheckboxesField,
    EmailField,
    Form,
    LineField,
    LocalizedField,
    TextField,
    ZonedDateTimeField,
)


class StyleForm(Form):
    """Shows how fields look: empty, filled, with a hint, wrong, optional."""

    given_name = LineField(_l("First name"), [InputRequired()])
    organisation = LineField(
        _l("Name of the organisation"), description=_l("Leave the field empty if you come for yourself.")
    )
    email = EmailField(_l("E-mail address"), [InputRequired()], description=_l("We send your ticket there."))
    password = PasswordField(_l("Password"), [InputRequired()], description=_l("At least 12 characters."))
    language = SelectField(_l("In which language shall we write to you?"), [InputRequired()])
    photo = RadioField(
        _l("May people photograph you?"),
        [InputRequired()],
        choices=[SelectChoice("no", _l("No")), SelectChoice("yes", _l("Yes"))],
        description=_l("You need not give a reason."),
    )
    needs = CheckboxesField(
        _l("What do you need to take part well?"),
        choices=[
            SelectChoice("sign", _l("Sign language")),
            SelectChoice("wheelchair", _l("A place for a wheelchair")),
            SelectChoice("child", _l("Childcare")),
        ],
    )
    forum = RadioField(_l("Which forum do you want to attend?"), [InputRequired()])
    terms = BooleanField(_l("I have read the privacy notice"), description=_l("Version of 1 October 2025"))
    title = LocalizedField(_l("Title of the forum"), required=True)
    about = LocalizedField(_l("What it is about"), multiline=True)
    starts_at = ZonedDateTimeField(_l("Begins"), [InputRequired()])
    picture = FileField(_l("Picture"), description=_l("JPEG or PNG, at most 10 MB."))
    note = TextField(_l("Note to the organiser"))
