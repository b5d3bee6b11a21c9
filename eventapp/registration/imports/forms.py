"""The upload of a list of guests, and the words for what is wrong with a row."""

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf.file import FileField, FileRequired

from eventapp.registration.imports.service import Row
from eventapp.registration.invitations.forms import SendForm

FIELDS = {
    "email": _l("E-mail address"),
    "title": _l("Title before the name"),
    "given_name": _l("Given name"),
    "family_name": _l("Family name"),
    "organisation": _l("Organisation"),
    "kind": _l("Kind of organisation"),
    "category": _l("Group"),
    "language": _l("Language"),
}
"""Words for the fields that a column can fill."""

_PROBLEMS = {
    "address": _l("“%(what)s” is no complete e-mail address."),
    "cells": _l("There are more cells than headings."),
    "long": _l("“%(what)s …” is too long."),
    "category": _l("There is no group “%(what)s”."),
    "category_gone": _l("The group was removed."),
    "language": _l("We do not know the language “%(what)s”."),
    "kind": _l("We do not know the kind of organisation “%(what)s”."),
    "double": _l("The same name and address stand in line %(what)s."),
    "invited": _l("Has an open invitation already."),
    "registered": _l("Is registered already."),
}


class UploadForm(SendForm):
    """A file with people, and what holds for rows that say nothing else."""

    file = FileField(
        _l("CSV file"),
        [FileRequired(message=_l("Please choose a file."))],
        description=_l(
            "At most 2 MB and 5,000 rows. The first line holds the headings, for example E-Mail; Vorname; Nachname; "
            "Organisation; Gruppe; Sprache. Only the e-mail address must be there."
        ),
    )


def problem(row: Row) -> str:
    """Return what is wrong with a row as a sentence."""
    if row.problem == "address" and not row.what:
        return str(_("The e-mail address is missing."))
    sentence = str(_PROBLEMS[row.problem])
    return sentence % {"what": row.what} if "%(" in sentence else sentence
