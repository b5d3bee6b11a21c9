"""The forms of the notes for the door."""

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField

from eventapp.core.forms import Form, LineField
from eventapp.registration.attention.rules import NEEDS_LENGTH, Attention, NoteKind


class AttentionForm(Form):
    """What the door should know about one guest."""

    is_vip = BooleanField(_l("Greet in person"))
    no_photo = BooleanField(_l("No photos"))
    needs = LineField(
        _l("What this guest needs"),
        limit=NEEDS_LENGTH,
        description=_l("A few words, such as “wheelchair, side entrance”. No illnesses."),
    )

    @property
    def attention(self) -> Attention:
        """What was chosen and typed."""
        return Attention(bool(self.is_vip.data), bool(self.no_photo.data), self.needs.data or "")


class ShownForm(Form):
    """Which notes the door sees, and whether its phones keep names."""

    vip = BooleanField(_l("Greet in person"))
    photo = BooleanField(_l("No photos"))
    needs = BooleanField(_l("What a guest needs"))
    names_offline = BooleanField(
        _l("Names also without network"),
        description=_l(
            "The phones then keep every name, encrypted: only the guest’s own ticket opens it. "
            "Without this, a phone without network shows no name."
        ),
    )

    @property
    def kinds(self) -> list[NoteKind]:
        """The kinds that were chosen."""
        return [kind for kind in NoteKind if self[kind.value].data]
