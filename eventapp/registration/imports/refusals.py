"""Why a file is not read, each with the line and the reason."""

from flask_babel import lazy_gettext as _l

from eventapp.core.refusal import Refusal


class UnreadableFile(Refusal):
    """Base: nothing of the file is kept."""

    code, status, field = "unreadable_file", 422, "file"
    message = _l("This file cannot be read.")


class TooMuch(UnreadableFile):
    """More bytes than we read."""

    code = "too_much"
    message = _l("The file is too large: at most 2 MB and 5,000 rows. Please divide it.")


class TooManyRows(UnreadableFile):
    """More rows than one import may have."""

    code = "too_many_rows"
    message = _l("The file has more than 5,000 rows. Please divide it.")


class NotText(UnreadableFile):
    """A spreadsheet or another file that is no text."""

    code = "not_text"
    message = _l("Line %(line)s: this is no CSV file. In your spreadsheet choose “Save as” and “CSV UTF-8”.")


class WrongEncoding(UnreadableFile):
    """Neither UTF-8 nor sensible Windows-1252."""

    code = "wrong_encoding"
    message = _l(
        "Line %(line)s: the letters are in an encoding that we do not know. Please save the file as “CSV UTF-8”."
    )


class BrokenRow(UnreadableFile):
    """Quotation marks that do not match, or a cell without end."""

    code = "broken_row"
    message = _l("Line %(line)s: the quotation marks do not match.")


class NoAddressColumn(UnreadableFile):
    """The first line has no heading for addresses."""

    code = "no_address_column"
    message = _l("Line 1: no column is called “E-Mail”. The first line must hold the headings.")


class NothingInside(UnreadableFile):
    """No rows."""

    code = "nothing_inside"
    message = _l("The file is empty: below the headings there must be at least one row.")


class ListChanged(Refusal):
    """Between the look and the click somebody signed up, or was invited."""

    code = "list_changed"
    message = _l("Meanwhile somebody on the list was invited or signed up. Please look at it once more.")


class NothingToSend(Refusal):
    """Every row is marked."""

    code = "nothing_to_send"
    message = _l("There is nobody to invite on this list.")
