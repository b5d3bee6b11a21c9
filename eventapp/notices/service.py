"""Publishing the texts that the law asks for, in versions, and passing on what guests could not use."""

from datetime import timedelta

from flask_babel import lazy_gettext as _l

from eventapp.accounts.models import Organiser
from eventapp.core import audit, clock, limits
from eventapp.core.db import transaction
from eventapp.core.i18n import FALLBACK
from eventapp.core.localized import Localized
from eventapp.core.refusal import Refusal
from eventapp.notices.models import Notice, NoticeKind
from eventapp.notices.queries import find_current
from eventapp.notices.rules import find_blank
from eventapp.outbox.service import post


class NoticeEmpty(Refusal):
    """A notice without a word in it."""

    code = "notice_empty"
    status = 422
    message = _l("Please write the text in at least one language.")
    field = "body"


class NoticeUnfinished(Refusal):
    """A draft in which a blank is still to be filled in."""

    code = "notice_unfinished"
    status = 422
    message = _l("There is still a blank to fill in: %(blank)s")
    field = "body"


def report_barrier(organiser_id: int, text: str, email: str, network: str) -> None:
    """Mail the organiser what somebody could not use (BITVNRW asks for this way); nothing else is stored."""
    limits.hit("report-barrier", network, 10, timedelta(hours=1))
    with transaction() as session:
        organiser = session.get_one(Organiser, organiser_id)
        facts = {"text": text, "email": email}
        about = f"organiser:{organiser.slug}"
        post("notices.feedback", organiser.email, FALLBACK, facts, organiser_id=organiser_id, about=about)


def publish(organiser_id: int, kind: NoticeKind, body: Localized) -> Notice:
    """Make `body` (Markdown) the current text; the same text again makes no new version."""
    with transaction() as session:
        if not body:
            raise NoticeEmpty
        if blank := find_blank(body):
            raise NoticeUnfinished(blank=blank)
        organiser = session.get_one(Organiser, organiser_id, with_for_update=True)
        old = find_current(organiser_id, kind)
        if old is not None and old.body == body:
            return old
        version = old.version + 1 if old else 1
        notice = Notice(organiser_id=organiser_id, kind=kind, version=version, body=body, created_at=clock.now())
        session.add(notice)
        session.flush()
        audit.record(
            "notice.published",
            f"organiser:{organiser.slug}",
            organiser_id=organiser_id,
            facts={"kind": kind.value, "version": version, "languages": sorted(body)},
        )
        return notice
