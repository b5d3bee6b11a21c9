"""A refusal: what a service raises when it will not do what was asked, in words for the person who asked.

One subclass per reason. The transaction rolls back by itself; the view shows the same form with the sentence.
"""

from typing import Any, ClassVar

from flask_babel import lazy_gettext as _l


class Refusal(Exception):
    """Base of all refusals; `str()` gives the sentence in the reader's language."""

    code: ClassVar[str] = "refused"
    """Stable name of the reason, for programs."""
    status: ClassVar[int] = 409
    """HTTP status: 409 when the state forbids it, 422 when the input is wrong."""
    message: ClassVar[Any] = _l("This is not possible.")
    """Lazily translated sentence; %(name)s is filled from the keyword arguments."""
    field: ClassVar[str] = ""
    """Name of the form field that the sentence belongs to, if any."""

    def __init__(self, *, field: str = "", row: int | None = None, **facts: object) -> None:
        super().__init__(self.code)
        self.facts = facts
        self.at = field or self.field
        self.row = row
        """Which of several inputs it is about, counted from 0: a person of a group, a line of a file."""

    def __str__(self) -> str:
        return str(self.message) % self.facts if self.facts else str(self.message)


class NotFound(Refusal):
    """The thing is not there, or not for this person."""

    code = "not_found"
    status = 404
    message = _l("We could not find this.")
