"""How long each kind of personal data may stay after the event; pure."""

from datetime import timedelta

from eventapp.core.personal import Retention
from eventapp.registration.rules import LINK_LIVES

KEEP: dict[Retention, timedelta | None] = {
    Retention.CONTACT: LINK_LIVES,
    Retention.DAY: timedelta(days=14),
    Retention.MAIL: LINK_LIVES,
    Retention.TRACE: LINK_LIVES,
    Retention.PUBLIC_ROLE: None,
    Retention.STAFF: None,
}
"""Time after the end of the event; None: as long as the person has the role. Source: Art. 5 (1) e GDPR, six months as
the privacy notice at sign-up says."""
