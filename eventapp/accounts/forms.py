"""Forms of signing in, the own account and an organiser."""

from collections.abc import Sequence
from typing import Any

from flask_babel import lazy_gettext as _l
from flask_wtf.file import FileField
from wtforms import BooleanField, ColorField, HiddenField, PasswordField, SelectChoice, SelectField, TelField, URLField
from wtforms.validators import DataRequired, Regexp

from eventapp.accounts.models import Organiser
from eventapp.accounts.service import OrganiserInput
from eventapp.core.forms import EmailField, Form, LineField, LocalizedField, TextField, clean_line, optional, too_long
from eventapp.core.i18n import LANGUAGES

_NEEDED = _l("Please fill this in.")
_LINES = {"filters": [clean_line]}


def needed() -> DataRequired:
    """Return the check that something was typed."""
    return DataRequired(message=_NEEDED)


class SignInForm(Form):
    """E-mail and password; both may be pasted and filled in by a password manager."""

    email = LineField(_l("E-mail address"), [needed()])
    password = PasswordField(_l("Password"), [needed()])
    next = HiddenField()


class ForgottenForm(Form):
    """Where to send the link."""

    email = EmailField(_l("E-mail address"), [needed()])


class NewPasswordForm(Form):
    """The new password, typed once: a mistyped one is set anew by mail."""

    password = PasswordField(_l("New password"), [needed()])


class JoinForm(Form):
    """Who accepts an invitation for the first time."""

    name = LineField(_l("Your name"), [needed()])
    password = PasswordField(_l("Choose a password"), [needed()])


class ChangePasswordForm(Form):
    """The present and the new password."""

    present = PasswordField(_l("Present password"), [needed()])
    password = PasswordField(_l("New password"), [needed()])


class AccountForm(Form):
    """How a person is called and addressed."""

    name = LineField(_l("Name"), [needed()])
    language = SelectField(_l("Language"), choices=[SelectChoice(x.key, x.name) for x in LANGUAGES])


class OrganiserForm(Form):
    """What guests learn about an organiser."""

    name = LocalizedField(_l("Name"), required=True)
    name_detail = LocalizedField(_l("Second line of the name"))
    address = TextField(_l("Postal address"), [needed()], limit=400)
    email = EmailField(_l("E-mail address for guests"), [needed()])
    phone = TelField(_l("Phone"), [optional(), too_long(60)], **_LINES)
    website = URLField(
        _l("Website"),
        [
            optional(),
            too_long(300),
            Regexp(r"https?://[^\s\"<>]+\.[^\s\"<>]+$", message=_l("An address on the web begins with https://.")),
        ],
        **_LINES,
    )
    privacy_contact = TextField(_l("Data protection contact"), [optional()], limit=400)
    accent = ColorField(_l("Colour"), [needed()], **_LINES)

    def speak(self, languages: Sequence[str]) -> None:
        """Offer the texts in these languages."""
        self.name.languages = self.name_detail.languages = languages

    def given(self) -> OrganiserInput:
        """Return what was typed."""
        names: tuple[str, ...] = (
            "name",
            "name_detail",
            "address",
            "email",
            "phone",
            "website",
            "privacy_contact",
            "accent",
        )
        values: dict[str, Any] = {name: self[name].data or "" for name in names}
        return OrganiserInput(**values)


class LogoForm(Form):
    """A picture to show beside the organiser's name."""

    picture = FileField(_l("Picture file"))
    is_none = BooleanField(_l("Show no logo"))

    def read(self) -> bytes:
        """Return the file that was sent; empty when none was."""
        return self.picture.data.read() if self.picture.data else b""


def languages_of(organiser: Organiser) -> list[str]:
    """Return the languages in which an organiser's texts can be written: ours, and those that it uses already."""
    return list(dict.fromkeys([*(x.key for x in LANGUAGES), *organiser.name, *organiser.name_detail]))
