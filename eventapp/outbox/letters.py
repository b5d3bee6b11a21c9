"""Writes a mail from templates: the reader's language first, German below it when that is another language.

`mails.py` of each feature calls `letter`. The templates stand in `templates/<feature>/mail/<name>/`: `subject.txt`,
`body.txt` and `body.html`, written with the macros of `components/mail.html`; `url_for` gives whole addresses there.
"""

from collections.abc import Sequence
from typing import Any, Protocol

from flask import current_app
from markupsafe import Markup

from eventapp.core import i18n
from eventapp.core.links import absolute
from eventapp.core.localized import Localized
from eventapp.outbox.rules import Attachment, Mail


class Sender(Protocol):
    """For whom a mail goes out: an organiser."""

    @property
    def name(self) -> Localized:
        """Name in the reader's language."""
        ...

    @property
    def email(self) -> str:
        """Where answers go."""
        ...


def letter(
    template_folder: str,
    language: str,
    *,
    organiser: Sender | None = None,
    reply_to: str = "",
    attachments: Sequence[Attachment] = (),
    **context: Any,
) -> Mail:
    """Render `<feature>/mail/<name>` for a reader of `language`.

    `organiser` signs the mail and gets the answers, unless `reply_to` (an event's contact) is given. Further context
    goes to the templates; `foot` (pairs of label and address) and `reason` to the layout.
    """
    own = i18n.interface(language)
    texts, pages = [], []
    for key in dict.fromkeys((own, i18n.FALLBACK)):
        with i18n.speaking(key):
            side = i18n.direction(key)
            given = {"organiser": organiser, "lang": key, "direction": side, **context}
            texts.append((key, side, _render(f"{template_folder}/body.txt", given)))
            page = _render(f"{template_folder}/body.html", given)
            pages.append((key, side, Markup(page)))  # noqa: S704 - the template escaped it
    with i18n.speaking(own):
        frame = {"organiser": organiser, "lang": own, "direction": i18n.direction(own), **context}
        subject = " ".join(_render(f"{template_folder}/subject.txt", frame).split())
        frame |= {"subject": subject, "accent": getattr(organiser, "accent", None)}
        return Mail(
            subject=subject,
            text=_render("layouts/mail.txt", {**frame, "parts": texts}),
            html=_render("layouts/mail.html", {**frame, "parts": pages}),
            attachments=tuple(attachments),
            sender_name=organiser.name.pick(own).text if organiser else "",
            reply_to=reply_to or (organiser.email if organiser else ""),
        )


def _render(name: str, context: dict[str, Any]) -> str:
    """Render without the context of pages: a worker has no request and nobody is signed in."""
    template = current_app.jinja_env.get_template(name)
    return template.render({"url_for": absolute, **context})
