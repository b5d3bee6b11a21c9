"""Answers the codes of the practice sheet, so that people at the door see every answer before the first guest comes."""

from datetime import datetime, timedelta

from flask_babel import gettext as _

from eventapp.checkin.answers import not_stored
from eventapp.checkin.envelope import First, Guest, Item, Result
from eventapp.checkin.rules import GREETINGS, Decision, Reason, ScanKind, outcome_of
from eventapp.core import i18n
from eventapp.tickets.rules import Practice, practice_meaning, read_code


def practise(item: Item | str | None, now: datetime) -> Result:
    """Answer a practice code; nothing is stored, and a real ticket is unknown here."""
    if not isinstance(item, Item):
        return not_stored(item)
    code = read_code(item.code)
    meaning = practice_meaning(code) if code else None
    reason = Reason.MALFORMED if code is None else Reason(meaning or Reason.UNKNOWN)
    if item.kind is not ScanKind.ENTRY:
        reason = Reason.OK
    decision = Decision.ADMIT if reason is Reason.OK else Decision.DENY
    is_known = meaning not in (None, Practice.UNKNOWN, Practice.OTHER_EVENT)
    language = i18n.current_language()
    return Result(
        item.id,
        decision,
        reason,
        outcome_of(item.mode, decision, item.outcome),
        ticket=Guest(_("Example Guest"), _("Practice"), 0, language, GREETINGS[language]) if is_known else None,
        first=First(now - timedelta(minutes=5), "", "") if reason is Reason.ALREADY_ADMITTED else None,
    )
